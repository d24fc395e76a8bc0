"""Questions to one index of the cluster: a page of hits, a count, all rows of a query, the stored texts of candidates.

All rows come as sums of bits, one bucket for each fifty rows (217,000 rows: 90 ms; as hits they would take
seconds), over a point in time, so that a commit in between changes nothing. Texts come as hits, page by page behind
the last row.
"""

import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress

import numpy as np
from elasticsearch import ApiError, NotFoundError
from pyroaring import BitMap

from index.answering.memo import Memo
from index.elastic import generations
from index.elastic.connection import Cluster, reason
from index.elastic.generations import Generation
from index.elastic.schema import BIT, ROW, ROWS_PER_BLOCK, Body, texts_of
from store.errors import Unreachable

_BUCKETS = 50_000
_TEXTS = 2_000
_KEEP = "2m"
_POINTS = 5
"""A scan opens so many points in time at most."""

_POINT_LOST = frozenset({404, 500, 502, 503, 504})
"""What a cluster says when a node that held a point in time has died: depending on the moment."""


class Reader:
    """One index as it is asked; `memo` keeps what was found in its present commit."""

    def __init__(self, cluster: Cluster, generation: Generation, memo: Memo) -> None:
        self._cluster = cluster
        self.generation = generation
        self.memo = memo

    def search(self, body: Body, **given: object) -> Body:
        """The answer to a search of the index; one with missing shards is none. Raises NotFoundError, Unreachable."""
        found: Body = self._cluster.ask(lambda client: client.search(
            index=self.generation.name, allow_partial_search_results=False, **body, **given).body)  # type: ignore[arg-type]
        return found

    def count(self, query: Body) -> int:
        found = self.search({"query": constant(query), "size": 0, "track_total_hits": True})
        return int(found["hits"]["total"]["value"])

    def counts(self, field: str, tokens: Sequence[str]) -> tuple[int, list[int]]:
        """How many records there are, and how many of them hold each token in a field."""
        filters = {"filters": [{"term": {field: token}} for token in tokens]}
        found = self.search({"size": 0, "track_total_hits": True, "aggs": {"held": {"filters": filters}}})
        return (int(found["hits"]["total"]["value"]),
                [bucket["doc_count"] for bucket in found["aggregations"]["held"]["buckets"]])

    def rows(self, query: Body) -> BitMap:
        """The rows of all matching records."""
        found = BitMap()
        for part in self.row_blocks(query):
            found |= part
        return found

    def row_blocks(self, query: Body) -> Iterator[BitMap]:
        """The rows of all matching records, ascending, some millions at a time."""
        histogram = {"field": ROW, "interval": ROWS_PER_BLOCK}
        blocks: Body = {"size": _BUCKETS, "sources": [{"block": {"histogram": histogram}}]}
        for buckets in self.buckets(query, blocks, {"bits": {"sum": {"field": BIT}}}):
            yield _rows_of(buckets)

    def buckets(self, query: Body, composite: Body, inner: Body | None = None) -> Iterator[list[Body]]:
        """All buckets of a composite aggregation over the matching records, page by page, as of one commit.

        A node that dies takes its point in time away: the scan goes on from where it was over another one, if there
        was no commit since. Raises NotFoundError when the index was switched away, Unreachable.
        """
        aggregation = {"composite": composite} | ({"aggs": inner} if inner else {})
        body: Body = {"query": constant(query), "size": 0, "track_total_hits": False, "aggs": {"found": aggregation}}
        for point in range(1, _POINTS + 1):
            try:
                with self._point_in_time() as pit:
                    while True:
                        answer = self._search_at(pit, body)["aggregations"]["found"]
                        yield answer["buckets"]
                        if len(answer["buckets"]) < composite["size"]:
                            return
                        composite["after"] = answer["after_key"]
            except ApiError as error:
                now = generations.current(self._cluster)
                if isinstance(error, NotFoundError) and (now is None or now.name != self.generation.name):
                    raise
                if point == _POINTS or ("after" in composite and now != self.generation):
                    raise Unreachable("index_failed", reason(error)) from error
                time.sleep(0.2 * point)

    def texts(self, query: Body, stored: str, most: int) -> tuple[int, Iterator[tuple[int, list[str]]]]:
        """How many records match, and (row, the joined texts of a stored part) of the newest `most` that have one."""
        body: Body = {"query": constant(query), "sort": [{ROW: "desc"}], "source": [stored]}
        first = self.search(body | {"size": min(_TEXTS, most), "track_total_hits": True})
        return int(first["hits"]["total"]["value"]), self._texts(body, first, stored, most)

    def _texts(self, body: Body, first: Body, stored: str, most: int) -> Iterator[tuple[int, list[str]]]:
        answer, left = first, most
        while True:
            hits = answer["hits"]["hits"]
            for hit in hits:
                if text := hit["_source"].get(stored):
                    yield hit["sort"][0], texts_of(text)
            left -= len(hits)
            if len(hits) < _TEXTS or left <= 0:
                return
            answer = self.search(body | {
                "size": min(_TEXTS, left), "track_total_hits": False, "search_after": hits[-1]["sort"]})

    def _search_at(self, pit: str, body: Body) -> Body:
        """The answer to a search over a point in time. Raises ApiError of a status in _POINT_LOST, Unreachable."""
        found: Body = self._cluster.ask(lambda client: client.search(
            pit={"id": pit, "keep_alive": _KEEP}, allow_partial_search_results=False, **body).body, fine=_POINT_LOST)
        return found

    @contextmanager
    def _point_in_time(self) -> Iterator[str]:
        """The id of the index as it is now, whatever is committed meanwhile."""
        ident = self._cluster.ask(lambda client: client.open_point_in_time(
            index=self.generation.name, keep_alive=_KEEP, allow_partial_search_results=False).body["id"])
        try:
            yield ident
        finally:
            with suppress(Unreachable):     # what cannot be closed ends by itself after _KEEP
                self._cluster.ask(lambda client: client.close_point_in_time(id=ident).body, missing={})


def constant(query: Body) -> Body:
    """A query without scores."""
    return {"bool": {"filter": [query]}}


def _rows_of(buckets: list[Body]) -> BitMap:
    first = np.fromiter((bucket["key"]["block"] for bucket in buckets), np.int64, len(buckets))
    bits = np.fromiter((bucket["bits"]["value"] for bucket in buckets), np.int64, len(buckets))
    place = np.arange(ROWS_PER_BLOCK)
    return BitMap((first[:, None] + place)[(bits[:, None] >> place & 1).astype(np.bool_)].astype(np.uint32))
