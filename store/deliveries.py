"""The ledger of deliveries: which files were read, with what outcome, and the quarantine of what was refused.

A file is known by its content (SHA-256): the same file under another name or in another delivery need not be
read again.
"""

import datetime as dt
import json
from collections.abc import Iterable
from typing import Any, NamedTuple

import sqlalchemy as sa

from store.schema import delivery, delivery_file, reject

Counts = dict[str, Any]
"""{entries, documents, merged, rejected: {code: n}, skipped: {code: n}, warnings: {code: n}}, and for a batch with
index files index: {listed, absent, unlisted, absent_examples, unlisted_examples}."""

EXAMPLES = 10       # publications that are named where many are counted


class Refusal(NamedTuple):
    """A document or archive that was refused; `archive` and `entry` say where it stands in the delivery."""

    archive: str
    entry: str
    code: str
    detail: str
    line: int | None


def open_delivery(connection: sa.Connection, name: str) -> int:
    """The ledger's number of a delivery, by its name."""
    now = _now()
    found = connection.execute(sa.select(delivery.c.delivery).where(delivery.c.name == name)).scalar()
    if found is not None:
        connection.execute(delivery.update().where(delivery.c.delivery == found).values(last_run=now))
        return int(found)
    return _inserted(connection, delivery.insert().values(name=name, first_run=now, last_run=now))


def counts_of_read_file(connection: sa.Connection, sha256: str, size: int) -> Counts | None:
    """What reading a file of this content brought, if it was ever read to its end."""
    found = connection.execute(sa.select(delivery_file.c.counts).where(
        delivery_file.c.sha256 == sha256, delivery_file.c.size == size, delivery_file.c.state == "done")).scalar()
    return None if found is None else json.loads(found)


def refused_entries(connection: sa.Connection, sha256: Iterable[str]) -> list[str]:
    """Entries that were refused when files of this content were read."""
    query = sa.select(reject.c.entry).join(delivery_file, delivery_file.c.file == reject.c.file)
    return list(connection.execute(query.where(delivery_file.c.sha256.in_(list(sha256)))).scalars())


def has_file(connection: sa.Connection, of: int, path: str, sha256: str) -> bool:
    """Whether the ledger has an entry of this file in this delivery."""
    return connection.execute(_entry(of, path, sha256)).scalar() is not None


def begin_file(connection: sa.Connection, of: int, path: str, size: int, sha256: str) -> int:
    """Enter a file as being read; what an interrupted run left of it is replaced."""
    known = connection.execute(_entry(of, path, sha256)).scalar_one_or_none()
    if known is None:
        return _inserted(connection, delivery_file.insert().values(
            delivery=of, path=path, size=size, sha256=sha256, state="reading", counts="{}"))
    connection.execute(reject.delete().where(reject.c.file == known))
    connection.execute(delivery_file.update().where(delivery_file.c.file == known).values(state="reading", finished=None))
    return int(known)


def finish_file(connection: sa.Connection, file: int, counts: Counts) -> None:
    connection.execute(delivery_file.update().where(delivery_file.c.file == file).values(
        state="done", counts=json.dumps(counts), finished=_now()))


def refuse(connection: sa.Connection, file: int, refusals: Iterable[Refusal]) -> None:
    """Put refused documents into the quarantine; the same place and code only once."""
    unique = {(item.archive, item.entry, item.code): item for item in refusals}
    values = [{"file": file, **item._asdict()} for item in unique.values()]
    if values:
        connection.execute(reject.insert(), values)


def rejects(connection: sa.Connection, code: str | None = None) -> list[dict[str, Any]]:
    """The quarantine, newest first: {code, detail, delivery, archive, entry, line}."""
    query = (sa.select(reject.c.code, reject.c.detail, delivery.c.name.label("delivery"), reject.c.archive, reject.c.entry,
                       reject.c.line)
             .join(delivery_file, delivery_file.c.file == reject.c.file)
             .join(delivery, delivery.c.delivery == delivery_file.c.delivery).order_by(reject.c.reject.desc()))
    if code:
        query = query.where(reject.c.code == code)
    return [dict(found) for found in connection.execute(query).mappings()]


def reject_counts(connection: sa.Connection) -> dict[str, int]:
    """How many refusals each code has."""
    query = sa.select(reject.c.code, sa.func.count()).group_by(reject.c.code).order_by(sa.func.count().desc(), reject.c.code)
    return {row[0]: row[1] for row in connection.execute(query)}


def ledger(connection: sa.Connection, limit: int | None = None) -> list[dict[str, Any]]:
    """Deliveries, last run first: {name, first_run, last_run, files, reading, size, counts} with counts added up."""
    chosen = sa.select(delivery).order_by(delivery.c.last_run.desc(), delivery.c.delivery.desc()).limit(limit)
    found = {row["delivery"]: {"name": row["name"], "first_run": row["first_run"], "last_run": row["last_run"],
                               "files": 0, "reading": 0, "size": 0, "counts": empty_counts()}
             for row in connection.execute(chosen).mappings()}
    files = sa.select(delivery_file).where(delivery_file.c.delivery.in_(list(found)))
    for row in connection.execute(files).mappings():
        entry = found[row["delivery"]]
        entry["files"] += 1
        entry["reading"] += row["state"] != "done"
        entry["size"] += row["size"]
        add_counts(entry["counts"], json.loads(row["counts"]))
    return list(found.values())


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
        delivery_file.c.delivery == of, delivery_file.c.path == path, delivery_file.c.sha256 == sha256)


def _inserted(connection: sa.Connection, statement: sa.Insert) -> int:
    key = connection.execute(statement).inserted_primary_key
    assert key is not None
    return int(key[0])


def _now() -> str:
    return dt.datetime.now(dt.UTC).isoformat(timespec="seconds")
