"""Where the terms of a query stand in a record, for marking: ranges in code points of the original text.

Only terms that are asked for are marked, never those behind a NOT. Ranges that touch are one.
"""

from collections.abc import Iterable, Sequence

from index.query.build import operands
from index.query.read import Query
from index.query.tree import Node, Not, Units
from index.text import spans
from ingest.record import Patent

FIELDS = ("title", "abstract")

Ranges = list[list[int]]


def highlights(query: Query, record: Patent) -> dict[str, Ranges]:
    """{field: [[start, end], …]} for title and abstract; a field without a mark is left out."""
    found = {
        "title": ranges(query.node, "title", record["title"] or ""),
        "abstract": ranges(query.node, "abstract", record["abstract"] or ""),
    }
    return {field: places for field, places in found.items() if places}


def ranges(node: Node, field: str, text: str) -> Ranges:
    """The places of a field's terms in a text of it; line feeds end its values, as they do those of the abstract."""
    terms = positive_terms(node, field)
    if not terms:
        return []
    found: list[tuple[int, int]] = []
    start = 0
    for value in text.split("\n"):
        found += ((start + first, start + last) for first, last in _places(terms, value))
        start += len(value) + 1
    return _merged(found)


def positive_terms(node: Node, field: str) -> list[Units]:
    """The distinct terms that are asked for in a field, those of a double negation too."""
    found: dict[Units, None] = {}
    rest: list[tuple[Node, bool]] = [(node, True)]
    while rest:
        one, asked = rest.pop()
        if isinstance(one, Units):
            if asked and field in one.fields:
                found[one] = None
        else:
            asked = asked != isinstance(one, Not)
            rest += ((part, asked) for part in reversed(operands(one)))
    return list(found)


def _places(terms: Sequence[Units], value: str) -> Iterable[tuple[int, int]]:
    cut = spans(value)
    starts: dict[str, list[int]] = {}
    for place, (unit, _, _) in enumerate(cut):
        starts.setdefault(unit, []).append(place)
    for term in terms:
        length = len(term.units)
        for place in starts.get(term.units[0], ()):
            run = cut[place:place + length]
            if tuple(unit for unit, _, _ in run) == term.units and (not term.whole or length == len(cut)):
                yield run[0][1], run[-1][2]


def _merged(found: Iterable[tuple[int, int]]) -> Ranges:
    merged: Ranges = []
    for start, end in sorted(found):
        if merged and start <= merged[-1][1]:
            merged[-1][1] = max(merged[-1][1], end)
        else:
            merged.append([start, end])
    return merged
