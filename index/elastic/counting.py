"""Facets and cubes, exact and complete.

A terms aggregation over shards is exact when it covers all values: one that had more than fit, or that states a
possible error, is asked again page by page (`composite`), which leaves nothing out.
"""

from collections.abc import Sequence

from index.elastic.reader import Reader
from index.elastic.schema import FACET, Body
from index.engine import Cube, FacetValue

_VALUES = 10_000
_PAGE = 20_000


def facet_aggregations(facets: Sequence[str]) -> Body:
    return {facet: {"terms": {"field": f"{FACET}{facet}", "size": _VALUES, "shard_size": _VALUES}} for facet in facets}


def counted(reader: Reader, query: Body, answer: Body, facets: Sequence[str]) -> dict[str, Sequence[FacetValue]]:
    """The facets of an answer to `facet_aggregations`, each complete, largest first, equal ones by value."""
    found: dict[str, Sequence[FacetValue]] = {}
    for facet in facets:
        terms = answer["aggregations"][facet]
        if terms["sum_other_doc_count"] or terms["doc_count_error_upper_bound"]:
            values = {str(key[0]): count for key, count in cells(reader, query, (facet,), absent=False).items()}
        else:
            values = {bucket["key"]: bucket["doc_count"] for bucket in terms["buckets"]}
        ordered = sorted(values.items(), key=lambda item: (-item[1], item[0]))
        found[facet] = [FacetValue(value, count) for value, count in ordered]
    return found


def cells(reader: Reader, query: Body, dimensions: Sequence[str], *, absent: bool = True) -> Cube:
    """How many matching records carry each combination of values; None is no value, which counts if `absent`."""
    names = [f"d{place}" for place in range(len(dimensions))]
    composite: Body = {"size": _PAGE, "sources": [
        {name: {"terms": {"field": f"{FACET}{dimension}", "missing_bucket": absent}}}
        for name, dimension in zip(names, dimensions, strict=True)]}
    return {tuple(bucket["key"][name] for name in names): bucket["doc_count"]
            for buckets in reader.buckets(query, composite) for bucket in buckets}
