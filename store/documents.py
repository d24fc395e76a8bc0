"""The door to documents and records: which row a publication belongs to, and what is stored for it.

A record is found by its application's digits, else by a publication it already holds; where files contradict each
other, `store.belonging` decides. Everything that changes a record marks it in the outbox within the same transaction.
"""

from collections.abc import Iterable, Iterator, Sequence
from typing import NamedTuple

import sqlalchemy as sa

from store import outbox
from store.belonging import Rule, join, parts, refit
from store.inserts import insert_new
from store.schema import brought as also_brought
from store.schema import delivery, delivery_file, dictionary, document, legal_event, record


class Incoming(NamedTuple):
    """A document as it comes from a reader, packed."""

    publication: str
    date: str | None
    type: str
    application: str | None             # digits without check digit: what applications are compared by
    application_number: str | None      # as users write it: the record's id
    application_date: str | None
    hash: bytes
    body: bytes
    archive: str | None = None          # where it was found; the body says so too
    entry: str = ""


class Stored(NamedTuple):
    """A document as it lies in the store; `delivery` is the name of the delivery that brought it."""

    row: int
    id: str
    hash: bytes
    body: bytes
    delivery: str


class _Record:
    """A row as a batch finds or makes it. `empty`: a withdrawal has left it without documents."""

    __slots__ = ("application", "date", "empty", "id", "row", "type")

    def __init__(self, row: int, ident: str, application: str | None, type_: str, date: str | None,
                 empty: bool = False) -> None:
        self.row, self.id, self.application, self.type, self.date, self.empty = (
            row, ident, application, type_, date, empty)


class _Found(NamedTuple):
    """What the store holds of a batch; `known` gives the document and the file that was the first to bring it."""

    known: dict[tuple[str, bytes], tuple[int, int] | None]
    by_publication: dict[str, _Record]
    by_application: dict[str, _Record]
    by_id: dict[str, _Record]           # empty rows of records that were known by a publication only


class _Pending:
    """Rows to be written, gathered so that each table takes one statement."""

    def __init__(self, connection: sa.Connection) -> None:
        self._connection = connection
        self.records: list[dict[str, object]] = []
        self.revived: list[dict[str, object]] = []
        self.documents: list[dict[str, object]] = []

    def flush(self) -> None:
        if self.records:
            self._connection.execute(record.insert(), self.records)
        if self.revived:
            self._connection.execute(_REVIVE, self.revived)
        if self.documents:
            self._connection.execute(document.insert(), self.documents)
        for values in (self.records, self.revived, self.documents):
            values.clear()


_REVIVE = record.update().where(record.c.row == sa.bindparam("of")).values(
    merged_into=None, type=sa.bindparam("new_type"), application_date=sa.bindparam("new_date"))


def add(connection: sa.Connection, file: int, batch: Sequence[Incoming], rule: Rule) -> list[bool]:
    """Store the documents of one file of a delivery; says for each whether it was new.

    Callers that may run beside each other take turns (`Store.turn`): row numbers are given here. `rule` is asked about
    the rows in which a document contradicts what is known of its record.
    """
    known, by_publication, by_application, by_id = _look_up(connection, batch)
    next_row = (connection.execute(sa.select(sa.func.max(record.c.row))).scalar() or 0) + 1
    pending = _Pending(connection)
    again: list[dict[str, object]] = []
    touched, doubtful, news = set(), set(), []
    for item in batch:
        key = (item.publication, item.hash)
        news.append(key not in known)
        if key in known:
            held = known[key]
            if held and held[1] != file:
                again.append({"document": held[0], "file": file, "archive": item.archive, "entry": item.entry})
            continue
        known[key] = None
        own = by_publication.get(item.publication)
        other = by_application.get(item.application) if item.application else None
        if own and other and own is not other and own.application is None:
            pending.flush()
            _merge(connection, own, other)
            touched.add(own.row)
            doubtful.add(other.row)
            for name, found in by_publication.items():
                if found is own:
                    by_publication[name] = other
            own = other
        target = own or other or (None if item.application else by_id.get(item.publication))
        if target is None:
            target = _Record(next_row, item.application_number or item.publication, item.application, item.type,
                             item.application_date)
            next_row += 1
            pending.records.append({"row": target.row, "id": target.id, "application": target.application,
                                    "type": item.type, "application_date": target.date})
        elif target.empty:
            target.empty, target.type, target.date = False, item.type, item.application_date
            pending.revived.append({"of": target.row, "new_type": item.type, "new_date": target.date})
        else:
            if (item.application and not target.application) or (item.application_date and not target.date):
                pending.flush()
                _complete(connection, target, item)
            if _contradicts(item, target):
                doubtful.add(target.row)
        by_publication[item.publication] = target
        if target.application:
            by_application[target.application] = target
        pending.documents.append({"row": target.row, "publication": item.publication, "date": item.date, "file": file,
                                  "hash": item.hash, "body": item.body})
        touched.add(target.row)
    pending.flush()
    touched |= refit(connection, doubtful, rule)
    insert_new(connection, also_brought, again)
    outbox.mark(connection, sorted(touched))
    return news


