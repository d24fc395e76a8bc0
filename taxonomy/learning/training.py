"""Training and evaluation of a model: folds grouped by application, scores out of fold, calibration, then the model.

`train` and `evaluate` are the same work; an evaluation keeps nothing. Nothing depends on chance that is not seeded
or on the order in which records came.
"""

import time
import warnings
import zlib
from collections.abc import Callable, Sequence
from datetime import UTC, datetime
from typing import Any, NamedTuple, TypeAlias

import numpy as np
import scipy.sparse as sp
from numpy.typing import NDArray
from sklearn.model_selection import StratifiedGroupKFold

from ingest.ipc import scheme
from store.errors import BadCall
from taxonomy.learning import features, linear
from taxonomy.learning.calibration import calibrate, judged
from taxonomy.learning.classifier import Classifier, Fitted, Kind, raised
from taxonomy.learning.examples import Examples
from taxonomy.learning.features import Counted, Floats, inverse_frequencies, weighed
from taxonomy.learning.heads import VERSIONS
from taxonomy.learning.inputs import Input
from taxonomy.learning.measuring import measure
from taxonomy.learning.space import READ, Space
from taxonomy.model import Taxonomy

PRECISION = 0.8         # that a label above a node's threshold is right, unless another is asked for
FOLDS = 5
FOLDS_OF_MANY = 3       # rules give plenty of examples
_BATCH = 500

Told = Callable[[str], None]
Split: TypeAlias = tuple[NDArray[np.int64], NDArray[np.int64]]
"""Rows to train on and rows to test on."""


class Trained(NamedTuple):
    model: Classifier
    seconds: float


def count_all(inputs: Sequence[Input]) -> Counted:
    """The features of many records, counted in batches."""
    parts = [features.count(inputs[start:start + _BATCH]) for start in range(0, len(inputs), _BATCH)]
    return Counted(tuple(sp.vstack([part.blocks[place] for part in parts], format="csr")
                         for place in range(len(features.BLOCKS))))


def without_classes(counted: Counted) -> Counted:
    ipc = features.PLACE["ipc"]
    return Counted(tuple(sp.csr_matrix(block.shape, dtype=np.float32) if place == ipc else block
                         for place, block in enumerate(counted.blocks)))


def train(taxonomy: Taxonomy, examples: Examples, kind: Kind, *, space: Space | None = None,
          precision: float = PRECISION, seed: int = 0, data: dict[str, Any] | None = None) -> Trained:
    """A calibrated model with its measures. Raises BadCall `training_too_few` when no node can be learned."""
    began = time.monotonic()
    if len(examples.nodes) < (2 if kind == "one" else 1) or len(set(examples.groups)) < 2:
        raise BadCall("training_too_few", taxonomy=taxonomy.id, records=len(examples.inputs))
    counted = count_all(examples.inputs)
    parents = _parents(taxonomy, examples.nodes)
    splits = folds(examples, kind, seed)
    seen, hidden = out_of_fold(counted, examples, kind, space, seed, splits)
    calibrations, measures = {}, {}
    for name, scores in (("seen", seen), ("hidden", hidden)):
        curve = calibrate(scores, examples.carries)
        probabilities = raised(curve.probabilities(scores), examples.nodes, parents)
        calibrations[name] = judged(curve, probabilities, examples.carries, precision)
        measures[name] = measure(probabilities, scores, examples.carries, examples.nodes, calibrations[name], kind)
    fitted = fit(counted, examples, kind, space, seed)
    told = {
        "trained": datetime.now(UTC).isoformat(timespec="seconds"), "precision": precision, "seed": seed,
        "taxonomy_version": taxonomy.version, "taxonomy_fingerprint": taxonomy.fingerprint,
        "versions": VERSIONS, "ipc_edition": scheme.edition(), "examples": len(examples.inputs),
        "decided": examples.decided, "folds": len(splits), "data": data or {}, "measures": measures,
        "names": {node: taxonomy.nodes[node].name for node in examples.nodes},
    }
    model = Classifier(taxonomy.id, kind, examples.nodes, parents, fitted, calibrations["seen"],
                       calibrations["hidden"], space, told)
    return Trained(model, time.monotonic() - began)


def out_of_fold(counted: Counted, examples: Examples, kind: Kind, space: Space | None, seed: int,
                splits: Sequence[Split]) -> tuple[Floats, Floats]:
    """Scores of each example by a model that saw none of its application, with classes and without."""
    seen = np.zeros(examples.carries.shape, np.float32)
    hidden = np.zeros_like(seen)
    for train_rows, test_rows in splits:
        fitted = fit(counted.rows(train_rows), part(examples, train_rows), kind, space, seed)
        test = counted.rows(test_rows)
        seen[test_rows] = fitted.scores(test, space)
        hidden[test_rows] = fitted.scores(without_classes(test), space)
    return seen, hidden


def folds(examples: Examples, kind: Kind, seed: int) -> list[Split]:
    """Rows to train on and rows to test on; all examples of one application stand on one side."""
    every = np.arange(len(examples.inputs))
    if kind == "one":
        most = min(FOLDS, len(set(examples.groups)), int(examples.carries.sum(axis=0).max()))
        splitter = StratifiedGroupKFold(most, shuffle=True, random_state=seed)
        names = {name: place for place, name in enumerate(dict.fromkeys(examples.groups))}
        groups = np.array([names[name] for name in examples.groups])
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")     # the smallest node may have fewer examples than there are folds
            return list(splitter.split(every, examples.carries.argmax(axis=1), groups))
    place = np.array([zlib.crc32(f"{seed} {group}".encode()) % FOLDS_OF_MANY for group in examples.groups])
    return [(every[place != fold], every[place == fold]) for fold in range(FOLDS_OF_MANY)]


def fit(counted: Counted, examples: Examples, kind: Kind, space: Space | None, seed: int) -> Fitted:
    """A model of all these examples. Of `many` each is shown with its classes and without."""
    idf = inverse_frequencies(counted)
    if space and kind == "one":     # a small table says little about how rare a word is
        known = dict(zip(READ, space.idf, strict=True))
        idf = tuple(known.get(place, own) for place, own in enumerate(idf))
    wide = sp.hstack(weighed(counted, idf), format="csr")
    if kind == "many":
        bare = sp.hstack(weighed(without_classes(counted), idf), format="csr")
        weights = linear.fit_many(sp.vstack([wide, bare], format="csr"), np.vstack([examples.carries] * 2),
                                  np.vstack([examples.importance] * 2), seed)
        return Fitted(kind, idf, weights)
    node_of = examples.carries.argmax(axis=1)
    nodes = len(examples.nodes)
    margins = linear.fit_margins(wide, node_of, nodes, seed)
    latent = linear.fit_latent(space.describe(counted), node_of, nodes, seed) if space else None
    return Fitted(kind, idf, margins, latent)


def part(examples: Examples, rows: NDArray[np.int64]) -> Examples:
    return examples._replace(inputs=tuple(examples.inputs[row] for row in rows),
                             groups=tuple(examples.groups[row] for row in rows),
                             carries=examples.carries[rows], importance=examples.importance[rows])


def _parents(taxonomy: Taxonomy, nodes: Sequence[str]) -> dict[str, str]:
    """The nearest node above each that the model knows."""
    found = {}
    for node in nodes:
        above = next((one for one in taxonomy.ancestors(node) if one in nodes), None)
        if above is not None:
            found[node] = above
    return found
