"""Taking a delivery back: what it alone brought goes, what others brought too is theirs from then on.

Afterwards the store says what it would say if the delivery had never come; only its ledger entry remains, and the rows
of records that vanished stay empty, so that they come back under the same numbers.
"""

import datetime as dt
from collections.abc import Callable, Iterable, Iterator
from typing import NamedTuple

import sqlalchemy as sa

from store import outbox
from store.deliveries import entry_of
from store.documents import data_date, parts
from store.errors import BadCall
from store.inserts import insert_new
from store.schema import brought, brought_event, delivery, delivery_file, document, legal_event, record, reject

Move = Callable[[bytes, str | None, str], bytes]
"""A document's body that says another (archive, entry)."""


class Withdrawn(NamedTuple):
    """What a withdrawal did: files of the delivery; documents and events that went, and that others had brought too;
    rows of the quarantine that went."""

    files: int
    documents: int
    documents_kept: int
    events: int
    events_kept: int
    rejects: int


class Remaining(NamedTuple):
    """What a document that stays says of itself, as `store.documents.Incoming` has it."""

    publication: str
    type: str
    application: str | None
    application_number: str | None
    application_date: str | None
    archive: str | None
    entry: str


class _File(NamedTuple):
    file: int
    path: str
    size: int
    sha256: str
    state: str


def withdraw(connection: sa.Connection, name: str, move: Move, read: Callable[[bytes], Remaining]) -> Withdrawn:
    """Take a delivery back, within the caller's transaction and turn.

    Raises NotFound(`delivery_unknown`), BadCall(`delivery_withdrawn`) when it was taken back before.
    """
    if entry_of(connection, name)["state"] == "withdrawn":
        raise BadCall("delivery_withdrawn", name=name)
    number = connection.execute(sa.select(delivery.c.delivery).where(delivery.c.name == name)).scalar_one()
    columns = (delivery_file.c.file, delivery_file.c.path, delivery_file.c.size, delivery_file.c.sha256,
               delivery_file.c.state)
    files = [_File(*row) for row in connection.execute(
        sa.select(*columns).where(delivery_file.c.delivery == number, delivery_file.c.state != "withdrawn"))]
    before = data_date(connection)
    for file in files:
        heir = _heir(connection, number, file)
        if heir:
            _inherit(connection, file, heir, read)
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
    touched |= _refit(connection, touched, read)
    connection.execute(delivery_file.update().where(delivery_file.c.delivery == number).values(state="withdrawn"))
    connection.execute(delivery.update().where(delivery.c.delivery == number).values(
        withdrawn=dt.datetime.now(dt.UTC).isoformat(timespec="seconds")))
    outbox.mark(connection, sorted(touched))
    # The data date may have gone back: whose term ended in between is looked at again.
    outbox.mark_aged(connection, data_date(connection), before)
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


