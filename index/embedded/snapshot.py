"""One commit as a reader sees it: a searcher and the columns that belong to it, both frozen.

Looking whether there is a newer one costs two `stat` calls; it is done before every search, so a reader in
another process answers from a commit as soon as it stands.
"""

import threading
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import TypeAlias

import tantivy

from index.answering.memo import Memo
from index.embedded import column_file, generations
from index.embedded.boundary import tantivy_errors
from index.embedded.columns import Columns
from index.embedded.generations import Generation
from index.embedded.schema import schema
from index.embedded.texts import Texts
from index.embedded.writer import read_note
from index.identity import identity, short
from store.errors import Unreachable

_ATTEMPTS = 5
"""A reader that finds files of its commit or generation gone was overtaken by a writer: it looks again."""

State: TypeAlias = tuple[str, int, int, int]


@dataclass(frozen=True)
class Snapshot:
    generation: str
    fields: tantivy.Schema
    searcher: tantivy.Searcher
    columns: Columns
    texts: Texts
    seq: int
    committed: str | None = None    # ISO time, UTC
    memo: Memo = field(default_factory=Memo)


class Snapshots:
    """Gives the newest snapshot of a folder; safe for threads."""

    def __init__(self, folder: Path, expected: Callable[[], bool] = lambda: False) -> None:
        self._folder = folder
        self._expected = expected
        self._lock = threading.Lock()
        self._index: tuple[str, tantivy.Index] | None = None
        self._held: tuple[State | None, Snapshot] | None = None

    def newest(self) -> Snapshot:
        """Raises Unreachable: `index_missing`, `index_outdated` (another identity), `index_damaged`, `index_failed`."""
        state = self._state()
        held = self._held
        if held is not None and held[0] == state:
            return held[1]
        with self._lock:
            for _ in range(_ATTEMPTS):
                state = self._state()
                try:
                    snapshot = self._open()
                except FileNotFoundError:
                    continue
                except Unreachable:
                    if self._state() == state:
                        raise
                    continue
                self._held = (state, snapshot)
                return snapshot
        raise Unreachable("index_damaged", "no columns for the commit")

    def _state(self) -> State | None:
        """Changes with every commit, merge and switch; None while there is no index."""
        generation = generations.current(self._folder)
        if generation is None:
            return None
        try:
            stat = generation.meta.stat()
        except FileNotFoundError:
            return None
        return generation.name, stat.st_ino, stat.st_mtime_ns, stat.st_size

    def _open(self) -> Snapshot:
        generation = generations.current(self._folder)
        if generation is None:
            return self._empty()
        if not generation.folder.is_dir():
            raise Unreachable("index_missing")
        index = self._opened(generation)
        with tantivy_errors():
            index.reload()
            searcher = index.searcher()
            note = read_note(searcher, index.schema)
        columns = column_file.read_or_empty(generation.folder, note["columns"])
        texts = Texts(generation.folder, columns.texts)
        committed = column_file.written(generation.folder, note["columns"]) if note["columns"] else None
        return Snapshot(generation.name, index.schema, searcher, columns, texts, note["seq"], committed)

    def _opened(self, generation: Generation) -> tantivy.Index:
        if self._index is None or self._index[0] != generation.name:
            found, expected = generation.identity(), identity()
            if found != expected:
                raise Unreachable("index_outdated", found=short(found), expected=short(expected))
            with tantivy_errors():
                index = tantivy.Index.open(str(generation.tantivy))
                index.config_reader("manual")
            self._index = (generation.name, index)
        return self._index[1]

    def _empty(self) -> Snapshot:
        """A home without an index answers like one without records, unless there ought to be one."""
        if self._expected():
            raise Unreachable("index_missing")
        fields = schema()
        columns = column_file.read_or_empty(self._folder, 0)
        texts = Texts(self._folder, columns.texts)
        return Snapshot("", fields, tantivy.Index(fields).searcher(), columns, texts, 0)
