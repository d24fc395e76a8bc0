"""Inserting only what is not there yet, in the words of both databases."""

from collections.abc import Mapping, Sequence
from typing import Any

import sqlalchemy as sa
from sqlalchemy.dialects import sqlite


def insert_new(connection: sa.Connection, table: sa.Table, values: Sequence[Mapping[str, Any]]) -> None:
    """Insert rows; those whose key (or another unique constraint) is taken are left out."""
    if not values:
        return
    if connection.dialect.name == "postgresql":
        from sqlalchemy.dialects import postgresql  # here, so that no start with SQLite takes the time

        connection.execute(postgresql.insert(table).on_conflict_do_nothing(), list(values))
    else:
        connection.execute(sqlite.insert(table).on_conflict_do_nothing(), list(values))
