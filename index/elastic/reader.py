"""Questions to one index of the cluster: a page of hits, a count, all rows of a query, the stored texts of candidates.

All rows come as sums of bits, one bucket for each fifty rows (217,000 rows: 90 ms; as hits they would take
seconds), over a point in time, so that a commit in between changes nothing. Texts come as hits, page by page behind
the last row.
"""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager

import numpy as np
from pyroaring import BitMap

from index.answering.memo import Memo
from index.elastic.connection import Cluster
from index.elastic.generations import Generation
from index.elastic.schema import BIT, ROW, ROWS_PER_BLOCK, Body, texts_of

_BUCKETS = 50_000
_TEXTS = 2_000
_KEEP = "2m"


class Reader:
    """One index as it is asked; `memo` keeps what was found in its present commit."""

    def __init__(self, cluster: Cluster, generation: Generation, memo: Memo) -> None:
        self._cluster = cluster
        self.generation = generation
        self.memo = memo

    def search(self, body: Body, **given: object) -> Body:
        """The answer to a search of the index; one with missing shards is none. Raises NotFoundError, Unreachable."""
        where = {} if "pit" in body else {"index": self.generation.name, "allow_partial_search_results": False}
        found: Body = self._cluster.ask(lambda client: client.search(**where, **body, **given).body)    # type: ignore[arg-type]
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
        body: Body = {"query": constant(query), "size": 0, "track_total_hits": False,
                      "aggs": {"blocks": {"composite": blocks, "aggs": {"bits": {"sum": {"field": BIT}}}}}}
        with self.point_in_time() as point:
            while True:
                answer = self.search(body | {"pit": point})
                buckets = answer["aggregations"]["blocks"]["buckets"]
                yield _rows_of(buckets)
                if len(buckets) < _BUCKETS:
                    return
                blocks["after"] = answer["aggregations"]["blocks"]["after_key"]

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

    @contextmanager
    def point_in_time(self) -> Iterator[Body]:
        """The index as it is now, for searches with `pit`, whatever is committed meanwhile."""
        ident = self._cluster.ask(lambda client: client.open_point_in_time(
            index=self.generation.name, keep_alive=_KEEP, allow_partial_search_results=False).body["id"])
        point = {"id": ident, "keep_alive": _KEEP}
        try:
            yield point
        finally:
            self._cluster.ask(lambda client: client.close_point_in_time(id=ident).body, missing={})


def constant(query: Body) -> Body:
    """A query without scores."""
    return {"bool": {"filter": [query]}}


def _rows_of(buckets: list[Body]) -> BitMap:
    first = np.fromiter((bucket["key"]["block"] for bucket in buckets), np.int64, len(buckets))
    bits = np.fromiter((bucket["bits"]["value"] for bucket in buckets), np.int64, len(buckets))
    place = np.arange(ROWS_PER_BLOCK)
    return BitMap((first[:, None] + place)[(bits[:, None] >> place & 1).astype(np.bool_)].astype(np.uint32))
