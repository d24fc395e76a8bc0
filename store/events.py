"""The door to legal events: kept by application number, whether or not its record is there yet.

An event is stored once, known by what it says. Its record, when there is one, is marked in the outbox.
"""

from collections.abc import Iterable, Iterator, Sequence
from typing import NamedTuple

import sqlalchemy as sa

from store import outbox
from store.belonging import parts
from store.inserts import insert_new
from store.schema import brought_event, legal_event, record


class IncomingEvent(NamedTuple):
    """A legal event as it comes from a reader, packed."""

    application: str  # digits without check digit
    date: str | None
    hash: bytes  # of what the event says
    body: bytes


def add(connection: sa.Connection, file: int, batch: Sequence[IncomingEvent]) -> list[bool]:
    """Store the events of one file of a delivery; says for each whether it was new."""
    known = _known(connection, batch)
    news = _news(known, batch)
    values = [{**item._asdict(), "file": file} for item, new in zip(batch, news, strict=True) if new]
    if values:
        connection.execute(legal_event.insert(), values)
    insert_new(
        connection, brought_event, [{"event": event, "file": file} for event, first in known.values() if first != file]
    )
    touched: set[int] = set()
    for part in parts({item.application for item, new in zip(batch, news, strict=True) if new}):
        touched.update(connection.execute(sa.select(record.c.row).where(record.c.application.in_(part))).scalars())
    outbox.mark(connection, sorted(touched))
    return news


def unknown(connection: sa.Connection, batch: Sequence[IncomingEvent]) -> list[bool]:
    """Says for each event whether it would be new, and stores nothing."""
    return _news(_known(connection, batch), batch)


def _known(connection: sa.Connection, batch: Sequence[IncomingEvent]) -> dict[bytes, tuple[int, int]]:
    """Of the events of a batch that are stored, by hash: the event, and the file that was the first to bring it."""
    query = sa.select(legal_event.c.hash, legal_event.c.event, legal_event.c.file)
    return {
        digest: (event, file)
        for part in parts({item.hash for item in batch})
        for digest, event, file in connection.execute(query.where(legal_event.c.hash.in_(part)))
    }


def _news(known: Iterable[bytes], batch: Sequence[IncomingEvent]) -> list[bool]:
    seen = set(known)
    news = []
    for item in batch:
        news.append(item.hash not in seen)
        seen.add(item.hash)
    return news


def of_rows(connection: sa.Connection, rows: Iterable[int]) -> Iterator[tuple[int, bytes]]:
    """All events of the records of these rows, as (row, body), in no order."""
    query = sa.select(record.c.row, legal_event.c.body).join(
        legal_event, legal_event.c.application == record.c.application
    )
    for part in parts(set(rows)):
        yield from ((row, body) for row, body in connection.execute(query.where(record.c.row.in_(part))))
