"""People's decisions on top of what rules and models say of a record.

A decision whose taxonomy or node is not in the loaded version changes nothing; it is kept and listed
(`taxonomy.comparing.unmapped`), and counts again when a version has its node.
"""

from collections.abc import Mapping, Sequence

from ingest.record import Label, Reason
from store.decisions import Decision
from taxonomy.model import Taxonomy


def decided(
    labels: Sequence[Label], decisions: Sequence[Decision], taxonomies: Mapping[str, Taxonomy]
) -> list[Label]:
    """The labels of a record after the decisions that stand for it, in the order of taxonomies and nodes.

    A confirmed or added node is a label of source `human`, whatever else says so; the reasons of that stay behind
    the person's. A rejected node is no label, and nothing below it is, unless a person confirmed or added it.
    """
    found = {(one["taxonomy"], one["node"]): one for one in labels}
    rejected: set[tuple[str, str]] = set()
    for one in decisions:
        taxonomy = taxonomies.get(one.taxonomy)
        node = taxonomy.node(one.node) if taxonomy else None
        if taxonomy is None or node is None:
            continue
        key = (taxonomy.id, node.id)
        if one.verdict == "reject":
            rejected.add(key)
            continue
        before = found.get(key)
        found[key] = {
            "taxonomy": taxonomy.id, "node": node.id, "name": node.name, "source": "human", "score": None,
            "reasons": [_reason(one), *(before["reasons"] if before else ())], "taxonomy_version": taxonomy.version}
    kept = [one for one in found.values() if one["source"] == "human" or not _below(one, rejected, taxonomies)]
    places = {name: place for place, name in enumerate(taxonomies)}
    nodes = {name: {node: place for place, node in enumerate(taxonomies[name].nodes)}
             for name in {one["taxonomy"] for one in kept}}
    return sorted(kept, key=lambda one: (places[one["taxonomy"]], nodes[one["taxonomy"]][one["node"]]))


def rejections(decisions: Sequence[Decision], taxonomies: Mapping[str, Taxonomy]) -> list[Decision]:
    """The decisions that say of a node of a loaded taxonomy that the record does not carry it."""
    return [one for one in decisions
            if one.verdict == "reject" and one.taxonomy in taxonomies and taxonomies[one.taxonomy].node(one.node)]


def _below(label: Label, rejected: set[tuple[str, str]], taxonomies: Mapping[str, Taxonomy]) -> bool:
    name = label["taxonomy"]
    nodes = (label["node"], *taxonomies[name].ancestors(label["node"]))
    return any((name, node) in rejected for node in nodes)


def _reason(one: Decision) -> Reason:
    return {"kind": "decision", "value": one.note, "pattern": one.verdict, "field": None, "origin": None,
            "actor": one.actor, "time": one.time}
