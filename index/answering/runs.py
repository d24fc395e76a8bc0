"""The whole units of a term: what a record must hold for the term to stand in it, and what it is ranked by."""

from index.query.tree import Term, Units


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
