"""One page of hits in a total order: by relevance or by a sort field, ties by id, then row.

Tantivy breaks ties by where documents lie, which changes with every merge. So a page takes hits until the last
number that sorts is settled, orders ties itself, and continues behind the place of the last hit.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TypeAlias

from tantivy import DocAddress, FieldType, Occur, Order, Query

from index.answering.cursor import Place
from index.embedded.rows import hit_count
from index.embedded.schema import ROW
from index.embedded.snapshot import Snapshot

_SPARE = 16
"""Hits fetched beyond the page, so that a few ties at its end need no second search."""

Fetch: TypeAlias = Callable[[int], tuple[list[Place], int]]
"""The places of the first n hits (fewer when there are no more), ascending, and how many hits there are."""


@dataclass(frozen=True, slots=True)
class Slice:
    """`count` is how many hits the fetch knows of."""

    places: Sequence[Place]
    more: bool
    count: int


def by_field(snapshot: Snapshot, match: Query, field: str, after: Place | None) -> Fetch:
    """Hits in the order of a sort field, from the number of `after` on."""
    if after is not None:
        start = Query.range_query(snapshot.fields, field, FieldType.Integer, int(after[0]), None)
        match = Query.boolean_query([(Occur.Must, match), (Occur.Must, start)])

    def fetch(limit: int) -> tuple[list[Place], int]:
        found = snapshot.searcher.search(match, limit=limit, order_by_field=field, order=Order.Asc)
        hits = found.hits
        rows = _integers(snapshot, ROW, [address for _, address in hits])
        return sorted((number, 0, row) for (number, _), row in zip(hits, rows, strict=True)), hit_count(found)

    return fetch


def by_score(snapshot: Snapshot, scored: Query) -> Fetch:
    """Hits by descending score."""

    def fetch(limit: int) -> tuple[list[Place], int]:
        found = snapshot.searcher.search(scored, limit=limit)
        hits = found.hits
        addresses = [address for _, address in hits]
        rows = _integers(snapshot, ROW, addresses)
        orders = _integers(snapshot, "by_id", addresses)
        places = sorted((-score, order, row) for (score, _), order, row in zip(hits, orders, rows, strict=True))
        return places, hit_count(found)

    return fetch


def _integers(snapshot: Snapshot, field: str, addresses: list[DocAddress]) -> list[int]:
    values: list[int] = snapshot.searcher.fast_field_values(field, addresses)   # type: ignore[assignment]
    return values


def take(fetch: Fetch, size: int, skip: int, after: Place | None, seen: int = 0) -> Slice:
    """The `size` hits after the place and `skip` further ones; `seen` hits of the fetch lie before the place."""
    wanted = skip + size
    limit = seen + wanted + _SPARE
    while True:
        found, count = fetch(limit)
        complete = limit >= count
        settled = found if complete else [place for place in found if place[0] != found[-1][0]]
        if after is not None:
            settled = [place for place in settled if place > after]
        if complete or len(settled) > wanted:
            return Slice(settled[skip:wanted], len(settled) > wanted, count)
        limit = min(limit * 4, count)
