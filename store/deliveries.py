"""The ledger of deliveries: which files were read, with what outcome, and the quarantine of what was refused.

A file is known by its content (SHA-256): the same file under another name or in another delivery need not be
read again.
"""

import datetime as dt
import hashlib
import json
from collections.abc import Iterable
from typing import Any, NamedTuple

import sqlalchemy as sa

from store.errors import NotFound
from store.inserts import insert_new
from store.schema import delivery, delivery_file, reject

Counts = dict[str, Any]
"""{entries, documents, merged, rejected: {code: n}, skipped: {code: n}, warnings: {code: n}}, and for a batch with
index files index: {listed, absent, unlisted, absent_examples, unlisted_examples}; filled: {field: n} of documents."""

EXAMPLES = 10       # publications that are named where many are counted
_LONGEST_PLACE = 1_000      # bytes; an index of PostgreSQL takes some 2,700 for archive, entry and code together


class Refusal(NamedTuple):
    """A document or archive that was refused; `archive` and `entry` say where it stands in the delivery."""

    archive: str
    entry: str
    code: str
    detail: str
    line: int | None


def open_delivery(connection: sa.Connection, name: str, origin: str = "") -> int:
    """The ledger's number of a delivery, by its name; `origin` is where it lies now. One that was withdrawn is back."""
    now = _now()
    name, origin = place(name), storable(origin)
    found = connection.execute(sa.select(delivery.c.delivery).where(delivery.c.name == name)).scalar()
    if found is not None:
        connection.execute(delivery.update().where(delivery.c.delivery == found).values(
            last_run=now, origin=origin, withdrawn=None))
        return int(found)
    return _inserted(connection, delivery.insert().values(name=name, first_run=now, last_run=now, origin=origin))


def counts_of_read_file(connection: sa.Connection, sha256: str, size: int) -> Counts | None:
    """What reading a file of this content brought, if it was ever read to its end."""
    found = connection.execute(sa.select(delivery_file.c.counts).where(
        delivery_file.c.sha256 == sha256, delivery_file.c.size == size, delivery_file.c.state == "done")).scalar()
    return None if found is None else json.loads(found)


def refused_entries(connection: sa.Connection, sha256: Iterable[str]) -> list[str]:
    """Entries that were refused when files of this content were read."""
    query = sa.select(reject.c.entry).join(delivery_file, delivery_file.c.file == reject.c.file)
    return list(connection.execute(query.where(delivery_file.c.sha256.in_(list(sha256)))).scalars())


def has_read(connection: sa.Connection, of: int, path: str, sha256: str) -> bool:
    """Whether the ledger has this file in this delivery as read to its end (and not withdrawn)."""
    found = _entry(of, path, sha256).where(delivery_file.c.state == "done")
    return connection.execute(found).scalar() is not None


def begin_file(connection: sa.Connection, of: int, path: str, size: int, sha256: str) -> int:
    """Enter a file as being read; what an interrupted run left of it is replaced."""
    known = connection.execute(_entry(of, path, sha256)).scalar_one_or_none()
    if known is None:
        return _inserted(connection, delivery_file.insert().values(
            delivery=of, path=place(path), size=size, sha256=sha256, state="reading", counts="{}"))
    connection.execute(reject.delete().where(reject.c.file == known))
    connection.execute(delivery_file.update().where(delivery_file.c.file == known).values(
        size=size, state="reading", counts="{}", finished=None))
    return int(known)


def finish_file(connection: sa.Connection, file: int, counts: Counts) -> None:
    connection.execute(delivery_file.update().where(delivery_file.c.file == file).values(
        state="done", counts=json.dumps(counts), finished=_now()))


def refuse(connection: sa.Connection, file: int, refusals: Iterable[Refusal]) -> None:
    """Put refused documents into the quarantine; the same place and code only once."""
    insert_new(connection, reject, [
        {"file": file, "archive": place(item.archive), "entry": place(item.entry), "code": item.code,
         "detail": storable(item.detail), "line": item.line} for item in refusals])