def _contradicts(item: Incoming, target: _Record) -> bool:
    """Whether a document says something else than its record, so that the others must be looked at too."""
    return item.type != target.type or bool(item.application and item.application != target.application) or bool(
        item.application_date and item.application_date != target.date)


def unknown(connection: sa.Connection, batch: Sequence[Incoming]) -> list[bool]:
    """Says for each document whether it would be new, and stores nothing."""
    known = _look_up(connection, batch).known
    return [(item.publication, item.hash) not in known for item in batch]


def brought_by(connection: sa.Connection, file: int, batch: Sequence[Incoming]) -> list[bool]:
    """Says for each document whether this file has brought it already, as the first or not."""
    held: set[tuple[str, bytes]] = set()
    for part in parts({item.publication for item in batch}):
        query = sa.select(document.c.publication, document.c.hash).where(document.c.publication.in_(part))
        again = query.join(also_brought, also_brought.c.document == document.c.document)
        for own in (query.where(document.c.file == file), again.where(also_brought.c.file == file)):
            held.update((publication, digest) for publication, digest in connection.execute(own))
    return [(item.publication, item.hash) in held for item in batch]


def _look_up(connection: sa.Connection, batch: Sequence[Incoming]) -> _Found:
    """What the store holds of the publications and applications of a batch."""
    rows: dict[int, _Record] = {}
    found = _Found({}, {}, {}, {})
    empty = sa.func.coalesce(record.c.merged_into == record.c.row, sa.false())
    columns = (record.c.row, record.c.id, record.c.application, record.c.type, record.c.application_date, empty)
    for part in parts({item.application for item in batch if item.application}):
        for row, *values in connection.execute(sa.select(*columns).where(record.c.application.in_(part))):
            one = rows[row] = _Record(row, *values)
            found.by_application[one.application or ""] = one
    for part in parts({item.publication for item in batch}):
        query = sa.select(document.c.publication, document.c.hash, document.c.document, document.c.file, *columns)
        for publication, digest, held, file, row, *values in connection.execute(
                query.join(record).where(document.c.publication.in_(part))):
            found.known[publication, digest] = held, file
            found.by_publication[publication] = rows.get(row) or rows.setdefault(row, _Record(row, *values))
    for part in parts({item.publication for item in batch if not item.application}):
        for row, *values in connection.execute(sa.select(*columns).where(record.c.id.in_(part), empty)):
            one = rows[row] = _Record(row, *values)
            found.by_id[one.id] = one
    return found


def _merge(connection: sa.Connection, old: _Record, new: _Record) -> None:
    """A record known by a publication number turns out to be an application that has a record already."""
    connection.execute(document.update().where(document.c.row == old.row).values(row=new.row))
    join(connection, old.row, new.row)      # the row stays, empty, so that decisions can follow it


def _complete(connection: sa.Connection, target: _Record, item: Incoming) -> None:
    """A record learns its application number or date; its row stays the same."""
    if item.application and not target.application:
        target.application, target.id = item.application, item.application_number or target.id
    target.date = target.date or item.application_date
    connection.execute(record.update().where(record.c.row == target.row).values(
        id=target.id, application=target.application, application_date=target.date))


_STORED = (sa.select(document.c.row, record.c.id, document.c.hash, document.c.body, delivery.c.name)
           .join(record, record.c.row == document.c.row)
           .join(delivery_file, delivery_file.c.file == document.c.file)
           .join(delivery, delivery.c.delivery == delivery_file.c.delivery))


