"""What is to be reviewed next: labels that nobody has decided on, least certain first.

Labels are made when a record is read, so no index orders them by certainty. A queue is drawn instead: up to 1,500
records of the node, spread over all of it by a hash of the row (the same ones until the data or the rules change),
are labelled and put in order; when most of them are decided, the next are drawn.
"""

import threading
from collections import OrderedDict
from collections.abc import Hashable, Iterable, Mapping
from time import monotonic
from typing import Literal, NamedTuple

import numpy as np

from api.services import Services
from index.query.tree import Industry
from ingest.record import Label, LabelSource
from store import decisions
from store.errors import BadCall
from taxonomy.learning import files
from taxonomy.model import Taxonomy

Grade = Literal["rule", "rule_derived", "model"]
Order = Literal["uncertain", "certain", "random"]

POOL = 1_500
_KEPT = 32
_FRESH = 600.0
"""Seconds after which a queue is drawn again, so that records that came meanwhile turn up."""

_SPREAD = 2_654_435_761     # Knuth's multiplicative hash, of 32 bits
_GRADES: Mapping[LabelSource, int] = {"model": 0, "rule_derived": 1, "rule": 2}


class Candidate(NamedTuple):
    """A label to be judged. `sure` orders candidates: the smaller, the less certain."""

    sure: tuple[float, ...]
    row: int
    node: str
    source: LabelSource
    score: float | None


class Drawn(NamedTuple):
    """`matching`: records that carry the node; `drawn`: how many of them were looked at."""

    candidates: list[Candidate]
    matching: int
    drawn: int


class Queues:
    """The queues of one process; safe to share between threads."""

    def __init__(self, services: Services) -> None:
        self._services = services
        self._lock = threading.Lock()
        self._kept: OrderedDict[Hashable, tuple[float, Drawn]] = OrderedDict()

    def waiting(
        self, taxonomy: str, node: str | None, grade: Grade | None, order: Order, least: int
    ) -> tuple[list[Candidate], Drawn]:
        """The candidates that nobody has decided on, in order, and the queue that they are from.

        At least `least` of them where there are as many.
        """
        key = (self._services.labeller.fingerprint, taxonomy, node, grade, order)
        found = self._find(key)
        fresh = found is None
        drawn = found or self._draw(key, taxonomy, node, grade, order)
        waiting = self._undecided(drawn, taxonomy)
        if len(waiting) < least and drawn.drawn < drawn.matching and not fresh:
            drawn = self._draw(key, taxonomy, node, grade, order)
            waiting = self._undecided(drawn, taxonomy)
        return waiting, drawn

    def _find(self, key: Hashable) -> Drawn | None:
        with self._lock:
            made, drawn = self._kept.get(key, (0.0, None))
            return drawn if drawn and monotonic() - made < _FRESH else None

    def _draw(self, key: Hashable, taxonomy: str, node: str | None, grade: Grade | None, order: Order) -> Drawn:
        """Draws a queue of records without a decision in this taxonomy, and keeps it."""
        services = self._services
        with services.store.connect() as connection:
            decided = {one.row for one in decisions.all_standing(connection, taxonomy)}
        rows = np.fromiter(services.engine.rows(Industry(taxonomy, node, grade)), np.uint64)
        undecided = rows[~np.isin(rows, np.fromiter(decided, np.uint64))]
        spread = undecided[np.argsort(undecided * np.uint64(_SPREAD) % np.uint64(1 << 32), kind="stable")[:POOL]]
        found: list[Candidate] = []
        least = thresholds(services, taxonomy)
        records = services.records.by_rows([int(row) for row in spread])
        for record, labels in zip(records, services.machine_labels(records), strict=True):
            found += candidates(record["row"], labels, services.taxonomies[taxonomy], node, grade, least)
        if order != "random":
            found.sort(reverse=order == "certain")
        drawn = Drawn(found, len(undecided), len(spread))
        with self._lock:
            self._kept[key] = monotonic(), drawn
            self._kept.move_to_end(key)
            while len(self._kept) > _KEPT:
                self._kept.popitem(last=False)
        return drawn

    def _undecided(self, drawn: Drawn, taxonomy: str) -> list[Candidate]:
        with self._services.store.connect() as connection:
            standing = decisions.standing(connection, {one.row for one in drawn.candidates})
        decided = {(row, one.node) for row, some in standing.items() for one in some if one.taxonomy == taxonomy}
        return [one for one in drawn.candidates if (one.row, one.node) not in decided]


def candidates(
    row: int, labels: Iterable[Label], taxonomy: Taxonomy, node: str | None, grade: Grade | None,
    least: Mapping[str, float]
) -> Iterable[Candidate]:
    """The labels of a record that fall under a node and are of a grade."""
    for label in labels:
        if label["taxonomy"] == taxonomy.id and (
                node is None or node in (label["node"], *taxonomy.ancestors(label["node"]))) and (
                grade is None or label["source"] == grade):
            yield Candidate(sureness(label, least), row, label["node"], label["source"], label["score"])


def thresholds(services: Services, taxonomy: str) -> dict[str, float]:
    """From which probability on the model of a taxonomy gives each node; empty without a model that can be read."""
    try:
        model = files.load(services.settings, taxonomy)
    except BadCall:
        return {}
    return dict(zip(model.nodes, map(float, model.seen.threshold), strict=True))


def sureness(label: Label, least: Mapping[str, float]) -> tuple[float, ...]:
    """How certain a label is, as far as it says: first its grade, then how far its score lies above the threshold of
    its node (`least`), or the evidence of its rule.

    Models before derived rules before rules as their source states them. Of a rule, keywords count one each, two in
    the title; classes one, two where an official table has the pattern.
    """
    if label["score"] is not None:
        return _GRADES.get(label["source"], 0), abs(label["score"] - least.get(label["node"], 0.0))
    evidence = 0
    for reason in label["reasons"]:
        strong = reason["field"] == "title" or (reason["kind"] == "ipc" and reason["origin"] == "official")
        evidence += 2 if strong else 1
    return _GRADES.get(label["source"], 0), evidence
