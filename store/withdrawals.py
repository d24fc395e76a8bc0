"""Taking a delivery back: what it alone brought goes, what others brought too is theirs from then on.

Afterwards the store says what it would say if the delivery had never come; only its ledger entry remains, and the rows
of records that vanished stay empty, so that they come back under the same numbers.
"""

import datetime as dt
from collections.abc import Callable, Iterable, Iterator
from typing import NamedTuple

import sqlalchemy as sa

from store import outbox
from store.belonging import Rule, parts, refit
from store.deliveries import entry_of
from store.errors import BadCall
from store.inserts import insert_new
from store.schema import brought, brought_event, delivery, delivery_file, document, legal_event, record, reject

Place = tuple[str | None, str]
"""Where a document stands in its delivery: (archive, entry)."""

Move = Callable[[bytes, Place], bytes]
"""A document's body that says another place."""


class Withdrawn(NamedTuple):
    """What a withdrawal did: files of the delivery; documents and events that went, and that others had brought too;
    rows of the quarantine that went."""

    files: int
    documents: int
    documents_kept: int
    events: int
    events_kept: int
    rejects: int


class _File(NamedTuple):
    file: int
    path: str
    size: int
    sha256: str
    state: str


def withdraw(connection: sa.Connection, name: str, place: Callable[[bytes], Place], move: Move,
             rule: Rule) -> Withdrawn:
    """Take a delivery back, within the caller's transaction and turn; `place` and `move` read and rewrite bodies.

    Raises NotFound(`delivery_unknown`), BadCall(`delivery_withdrawn`) when it was taken back before.
    """
    if entry_of(connection, name)["state"] == "withdrawn":
        raise BadCall("delivery_withdrawn", name=name)
    number = connection.execute(sa.select(delivery.c.delivery).where(delivery.c.name == name)).scalar_one()
    columns = (delivery_file.c.file, delivery_file.c.path, delivery_file.c.size, delivery_file.c.sha256,
               delivery_file.c.state)
    files = [_File(*row) for row in connection.execute(
        sa.select(*columns).where(delivery_file.c.delivery == number, delivery_file.c.state != "withdrawn"))]
    for file in files:
        heir = _heir(connection, number, file)
        if heir:
            _inherit(connection, file, heir, place)
    own = sa.select(delivery_file.c.file).where(delivery_file.c.delivery == number)
    connection.execute(brought.delete().where(brought.c.file.in_(own)))
    connection.execute(brought_event.delete().where(brought_event.c.file.in_(own)))
    rejects = connection.execute(reject.delete().where(reject.c.file.in_(own))).rowcount
    gone = kept = gone_events = kept_events = 0
    touched: set[int] = set()
    for file in files:
        kept += _hand_on(connection, file.file, move)
        rows = connection.execute(sa.select(document.c.row).where(document.c.file == file.file)).scalars().all()
        gone += len(rows)
        touched.update(rows)
        connection.execute(document.delete().where(document.c.file == file.file))
        kept_events += _hand_on_events(connection, file.file)
        applications = connection.execute(
            sa.select(legal_event.c.application).where(legal_event.c.file == file.file)).scalars().all()
        gone_events += len(applications)
        for part in parts(set(applications)):
            touched.update(connection.execute(sa.select(record.c.row).where(record.c.application.in_(part))).scalars())
        connection.execute(legal_event.delete().where(legal_event.c.file == file.file))
    touched |= refit(connection, touched, rule)
    connection.execute(delivery_file.update().where(delivery_file.c.delivery == number).values(state="withdrawn"))
    connection.execute(delivery.update().where(delivery.c.delivery == number).values(
        withdrawn=dt.datetime.now(dt.UTC).isoformat(timespec="seconds")))
    outbox.mark(connection, sorted(touched))
    return Withdrawn(len(files), gone, kept, gone_events, kept_events, rejects)


