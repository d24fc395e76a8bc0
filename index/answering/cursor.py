"""Cursors: where the next page of one query begins, as text that means nothing to anybody else.

A cursor holds the place of the last hit in the order of hits, so pages neither repeat nor leave out a record
while the index stands; it is bound to its query, sort and generation of the index.
"""

import base64
import binascii
import hashlib
from collections.abc import Iterator, Sequence
from typing import TypeAlias

import orjson

from index.query.tree import And, AtLeast, Node, Not, Or, Rows, Xor
from store.errors import BadQuery

Place: TypeAlias = tuple[float | int, int, int]
"""Order of a hit, ascending: the number that sorts (negative score, or sort field), order of the id, row."""


def digest(generation: str, query: Node, sort: str, words: Sequence[str]) -> str:
    """What a cursor is bound to."""
    found = hashlib.blake2b(digest_size=9)
    for part in (generation, sort, *words):
        found.update(part.encode() + b"\0")
    for data in _told(query):
        found.update(data)
    return base64.urlsafe_b64encode(found.digest()).decode()


def _told(node: Node) -> Iterator[bytes]:
    """A tree without ambiguity; `repr` alone would shorten large sets of rows."""
    match node:
        case Rows(rows):
            yield b"Rows" + rows.serialize()
        case And(children) | Or(children):
            yield from _told_of(type(node).__name__, children)
        case AtLeast(minimum, children):
            yield from _told_of(f"AtLeast{minimum}", children)
        case Xor(left, right):
            yield from _told_of("Xor", (left, right))
        case Not(child):
            yield from _told_of("Not", (child,))
        case _:
            yield repr(node).encode()


def _told_of(name: str, children: Sequence[Node]) -> Iterator[bytes]:
    yield f"{name}(".encode()
    for child in children:
        yield from _told(child)
    yield b")"


def encode(bound: str, place: Place, seen: int) -> str:
    """A cursor behind the hit at `place`, the last of `seen` hits."""
    return bound + base64.urlsafe_b64encode(orjson.dumps([*place, seen])).decode().rstrip("=")


def decode(text: str, bound: str) -> tuple[Place, int]:
    """The place and the number of hits up to it. Raises BadQuery(`cursor_invalid`)."""
    data = text.removeprefix(bound)
    try:
        if data == text:
            raise ValueError("the cursor of another query, sort or index")
        order, ident, row, seen = orjson.loads(base64.b64decode(data + "=" * (-len(data) % 4), b"-_", validate=True))
        if not (isinstance(order, int | float) and all(isinstance(value, int) for value in (ident, row, seen))):
            raise TypeError("not the place of a hit")
    except (ValueError, TypeError, binascii.Error) as error:
        raise BadQuery("cursor_invalid", str(error)) from error
    return (order, ident, row), seen
