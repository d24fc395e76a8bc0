"""What a model is trained on: records of the store with what rules and people say of them, or the rows of a table.

A rule's word is weak evidence and a person's strong, so each example weighs for each node. Whoever carries a node
carries those above it; whoever was refused a node carries none below it.
"""

import zlib
from collections.abc import Iterable, Iterator, Sequence
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from ingest.record import Patent
from ingest.records import Records
from store import decisions as decided
from store import documents
from store.database import Store
from taxonomy.labeller import Labeller
from taxonomy.learning.features import Floats
from taxonomy.learning.inputs import Input, of_record
from taxonomy.model import Taxonomy

BY_RULE, BY_DERIVED_RULE, BY_PERSON = 1.0, 0.5, 5.0
LEAST = 10              # examples of a node, those below it included, from which it can be learned from rules
LEAST_IN_TABLE = 2
MOST = 30_000           # records drawn from a large store, beside all that people decided on
_BATCH = 500


class Examples(NamedTuple):
    """`carries` and `importance` are examples × nodes; `groups` names the application of each example."""

    inputs: tuple[Input, ...]
    groups: tuple[str, ...]
    nodes: tuple[str, ...]
    carries: NDArray[np.bool_]
    importance: Floats
    decided: int            # examples that people decided on


class Said(NamedTuple):
    """What is said of one record: {node: weight} for and against."""

    carries: dict[str, float]
    lacks: dict[str, float]


def drawn_rows(store: Store, most: int) -> list[int]:
    """So many rows of the store, the same whenever the store is the same: those with the lowest hash."""
    rows: list[int] = []
    last = 0
    while True:
        with store.connect() as connection:
            found = documents.rows_after(connection, last, 50_000)
        if not found:
            break
        rows += found
        last = found[-1]
    return sorted(sorted(rows, key=lambda row: (zlib.crc32(str(row).encode()), row))[:most])


def of_store(store: Store, taxonomies: dict[str, Taxonomy], name: str, most: int = MOST) -> Examples:
    """The records that rules can judge (they have a class and a title) and those that people did."""
    taxonomy = taxonomies[name]
    labeller = Labeller(taxonomies, [name], reasons=False)
    with store.connect() as connection:
        standing = decided.all_standing(connection, name)
    by_row: dict[int, list[decided.Decision]] = {}
    for decision in standing:
        if taxonomy.node(decision.node):
            by_row.setdefault(decision.row, []).append(decision)
    inputs: list[Input] = []
    groups: list[str] = []
    said: list[Said] = []
    judged = 0
    rows = sorted({*drawn_rows(store, most), *by_row})
    for record in _records(Records(store), rows):
        one = of_record(record)
        decisions = by_row.get(record["row"], ())
        if not one.title or not (one.symbols or decisions):
            continue
        found = labeller.labels(one.symbols, record["title"], record["abstract"],
                                [claim["text"] for claim in record["claims"]]) if one.symbols else []
        weights = {label["node"]: BY_RULE if label["source"] == "rule" else BY_DERIVED_RULE for label in found}
        refused: dict[str, float] = {}
        for decision in decisions:
            if decision.verdict == "reject":
                refused[decision.node] = BY_PERSON
                weights.pop(decision.node, None)
            else:
                weights[decision.node] = BY_PERSON
        judged += bool(decisions)
        inputs.append(one)
        groups.append(record["id"])
        said.append(Said(weights, refused))
    return together(taxonomy, inputs, groups, said, LEAST, judged)


def together(taxonomy: Taxonomy, inputs: Sequence[Input], groups: Sequence[str], said: Sequence[Said], least: int,
             judged: int) -> Examples:
    """Examples over the nodes that have enough of them, parents before children."""
    order = {node: place for place, node in enumerate(taxonomy.nodes)}
    below: dict[str, list[str]] = {node: [] for node in order}
    for node in order:
        for above in taxonomy.ancestors(node):
            below[above].append(node)
    carries = np.zeros((len(inputs), len(order)), np.bool_)
    importance = np.ones(carries.shape, np.float32)
    for row, one in enumerate(said):
        for node, weight in one.lacks.items():
            for lacked in (node, *below[node]):
                importance[row, order[lacked]] = weight
        for node, weight in one.carries.items():
            for carried in (node, *taxonomy.ancestors(node)):
                place = order[carried]
                importance[row, place] = max(weight, importance[row, place] if carries[row, place] else 0.0)
                carries[row, place] = True
    # A node that all carry, or all but too few, teaches nothing either.
    counts = carries.sum(axis=0)
    kept = np.flatnonzero((counts >= least) & (len(inputs) - counts >= least))
    names = list(order)
    return Examples(tuple(inputs), tuple(groups), tuple(names[place] for place in kept), carries[:, kept],
                    importance[:, kept], judged)


def _records(records: Records, rows: Sequence[int]) -> Iterator[Patent]:
    for start in range(0, len(rows), _BATCH):
        yield from records.by_rows(rows[start:start + _BATCH])


def with_classes(records: Records, rows: Iterable[int]) -> tuple[list[Input], list[str]]:
    """The records of these rows from which a space can be learned: they have a class and an abstract; with ids."""
    inputs, ids = [], []
    for record in _records(records, list(rows)):
        one = of_record(record)
        if one.symbols and one.abstract:
            inputs.append(one)
            ids.append(record["id"])
    return inputs, ids
