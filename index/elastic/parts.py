"""Queries of the cluster with what they cost: clauses and nesting, which it limits."""

import string
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from index.elastic.schema import Body

_SIGNS = frozenset(string.punctuation)


@dataclass(slots=True)
class Part:
    """A query without scores; `clauses` and `depth` as the cluster counts them, never less. Never changed once made."""

    query: Body
    clauses: int = 1
    depth: int = 0


NOTHING = Part({"match_none": {}})
EVERYTHING = Part({"match_all": {}})


def all_of(parts: Sequence[Part], without: Sequence[Part] = ()) -> Part:
    """The records that match all of the parts and none of those without."""
    if not without and len(parts) == 1:
        return parts[0]
    found: Body = {}
    if parts:
        found["filter"] = [part.query for part in parts]
    if without:
        found["must_not"] = [part.query for part in without]
    return _bool(found, (*parts, *without))


def any_of(parts: Sequence[Part]) -> Part:
    if not parts:
        return NOTHING
    return parts[0] if len(parts) == 1 else at_least(1, parts)


def at_least(minimum: int, parts: Sequence[Part]) -> Part:
    return _bool({"should": [part.query for part in parts], "minimum_should_match": minimum}, parts)


def terms(field: str, values: Iterable[str | int]) -> Part:
    listed = list(dict.fromkeys(values))
    return Part({"terms": {field: listed}}) if listed else NOTHING


def prefix(field: str, beginning: str) -> Part:
    return Part({"prefix": {field: {"value": beginning}}})


def regexp(field: str, expression: str) -> Part:
    return Part({"regexp": {field: {"value": expression, "flags": "NONE"}}})


def literal(text: str) -> str:
    """A text as a regular expression of Lucene's."""
    return text if text.isalnum() else "".join(f"\\{char}" if char in _SIGNS else char for char in text)


def _bool(query: Body, parts: Sequence[Part]) -> Part:
    return Part({"bool": query}, sum([part.clauses for part in parts]), 1 + max([part.depth for part in parts]))
