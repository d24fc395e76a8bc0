"""How good a model is on records that it had not seen: what the card prints.

Everything is computed from out-of-fold probabilities. Precision and coverage are those of the labels that a model
gives, that is at and above the thresholds; F1 and top-3 are of its answers without withholding.
"""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray
from typing_extensions import TypedDict

from taxonomy.learning.calibration import Calibration
from taxonomy.learning.classifier import Kind
from taxonomy.learning.features import Floats

MOST_PAIRS = 15


class NodeMeasures(TypedDict):
    """Of one node; `precision` is None where nothing is given, `threshold` None where the node is withheld."""

    node: str
    support: int
    f1: float
    top3: float
    threshold: float | None
    given: int
    precision: float | None
    coverage: float


class Confused(TypedDict):
    carries: str
    answered: str
    count: int


class Measures(TypedDict):
    """`coverage`: share of carried nodes that are given; `precision`: share of given labels that are carried."""

    records: int
    macro_f1: float
    micro_f1: float
    accuracy: float | None
    top3: float
    precision: float | None
    coverage: float
    labelled: float
    nodes: list[NodeMeasures]
    confused: list[Confused]


def measure(probabilities: Floats, scores: Floats, carries: NDArray[np.bool_], nodes: Sequence[str],
            calibration: Calibration, kind: Kind) -> Measures:
    """Measures of probabilities (records × nodes). Of `many` a node at least as likely as not is an answer, of
    `one` the node with the best score."""
    size = len(probabilities)
    ranked = np.argsort(-(scores if kind == "one" else probabilities), axis=1, kind="stable")
    if kind == "one":
        answered = np.zeros_like(carries)
        answered[np.arange(size), ranked[:, 0]] = True
    else:
        answered = probabilities >= 0.5
    given = probabilities >= calibration.threshold
    if kind == "one":
        best = np.zeros_like(given)
        best[np.arange(size), np.argmax(probabilities, axis=1)] = True
        given &= best
    among = np.zeros_like(carries)
    np.put_along_axis(among, ranked[:, :3], True, axis=1)
    one_each = [_node(node, probabilities[:, place], answered[:, place], given[:, place], carries[:, place],
                      among[:, place], float(calibration.threshold[place])) for place, node in enumerate(nodes)]
    right = int((given & carries).sum())
    with_any = np.asarray(carries.any(axis=1))
    return {
        "records": size,
        "macro_f1": round(float(np.mean([one["f1"] for one in one_each])), 4),
        "micro_f1": round(_f1(int((answered & carries).sum()), int(answered.sum()), int(carries.sum())), 4),
        "accuracy": round(float((answered & carries).any(axis=1).mean()), 4) if kind == "one" else None,
        "top3": round(float(np.asarray((among & carries).any(axis=1))[with_any].mean()), 4) if with_any.any() else 0.0,
        "precision": round(right / int(given.sum()), 4) if given.any() else None,
        "coverage": round(right / max(1, int(carries.sum())), 4),
        "labelled": round(float(given.any(axis=1).mean()), 4),
        "nodes": one_each,
        "confused": confused(answered, carries, nodes),
    }


def _node(node: str, probabilities: Floats, answered: NDArray[np.bool_], given: NDArray[np.bool_],
          carries: NDArray[np.bool_], among: NDArray[np.bool_], threshold: float) -> NodeMeasures:
    support = int(carries.sum())
    right = int((given & carries).sum())
    return {
        "node": node, "support": support,
        "f1": round(_f1(int((answered & carries).sum()), int(answered.sum()), support), 4),
        "top3": round(int((among & carries).sum()) / max(1, support), 4),
        "threshold": round(threshold, 4) if threshold <= 1 else None,
        "given": int(given.sum()), "precision": round(right / int(given.sum()), 4) if given.any() else None,
        "coverage": round(right / max(1, support), 4),
    }


def _f1(right: int, answered: int, carried: int) -> float:
    return 2 * right / (answered + carried) if answered + carried else 0.0


def confused(answered: NDArray[np.bool_], carries: NDArray[np.bool_], nodes: Sequence[str]) -> list[Confused]:
    """The most frequent pairs of a node that a record carries and was not given, and one given that it lacks."""
    missed, wrong = (carries & ~answered).astype(np.float32), (answered & ~carries).astype(np.float32)
    counts = (missed.T @ wrong).astype(int)
    order = np.argsort(-counts, axis=None, kind="stable")[:MOST_PAIRS]
    pairs = [(int(at) // len(nodes), int(at) % len(nodes)) for at in order]
    return [{"carries": nodes[one], "answered": nodes[two], "count": int(counts[one, two])}
            for one, two in pairs if counts[one, two]]
