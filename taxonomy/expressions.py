"""Rules that are an expression of the query language: which ones rules may use, and which records are worth asking.

The reference evaluator (`index.query.reference`) decides; it is slow, so each expression comes with a guard, words and
classes of which a record that matches must have one. Most records have none.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from typing import cast

from index.query.read import read as read_query
from index.query.reference import SearchView, matches
from index.query.tree import And, AtLeast, Classes, Near, Node, Not, Or, Units, Xor
from index.query.tree import Pattern as Truncated
from ingest.ipc import patterns
from ingest.record import Patent
from store.errors import BadQuery
from taxonomy.model import RulePattern
from taxonomy.wording import compact

FIELDS = frozenset({"title", "abstract", "claims", "ipc", "main_ipc"})
"""What rules read. Anything else, like the legal state, changes without the record, or is itself a label."""

MOST_FORMS = 200    # words of a guard; one that would be wider than this is none


@dataclass(frozen=True)
class Guard:
    """A record that matches has one of the words (compact forms) or a symbol of one of the patterns."""

    forms: frozenset[str]
    patterns: tuple[RulePattern, ...]


@lru_cache(maxsize=1024)
def read(text: str) -> Node:
    """The tree of an expression. Raises BadQuery, `taxonomy_expression_field` for a field that rules may not use."""
    node = read_query(text, mode="expert").node
    if not all(_allowed(leaf) for leaf in _leaves(node)):
        raise BadQuery("taxonomy_expression_field")
    return node


def matched(text: str, symbols: list[str], title: str | None, abstract: str | None, claims: list[str]) -> bool:
    """Whether a record with these texts and symbols is found by an expression."""
    record = {"title": title, "abstract": abstract, "claims": [{"number": None, "text": claim} for claim in claims],
              "ipc": [{"symbol": symbol, "version": None} for symbol in symbols], "labels": []}
    return matches(read(text), SearchView(cast(Patent, record)))


def guard(text: str) -> Guard | None:
    """The guard of an expression; None when every record may match."""
    return _guard(read(text))


def _leaves(node: Node) -> Iterator[Node]:
    todo = [node]
    while todo:
        match todo.pop():
            case And(children) | Or(children) | AtLeast(_, children):
                todo.extend(children)
            case Xor(left, right):
                todo += (left, right)
            case Not(child):
                todo.append(child)
            case leaf:
                yield leaf


def _allowed(leaf: Node) -> bool:
    match leaf:
        case Units(fields=fields) | Truncated(fields=fields):
            return FIELDS.issuperset(fields)
        case Near():
            return FIELDS.issuperset(leaf.fields)
        case Classes(field):
            return field in FIELDS
    return False


def _guard(node: Node) -> Guard | None:
    match node:
        case And(children):
            found = [one for one in map(_guard, children) if one]
            return min(found, key=lambda one: len(one.forms) + 100 * len(one.patterns), default=None)
        case Or(children):
            return _any(_guard(child) for child in children)
        case Xor(left, right):
            return _any((_guard(left), _guard(right)))
        case AtLeast(_, children):
            return _any(_guard(child) for child in children)
        case Units(units=run):
            return Guard(frozenset({compact(" ".join(run))}), ())
        case Near(operands):
            found = [one for terms in operands if (one := _any(_guard(term) for term in terms))]
            return min(found, key=lambda one: len(one.forms), default=None)
        case Classes(_, how, symbol, last):
            return Guard(frozenset(), (RulePattern(str(patterns.Pattern(how, symbol, last)), "proposed"),))
    return None     # Not, truncated terms


def _any(guards: Iterator[Guard | None] | tuple[Guard | None, ...]) -> Guard | None:
    forms: set[str] = set()
    found: list[RulePattern] = []
    for one in guards:
        if one is None or len(forms) > MOST_FORMS:
            return None
        forms |= one.forms
        found += one.patterns
    return Guard(frozenset(forms), tuple(dict.fromkeys(found)))
