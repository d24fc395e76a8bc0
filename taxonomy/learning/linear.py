"""The linear models: many nodes a record learned from many records, or one node a record learned from a small table.

Both give weights (features × nodes) and a bias a node; what scores mean is `calibration`'s matter. Everything is
seeded: the same examples give the same bytes.
"""

import warnings
from typing import Any

import numpy as np
import scipy.sparse as sp
from numpy.typing import NDArray
from sklearn.linear_model import LogisticRegression, SGDClassifier
from sklearn.svm import LinearSVC

from taxonomy.learning.features import Floats
from taxonomy.learning.weights import UNKNOWN, Weights

PASSES = 6                  # over all examples, of the stochastic descent
PENALTY = 2e-6              # of the stochastic descent
MARGIN_COST = 0.5           # C of the support vector machine
LATENT_COST = 2.0           # C of the logistic regression on what a space says
SHARPNESS = 3.0             # margins to log odds, before the members are averaged


def fit_many(features: sp.csr_matrix, carries: NDArray[np.bool_], importance: Floats, seed: int) -> Weights:
    """One logistic regression a node (records × nodes: who carries what), by averaged stochastic descent.

    `importance` weighs each record for each node (records × nodes).
    """
    matrix = np.zeros((features.shape[1], carries.shape[1]), np.float32)
    bias = np.zeros(carries.shape[1], np.float32)
    for place in range(carries.shape[1]):
        wanted = carries[:, place]
        if wanted.all() or not wanted.any():
            bias[place] = -UNKNOWN if wanted.all() else UNKNOWN
            continue
        model = SGDClassifier(loss="log_loss", alpha=PENALTY, max_iter=PASSES, tol=None, average=True,
                              random_state=seed)
        model.fit(features, wanted, sample_weight=importance[:, place])
        matrix[:, place] = model.coef_[0]
        bias[place] = model.intercept_[0]
    return Weights(matrix, bias)


def fit_margins(features: sp.csr_matrix, node_of: NDArray[np.int64], nodes: int, seed: int) -> Weights:
    """Support vector machines, one node against the rest, each node weighing the same; one node a record."""
    if (node_of == node_of[0]).all():
        return _always(features.shape[1], int(node_of[0]), nodes)
    model = LinearSVC(C=MARGIN_COST, class_weight="balanced", random_state=seed)
    model.fit(features, node_of)
    return _spread(model.coef_ * SHARPNESS, model.intercept_ * SHARPNESS, model.classes_, nodes)


def fit_latent(vectors: Floats, node_of: NDArray[np.int64], nodes: int, seed: int) -> Weights:
    """A multinomial logistic regression on what a space says of records, each node weighing the same."""
    if (node_of == node_of[0]).all():
        return _always(vectors.shape[1], int(node_of[0]), nodes)
    model = LogisticRegression(C=LATENT_COST, class_weight="balanced", max_iter=100, tol=1e-3, random_state=seed)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")     # a hundred steps are enough: further ones overfit the few examples
        model.fit(vectors, node_of)
    return _spread(model.coef_, model.intercept_, model.classes_, nodes)


def _always(width: int, node: int, nodes: int) -> Weights:
    """Weights for a fold that has examples of one node only: there is no other answer."""
    bias = np.full(nodes, UNKNOWN * 10, np.float32)
    bias[node] = 0
    return Weights(np.zeros((width, nodes), np.float32), bias)


def _spread(coefficients: Any, intercepts: Any, present: NDArray[np.int64], nodes: int) -> Weights:
    """Weights for all nodes; those without an example are as good as impossible. Two nodes come as one row."""
    if len(coefficients) == 1:
        coefficients = np.vstack([-coefficients, coefficients])
        intercepts = np.concatenate([-intercepts, intercepts])
    matrix = np.zeros((coefficients.shape[1], nodes), np.float32)
    bias = np.full(nodes, UNKNOWN * 10, np.float32)
    matrix[:, present] = coefficients.T
    bias[present] = intercepts
    return Weights(matrix, bias)
