"""Takes index documents that the workers of an ingest have made ahead, while the ingest is still storing.

The index is written and committed as in a drain, and only the outbox entries that were answered are cleared. While
another process writes the index, or where all of it is to be made anew, nothing is taken: all waits for the drain.
"""

from collections.abc import Callable, Sequence
from contextlib import ExitStack
from pathlib import Path
from types import TracebackType

from index.documents import build_many
from index.engine import Engine, IndexDocument, Writer
from index.making import Labelling
from ingest import aliases
from ingest.ahead import Made, Make, OpenMake, Single
from ingest.fold import fold
from store import outbox
from store.database import Store
from store.errors import Unreachable

_COMMIT = 250_000
"""Documents between two commits: what a crash costs, against segments and columns written again."""


class Ahead:
    """A context manager; what was taken is committed when the block ends without an error, else dropped."""

    def __init__(self, store: Store, engine: Engine, open_make: OpenMake, mark: Callable[[str], bool]) -> None:
        """`mark` puts into the outbox what is no longer so with other labels or another data date; says if all is."""
        self._store, self._engine, self._mark = store, engine, mark
        self.open_make = open_make
        self._held = ExitStack()
        self._writer: Writer | None = None
        self._off = False
        self._taken: list[tuple[int, int]] = []     # seq, row

    def take(self, as_of: str, made: Sequence[Made]) -> None:
        """Raises Unreachable: `index_failed`, `disk_full`."""
        writer = self._open(as_of)
        if writer is None:
            return
        for seq, row, document in made:
            writer.upsert(row, document)
            self._taken.append((seq, row))
        if len(self._taken) >= _COMMIT:
            self._commit(writer)

    def _open(self, as_of: str) -> Writer | None:
        if self._writer is None and not self._off:
            self._off = self._mark(as_of)
            try:
                if not self._off:
                    self._writer = self._held.enter_context(self._engine.write())
            except Unreachable as error:
                if error.code not in ("index_busy", "index_outdated"):
                    raise
                self._off = True
        return self._writer

    def _commit(self, writer: Writer) -> None:
        if self._taken:
            writer.commit(self._taken[-1][0])
            with self._store.begin() as connection:
                outbox.clear(connection, [seq for seq, row in self._taken if row not in writer.refused])
            self._taken = []

    def __enter__(self) -> "Ahead":
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        with self._held:
            if kind is None and self._writer is not None:
                self._commit(self._writer)


def opened(labelling: Labelling, home: Path) -> Make:
    """What makes the index documents of new records in a worker; the node's own files lie in `home`."""
    names = aliases.load(home)

    def make(single: Sequence[Single], as_of: str) -> list[IndexDocument]:
        records = [fold(0, ident, [found], as_of, aliases=names) for ident, found in single]
        for record, labels in zip(records, labelling.label_many(records), strict=True):
            record["labels"] = labels
        return build_many(records, labelling.ancestors)

    return make
