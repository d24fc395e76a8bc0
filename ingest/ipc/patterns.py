"""What a class pattern matches: `H01M`, `H01M10`, `H01M10/42`, `H01M10/42*`, `H01L*`, `H01M10/4+`, `a:b`.

The meaning is fixed in interfaces §5. Only `*` follows the dots of the scheme and knows retired symbols:

* the tree of S is S and everything below it;
* a retired symbol that is S, lies in its tree, or (for a retired subtree) holds S brings all its successors;
* a retired symbol is brought when the tree of S covers all its successors.

Both steps look at the tree of S itself, never at what a step has brought: `H04L29/04*` finds H04L69 and not
everything that H04L69 once was.
"""

import re
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache, lru_cache
from typing import Literal, NamedTuple

from ingest.ipc import scheme
from ingest.ipc.successors import Place, Retired, retired

How = Literal["prefix", "exact", "tree", "range"]

CLASS = r"[A-HY](?:[0-9]{2}(?:[A-Z](?:[1-9][0-9]{0,3}(?:/[0-9]{2,6})?)?)?)?"
OPERAND = re.compile(CLASS)
TRUNCATED = re.compile(r"[A-HY][0-9]{2}[A-Z](?:[1-9][0-9]{0,3}(?:/[0-9]{0,6})?)?\+")
WRITTEN_PLAINLY = re.compile(r"[A-Z0-9/*+:]+")
LEADING_ZEROS = re.compile(r"(?<=^[A-HY][0-9]{2}[A-Z])0+(?=[1-9])")


class Tree(NamedTuple):
    """What `*` means to an index: a record matches when one of its symbols has one of `below` among its
    `scheme.ancestor_keys`, or is one of `exact`."""

    below: tuple[str, ...]
    exact: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Pattern:
    """One pattern, named as the query tree names it (`index.query.tree.Classes`).

    `symbol` is the class or symbol without its `*`; a truncated one keeps its `+`. `last` ends a range.
    """

    how: How
    symbol: str
    last: str = ""

    def __str__(self) -> str:
        if self.how == "range":
            return f"{self.symbol}:{self.last}"
        return self.symbol + "*" * (self.how == "tree")

    def covers(self, symbol: str) -> bool:
        """Whether a symbol in normal form is matched."""
        if self.how == "exact":
            return symbol == self.symbol
        if self.how == "prefix":
            return symbol == self.symbol or symbol.startswith(written_prefix(self.symbol))
        if self.how == "tree":
            below, exact = tree(self.symbol)
            return symbol in exact or not set(below).isdisjoint(scheme.ancestor_keys(symbol))
        low, high = bounds(self.symbol, self.last)
        return low <= scheme.order_key(symbol) <= high


@lru_cache(maxsize=1 << 14)
def parse(text: str) -> Pattern | None:
    """The pattern of a written text (any case and width, blanks inside); None when it is none.

    A range keeps its ends as they stand, also when they are the wrong way round (it then matches nothing).
    """
    written = text
    if not WRITTEN_PLAINLY.fullmatch(text):
        written = re.sub(r"\s+", "", unicodedata.normalize("NFKC", text)).upper()
    first, colon, last = written.partition(":")
    first, last = LEADING_ZEROS.sub("", first), LEADING_ZEROS.sub("", last)
    if colon:
        return Pattern("range", first, last) if OPERAND.fullmatch(first) and OPERAND.fullmatch(last) else None
    if TRUNCATED.fullmatch(first):
        return Pattern("prefix", first)
    symbol = first.removesuffix("*")
    if not OPERAND.fullmatch(symbol):
        return None
    if first.endswith("*"):
        return Pattern("tree", as_node(symbol))
    return Pattern("exact" if "/" in symbol else "prefix", symbol)


def covers(pattern: str, symbol: str) -> bool:
    """Whether a written pattern matches a symbol in normal form; no pattern, no match."""
    found = parse(pattern)
    return found is not None and found.covers(symbol)


def as_node(symbol: str) -> str:
    """A class as the scheme names it: `H01M10` is the main group `H01M10/00`."""
    return f"{symbol}/00" if len(symbol) > 4 and "/" not in symbol else symbol


