"""Proximities as exact phrases: `A 3W B` is A and B at each of the four distances, one phrase for each.

Tantivy's own slop is not ordered. A layout is where the runs of units of a chain stand, counted from the first;
a chain that allows more layouts than some fifty is looked at in the texts, which is then quicker (see recheck).
"""

from collections.abc import Iterable

from index.query.tree import Link, Near, Pattern
from index.text.tokens import phrase_tokens

MOST_LAYOUTS = 48

Layout = tuple[tuple[int, tuple[str, ...]], ...]
"""Runs with the place of their first unit."""

Phrase = list[str | tuple[int, str]]
"""Tokens with their positions."""


def phrases(near: Near) -> list[Phrase] | None:
    """The phrases of which one must stand in a field; None when phrases cannot say it, or too many would."""
    terms = [term for operand in near.operands for term in operand]
    if any(isinstance(term, Pattern) or len(term.units) < 2 for term in terms):
        return None
    found: set[Layout] = {((0, term.units),) for term in near.operands[0] if not isinstance(term, Pattern)}
    for link, operand in zip(near.links, near.operands[1:], strict=True):
        if link.how not in ("W", "D"):
            return None
        runs = [term.units for term in operand if not isinstance(term, Pattern)]
        if len(found) * len(runs) * (link.most + 1) * (1 + (link.how == "D")) > MOST_LAYOUTS:
            return None
        found = {joined for layout in found for run in runs for joined in _joined(layout, link, run)}
    return [[(place + at, token) for place, run in sorted(layout) for at, token in enumerate(phrase_tokens(run))]
            for layout in sorted(found)]


def _joined(layout: Layout, link: Link, run: tuple[str, ...]) -> Iterable[Layout]:
    """The layouts with one more run behind the span, or for D before it, at every distance."""
    length = max(place + len(held) for place, held in layout)
    for between in range(link.most + 1):
        yield (*layout, (length + between, run))
        if link.how == "D":
            moved = len(run) + between
            yield (*((place + moved, held) for place, held in layout), (0, run))