def _heir(connection: sa.Connection, number: int, file: _File) -> _File | None:
    """A file of another delivery with the same content, which was therefore not read itself."""
    if not file.sha256:
        return None
    query = sa.select(delivery_file.c.file, delivery_file.c.path, delivery_file.c.size, delivery_file.c.sha256,
                      delivery_file.c.state)
    found = connection.execute(query.where(
        delivery_file.c.delivery != number, delivery_file.c.sha256 == file.sha256, delivery_file.c.size == file.size,
        delivery_file.c.state == "done").order_by(delivery_file.c.file).limit(1)).one_or_none()
    return None if found is None else _File(*found)


def _inherit(connection: sa.Connection, file: _File, heir: _File, place: Callable[[bytes], Place]) -> None:
    """Write down that all that a file brought was brought by its heir too; the quarantine is handed over."""

    def moved(archive: str | None) -> str | None:
        if archive is not None and (archive == file.path or archive.startswith(f"{file.path}/")):
            return heir.path + archive[len(file.path):]
        return archive

    firsts = connection.execute(sa.select(document.c.document).where(document.c.file == file.file)).scalars().all()
    for part in parts(firsts):
        said = [(ident, *place(body)) for ident, body in _bodies(connection, part)]
        insert_new(connection, brought, [{"document": ident, "file": heir.file, "archive": moved(archive),
                                          "entry": entry} for ident, archive, entry in said])
    again = sa.select(brought.c.document, brought.c.archive, brought.c.entry).join(
        document, document.c.document == brought.c.document).where(
            brought.c.file == file.file, document.c.file != heir.file)
    insert_new(connection, brought, [{"document": row.document, "file": heir.file, "archive": moved(row.archive),
                                      "entry": row.entry} for row in connection.execute(again).all()])
    events = {*connection.execute(sa.select(legal_event.c.event).where(legal_event.c.file == file.file)).scalars(),
              *connection.execute(sa.select(brought_event.c.event).join(
                  legal_event, legal_event.c.event == brought_event.c.event).where(
                      brought_event.c.file == file.file, legal_event.c.file != heir.file)).scalars()}
    insert_new(connection, brought_event, [{"event": event, "file": heir.file} for event in sorted(events)])
    held = sa.select(reject.c.reject).where(reject.c.file == heir.file).limit(1)
    if connection.execute(held).scalar() is None:
        for row in connection.execute(sa.select(reject.c.reject, reject.c.archive).where(
                reject.c.file == file.file)).all():
            connection.execute(reject.update().where(reject.c.reject == row.reject).values(
                file=heir.file, archive=moved(row.archive)))


def _hand_on(connection: sa.Connection, file: int, move: Move) -> int:
    """Documents of a file that others brought too are handed to the first of them; how many there were."""
    rows = connection.execute(
        sa.select(brought).join(document, document.c.document == brought.c.document)
        .where(document.c.file == file).order_by(brought.c.file.desc())).all()
    places = {row.document: row for row in rows}      # the first one is the last of these
    for ident, body in _bodies(connection, places):
        place = places[ident]
        connection.execute(document.update().where(document.c.document == ident).values(
            file=place.file, body=move(body, (place.archive, place.entry))))
        connection.execute(brought.delete().where(brought.c.document == ident, brought.c.file == place.file))
    return len(places)


def _hand_on_events(connection: sa.Connection, file: int) -> int:
    rows = connection.execute(
        sa.select(brought_event.c.event, sa.func.min(brought_event.c.file).label("heir")).join(
            legal_event, legal_event.c.event == brought_event.c.event)
        .where(legal_event.c.file == file).group_by(brought_event.c.event)).all()
    for row in rows:
        connection.execute(legal_event.update().where(legal_event.c.event == row.event).values(file=row.heir))
        connection.execute(brought_event.delete().where(
            brought_event.c.event == row.event, brought_event.c.file == row.heir))
    return len(rows)


def _bodies(connection: sa.Connection, idents: Iterable[int]) -> Iterator[tuple[int, bytes]]:
    """Documents as (document, body), in order; they may be changed meanwhile."""
    for part in parts(idents):
        found = sa.select(document.c.document, document.c.body).where(document.c.document.in_(part))
        yield from ((row[0], row[1]) for row in connection.execute(found.order_by(document.c.document)).all())
