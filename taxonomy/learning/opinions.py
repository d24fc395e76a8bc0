"""What the rules of shipped taxonomies would say of a text: learned on records whose classes the rules could read.

A text without classes gives rules little to go by, and a small table teaches little about, say, nuclear power. But
official concordances say of many thousand records of the node which industry they belong to. What they would say of a
text, as shares over their nodes, is the most telling feature for an outlet's own scheme (see `bench/labels`).
"""

import warnings
from collections.abc import Mapping, Sequence

import numpy as np
from sklearn.linear_model import LogisticRegression

from taxonomy.labeller import Labeller
from taxonomy.learning.features import Floats
from taxonomy.learning.inputs import Input
from taxonomy.learning.space import Opinion, Space
from taxonomy.model import Taxonomy

ASKED = ("sei_2021", "wipo35", "green_tech", "33618")
MOST = 30_000       # records that each is learned from
LEAST = 500
COST = 30.0


def said_of(inputs: Sequence[Input], taxonomies: Mapping[str, Taxonomy]) -> dict[str, list[str]]:
    """{taxonomy: the node that its rules give each record, the last where there are several, '' where none}."""
    asked = [name for name in ASKED if name in taxonomies]
    labeller = Labeller(taxonomies, asked, reasons=False)
    said = {name: [""] * len(inputs) for name in asked}
    for row, one in enumerate(inputs):
        for label in labeller.labels(one.symbols, one.title, one.abstract):
            said[label["taxonomy"]][row] = label["node"]
    return said


def formed(space: Space, vectors: Floats, said: Mapping[str, Sequence[str]]) -> Space:
    """The space with an opinion for each taxonomy of which enough is said; `vectors` are those of the same records."""
    opinions = []
    chance = np.random.default_rng(space.seed)
    for name, nodes in said.items():
        rows = np.flatnonzero([bool(node) for node in nodes])
        rows = rows[chance.permutation(len(rows))[:MOST]]
        truth = np.array(nodes)[rows]
        if len(rows) < LEAST or len(set(truth.tolist())) < 3:
            continue
        model = LogisticRegression(C=COST, class_weight="balanced", max_iter=60, tol=1e-3, random_state=0)
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")     # what sixty steps have not told apart, rules do not tell apart either
            model.fit(vectors[rows], truth)
        opinions.append(Opinion(name, model.coef_.T.astype(np.float32), model.intercept_.astype(np.float32)))
    return space._replace(opinions=tuple(opinions))