def of_rows(connection: sa.Connection, rows: Iterable[int]) -> Iterator[Stored]:
    """All documents of these rows, grouped by row."""
    for part in parts(set(rows)):
        for found in connection.execute(_STORED.where(document.c.row.in_(part)).order_by(document.c.row)):
            yield Stored(*found)


def row_of_application(connection: sa.Connection, digits: str) -> int | None:
    return connection.execute(sa.select(record.c.row).where(record.c.application == digits)).scalar()


def row_of_publication(connection: sa.Connection, number: str) -> int | None:
    """Row of a publication `CN101945314B`, or without kind the newest that has this number."""
    query = sa.select(document.c.row).order_by(document.c.date.desc(), document.c.publication.desc()).limit(1)
    if number[-1:].isdecimal() and not number[-2:-1].isalpha():
        # A range, not LIKE: it can use the index. The kind is a capital letter and perhaps a digit.
        query = query.where(document.c.publication >= number + "A", document.c.publication < number + "[")
    else:
        query = query.where(document.c.publication == number)
    return connection.execute(query).scalar()


def row_of_id(connection: sa.Connection, ident: str) -> int | None:
    query = sa.select(record.c.row).where(record.c.id == ident, record.c.merged_into.is_(None))
    return connection.execute(query).scalar()


def ids_of_rows(connection: sa.Connection, rows: Iterable[int]) -> dict[int, str]:
    """{row: id} of the rows that hold a record, without reading the records."""
    return {row: ident for part in parts(set(rows)) for row, ident in connection.execute(
        sa.select(record.c.row, record.c.id).where(record.c.row.in_(part), record.c.merged_into.is_(None)))}


def rows_after(connection: sa.Connection, row: int, limit: int) -> list[int]:
    """The next rows that hold a record, in order."""
    found = sa.select(record.c.row).where(record.c.row > row, record.c.merged_into.is_(None))
    return list(connection.execute(found.order_by(record.c.row).limit(limit)).scalars())


def data_date(connection: sa.Connection) -> str | None:
    """Date of the newest publication or legal event in the store, YYYY-MM-DD."""
    dates = (connection.execute(sa.select(sa.func.max(column))).scalar()
             for column in (document.c.date, legal_event.c.date))
    return max((date for date in dates if date), default=None)


def brought(connection: sa.Connection, sha256: Iterable[str]) -> Iterator[str]:
    """Publications of the documents that files of this content brought, as the first or not."""
    first = sa.select(document.c.publication).join(delivery_file, delivery_file.c.file == document.c.file)
    again = sa.select(document.c.publication).join(also_brought, also_brought.c.document == document.c.document).join(
        delivery_file, delivery_file.c.file == also_brought.c.file)
    for part in parts(set(sha256)):
        for query in (first, again):
            yield from connection.execute(query.where(delivery_file.c.sha256.in_(part))).scalars()


def sample_of(connection: sa.Connection, name: str, size: int) -> Iterator[bytes]:
    """Bodies of about `size` documents, spread evenly, that a delivery (or files of the same content) brought first."""
    own = sa.select(delivery_file.c.file, delivery_file.c.sha256).join(
        delivery, delivery.c.delivery == delivery_file.c.delivery).where(delivery.c.name == name).subquery()
    files = connection.execute(sa.select(delivery_file.c.file).where(sa.or_(
        delivery_file.c.file.in_(sa.select(own.c.file)),
        sa.and_(delivery_file.c.sha256 != "", delivery_file.c.sha256.in_(sa.select(own.c.sha256)))))).scalars().all()
    idents = [ident for part in parts(files) for ident in connection.execute(
        sa.select(document.c.document).where(document.c.file.in_(part)).order_by(document.c.document)).scalars()]
    for part in parts(idents[::max(1, len(idents) // size)]):
        yield from connection.execute(sa.select(document.c.body).where(document.c.document.in_(part))).scalars()


def dictionaries(connection: sa.Connection) -> dict[int, bytes]:
    """Compression dictionaries by zstd's id, oldest first."""
    found = connection.execute(sa.select(dictionary.c.dictionary, dictionary.c.data).order_by(dictionary.c.dictionary))
    return {row.dictionary: row.data for row in found}


def add_dictionary(connection: sa.Connection, ident: int, data: bytes) -> None:
    insert_new(connection, dictionary, [{"dictionary": ident, "data": data}])
