"""Brings the index up to date with the store: drains the outbox, or builds the whole index anew beside.

The index commits first, then the outbox forgets just the entries that were read. Whatever crashes in between
is done again with the same result, so ingest, an edit and a restart need nothing else.
"""

from functools import partial
from typing import TypedDict

from index.ahead import Ahead, opened
from index.engine import Engine, Writer
from index.identity import identity, short
from index.making import Labelling, Makers, OpenLoader, stored_records
from index.open import open_engine
from ingest.progress import Progress, Silent
from store import documents, outbox
from store.database import Store
from store.settings import Settings

_COMMIT = 100_000
"""Outbox entries between two commits: what a crash costs, against segments and columns written again."""

_ROWS = 50_000

_ALL = 1 << 40


class Rebuilt(TypedDict):
    identity: str
    records: int


class Indexer:
    """One per store. `labelling` gives the labels, so that this room need not know taxonomies."""

    def __init__(
        self, store: Store, settings: Settings, labelling: Labelling, opener: OpenLoader = stored_records
    ) -> None:
        self._store = store
        self._settings = settings
        self._labelling = labelling
        self._opener = opener

    def drain(self, progress: Progress | None = None) -> int:
        """Brings every row in the outbox up to date; how many rows that were. Other taxonomies than last time: all;
        another data date: those whose legal state may have changed with it.

        Raises Unreachable (`index_busy`, `index_outdated`, `index_failed`, `disk_full`); the outbox then keeps
        what is not committed.
        """
        self._mark_outdated()
        entries = self._entries()
        if not entries:
            return 0
        progress = progress or Silent()
        drained = 0
        with self._engine().write() as writer, self._makers() as makers:
            while entries:
                rows = list(dict.fromkeys(row for _, row in entries))
                progress.file("index", len(rows))
                _bring(writer, makers, rows, progress)
                writer.commit(entries[-1][0])
                with self._store.begin() as connection:
                    outbox.clear(connection, [seq for seq, _ in entries])
                drained += len(rows)
                entries = self._entries()
        return drained

    def reindex(self, progress: Progress | None = None) -> Rebuilt:
        """Builds the index anew beside the one in use, verifies it and switches; then drains what came meanwhile."""
        progress = progress or Silent()
        self._mark_outdated()
        with self._engine().rebuild() as writer, self._makers() as makers:
            entries = self._entries(_ALL)
            seq = entries[-1][0] if entries else 0
            last, rows = 0, [0]
            while rows:
                with self._store.connect() as connection:
                    rows = documents.rows_after(connection, last, _ROWS)
                if rows:
                    last = rows[-1]
                    progress.file("index", len(rows))
                    _bring(writer, makers, rows, progress)
                writer.commit(seq)
            records = writer.records
        with self._store.begin() as connection:
            outbox.clear(connection, [seq for seq, _ in entries])
        self.drain(progress)
        return Rebuilt(identity=short(identity()), records=records)

    def ahead(self) -> Ahead:
        """What takes index documents while an ingest is still storing; to be drained afterwards all the same."""
        return Ahead(self._store, self._engine(), partial(opened, self._labelling), self._mark_outdated)

    def _mark_outdated(self, as_of: str | None = None) -> None:
        with self._store.turn() as connection:
            outbox.mark_relabelled(connection, self._labelling.fingerprint)
            outbox.mark_dated(connection, as_of or documents.data_date(connection))

    def _entries(self, most: int = _COMMIT) -> list[tuple[int, int]]:
        with self._store.connect() as connection:
            return outbox.take(connection, most)

    def _makers(self) -> Makers:
        return Makers(self._settings, self._opener, self._labelling)

    def _engine(self) -> Engine:
        return open_engine(self._settings)


def _bring(writer: Writer, makers: Makers, rows: list[int], progress: Progress) -> None:
    missing = set(rows)
    for batch in makers.made(rows):
        for row, document in batch:
            writer.upsert(row, document)
            missing.discard(row)
        progress.advance(len(batch), 0, 0)
    writer.delete(missing)
