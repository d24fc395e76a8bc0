"""Puts documents into the records they belong to, wherever a batch or a withdrawal left that in doubt.

Which documents make a record, and its number, type and date, is a pure function of the documents (`Rule`, handed in by
the caller who can read them); here the rows follow it. All documents of one publication always lie in one row.
"""

from collections.abc import Callable, Iterable, Iterator, Sequence
from itertools import islice
from typing import Any, NamedTuple

import sqlalchemy as sa

from store.schema import document, record

_AT_ONCE = 900      # values in one IN (…); every database takes as many


class Held(NamedTuple):
    """A document of a row, still packed."""

    document: int
    hash: bytes
    body: bytes


class Group(NamedTuple):
    """Documents that make one record, and what `record` says of it."""

    id: str
    application: str | None     # digits without check digit
    type: str
    application_date: str | None
    documents: list[int]


Rule = Callable[[sa.Connection, Sequence[Held]], list[Group]]
"""The documents of a row (at least one) → the records they make; the order of neither means anything."""


def parts(values: Iterable[Any]) -> Iterator[list[Any]]:
    """Values cut into lists for one IN (…) each, in order."""
    ordered = iter(sorted(values))
    while part := list(islice(ordered, _AT_ONCE)):
        yield part


def refit(connection: sa.Connection, rows: Iterable[int], rule: Rule) -> set[int]:
    """Bring records in line with the documents in their rows: as they say, more than one, or empty. Rows changed."""
    changed: set[int] = set()
    waiting = set(rows)
    while waiting:
        received: set[int] = set()      # they look at all their documents once more
        for part in parts(waiting):
            held: dict[int, list[Held]] = {}
            for row, *values in connection.execute(
                    sa.select(document.c.row, document.c.document, document.c.hash, document.c.body)
                    .where(document.c.row.in_(part)).order_by(document.c.document)):
                held.setdefault(row, []).append(Held(*values))
            empty = [row for row in part if row not in held]
            connection.execute(record.update().where(record.c.row.in_(empty), record.c.merged_into.is_(None)).values(
                merged_into=record.c.row, application_date=None))
            now = {row: tuple(values) for row, *values in connection.execute(sa.select(
                record.c.row, record.c.id, record.c.application, record.c.type, record.c.application_date).where(
                    record.c.row.in_(list(held))))}
            for row, documents in held.items():
                groups = rule(connection, documents)
                if len(groups) > 1 or groups[0][:2] != now[row][:2]:
                    received |= _separate(connection, row, now[row][1], groups)
                    changed |= {row, *received}
                elif groups[0][:4] != now[row]:
                    connection.execute(record.update().where(record.c.row == row).values(
                        type=groups[0].type, application_date=groups[0].application_date))
                    changed.add(row)
        waiting = received
    return changed


def _separate(connection: sa.Connection, row: int, application: str | None, groups: list[Group]) -> set[int]:
    """Give each group its record; the rows that now hold one of them.

    The row stays with the group of its application, else with one that has no row elsewhere, so that what people
    decided about it stays with its documents; a row that loses all of them points to where they went.
    """
    holders = {group.id: _holder(connection, group, row) for group in groups}
    main = next((group for group in groups if group.application and group.application == application), None) or next(
        (group for group in groups if holders[group.id] is None), groups[0])
    merged = sa.select(record.c.row).where(record.c.merged_into == row, record.c.row != row).order_by(record.c.row)
    spare = list(connection.execute(merged).scalars())
    # Names are unique: the old one is given up before others are taken.
    connection.execute(record.update().where(record.c.row == row).values(id=f"row {row}", application=None))
    taken: set[int] = set()
    for group in [main, *(group for group in groups if group is not main)]:
        target = row if group is main else None
        holder = holders[group.id]
        if holder is not None:
            if target is not None:      # this row's documents turn out to be those of another record
                join(connection, target, holder)
            connection.execute(record.update().where(record.c.row == holder, record.c.merged_into == holder).values(
                merged_into=None, type=group.type, application_date=group.application_date))
            target = holder
        else:
            target = spare.pop(0) if target is None and spare else target
            values = {"id": group.id, "application": group.application, "type": group.type,
                      "application_date": group.application_date, "merged_into": None}
            if target is None:
                target = (connection.execute(sa.select(sa.func.max(record.c.row))).scalar() or 0) + 1
                connection.execute(record.insert().values(row=target, **values))
            else:
                connection.execute(record.update().where(record.c.row == target).values(**values))
        for part in parts(group.documents):
            connection.execute(document.update().where(document.c.document.in_(part)).values(row=target))
        taken.add(target)
    return taken


def join(connection: sa.Connection, row: int, other: int) -> None:
    """A row without documents of its own, and those that had been joined to it, point to another: never in chains."""
    connection.execute(record.update().where(sa.or_(record.c.row == row, record.c.merged_into == row)).values(
        merged_into=other, application_date=None))
    # Its name resolves through its publications from now on.
    connection.execute(record.update().where(record.c.row == row).values(id=f"row {row}", application=None))


def _holder(connection: sa.Connection, group: Group, row: int) -> int | None:
    """Another row that has the group's name: the record of its application, or one that was emptied before."""
    found = sa.select(record.c.row).where(record.c.row != row)
    named = found.where(record.c.id == group.id) if group.application is None else found.where(
        record.c.application == group.application)
    return connection.execute(named).scalar()
