"""Retired symbols and what replaced them: 86 symbols or subtrees, at group level.

The table (`successors.tsv`) is from memory and unverified: the official revision concordance list was not
found. It covers the families that real records use most; every row says its basis.
"""

from functools import cache
from pathlib import Path
from typing import Literal, NamedTuple, TypeAlias

from ingest.ipc import scheme

Validity: TypeAlias = Literal["current", "retired", "unlisted"]

TABLE = Path(__file__).parent / "successors.tsv"


class Place(NamedTuple):
    """A symbol, or with `below` the symbol and everything below it."""

    symbol: str
    below: bool

    def __str__(self) -> str:
        return self.symbol + "*" * self.below


class Retired(NamedTuple):
    """What was retired, what took it over, since which edition (year), on what basis that is said."""

    place: Place
    successors: tuple[Place, ...]
    since: str
    basis: str
    note: str


def _place(written: str) -> Place:
    return Place(written.removesuffix("*"), written.endswith("*"))


@cache
def retired() -> tuple[Retired, ...]:
    """All rows, in the order of the retired symbols."""
    rows = [line.split("\t") for line in TABLE.read_text("utf-8").splitlines()[1:]]
    return tuple(Retired(_place(old), tuple(map(_place, new.split())), since, basis, note)
                 for old, new, since, basis, note in rows)


@cache
def _places(below: bool) -> frozenset[str]:
    return frozenset(one.place.symbol for one in retired() if one.place.below is below)


def validity(symbol: str) -> Validity:
    """Whether the scheme lists a symbol (current), it was replaced by others (retired), or neither is known of it."""
    if scheme.listed(symbol):
        return "current"
    if symbol in _places(False) or not _places(True).isdisjoint(scheme.ancestor_keys(symbol)):
        return "retired"
    return "unlisted"
