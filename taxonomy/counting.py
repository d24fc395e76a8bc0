"""The tree of a taxonomy with counts, as pages and the API show it."""

from collections.abc import Mapping

from typing_extensions import TypedDict

from taxonomy.model import Taxonomy


class CountedNode(TypedDict):
    """`count`: records that carry the node or one below it, each once; `verified` speaks of the name."""

    node: str
    name: str
    name_en: str
    verified: bool
    count: int
    children: list["CountedNode"]


def counted_tree(taxonomy: Taxonomy, counts: Mapping[str, int], top: str | None = None) -> list[CountedNode]:
    """The nodes below `top` (all of them without it) with their counts, in the order of the file.

    The counts are the engine's, which already hold what lies below a node; a node without one has none.
    """
    return [
        {"node": node.id, "name": node.name, "name_en": node.name_en, "verified": node.verified,
         "count": counts.get(node.id, 0), "children": counted_tree(taxonomy, counts, node.id)}
        for node in taxonomy.children(top)
    ]
