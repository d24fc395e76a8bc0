"""The door to records: any written form of a number, a set of rows, or all of them, as Patent dictionaries.

Records are folded from their documents at each reading (ingest.fold), so they are always what the store says.
"""

import threading
from collections.abc import Iterable, Iterator, Sequence
from itertools import groupby
from operator import attrgetter

import sqlalchemy as sa

from ingest.aliases import NONE, Aliases
from ingest.fold import Found, fold
from ingest.numbers import parse_application, parse_publication
from ingest.packed import Opener
from ingest.record import Event, Patent
from store import decisions, documents, events
from store.database import Store

_BATCH = 500


class Records:
    """Reads records of a store; safe to share between threads."""

    def __init__(self, store: Store, aliases: Aliases = NONE) -> None:
        self._store = store
        self._aliases = aliases
        self._local = threading.local()  # zstd contexts are not to be shared

    def get(self, number: str) -> Patent | None:
        """The record that a number names in any written form: application, publication with or without kind, id."""
        with self._store.connect() as connection:
            row = self._resolve(connection, number)
            return next(self._of_rows(connection, [row]), None) if row is not None else None

    def row_of(self, number: str) -> int | None:
        """Row of the record that a number names."""
        with self._store.connect() as connection:
            return self._resolve(connection, number)

    def by_rows(self, rows: Sequence[int]) -> list[Patent]:
        """The records of these rows, in their order; rows that hold none are left out."""
        with self._store.connect() as connection:
            found = {record["row"]: record for record in self._of_rows(connection, rows)}
        return [found[row] for row in rows if row in found]

    def ids(self, rows: Sequence[int]) -> list[str]:
        """The ids of these rows, in their order, without reading the records; rows that hold none are left out."""
        with self._store.connect() as connection:
            found = documents.ids_of_rows(connection, rows)
        return [found[row] for row in rows if row in found]

    def stream(self) -> Iterator[Patent]:
        """Every record, by row."""
        last = 0
        while True:
            with self._store.connect() as connection:
                rows = documents.rows_after(connection, last, _BATCH)
                records = list(self._of_rows(connection, rows))
            if not rows:
                return
            yield from records
            last = rows[-1]

    def data_date(self) -> str | None:
        """Newest publication date in the store, YYYY-MM-DD."""
        with self._store.connect() as connection:
            return documents.data_date(connection)

    def _resolve(self, connection: sa.Connection, number: str) -> int | None:
        application = parse_application(number)
        row = documents.row_of_application(connection, application.key) if application else None
        if row is None:
            publication = parse_publication(number)
            row = documents.row_of_publication(connection, publication.text) if publication else None
        return row if row is not None else documents.row_of_id(connection, number.strip())

    def _of_rows(self, connection: sa.Connection, rows: Iterable[int]) -> Iterator[Patent]:
        date = documents.data_date(connection)
        rows = list(rows)
        opener = self._opener()
        decided = decisions.standing(connection, rows)
        happened: dict[int, list[Event]] = {}
        for row, body in events.of_rows(connection, rows):
            happened.setdefault(row, []).append(opener.event(connection, body))
        for (row, ident), stored in groupby(documents.of_rows(connection, rows), attrgetter("row", "id")):
            found = [Found(opener.unpack(connection, item.body), item.delivery, item.hash) for item in stored]
            record = fold(row, ident, found, date, happened.get(row, ()), self._aliases)
            if row in decided:
                record["decisions"] = decided[row]
            yield record

    def _opener(self) -> Opener:
        opener: Opener | None = getattr(self._local, "opener", None)
        if opener is None:
            opener = self._local.opener = Opener()
        return opener
