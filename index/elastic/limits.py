"""What the cluster allows, asked once: clauses of a query, and settings without which answers would be refused."""

from index.elastic.connection import Cluster
from index.elastic.schema import Body
from store.errors import Unreachable

_SCORING = 400
"""Clauses that scoring adds to a query (index.answering.ranking.MAX_WORDS words in seven places)."""

_FEWEST = 1_024
_PER_MEGABYTE = 64
_DEPTH = 24
_BUCKETS = 60_000


def most_clauses(cluster: Cluster) -> int:
    """How many clauses a compiled query may have.

    The cluster allows 64 for each MB of heap and search thread, at least 1,024; its weakest node decides.
    Raises Unreachable(`engine_setting`) when a setting of the cluster does not let us work.
    """
    _check_settings(cluster)
    nodes: Body = cluster.ask(lambda client: client.nodes.info(
        metric="jvm,thread_pool", filter_path="nodes.*.jvm.mem.heap_max_in_bytes,nodes.*.thread_pool.search.size").body)
    allowed = [_PER_MEGABYTE * (node["jvm"]["mem"]["heap_max_in_bytes"] >> 20) // node["thread_pool"]["search"]["size"]
               for node in nodes.get("nodes", {}).values() if "thread_pool" in node]
    return max(_FEWEST, min(allowed, default=_FEWEST)) - _SCORING


def _check_settings(cluster: Cluster) -> None:
    found: Body = cluster.ask(lambda client: client.cluster.get_settings(
        include_defaults=True, filter_path="*.search.*,*.indices.query.bool.*").body)

    def value(name: str) -> str | None:
        """A setting as the latest of its places gives it."""
        for place in ("transient", "persistent", "defaults"):
            at: object = found.get(place)
            for part in name.split("."):
                at = at.get(part) if isinstance(at, dict) else None
            if isinstance(at, str):
                return at
        return None

    if value("search.allow_expensive_queries") == "false":
        raise Unreachable("engine_setting", name="search.allow_expensive_queries", found="false", needed="true")
    for name, least in (("search.max_buckets", _BUCKETS), ("indices.query.bool.max_nested_depth", _DEPTH)):
        given = value(name)
        if given is not None and 0 <= int(given) < least:
            raise Unreachable("engine_setting", name=name, found=given, needed=f"≥ {least}")
