"""Brings the index up to date with the store: drains the outbox, or builds the whole index anew beside.

The index commits first, then the outbox forgets just the entries that were read. Whatever crashes in between
is done again with the same result, so ingest, an edit and a restart need nothing else.
"""

from collections.abc import Mapping
from dataclasses import replace
from functools import partial
from typing import TypedDict

from index.ahead import Ahead, opened
from index.engine import Engine, Writer
from index.making import Labelling, Makers, OpenLoader, stored_records
from index.open import open_engine
from ingest import aliases
from ingest.progress import Progress, Silent
from store import documents, outbox
from store.database import Store
from store.errors import Partly, Unreachable
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

    def drain(self, progress: Progress | None = None, *, only_marked: bool = False) -> int:
        """Brings every row in the outbox up to date; how many rows that were. Other taxonomies than last time, or an
        index that is gone: all, in one commit or in an index beside, so that nobody meets half of it; another data
        date: those whose legal state may have changed with it. `only_marked` leaves these to another time: a server
        that follows single decisions is not to label a whole database anew.

        Raises Unreachable (`index_busy`, `index_outdated`, `index_failed`, `disk_full`; `index_missing` if
        `only_marked`); the outbox then keeps what is not committed. Raises Partly(`documents_refused`) after all
        others were taken when the engine does not take some documents; their entries stay, the next drain tries again.
        """
        if only_marked:
            self._refuse_behind()
        anew = not only_marked and self._mark_outdated()
        entries = self._entries()
        if not entries:
            return 0
        if anew and len(entries) >= _COMMIT:      # several commits would show old and new labels, or a part of all
            return self.reindex(progress)["records"]
        progress = progress or Silent()
        drained, refused = 0, dict[int, str]()
        with self._engine().write() as writer, self._makers() as makers:
            while entries:
                rows = list(dict.fromkeys(row for _, row in entries))
                progress.file("index", len(rows))
                _bring(writer, makers, rows, progress)
                writer.commit(entries[-1][0])
                refused |= writer.refused
                with self._store.begin() as connection:
                    outbox.clear(connection, [seq for seq, row in entries if row not in refused])
                drained += len(rows)
                entries = self._entries(after=entries[-1][0] if refused else 0)
        _tell(refused)
        return drained

    def _fingerprint(self) -> str:
        """Of all but the store that decides what the index says of a record: taxonomies, and names in its home."""
        return f"{self._labelling.fingerprint} {aliases.load(self._settings.home).fingerprint}".rstrip()

    def reindex(self, progress: Progress | None = None, engine: str | None = None) -> Rebuilt:
        """Builds the index anew beside the one in use, verifies it and switches; then drains what came meanwhile.

        Of another engine than the node's it only builds the index: the outbox goes on being that of the node's engine,
        and whichever the settings name later catches up with what it lacks.
        """
        progress = progress or Silent()
        serving = engine is None or engine == self._settings.engine
        if serving:
            self._mark_outdated(rebuilding=True)
        building = self._engine(engine)
        with building.rebuild() as writer, self._makers() as makers:
            entries = self._entries(_ALL)
            with self._store.connect() as connection:
                seq = max(outbox.drained(connection), entries[-1][0] if entries else 0)
            last, rows = 0, [0]
            while rows:
                with self._store.connect() as connection:
                    rows = documents.rows_after(connection, last, _ROWS)
                if rows:
                    last = rows[-1]
                    progress.file("index", len(rows))
                    _bring(writer, makers, rows, progress)
                writer.commit(seq)
            records, refused = writer.records, writer.refused
        if serving:
            with self._store.begin() as connection:
                outbox.clear(connection, [seq for seq, _ in entries])
                outbox.mark(connection, refused)
            self.drain(progress)
        _tell(refused)
        return Rebuilt(identity=building.health().identity, records=records)

    def ahead(self) -> Ahead:
        """What takes index documents while an ingest is still storing; to be drained afterwards all the same."""
        open_make = partial(opened, self._labelling, self._settings.home)
        return Ahead(self._store, self._engine(), open_make, self._mark_outdated)

    def _mark_outdated(self, as_of: str | None = None, rebuilding: bool = False) -> bool:
        """Marks what changed without its record; says whether all records are to be indexed anew."""
        with self._store.turn() as connection:
            behind = not rebuilding and self._is_behind(outbox.drained(connection))
            if behind:
                outbox.mark_all(connection)
            relabelled = outbox.mark_relabelled(connection, self._fingerprint())
            outbox.mark_dated(connection, as_of or documents.data_date(connection))
        return behind or relabelled

    def _refuse_behind(self) -> None:
        """Raises Unreachable(`index_missing`) for an index that lacks rows: with a few written it would look whole."""
        with self._store.connect() as connection:
            drained = outbox.drained(connection)
        if self._is_behind(drained):
            raise Unreachable("index_missing")

    def _is_behind(self, drained: int) -> bool:
        """Whether entries were cleared by another index than this one, which then lacks them: all is marked."""
        try:
            return bool(drained) and self._engine().reached() < drained
        except Unreachable as error:
            if error.code != "index_outdated":
                raise
            return False        # only a rebuild helps, and brings everything

    def _entries(self, most: int = _COMMIT, after: int = 0) -> list[tuple[int, int]]:
        with self._store.connect() as connection:
            return outbox.take(connection, most, after)

    def _makers(self) -> Makers:
        return Makers(self._settings, self._opener, self._labelling)

    def _engine(self, name: str | None = None) -> Engine:
        return open_engine(replace(self._settings, engine=name or self._settings.engine))


def _tell(refused: Mapping[int, str]) -> None:
    if refused:
        row, reason = next(iter(refused.items()))
        raise Partly("documents_refused", reason, count=len(refused), row=row)


def _bring(writer: Writer, makers: Makers, rows: list[int], progress: Progress) -> None:
    missing = set(rows)
    for batch in makers.made(rows):
        for row, document in batch:
            writer.upsert(row, document)
            missing.discard(row)
        progress.advance(len(batch), 0, 0)
    writer.delete(missing)