def _inherit(connection: sa.Connection, file: _File, heir: _File, read: Callable[[bytes], Remaining]) -> None:
    """Write down that all that a file brought was brought by its heir too; the quarantine is handed over."""

    def place(archive: str | None) -> str | None:
        if archive is not None and (archive == file.path or archive.startswith(f"{file.path}/")):
            return heir.path + archive[len(file.path):]
        return archive

    firsts = connection.execute(sa.select(document.c.document).where(document.c.file == file.file)).scalars().all()
    for part in parts(firsts):
        said = [(ident, read(body)) for ident, body in _bodies(connection, part)]
        insert_new(connection, brought, [{"document": ident, "file": heir.file, "archive": place(one.archive),
                                          "entry": one.entry} for ident, one in said])
    again = sa.select(brought.c.document, brought.c.archive, brought.c.entry).join(
        document, document.c.document == brought.c.document).where(
            brought.c.file == file.file, document.c.file != heir.file)
    insert_new(connection, brought, [{"document": row.document, "file": heir.file, "archive": place(row.archive),
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
                file=heir.file, archive=place(row.archive)))


def _hand_on(connection: sa.Connection, file: int, move: Move) -> int:
    """Documents of a file that others brought too are handed to the first of them; how many there were."""
    rows = connection.execute(
        sa.select(brought).join(document, document.c.document == brought.c.document)
        .where(document.c.file == file).order_by(brought.c.file.desc())).all()
    places = {row.document: row for row in rows}      # the first one is the last of these
    for ident, body in _bodies(connection, places):
        place = places[ident]
        connection.execute(document.update().where(document.c.document == ident).values(
            file=place.file, body=move(body, place.archive, place.entry)))
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


class _Group:
    """Documents that belong together by the rules of `store.documents.add`."""

    def __init__(self) -> None:
        self.application: str | None = None
        self.number: str | None = None
        self.date: str | None = None
        self.documents: list[tuple[int, Remaining]] = []

    def take(self, ident: int, said: Remaining) -> None:
        if said.application and not self.application:
            self.application, self.number = said.application, said.application_number
        self.date = self.date or said.application_date
        self.documents.append((ident, said))

    @property
    def id(self) -> str:
        return self.number or self.documents[0][1].publication


def _refit(connection: sa.Connection, rows: Iterable[int], read: Callable[[bytes], Remaining]) -> set[int]:
    """Records after documents of theirs went: empty, as their other documents say, or no longer one. Rows changed."""
    changed: set[int] = set()
    for part in parts(set(rows)):
        held: dict[int, list[tuple[int, Remaining]]] = {}
        for row, ident, body in connection.execute(
                sa.select(document.c.row, document.c.document, document.c.body).where(
                    document.c.row.in_(part)).order_by(document.c.document)):
            held.setdefault(row, []).append((ident, read(body)))
        empty = [row for row in part if row not in held]
        connection.execute(record.update().where(record.c.row.in_(empty), record.c.merged_into.is_(None)).values(
            merged_into=record.c.row, application_date=None))
        now = {row: values for row, *values in connection.execute(sa.select(
            record.c.row, record.c.id, record.c.application, record.c.type, record.c.application_date).where(
                record.c.row.in_(list(held))))}
        for row, documents in held.items():
            groups = _groups(documents)
            first = groups[0]
            said = [first.id, first.application, first.documents[0][1].type, first.date]
            if len(groups) > 1 or said != now[row]:
                changed |= _separate(connection, row, now[row][1], groups)
    return changed


def _groups(documents: list[tuple[int, Remaining]]) -> list[_Group]:
    """The documents of a row in their order, put together again as if they had just come."""
    groups: list[_Group] = []
    by_publication: dict[str, _Group] = {}
    by_application: dict[str, _Group] = {}
    for ident, said in documents:
        own = by_publication.get(said.publication)
        other = by_application.get(said.application) if said.application else None
        if own and other and own is not other and own.application is None:
            for before in own.documents:
                other.take(*before)
            by_publication.update({name: other for name, group in by_publication.items() if group is own})
            groups.remove(own)
            own = other
        group = own or other
        if group is None:
            group = _Group()
            groups.append(group)
        group.take(ident, said)
        by_publication[said.publication] = group
        if group.application:
            by_application[group.application] = group
    return groups


def _separate(connection: sa.Connection, row: int, application: str | None, groups: list[_Group]) -> set[int]:
    """Give each group its record: the one of this row to the group of its application, else to the first."""
    main = next((group for group in groups if group.application == application), groups[0])
    merged = sa.select(record.c.row).where(record.c.merged_into == row, record.c.row != row).order_by(record.c.row)
    spare = list(connection.execute(merged).scalars())
    # Names are unique: the old one is given up before others are taken.
    connection.execute(record.update().where(record.c.row == row).values(id=f"row {row}", application=None))
    changed: set[int] = set()
    for group in [main, *(group for group in groups if group is not main)]:
        holder = None
        if group.application:
            holder = connection.execute(
                sa.select(record.c.row).where(record.c.application == group.application)).scalar()
        target = row if group is main else spare.pop(0) if spare else None
        if holder is not None:
            if target is not None:      # this row's own documents turn out to be those of another record
                connection.execute(record.update().where(record.c.row == target).values(
                    merged_into=holder, id=f"row {target}", application=None))
            connection.execute(record.update().where(record.c.row == holder, record.c.merged_into == holder).values(
                merged_into=None, type=group.documents[0][1].type, application_date=group.date))
            target = holder
        else:
            values = {"id": group.id, "application": group.application, "type": group.documents[0][1].type,
                      "application_date": group.date, "merged_into": None}
            # A row that was emptied before may still have the name.
            connection.execute(record.update().where(
                record.c.id == group.id, record.c.merged_into == record.c.row).values(
                    id=sa.literal("row ") + sa.cast(record.c.row, sa.Text)))
            if target is None:
                target = (connection.execute(sa.select(sa.func.max(record.c.row))).scalar() or 0) + 1
                connection.execute(record.insert().values(row=target, **values))
            else:
                connection.execute(record.update().where(record.c.row == target).values(**values))
        idents = [ident for ident, _ in group.documents]
        for part in parts(idents):
            connection.execute(document.update().where(document.c.document.in_(part)).values(row=target))
        changed.add(target)
    return changed
