"""The class part of rules: which rules a symbol satisfies, and by which pattern.

Symbols repeat heavily across records, so the answer for each is found once and kept. Finding it is a few
dictionary look-ups too: a pattern with `*` is filed under the keys of its tree, and a symbol asks for itself
and its ancestors.
"""

from collections.abc import Iterable, Sequence
from typing import NamedTuple, TypeAlias

from ingest.ipc import patterns, scheme
from taxonomy.model import ORIGINS, Origin, RulePattern

MOST_KEPT = 200_000     # symbols remembered; real collections use about 70,000 different ones
MOST_EXPLAINED = 4_000  # of those, how many with the pattern of each rule, which takes a hundred times the memory

Places: TypeAlias = frozenset[int]
"""Rules by their places in the list."""


class ClassMatch(NamedTuple):
    """A rule (by its place in the list) that a symbol satisfies, and the pattern that did it."""

    rule: int
    pattern: str
    origin: Origin


class Part(NamedTuple):
    """Patterns of a rule that one symbol must satisfy; `rule` is the rule's place in the list."""

    rule: int
    patterns: Sequence[RulePattern]
    exclude: Sequence[RulePattern] = ()


class ClassRules:
    """The patterns of some rules, filed for look-up."""

    def __init__(self, parts: Iterable[Part]) -> None:
        self._below: dict[str, list[ClassMatch]] = {}
        self._exact: dict[str, list[ClassMatch]] = {}
        self._other: list[tuple[patterns.Pattern, ClassMatch]] = []
        self._excluded: dict[str, set[int]] = {}
        self._excluded_other: dict[int, list[patterns.Pattern]] = {}
        self._kept: dict[str, Places] = {}
        self._same: dict[Places, Places] = {}       # many symbols satisfy the same rules
        self._explained: dict[str, tuple[ClassMatch, ...]] = {}
        for part in parts:
            for one in part.patterns:
                self._file(part.rule, one)
            self._file_jointly(part)
            for one in part.exclude:
                self._file_exclusion(part.rule, one)

    def _file(self, place: int, one: RulePattern) -> None:
        pattern, match = _parsed(one.pattern), ClassMatch(place, one.pattern, one.origin)
        if pattern.how == "tree":
            below, exact = patterns.tree(pattern.symbol)
        elif pattern.how == "exact":
            below, exact = (), (pattern.symbol,)
        elif pattern.how == "prefix" and not pattern.symbol.endswith("+"):
            # A class as symbols are written is the same as its tree without successors.
            below, exact = (patterns.as_node(pattern.symbol),), ()
        else:
            self._other.append((pattern, match))
            return
        for key in below:
            self._below.setdefault(key, []).append(match)
        for symbol in exact:
            self._exact.setdefault(symbol, []).append(match)

    def _file_jointly(self, part: Part) -> None:
        """What the patterns succeed together, under the weakest origin among them."""
        trees = {_parsed(one.pattern).symbol: one for one in part.patterns if one.pattern.endswith("*")}
        for retired, shared in patterns.succeeded_jointly(trees):
            origin = max((trees[symbol].origin for symbol in shared), key=ORIGINS.index)
            match = ClassMatch(part.rule, " ".join(trees[symbol].pattern for symbol in shared), origin)
            (self._below if retired.below else self._exact).setdefault(retired.symbol, []).append(match)

    def _file_exclusion(self, place: int, one: RulePattern) -> None:
        """Exclusions mean what they name, without successors: those may be wanted by the same rule."""
        pattern = _parsed(one.pattern)
        if pattern.how in ("tree", "prefix") and not pattern.symbol.endswith("+"):
            self._excluded.setdefault(patterns.as_node(pattern.symbol), set()).add(place)
        else:
            self._excluded_other.setdefault(place, []).append(pattern)

    def places(self, symbol: str) -> Places:
        """The rules that a symbol satisfies."""
        found = self._kept.get(symbol)
        if found is None:
            if len(self._kept) >= MOST_KEPT:
                self._kept.clear()
                self._same.clear()
            found = frozenset(match.rule for match in self._find(symbol))
            found = self._kept[symbol] = self._same.setdefault(found, found)
        return found

    def matches(self, symbol: str) -> tuple[ClassMatch, ...]:
        """One match a rule, by its most specific pattern, in the order of the rules; for a page, not for an ingest."""
        found = self._explained.get(symbol)
        if found is None:
            if len(self._explained) >= MOST_EXPLAINED:
                self._explained.clear()
            found = self._explained[symbol] = self._find(symbol)
        return found

    def _find(self, symbol: str) -> tuple[ClassMatch, ...]:
        best: dict[int, ClassMatch] = {}
        for match in self._exact.get(symbol, ()):
            best.setdefault(match.rule, match)
        keys = scheme.ancestor_keys(symbol)
        for key in keys:
            for match in self._below.get(key, ()):
                best.setdefault(match.rule, match)
        for pattern, match in self._other:
            if match.rule not in best and pattern.covers(symbol):
                best[match.rule] = match
        for key in keys:
            for place in self._excluded.get(key, ()):
                best.pop(place, None)
        for place in self._excluded_other.keys() & best.keys():
            if any(pattern.covers(symbol) for pattern in self._excluded_other[place]):
                del best[place]
        return tuple(best[place] for place in sorted(best))


def _parsed(written: str) -> patterns.Pattern:
    found = patterns.parse(written)
    if found is None:
        raise ValueError(f"{written!r} is no class pattern")    # the loader has checked it
    return found
