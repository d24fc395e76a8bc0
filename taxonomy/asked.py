"""Whether a query asks for industries that there are: taxonomies know, the reader of queries (index.query) does not."""

from collections.abc import Mapping
from difflib import get_close_matches

from index.query.read import Industries
from index.query.tree import Industry
from taxonomy.model import Taxonomy

_OFFERED = 3


def among(taxonomies: Mapping[str, Taxonomy]) -> Industries:
    """What the reader of queries asks: None for an industry that can be found, else the nearest that can."""

    def nearest(asked: Industry) -> list[str] | None:
        taxonomy = taxonomies.get(asked.taxonomy)
        if taxonomy is None:
            return get_close_matches(asked.taxonomy, taxonomies, _OFFERED) or list(taxonomies)[:_OFFERED]
        if asked.node is None or taxonomy.node(asked.node):
            return None
        written = {node.lower(): node for node in taxonomy.nodes}
        near = [written[one] for one in get_close_matches(asked.node.lower(), written, _OFFERED)]
        return [f"{taxonomy.id}/{node}" for node in near or [one.id for one in taxonomy.children()][:_OFFERED]]

    return nearest
