"""Moves a whole store into another, empty one, SQLite or PostgreSQL on either side, and proves that nothing changed.

Everything is one transaction of the target: it is there whole and verified, or, after a kill or an error at any
moment, the target is as empty as before and the copy can begin again. Row numbers stay, so the index still fits.
"""

import hashlib
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import replace
from typing import Any, NamedTuple

import sqlalchemy as sa

from store.database import Store, open_store
from store.errors import Refused, Unreachable
from store.schema import metadata
from store.settings import Settings

_ROWS = 1_000
_BYTES = 8 << 20
"""A batch ends at either, since one document can be a hundred times as long as another."""

_MODULUS = 1 << 256

Tell = Callable[[str, int, int], None]
"""Called with a table's name, how many of its rows are through, and how many it has."""


class TableCopy(NamedTuple):
    """A table that was moved; `sha256` is the sum of the hashes of its rows, so it does not depend on their order."""

    name: str
    rows: int
    sha256: str


def copy_store(source: Store, settings: Settings, url: str, tell: Tell) -> list[TableCopy]:
    """Copy every table of an open store to the database at `url`, which must be empty, and verify it there.

    The caller sees to it that nothing is written to the source meanwhile (`ingest.alone`): what is committed there
    after the copy has begun is not in it. Raises Refused: `store_copy_target_used`, `store_copy_target_version`,
    `store_copy_text` (what the target cannot hold), Unreachable: either database, or `store_copy_differs`.
    """
    with _target(settings, url) as target:
        with _frozen(source) as reading, target.turn() as writing:
            for table in metadata.sorted_tables:
                if found := _count(writing, table):
                    raise Refused("store_copy_target_used", target.shown, table=table.name, rows=found)
            copied = [_copy(reading, writing, table, tell) for table in metadata.sorted_tables]
            for table in metadata.sorted_tables:
                _set_sequence(writing, table, _given(reading, table))
        if not target.is_sqlite:
            with target.begin() as connection:      # the planner knows nothing yet of what came in one go
                connection.execute(sa.text("ANALYZE"))
    return copied


def rows_of(connection: sa.Connection, table: sa.Table) -> TableCopy:
    """Count and hash of a table, as `copy_store` compares them."""
    count, total = 0, 0
    for row in _stream(connection, table):
        count, total = count + 1, (total + _hash(row)) % _MODULUS
    return TableCopy(table.name, count, f"{total:064x}")


@contextmanager
def _target(settings: Settings, url: str) -> Iterator[Store]:
    try:
        target = open_store(replace(settings, database_url=url))
    except Refused as error:
        raise Refused("store_copy_target_version", error.detail, **error.values) from error
    with target:
        yield target


@contextmanager
def _frozen(store: Store) -> Iterator[sa.Connection]:
    """A connection that sees the store as it is now, whatever is committed while it reads."""
    with store.connect() as connection:
        if store.is_sqlite:
            connection.exec_driver_sql("BEGIN")     # the driver begins by itself only before it writes
        else:
            connection.execution_options(isolation_level="REPEATABLE READ")
        yield connection


def _copy(reading: sa.Connection, writing: sa.Connection, table: sa.Table, tell: Tell) -> TableCopy:
    total = _count(reading, table)
    tell(table.name, 0, total)
    rows: list[dict[str, Any]] = []
    size, done, sums = 0, 0, 0

    def flush() -> None:
        nonlocal rows, size, done
        if rows:
            writing.execute(table.insert(), rows)
            done += len(rows)
            rows, size = [], 0
            tell(table.name, done, total)

    for row in _stream(reading, table):
        if writing.dialect.name == "postgresql":
            _check_texts(table, row)
        sums = (sums + _hash(row)) % _MODULUS
        rows.append(dict(row))
        size += sum(len(value) for value in row.values() if isinstance(value, bytes | str))
        if len(rows) >= _ROWS or size >= _BYTES:
            flush()
    flush()
    expected = TableCopy(table.name, done, f"{sums:064x}")
    found = rows_of(writing, table)
    if found != expected:
        raise Unreachable("store_copy_differs", table=table.name, rows=expected.rows, found=found.rows)
    return expected


def _count(connection: sa.Connection, table: sa.Table) -> int:
    return connection.execute(sa.select(sa.func.count()).select_from(table)).scalar_one()


def _stream(connection: sa.Connection, table: sa.Table) -> Iterator[Mapping[str, Any]]:
    """The rows of a table, without all of them in memory, as {column: value}; bytes are bytes with every driver."""
    for row in connection.execute(sa.select(table), execution_options={"yield_per": _ROWS}).mappings():
        yield {name: bytes(value) if isinstance(value, memoryview) else value for name, value in row.items()}


def _hash(row: Mapping[str, Any]) -> int:
    """256 bits of a row that are the same for the same values in both databases, and for no others."""
    digest = hashlib.sha256()
    for value in row.values():
        data = value if isinstance(value, bytes) else str(value).encode("utf-8", "surrogatepass")
        kind = "int" if isinstance(value, bool) else type(value).__name__       # SQLite has no truth values
        digest.update(f"{kind} {len(data)} ".encode() + (data if kind != "int" else str(int(value)).encode()))
    return int.from_bytes(digest.digest(), "big")


def _check_texts(table: sa.Table, row: Mapping[str, Any]) -> None:
    """PostgreSQL holds no null character in a text."""
    if any(isinstance(value, str) and "\0" in value for value in row.values()):
        key = " ".join(str(row[column.name]) for column in table.primary_key)
        raise Refused("store_copy_text", table=table.name, key=key)


def _given(connection: sa.Connection, table: sa.Table) -> int:
    """The highest number that a table has ever given to a row, as far as the database knows: rows may be gone."""
    column = table.autoincrement_column
    if column is None:
        return 0
    highest = connection.execute(sa.select(sa.func.max(column))).scalar() or 0
    if connection.dialect.name == "sqlite":
        if not table.dialect_options["sqlite"]["autoincrement"]:
            return highest
        query = sa.text("SELECT seq FROM sqlite_sequence WHERE name = :table").bindparams(table=table.name)
    else:
        query = sa.text("SELECT pg_sequence_last_value(pg_get_serial_sequence(:table, :column))").bindparams(
            table=table.name, column=column.name)
    return max(highest, connection.execute(query).scalar() or 0)


def _set_sequence(connection: sa.Connection, table: sa.Table, given: int) -> None:
    """The next number that the target gives is one that the source never gave."""
    column = table.autoincrement_column
    if column is None or not given:
        return
    if connection.dialect.name == "postgresql":
        connection.execute(sa.text("SELECT setval(pg_get_serial_sequence(:table, :column), :given)").bindparams(
            table=table.name, column=column.name, given=given))
    elif table.dialect_options["sqlite"]["autoincrement"]:
        connection.execute(sa.text("DELETE FROM sqlite_sequence WHERE name = :table").bindparams(table=table.name))
        connection.execute(sa.text("INSERT INTO sqlite_sequence VALUES (:table, :given)").bindparams(
            table=table.name, given=given))
