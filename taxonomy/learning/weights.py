"""What a linear model is when it is used: weights and biases, and scores as shares of one.

Apart from `linear`, which trains them, so that labelling need not load scikit-learn.
"""

from typing import Any, NamedTuple

import numpy as np

from taxonomy.learning.features import Floats

UNKNOWN = np.float32(-12)   # log probability of a node that a fold had no example of


class Weights(NamedTuple):
    """`matrix` is features × nodes, float32; `bias` has one number a node."""

    matrix: Floats
    bias: Floats

    def scores(self, features: Any) -> Floats:
        return np.asarray(features @ self.matrix, np.float32) + self.bias


def log_shares(scores: Floats) -> Floats:
    """Scores of each record as log probabilities over the nodes, none below `UNKNOWN`."""
    shifted = scores - scores.max(axis=1, keepdims=True)
    shares = shifted - np.log(np.exp(shifted).sum(axis=1, keepdims=True))
    return np.asarray(np.maximum(shares, UNKNOWN), np.float32)
