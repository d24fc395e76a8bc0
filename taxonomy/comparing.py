"""Two versions of a taxonomy side by side: nodes, counts, records that would move, decisions that would not map.

Node ids are what persists: a node that keeps its id is the same node, whatever its name and rules became.
"""

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from pathlib import Path

from typing_extensions import TypedDict

from ingest.progress import Progress
from ingest.record import Patent
from store.decisions import Decision
from store.errors import NotFound
from store.settings import Settings
from taxonomy import catalogue, versions
from taxonomy.labeller import Labeller
from taxonomy.loading import load_file
from taxonomy.model import Node, Rule, RulePattern, Taxonomy

SHIPPED_PREFIX = "shipped:"
LABELLED_PREFIX = "labelled:"

_AT_ONCE = 500


class Side(TypedDict):
    taxonomy: str
    version: str
    file: str
    nodes: int
    rules: int


class Change(TypedDict):
    """What a node was and is: names, or the ids of the nodes above."""

    node: str
    before: str | None
    after: str | None


class Named(TypedDict):
    node: str
    name: str


class NodeCount(TypedDict):
    """Records that carry a node or one below it, and how many gained or lost it."""

    node: str
    before: int
    after: int
    gained: int
    lost: int


class Move(TypedDict):
    """Records that lose some nodes and gain others; `examples` are ids of a few."""

    lost: list[str]
    gained: list[str]
    count: int
    examples: list[str]


class Moved(TypedDict):
    compared: int
    labelled_before: int
    labelled_after: int
    changed: int
    nodes: list[NodeCount]
    moves: list[Move]


class Lost(TypedDict):
    """A decision whose node the second version does not have."""

    decision: int
    id: str | None
    node: str
    name: str
    verdict: str
    actor: str
    time: str


class Comparison(TypedDict):
    a: Side
    b: Side
    added: list[Named]
    removed: list[Named]
    renamed: list[Change]
    placed: list[Change]
    rules_changed: list[str]
    records: Moved | None
    decisions_lost: list[Lost]


def find(settings: Settings, known: Mapping[str, Taxonomy], name: str) -> Taxonomy:
    """A version by the path of its file, as `shipped:33618`, `labelled:33618` (that of the labels in the index),
    `33618@2025.1` (an earlier one that records were labelled with), or by the id under which it is in use.

    Raises NotFound `taxonomy_not_found`, BadCall `taxonomy_…` with file and line for a file that is none.
    """
    path = Path(name)
    if path.suffix in (".yaml", ".yml") and path.is_file():
        return load_file(path)
    if name.startswith(SHIPPED_PREFIX):
        path = catalogue.SHIPPED / f"{Path(name.removeprefix(SHIPPED_PREFIX)).name}.yaml"
        if path.is_file():
            return load_file(path)
    if name.startswith(LABELLED_PREFIX) and (one := versions.last(settings, name.removeprefix(LABELLED_PREFIX))):
        return one
    if name in known:
        return known[name]
    taxonomy, at, version = name.rpartition("@")
    if at and (one := versions.find(settings, taxonomy, version)):
        return one
    raise NotFound("taxonomy_not_found", name=name, known="、".join(known))


def structure(one: Taxonomy, two: Taxonomy) -> Comparison:
    """The difference of the files; `records` and `decisions_lost` are left open."""
    both = [(node, two.nodes[node.id]) for node in one.nodes.values() if node.id in two.nodes]
    return {
        "a": _side(one), "b": _side(two),
        "added": [_named(node) for node in two.nodes.values() if node.id not in one.nodes],
        "removed": [_named(node) for node in one.nodes.values() if node.id not in two.nodes],
        "renamed": [{"node": old.id, "before": old.name, "after": new.name}
                    for old, new in both if old.name != new.name],
        "placed": [{"node": old.id, "before": old.parent, "after": new.parent}
                   for old, new in both if old.parent != new.parent],
        "rules_changed": [old.id for old, new in both if _rules(old) != _rules(new)],
        "records": None, "decisions_lost": []}


