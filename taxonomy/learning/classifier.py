"""One trained model of one taxonomy: from records to the probability of each node, with or without classes seen.

A model learned from rules and decisions gives a record any number of nodes (`many`); one learned from a table
whose rows have one label each averages several members, some of which look at latent vectors (`one`). A node's
probability is at least that of each node below it. A model says nothing below its thresholds.
"""

from collections.abc import Mapping, Sequence
from typing import Any, Literal, NamedTuple

import numpy as np
import scipy.sparse as sp

from taxonomy.learning import features
from taxonomy.learning.calibration import Calibration
from taxonomy.learning.features import BLOCKS, PLACE, Counted, Floats, Input, weighed
from taxonomy.learning.space import Space
from taxonomy.learning.weights import Weights, log_shares

Kind = Literal["many", "one"]

EVEN = 0.1      # how far the shares of nodes among the examples are evened out: rare nodes would else never win


class Fitted(NamedTuple):
    """What a training makes, before it is calibrated.

    `wide` are the weights of the features, with the latent vectors of a space behind them where it has one (a wide
    one for each space, or one without); `latent` are those of the latent vectors alone, one for each space.
    """

    idf: tuple[Floats, ...]
    wide: tuple[Weights, ...]
    latent: tuple[Weights, ...] = ()
    evened: Floats | None = None

    def scores(self, counted: Counted, spaces: Sequence[Space]) -> Floats:
        """Records × nodes. Of `many` log odds; of `one` the mean log probability of its members, evened out."""
        wide = sp.hstack(weighed(counted, self.idf), format="csr")
        if self.evened is None:
            return self.wide[0].scores(wide)
        members = []
        for place, weights in enumerate(self.wide):
            if not self.latent:
                members.append(log_shares(weights.scores(wide)))
                continue
            vectors = spaces[place].place(counted)
            size = wide.shape[1]
            together = np.asarray(wide @ weights.matrix[:size]) + vectors @ weights.matrix[size:] + weights.bias
            members += [log_shares(together), log_shares(self.latent[place].scores(vectors))]
        return np.asarray(np.mean(members, axis=0) - self.evened, np.float32)


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
    spaces: tuple[Space, ...]
    told: Mapping[str, Any]
    version: str = ""

    def probabilities(self, counted: Counted) -> tuple[Floats, Floats]:
        """Records × nodes: the probabilities, and the thresholds that hold for each record."""
        scores = self.fitted.scores(counted, self.spaces)
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
        weights = np.mean([wide.matrix[:features.WIDTH, column] for wide in self.fitted.wide], axis=0)
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