_REJECTS = (sa.select(reject.c.reject.label("number"), reject.c.code, reject.c.detail,
                      delivery.c.name.label("delivery"), reject.c.archive, reject.c.entry, reject.c.line)
            .join(delivery_file, delivery_file.c.file == reject.c.file)
            .join(delivery, delivery.c.delivery == delivery_file.c.delivery))


def rejects(connection: sa.Connection, code: str | None = None) -> list[dict[str, Any]]:
    """The quarantine, newest first: {number, code, detail, delivery, archive, entry, line}."""
    query = _REJECTS.order_by(reject.c.reject.desc())
    if code:
        query = query.where(reject.c.code == code)
    return [dict(found) for found in connection.execute(query).mappings()]


class Quarantined(NamedTuple):
    """A row of the quarantine with what is needed to read it again."""

    number: int
    file: int
    path: str               # of the file in the ledger
    sha256: str
    origin: str | None      # where the delivery lay
    refusal: Refusal


def quarantined(connection: sa.Connection, *, number: int | None = None, code: str | None = None) -> list[Quarantined]:
    """Rows of the quarantine, by file: all, the one of a number, or those of a code.

    Raises NotFound(`no_such_reject`) for a number that has none.
    """
    query = (sa.select(reject.c.reject, reject.c.file, delivery_file.c.path, delivery_file.c.sha256, delivery.c.origin,
                       reject.c.archive, reject.c.entry, reject.c.code, reject.c.detail, reject.c.line)
             .join(delivery_file, delivery_file.c.file == reject.c.file)
             .join(delivery, delivery.c.delivery == delivery_file.c.delivery)
             .order_by(reject.c.file, reject.c.reject))
    if number is not None:
        query = query.where(reject.c.reject == number)
    if code:
        query = query.where(reject.c.code == code)
    found = [Quarantined(number=row[0], file=row[1], path=row[2], sha256=row[3], origin=row[4],
                         refusal=Refusal._make(row[5:])) for row in connection.execute(query)]
    if number is not None and not found:
        raise NotFound("no_such_reject", number=number)
    return found


def release(connection: sa.Connection, file: int, numbers: Iterable[int], more: Counts) -> None:
    """Take rows of one file out of the quarantine; `more` is added to what the ledger counts of the file."""
    for number in numbers:
        connection.execute(reject.delete().where(reject.c.reject == number))
    counts = sa.select(delivery_file.c.counts).where(delivery_file.c.file == file)
    held = json.loads(connection.execute(counts).scalar_one())
    add_counts(held, more)
    for name in ("rejected", "skipped", "warnings"):
        held[name] = {code: count for code, count in held[name].items() if count}
    connection.execute(delivery_file.update().where(delivery_file.c.file == file).values(counts=json.dumps(held)))


def reject_counts(connection: sa.Connection) -> dict[str, int]:
    """How many refusals each code has."""
    query = sa.select(reject.c.code, sa.func.count()).group_by(reject.c.code)
    query = query.order_by(sa.func.count().desc(), reject.c.code)
    return {row[0]: row[1] for row in connection.execute(query)}