def moved(
    known: Mapping[str, Taxonomy], one: Taxonomy, two: Taxonomy, records: Iterable[Patent], progress: Progress, *,
    most: int, examples: int,
) -> Moved:
    """What the labels of records are under either version; the `most` largest moves, with `examples` ids each."""
    before, after = (Labeller({**known, version.id: version}, [version.id], reasons=False) for version in (one, two))
    counts: defaultdict[str, Counter[str]] = defaultdict(Counter)
    moves: Counter[tuple[tuple[str, ...], tuple[str, ...]]] = Counter()
    shown: defaultdict[tuple[tuple[str, ...], tuple[str, ...]], list[str]] = defaultdict(list)
    compared = labelled_before = labelled_after = 0
    for record in records:
        old, new = _nodes(before, record), _nodes(after, record)
        compared += 1
        labelled_before += bool(old)
        labelled_after += bool(new)
        whole_old, whole_new = _with_above(one, old), _with_above(two, new)
        for node in whole_old | whole_new:
            counts[node].update({"before": node in whole_old, "after": node in whole_new})
        if old != new:
            for node in whole_new - whole_old:
                counts[node]["gained"] += 1
            for node in whole_old - whole_new:
                counts[node]["lost"] += 1
            move = tuple(sorted(old - new)), tuple(sorted(new - old))
            moves[move] += 1
            if len(shown[move]) < examples:
                shown[move].append(record["id"])
        if compared % _AT_ONCE == 0:
            progress.advance(_AT_ONCE, 0, 0)
    order = [*two.nodes, *(node for node in one.nodes if node not in two.nodes)]
    largest = sorted(moves.items(), key=lambda move: (-move[1], move[0]))[:most]
    return {
        "compared": compared, "labelled_before": labelled_before, "labelled_after": labelled_after,
        "changed": sum(moves.values()),
        "nodes": [{"node": node, "before": counts[node]["before"], "after": counts[node]["after"],
                   "gained": counts[node]["gained"], "lost": counts[node]["lost"]} for node in order if node in counts],
        "moves": [{"lost": list(lost), "gained": list(gained), "count": count, "examples": shown[lost, gained]}
                  for (lost, gained), count in largest]}


def decisions_lost(
    one: Taxonomy, two: Taxonomy, standing: Sequence[Decision], ids: Mapping[int, str]
) -> list[Lost]:
    """The decisions of the first version's taxonomy whose node the second does not have."""
    return [{"decision": each.decision, "id": ids.get(each.row), "node": each.node, "name": each.name,
             "verdict": each.verdict, "actor": each.actor, "time": each.time}
            for each in standing if each.taxonomy == one.id and each.node not in two.nodes]


def _side(taxonomy: Taxonomy) -> Side:
    return {"taxonomy": taxonomy.id, "version": taxonomy.version, "file": taxonomy.file, "nodes": len(taxonomy.nodes),
            "rules": sum(1 for _ in taxonomy.rules())}


def _named(node: Node) -> Named:
    return {"node": node.id, "name": node.name}


def _rules(node: Node) -> list[Rule]:
    """The rules without the lines on which they stand."""
    def bare(patterns: tuple[RulePattern, ...]) -> tuple[RulePattern, ...]:
        return tuple(replace(one, line=0) for one in patterns)

    return [replace(rule, line=0, patterns=bare(rule.patterns), exclude=bare(rule.exclude), beside=bare(rule.beside))
            for rule in node.rules]


def _nodes(labeller: Labeller, record: Patent) -> frozenset[str]:
    return frozenset(label["node"] for label in labeller.label(record))


def _with_above(taxonomy: Taxonomy, nodes: Iterable[str]) -> set[str]:
    return {upper for node in nodes for upper in (node, *taxonomy.ancestors(node))}
