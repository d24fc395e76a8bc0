"""What decisions have gained: how often each grade of label was right, by batch and by node.

A confirmed label was right, a rejected one wrong. Labels that were drawn least certain first are worse than the
rest, so a precision is one of what was judged, not of the node; the interval is Wilson's at 95 %.
"""

from collections import Counter
from collections.abc import Iterable
from math import sqrt

from typing_extensions import TypedDict

from api.services import Services
from store import decisions
from store.decisions import Batch, Decision

GRADES = ("rule", "rule_derived", "model")


class Precision(TypedDict):
    """`right` of `judged` labels; `low` and `high` bound the share with 95 % confidence, null of nothing."""

    right: int
    judged: int
    low: float | None
    high: float | None


class BatchGain(TypedDict):
    """A batch: its decisions by verdict, labels that went and came by it, and the precision of each grade in it."""

    batch: int
    origin: str
    name: str
    actor: str
    opened: str
    verdicts: dict[str, int]
    removed: int
    added: int
    grades: dict[str, Precision]


class NodeGain(TypedDict):
    node: str
    name: str
    grades: dict[str, Precision]
    added: int


def of_batches(services: Services, taxonomy: str, most: int) -> list[BatchGain]:
    """The newest batches of a taxonomy, newest first; what was undone counts no more."""
    with services.store.connect() as connection:
        batches = decisions.batches(connection, most, taxonomy)
        by_batch: dict[int, list[Decision]] = {one.batch: [] for one in batches}
        for one in decisions.of_batches(connection, by_batch, taxonomy):
            by_batch[one.batch].append(one)
    return [gain(one, by_batch[one.batch]) for one in batches]


def gain(batch: Batch, held: list[Decision]) -> BatchGain:
    return {
        "batch": batch.batch, "origin": batch.origin, "name": batch.name, "actor": batch.actor, "opened": batch.opened,
        "verdicts": dict(Counter(one.verdict for one in held)), "grades": graded(held),
        "removed": sum(one.verdict == "reject" and one.source is not None for one in held),
        "added": sum(one.verdict != "reject" and one.source is None for one in held)}


def of_nodes(services: Services, taxonomy: str) -> list[NodeGain]:
    """The nodes of a taxonomy on which decisions stand, in its order."""
    with services.store.connect() as connection:
        standing = decisions.all_standing(connection, taxonomy)
    by_node: dict[str, list[Decision]] = {}
    for one in standing:
        by_node.setdefault(one.node, []).append(one)
    return [{"node": node.id, "name": node.name, "grades": graded(by_node[node.id]),
             "added": sum(one.verdict != "reject" and one.source is None for one in by_node[node.id])}
            for node in services.taxonomies[taxonomy].nodes.values() if node.id in by_node]


def graded(judged: Iterable[Decision]) -> dict[str, Precision]:
    """{grade: precision} of the labels that decisions judged; grades that none did are left out."""
    right: Counter[str] = Counter()
    total: Counter[str] = Counter()
    for one in judged:
        if one.source is not None:
            total[one.source] += 1
            right[one.source] += one.verdict != "reject"
    return {grade: precision(right[grade], total[grade]) for grade in GRADES if total[grade]}


def precision(right: int, judged: int) -> Precision:
    """Wilson, Probable inference, JASA 22 (1927).

    >>> found = precision(45, 50)
    >>> round(found["low"], 3), round(found["high"], 3)
    (0.786, 0.957)
    """
    if not judged:
        return {"right": 0, "judged": 0, "low": None, "high": None}
    z, share = 1.959964, right / judged
    middle = share + z * z / (2 * judged)
    spread = z * sqrt(share * (1 - share) / judged + z * z / (4 * judged * judged))
    scale = 1 + z * z / judged
    return {"right": right, "judged": judged, "low": max(0.0, (middle - spread) / scale),
            "high": min(1.0, (middle + spread) / scale)}
