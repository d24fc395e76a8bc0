"""One trained model of one taxonomy: from records to the probability of each node, with or without classes seen.

A model learned from rules and decisions gives a record any number of nodes (`many`); one learned from a table
whose rows have one label each averages two members, one of which looks at latent vectors (`one`). A node's
probability is at least that of each node below it. A model says nothing below its thresholds.
"""

from collections.abc import Mapping, Sequence
from typing import Any, Literal, NamedTuple

import numpy as np
import scipy.sparse as sp

from taxonomy.learning import features
from taxonomy.learning.calibration import Calibration
from taxonomy.learning.features import BLOCKS, PLACE, Counted, Floats, weighed
from taxonomy.learning.inputs import Input
from taxonomy.learning.space import Space
from taxonomy.learning.weights import Weights, log_shares

Kind = Literal["many", "one"]

WIDE_SHARE = np.float32(0.6)        # of the features in the answer of both members


class Fitted(NamedTuple):
    """What a training makes, before it is calibrated.

    `wide` are the weights of the features, `latent` those of what a space says of a record, where there is one.
    """

    kind: Kind
    idf: tuple[Floats, ...]
    wide: Weights
    latent: Weights | None = None

    def scores(self, counted: Counted, space: Space | None) -> Floats:
        """Records × nodes. Of `many` log odds; of `one` the log probabilities of both members, averaged."""
        wide = sp.hstack(weighed(counted, self.idf), format="csr")
        scores = self.wide.scores(wide)
        if self.kind == "many":
            return scores
        if self.latent is None or space is None:
            return log_shares(scores)
        latent = log_shares(self.latent.scores(space.describe(counted)))
        return np.asarray(WIDE_SHARE * log_shares(scores) + (1 - WIDE_SHARE) * latent, np.float32)


class Given(NamedTuple):
    """A node that a model gives a record, with its probability."""

    node: str
    probability: float


class Classifier(NamedTuple):
    """`parents` names the node above each; `seen` calibrates for records whose classes are read, `hidden` without.

    `told` is what is known of the training: data, date, versions, measures (for the card).
    """

    taxonomy: str
    kind: Kind
    nodes: tuple[str, ...]
    parents: Mapping[str, str]
    fitted: Fitted
    seen: Calibration
    hidden: Calibration
    space: Space | None
    told: Mapping[str, Any]
    version: str = ""

    def probabilities(self, counted: Counted) -> tuple[Floats, Floats]:
        """Records × nodes: the probabilities, and the thresholds that hold for each record."""
        scores = self.fitted.scores(counted, self.space)
        with_classes = (np.diff(counted.blocks[PLACE["ipc"]].indptr) > 0)[:, None]
        found = np.where(with_classes, self.seen.probabilities(scores), self.hidden.probabilities(scores))
        thresholds = np.where(with_classes, self.seen.threshold, self.hidden.threshold)
        return raised(found, self.nodes, self.parents), thresholds

    def give(self, counted: Counted) -> list[list[Given]]:
        """For each record the deepest nodes that reach their thresholds, the likeliest first; of `one` the best."""
        probabilities, thresholds = self.probabilities(counted)
        given: list[list[Given]] = [[] for _ in range(counted.size)]
        for row, column in zip(*np.nonzero(probabilities >= thresholds), strict=True):
            given[row].append(Given(self.nodes[column], float(probabilities[row, column])))
        return [self._deepest(found) if found else found for found in given]

    def _deepest(self, found: list[Given]) -> list[Given]:
        found.sort(key=lambda one: (-one.probability, one.node))
        if self.kind == "one":
            return found[:1]
        above: set[str] = set()
        for one in found:
            node = self.parents.get(one.node)
            while node is not None:
                above.add(node)
                node = self.parents.get(node)
        return [one for one in found if one.node not in above]

    def because(self, one: Input, node: str, most: int = 5) -> list[tuple[features.Named, float]]:
        """The features of a record that speak most for a node, with what each adds to its score."""
        column = self.nodes.index(node)
        counted = features.count([one])
        blocks = weighed(counted, self.fitted.idf)
        weights = np.asarray(self.fitted.wide.matrix[:, column])
        worth: dict[features.Named, float] = {}
        start = 0
        values = []
        for block, matrix in zip(BLOCKS, blocks, strict=True):
            values.append({int(at): float(value) * float(weights[start + at])
                           for at, value in zip(matrix.indices, matrix.data, strict=True)})
            start += 1 << block.bits
        names = features.named(one)
        words = {feature.text for feature in names if feature.block == "word"}
        for feature in names:
            if (value := values[PLACE[feature.block]].get(feature.column, 0.0)) > 0 and telling(feature, words):
                worth[feature] = value
        best = sorted(worth, key=lambda feature: (-worth[feature], feature))
        shown: list[features.Named] = []
        for feature in best:
            if not any(feature.text in other.text or other.text in feature.text for other in shown):
                shown.append(feature)
        return [(feature, worth[feature]) for feature in shown[:most]]


def telling(feature: features.Named, words: set[str]) -> bool:
    """Whether a reader learns something from it: classes, words, and runs of characters that are no halves of words."""
    if feature.block == "ipc":
        return True
    if len(feature.text) < 2 or not all(map(str.isalnum, feature.text)):
        return False
    return feature.block in ("word", "applicant") or feature.text in words


def raised(probabilities: Floats, nodes: Sequence[str], parents: Mapping[str, str]) -> Floats:
    """The same, where a node is at least as likely as any node below it."""
    places = {node: place for place, node in enumerate(nodes)}
    found = probabilities.copy()
    for node in reversed(nodes):        # children stand after their parents
        above = parents.get(node)
        if above in places:
            np.maximum(found[:, places[above]], found[:, places[node]], out=found[:, places[above]])
    return found