def ledger(connection: sa.Connection, limit: int | None = None, name: str | None = None) -> list[dict[str, Any]]:
    """Deliveries, last run first: {name, state, first_run, last_run, withdrawn, files, reading, size, counts}.

    `state` is reading (also when a run was interrupted), done or withdrawn; `reading` is how many files are not read to
    their end; `counts` are those of the files added up, of a withdrawn delivery what it had brought.
    """
    chosen = sa.select(delivery).order_by(delivery.c.last_run.desc(), delivery.c.delivery.desc()).limit(limit)
    if name is not None:
        chosen = chosen.where(delivery.c.name == name)
    found = {row["delivery"]: {
        "name": row["name"], "state": "withdrawn" if row["withdrawn"] else "done", "first_run": row["first_run"],
        "last_run": row["last_run"], "withdrawn": row["withdrawn"], "files": 0, "reading": 0, "size": 0,
        "counts": empty_counts()} for row in connection.execute(chosen).mappings()}
    files = sa.select(delivery_file).where(delivery_file.c.delivery.in_(list(found)))
    for row in connection.execute(files).mappings():
        entry = found[row["delivery"]]
        if row["state"] == "withdrawn" and entry["state"] != "withdrawn":
            continue        # the delivery came back without this file
        entry["files"] += 1
        entry["size"] += row["size"]
        if row["state"] == "reading":
            entry["reading"] += 1
            entry["state"] = "reading"
        add_counts(entry["counts"], json.loads(row["counts"]))
    return list(found.values())


def entry_of(connection: sa.Connection, name: str) -> dict[str, Any]:
    """The delivery of a name as in `ledger`; raises NotFound(`delivery_unknown`)."""
    found = ledger(connection, name=name)
    if not found:
        raise NotFound("delivery_unknown", name=name)
    return found[0]


def name_before(connection: sa.Connection, name: str) -> str | None:
    """Name of the delivery that first came before this one and was not withdrawn."""
    own = sa.select(delivery.c.delivery).where(delivery.c.name == name).scalar_subquery()
    query = sa.select(delivery.c.name).where(delivery.c.delivery < own, delivery.c.withdrawn.is_(None))
    return connection.execute(query.order_by(delivery.c.delivery.desc()).limit(1)).scalar()


def files_of(connection: sa.Connection, name: str) -> list[dict[str, Any]]:
    """Files of a delivery by path: {path, size, state, finished, counts}."""
    query = (sa.select(delivery_file.c.path, delivery_file.c.size, delivery_file.c.state, delivery_file.c.finished,
                       delivery_file.c.counts)
             .join(delivery, delivery.c.delivery == delivery_file.c.delivery)
             .where(delivery.c.name == name).order_by(delivery_file.c.path, delivery_file.c.file))
    return [{**row, "counts": empty_counts() | json.loads(row["counts"])}
            for row in connection.execute(query).mappings()]


def empty_counts() -> Counts:
    return {"entries": 0, "documents": 0, "merged": 0, "rejected": {}, "skipped": {}, "warnings": {}}


def add_counts(total: Counts, more: Counts) -> None:
    """Add counts to a total, in place. Of lists of examples the first few are kept."""
    for name, value in more.items():
        if isinstance(value, dict):
            into = total.setdefault(name, {})
            for code, count in value.items():
                if isinstance(count, list):     # examples
                    into[code] = [*into.get(code, ()), *count][:EXAMPLES]
                else:
                    into[code] = into.get(code, 0) + count
        else:
            total[name] = total.get(name, 0) + value


def _entry(of: int, path: str, sha256: str) -> "sa.Select[Any]":
    return sa.select(delivery_file.c.file).where(
        delivery_file.c.delivery == of, delivery_file.c.path == place(path), delivery_file.c.sha256 == sha256)


def _inserted(connection: sa.Connection, statement: sa.Insert) -> int:
    key = connection.execute(statement).inserted_primary_key
    assert key is not None
    return int(key[0])


def storable(text: str) -> str:
    """A text that every database takes: without null characters and halves of surrogate pairs, which names may hold."""
    return text.replace("\0", "").encode("utf-8", "backslashreplace").decode()


def place(text: str) -> str:
    """A name or path as it is kept: `storable`, and of one that is too long for an index its beginning and a hash."""
    text = storable(text)
    data = text.encode()
    if len(data) <= _LONGEST_PLACE:
        return text
    return f"{data[:_LONGEST_PLACE].decode(errors='ignore')}…{hashlib.blake2b(data, digest_size=8).hexdigest()}"


def _now() -> str:
    return dt.datetime.now(dt.UTC).isoformat(timespec="seconds")
