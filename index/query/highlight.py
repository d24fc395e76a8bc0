"""Where the terms of a query stand in a record, for marking: ranges in code points of the original text.

Only terms that are asked for are marked, never those behind a NOT. Ranges that touch are one.
"""

from collections.abc import Iterable, Sequence

from index.query.build import operands
from index.query.places import near_spans, spans_of
from index.query.read import Query
from index.query.tree import Near, Node, Not, Pattern, Term, Units, Word
from index.text import fold, spans
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
    folded = fold(text)
    terms = [term for term in positive_terms(node, field) if _may_stand(term, folded)]
    if not terms:
        return []
    found: list[tuple[int, int]] = []
    start = 0
    for value in text.split("\n"):
        found += ((start + first, start + last) for first, last in _places(terms, value))
        start += len(value) + 1
    return _merged(found)


def _may_stand(asked: Term | Near, folded: str) -> bool:
    """Whether all that a term gives stands somewhere in a text: cheap, and true of few of a long expression's terms."""
    if isinstance(asked, Near):
        return all(any(_may_stand(term, folded) for term in terms) for terms in asked.operands)
    if isinstance(asked, Units):
        return all(unit in folded for unit in asked.units)
    given = [piece for part in asked.parts for piece in (part.pieces if isinstance(part, Word) else (part,))]
    return all(piece in folded for piece in given if isinstance(piece, str))


def positive_terms(node: Node, field: str) -> list[Term | Near]:
    """The distinct terms and chains that are asked for in a field, those of a double negation too."""
    found: dict[Term | Near, None] = {}
    rest: list[tuple[Node, bool]] = [(node, True)]
    while rest:
        one, asked = rest.pop()
        if isinstance(one, Units | Pattern | Near):
            if asked and field in one.fields:
                found[one] = None
        else:
            asked = asked != isinstance(one, Not)
            rest += ((part, asked) for part in reversed(operands(one)))
    return list(found)


def _places(asked: Sequence[Term | Near], value: str) -> Iterable[tuple[int, int]]:
    """The places of terms in one value; those of a chain only where the whole chain stands in it."""
    cut = spans(value)
    run = [unit for unit, _, _ in cut]
    starts: dict[str, list[int]] = {}
    for place, unit in enumerate(run):
        starts.setdefault(unit, []).append(place)
    chains = [one for one in asked if isinstance(one, Near) and near_spans(one, run)]
    terms = [one for one in asked if not isinstance(one, Near)]
    terms += (term for chain in chains for operand in chain.operands for term in operand)
    for term in terms:
        if isinstance(term, Pattern):
            yield from ((cut[first][1], cut[last - 1][2]) for first, last in spans_of(term, run))
            continue
        wanted, length = list(term.units), len(term.units)
        for place in starts.get(wanted[0], ()):
            if run[place:place + length] == wanted and (not term.whole or length == len(run)):
                yield cut[place][1], cut[place + length - 1][2]


def _merged(found: Iterable[tuple[int, int]]) -> Ranges:
    merged: Ranges = []
    for start, end in sorted(found):
        if merged and start <= merged[-1][1]:
            merged[-1][1] = max(merged[-1][1], end)
        else:
            merged.append([start, end])
    return merged