def written_prefix(symbol: str) -> str:
    """How all that a prefix pattern matches is written: `H01M10` → `H01M10/`, `H01M10/4+` → `H01M10/4`."""
    if symbol.endswith("+"):
        return symbol[:-1]
    return f"{symbol}/" if len(symbol) > 4 and "/" not in symbol else symbol


def bounds(first: str, last: str) -> tuple[str, str]:
    """Both ends, included, of a range as `scheme.order_key` sorts; one without slash is a whole class."""
    low, high = scheme.order_key(first), scheme.order_key(last)
    return low, high if "/" in last else high + ("/~" if len(last) > 4 else "~")


@lru_cache(maxsize=1 << 14)
def tree(symbol: str) -> Tree:
    """The few places that `symbol*` means: itself, what replaced it, and what it replaced as a whole.

    >>> tree("H01M2/00")
    Tree(below=('H01M2/00', 'H01M50/00'), exact=())
    >>> tree("G06F16/00")
    Tree(below=('G06F16/00',), exact=('G06F17/30',))
    """
    above = scheme.ancestors(symbol)
    places = [Place(symbol, True)]
    near = {*_near().holding.get(symbol, ())}.union(*(_near().named.get(key, ()) for key in above))
    for at in sorted(near):
        entry, within, over_all, _ = _retired_keys()[at]
        if symbol in within or (entry.place.below and entry.place.symbol in above):
            places.extend(entry.successors)
        if symbol in over_all:
            places.append(entry.place)
    below = tuple(dict.fromkeys(place.symbol for place in places if place.below))
    below = tuple(key for key in below if set(below).isdisjoint(scheme.ancestors(key)))
    exact = tuple(dict.fromkeys(place.symbol for place in places if not place.below))
    return Tree(below, tuple(key for key in exact if set(below).isdisjoint(scheme.ancestor_keys(key))))


class _Keys(NamedTuple):
    """A retired place with the symbols whose trees hold it, those whose trees hold all its successors, and those whose
    trees hold each successor."""

    entry: Retired
    within: frozenset[str]
    over_all: frozenset[str]
    over_each: tuple[frozenset[str], ...]


@cache
def _retired_keys() -> tuple[_Keys, ...]:
    found = []
    for entry in retired():
        each = tuple(frozenset(scheme.ancestor_keys(place.symbol)) for place in entry.successors)
        within = frozenset(scheme.ancestor_keys(entry.place.symbol))
        found.append(_Keys(entry, within, frozenset.intersection(*each), each))
    return tuple(found)


class _Near(NamedTuple):
    """Which retired places, as places in `_retired_keys`, a symbol may have to do with: of the many mostly none.

    `holding`: whose keys hold the symbol; `named`: that are the symbol themselves.
    """

    holding: dict[str, list[int]]
    named: dict[str, list[int]]


@cache
def _near() -> _Near:
    near = _Near({}, {})
    for at, keys in enumerate(_retired_keys()):
        near.named.setdefault(keys.entry.place.symbol, []).append(at)
        for symbol in keys.within.union(*keys.over_each):
            near.holding.setdefault(symbol, []).append(at)
    return near


def succeeded_jointly(symbols: Iterable[str]) -> list[tuple[Place, tuple[str, ...]]]:
    """The retired places that the trees of several symbols succeed together and none of them alone.

    For rules that list patterns: one with `G06V*` and `G06F18/00*` means the old records of G06K9 too. Each
    place comes with the symbols that share its successors.
    """
    symbols = tuple(dict.fromkeys(symbols))
    if len(symbols) < 2:
        return []
    asked = frozenset(symbols)
    found = []
    near: set[int] = set().union(*(_near().holding.get(symbol, ()) for symbol in symbols))
    for at in sorted(near):
        entry, _, over_all, over_each = _retired_keys()[at]
        if len(over_each) < 2 or not asked.isdisjoint(over_all) or any(asked.isdisjoint(over) for over in over_each):
            continue
        shares = [next(symbol for symbol in symbols if symbol in over) for over in over_each]
        found.append((entry.place, tuple(dict.fromkeys(shares))))
    return found
