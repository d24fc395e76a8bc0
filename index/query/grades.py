"""Grades of labels, as `产业=33618/nev@rule` and `产业=33618/nev@0.8` ask for them."""

from ingest.record import Label

STEPS = 10      # a score can be asked for in tenths


def grades(label: Label) -> list[str]:
    """The grades that a label satisfies: its source, and every tenth that its score reaches (a model gives one).

    >>> grades({"source": "model", "score": 0.25, "taxonomy": "33618", "node": "nev", "name": "", "reasons": [],
    ...         "taxonomy_version": ""})
    ['model', '0.1', '0.2']
    """
    if not label["score"]:
        return [label["source"]]
    reached = int(round(label["score"] * STEPS, 6))
    return [label["source"], *(f"0.{tenth}" for tenth in range(1, min(reached, STEPS - 1) + 1))]
