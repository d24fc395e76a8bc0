"""The whole units of a term: what a record must hold for the term to stand in it, and what it is ranked by.

And what of a truncated word both engines must leave to reading.
"""

from index.query.tree import Gap, Term, Units, Word


def plain_runs(term: Term) -> list[tuple[str, ...]]:
    """The runs of whole units that a term surely holds."""
    if isinstance(term, Units):
        return [term.units]
    runs: list[list[str]] = [[]]
    for part in term.parts:
        if isinstance(part, str):
            runs[-1].append(part)
        else:
            runs.append([])
    return [tuple(run) for run in runs if run]


def counted(word: Word) -> int:
    """How many characters an automaton must count behind every place where a gap of no fixed length may have ended.

    Its states are two to this power, and both engines refuse large automata.
    """
    found = 0
    varies = False
    for gap in word.pieces:
        if isinstance(gap, Gap):
            most = gap.least if gap.most is None else gap.most
            found += most if varies else most - gap.least
            varies = varies or gap.least != gap.most
    return found
