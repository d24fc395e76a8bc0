"""All rows of a query, the raw material of facets, of exports and of sets of records.

A hit costs 0.15 µs as a Python object. Where many rows match, Tantivy is asked for a histogram instead: one
bucket for each fifty rows, with the sum of their bits, which is a bitmap (217,000 rows: 7 ms instead of 46).
"""

from operator import itemgetter

import numpy as np
from tantivy import Order, Query, SearchResult

from index.embedded.columns import RowArray
from index.embedded.schema import BIT, ROW, ROWS_PER_BLOCK
from index.embedded.snapshot import Snapshot

_MANY = 8
"""From one record in so many on, the histogram is quicker."""

_MOST_BUCKETS = 60_000
"""Tantivy refuses an answer of more than 65,000 buckets."""


def hit_count(found: SearchResult) -> int:
    return int(found.count)     # type: ignore[attr-defined]  # the stubs forget it


def count_of(snapshot: Snapshot, match: Query) -> int:
    """How many records match. A constant score spares the scores that nobody looks at."""
    return hit_count(snapshot.searcher.search(Query.const_score_query(match, 1.0), limit=1))


def rows_of(snapshot: Snapshot, match: Query, count: int) -> RowArray:
    """All matching rows, ascending. `count` is how many there are."""
    if not count:
        return np.zeros(0, np.int64)
    reach = len(snapshot.columns.present)
    if count * _MANY > reach and reach < _MOST_BUCKETS * ROWS_PER_BLOCK:
        return _by_bitmap(snapshot, match)
    hits = snapshot.searcher.search(match, limit=count, count=False, order_by_field=ROW, order=Order.Asc).hits
    return np.fromiter(map(itemgetter(0), hits), np.int64, len(hits))


def few_rows_of(snapshot: Snapshot, match: Query, most: int) -> RowArray | None:
    """All matching rows, ascending, found and counted in one pass; None when there are more than `most`."""
    found = snapshot.searcher.search(match, limit=most + 1, order_by_field=ROW, order=Order.Asc)
    if hit_count(found) > most:
        return None
    hits = found.hits
    return np.fromiter(map(itemgetter(0), hits), np.int64, len(hits))


def _by_bitmap(snapshot: Snapshot, match: Query) -> RowArray:
    buckets = snapshot.searcher.aggregate(match, {"blocks": {
        "histogram": {"field": ROW, "interval": ROWS_PER_BLOCK, "min_doc_count": 1},
        "aggs": {"bits": {"sum": {"field": BIT}}},
    }})["blocks"]["buckets"]
    first = np.fromiter((bucket["key"] for bucket in buckets), np.int64, len(buckets))
    bits = np.fromiter((bucket["bits"]["value"] for bucket in buckets), np.int64, len(buckets))
    place = np.arange(ROWS_PER_BLOCK)
    found: RowArray = (first[:, None] + place)[(bits[:, None] >> place & 1).astype(np.bool_)]
    return found
