"""What a transaction has added: new records, and the outbox entries that tell of them.

Asked after the fact and of the tables themselves, so it holds whatever the rules by which documents find their rows.
"""

from typing import NamedTuple

import sqlalchemy as sa

from store.schema import dirty, document, legal_event, record


class Position(NamedTuple):
    """The last row and the last outbox entry before something is added."""

    row: int
    seq: int


class Fresh(NamedTuple):
    """A new record of one document and without events; `seq` is its only outbox entry."""

    seq: int
    row: int
    id: str
    publication: str
    hash: bytes


def position(connection: sa.Connection) -> Position:
    """To be asked first in a transaction that gives row numbers (`Store.turn`)."""
    return Position(*(connection.execute(sa.select(sa.func.max(column))).scalar() or 0
                      for column in (record.c.row, dirty.c.seq)))


def since(connection: sa.Connection, before: Position) -> list[Fresh]:
    """The new records of a single document and without events, by their outbox entries."""
    entries: dict[int, list[int]] = {}
    for seq, row in connection.execute(sa.select(dirty.c.seq, dirty.c.row).where(dirty.c.seq > before.seq)):
        entries.setdefault(row, []).append(seq)
    happened = sa.exists().where(legal_event.c.application == record.c.application)
    query = (sa.select(record.c.row, record.c.id, document.c.publication, document.c.hash)
             .join(document, document.c.row == record.c.row).where(record.c.row > before.row, ~happened))
    found: dict[int, list[Fresh]] = {}
    for row, ident, publication, digest in connection.execute(query):
        seqs = entries.get(row, ())
        found.setdefault(row, []).append(Fresh(seqs[0] if len(seqs) == 1 else 0, row, ident, publication, digest))
    return sorted(of_row[0] for of_row in found.values() if len(of_row) == 1 and of_row[0].seq)
