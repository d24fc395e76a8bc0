"""From scores to probabilities, and from probabilities to a threshold below which a node is withheld.

Both are learned from scores that a model gave to records it had not seen (out of fold). A probability is
Platt's: a logistic curve over the score, its targets pulled in as Platt (1999) has it, so that few examples do
not make a certainty. The threshold of a node is the lowest, even odds or more, at which the labels above it were right
as often as asked; a node that never gets there, or too seldom to tell, is withheld altogether.
"""

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from taxonomy.learning.features import Floats

LEAST_ACCEPTED = 5          # records above a threshold that must bear it out
EVEN_ODDS = 0.5             # below them a single label is likelier wrong than right, however right those above are
NEVER = 2.0                 # a threshold that no probability reaches
_STEPS = 50


class Calibration(NamedTuple):
    """One slope, offset and threshold a node (float32)."""

    slope: Floats
    offset: Floats
    threshold: Floats

    def probabilities(self, scores: Floats) -> Floats:
        odds = np.clip(scores * self.slope + self.offset, -30, 30)
        return np.asarray(1 / (1 + np.exp(-odds)), np.float32)


def calibrate(scores: Floats, carries: NDArray[np.bool_]) -> Calibration:
    """The curve of each node (records × nodes); all are withheld until `judged`."""
    nodes = scores.shape[1]
    curves = [_curve(scores[:, node].astype(np.float64), carries[:, node]) for node in range(nodes)]
    return Calibration(np.array([slope for slope, _ in curves], np.float32),
                       np.array([offset for _, offset in curves], np.float32), np.full(nodes, NEVER, np.float32))


def judged(calibration: Calibration, probabilities: Floats, carries: NDArray[np.bool_],
           precision: float) -> Calibration:
    """The same with the thresholds at which the labels given were right as often as `precision` asks.

    `probabilities` are those that decide: after a node got at least that of the nodes below it.
    """
    thresholds = [threshold(probabilities[:, node], carries[:, node], precision) for node in range(carries.shape[1])]
    return calibration._replace(threshold=np.array(thresholds, np.float32))


def threshold(probabilities: Floats, carries: NDArray[np.bool_], precision: float) -> float:
    """The lowest probability at which, of the records that reach it, at least `precision` carry the node."""
    order = np.argsort(-probabilities, kind="stable")
    ranked = probabilities[order]
    right = np.cumsum(carries[order])
    share = right / np.arange(1, len(order) + 1)
    # Only where the next record has a lower probability: records with the same one stand or fall together.
    ends = np.append(ranked[1:] < ranked[:-1], True)
    good = np.flatnonzero(ends & (share >= precision) & (ranked >= EVEN_ODDS)
                          & (np.arange(1, len(order) + 1) >= LEAST_ACCEPTED))
    if not len(good):
        return NEVER
    last = good[-1]
    below = ranked[last + 1] if last + 1 < len(ranked) else 0.0     # half way to the first that would be one too many
    return float(max(EVEN_ODDS, (ranked[last] + below) / 2))


def _curve(scores: NDArray[np.float64], carries: NDArray[np.bool_]) -> tuple[float, float]:
    """Slope and offset of the logistic curve, by Newton's method; a slope is never negative."""
    positive, negative = int(carries.sum()), int((~carries).sum())
    prior = np.log((positive + 1) / (negative + 1))
    if not positive or not negative:
        return 0.0, float(prior)
    centre, scale = float(scores.mean()), float(scores.std()) or 1.0
    at = (scores - centre) / scale
    wanted = np.where(carries, (positive + 1) / (positive + 2), 1 / (negative + 2))
    slope, offset = 0.0, float(prior)
    for _ in range(_STEPS):
        odds = 1 / (1 + np.exp(-np.clip(slope * at + offset, -30, 30)))
        spread = odds * (1 - odds)
        error = odds - wanted
        gradient = np.array([(error * at).sum() + 1e-3 * slope, error.sum()])
        hessian = np.array([[(spread * at * at).sum() + 1e-3, (spread * at).sum()],
                            [(spread * at).sum(), spread.sum() + 1e-6]])
        step = np.linalg.solve(hessian, gradient)
        step *= min(1.0, 2.0 / (np.abs(step).max() + 1e-12))
        slope, offset = slope - step[0], offset - step[1]
        if np.abs(step).max() < 1e-7:
            break
    slope = max(slope, 0.0)
    return float(slope / scale), float(offset - slope * centre / scale)
