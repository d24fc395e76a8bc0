"""Long expressions under a short address: a text and its dialect, known by the hash of both.

An expression of 16,000 characters is 50 kB of address, and a page of results holds two hundred addresses. The
same text always has the same address, so nothing is kept twice and no address ever changes its meaning.
"""

import hashlib
import re
from datetime import UTC, datetime
from typing import NamedTuple

import sqlalchemy as sa

from store.inserts import insert_new
from store.schema import expression

LENGTH = 32
"""Hexadecimal digits of an address: 128 bits of SHA-256, so that nobody can make two texts with one address."""

MOST = 50_000
"""Expressions that a node keeps; beyond it the oldest make room, and their addresses answer 404."""

_ADDRESS = re.compile(f"[0-9a-f]{{{LENGTH}}}")


class Expression(NamedTuple):
    text: str
    dialect: str


def address_of(text: str, dialect: str) -> str:
    """The address of an expression, kept or not."""
    return hashlib.sha256(f"{dialect}\0{text}".encode()).hexdigest()[:LENGTH]


def find(connection: sa.Connection, address: str) -> Expression | None:
    """The expression at an address; None for an unknown one."""
    if not _ADDRESS.fullmatch(address):
        return None
    found = connection.execute(
        sa.select(expression.c.text, expression.c.dialect).where(expression.c.hash == address)).one_or_none()
    return found and Expression(found.text, found.dialect)


def keep(connection: sa.Connection, text: str, dialect: str) -> str:
    """Keeps an expression and gives its address. The caller has judged the length of the text."""
    address = address_of(text, dialect)
    now = datetime.now(UTC).isoformat(timespec="microseconds")
    insert_new(connection, expression, [{"hash": address, "text": text, "dialect": dialect, "created": now}])
    oldest = sa.select(expression.c.hash).order_by(expression.c.created.desc()).offset(MOST)
    connection.execute(expression.delete().where(expression.c.hash.in_(oldest)))
    return address
