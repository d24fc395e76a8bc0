"""Grades of labels, as `产业=33618/nev@rule` and `产业=33618/nev@0.8` ask for them."""

STEPS = 10      # a score can be asked for in tenths


def tenths(score: float | None) -> int:
    """How many tenths the score of a label reaches, at most nine; a model gives one.

    >>> tenths(0.25), tenths(1.0), tenths(None)
    (2, 9, 0)
    """
    return min(int(round(score * STEPS, 6)), STEPS - 1) if score else 0


def grades(source: str, reached: int) -> list[str]:
    """The grades that a label satisfies: its source, and every tenth that its score reaches.

    >>> grades("model", 2)
    ['model', '0.1', '0.2']
    """
    return [source, *(f"0.{tenth}" for tenth in range(1, reached + 1))]
