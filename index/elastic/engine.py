"""The Elasticsearch engine: trees in, pages out (index.engine.Engine), over the index behind the node's alias."""

import threading
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from typing import Any, TypeVar

from elasticsearch import NotFoundError
from pyroaring import BitMap

from index.answering import cursor as cursors
from index.answering.likeness import COUNTED, candidates, clues
from index.answering.memo import Memo, key_of
from index.answering.ranking import ranking_words
from index.elastic import counting, generations
from index.elastic.compiler import Compiler
from index.elastic.connection import Cluster
from index.elastic.generations import Generation
from index.elastic.lease import Lease
from index.elastic.limits import most_clauses
from index.elastic.parts import Part
from index.elastic.reader import Reader, constant
from index.elastic.schema import MAPPING_VERSION, Body
from index.elastic.scoring import alike, order, scored
from index.elastic.writer import ElasticWriter
from index.engine import SORTS, Alike, Cube, Health, Hit, IndexDocument, Page
from index.identity import Identity, identity, short
from index.query.tree import Everything, Node
from store.errors import Unreachable
from store.settings import ElasticSettings, QueryLimits

_ATTEMPTS = 5
"""A reader whose index was switched away looks again."""

Found = TypeVar("Found")


def own_identity() -> Identity:
    """The identity of an index that this engine would make."""
    return identity(f"elasticsearch mapping {MAPPING_VERSION}")


class ElasticEngine:
    """Searches and writes the indexes of a prefix on a cluster. Safe for threads; asks nothing before it must."""

    def __init__(
        self, settings: ElasticSettings, most_candidates: int = QueryLimits().candidates,
        expected: Callable[[], bool] = lambda: False,
    ) -> None:
        """`expected`: whether there ought to be an index (index.open).

        Raises BadCall for settings of which no client can be made.
        """
        self._cluster = Cluster(settings)
        self._expected = expected
        self._most_candidates = most_candidates
        self._lock = threading.Lock()
        self._most_clauses: int | None = None
        self._held: tuple[tuple[str, int], Memo] | None = None

    def search(
        self,
        query: Node,
        *,
        size: int = 20,
        sort: str = "relevance",
        cursor: str | None = None,
        offset: int = 0,
        facets: Sequence[str] = (),
        words: Sequence[str] = (),
    ) -> Page:
        if sort not in SORTS:
            raise ValueError(f"no sort {sort!r}")
        asked = (size, sort, cursor, offset, tuple(facets), tuple(words))

        def page(reader: Reader) -> Page:
            return reader.memo.get(("page", key_of(query), *asked), lambda: self._page(reader, query, *asked), _weight)

        return self._asked(page, Page(0, (), dict.fromkeys(facets, ())))

    def _page(
        self, reader: Reader, query: Node, size: int, sort: str, cursor: str | None, offset: int,
        facets: tuple[str, ...], words: tuple[str, ...],
    ) -> Page:
        bound = cursors.digest(reader.generation.name, query, sort, words)
        after, seen = cursors.decode(cursor, bound) if cursor is not None else (None, 0)
        match, beyond = self._compiled(reader, query)
        runs = ranking_words(query, words) if sort == "relevance" else []
        body: Body = {
            "query": scored(match, runs) if runs else constant(match.query), "sort": order(sort, bool(runs)),
            "track_total_hits": True, "source": False, "preference": f"p{bound}",
        }
        if facets:
            body["aggs"] = counting.facet_aggregations(facets)
        if runs:
            body["search_type"] = "dfs_query_then_fetch"      # scores do not depend on the shard of a record
        skip = 0
        if after is not None:
            body["search_after"] = [-after[0], *after[1:]] if runs else [after[0], after[2]]
            skip = offset
        elif offset:
            body["from_"] = offset
        found = reader.search(body | {"size": skip + size + 1})
        places = [_place(hit["sort"], bool(runs)) for hit in found["hits"]["hits"]][skip:]
        following = None
        if len(places) > size > 0:
            places = places[:size]
            following = cursors.encode(bound, places[-1], seen + offset + len(places))
        counts = counting.counted(reader, match.query, found, facets) if facets else {}
        hits = tuple(Hit(row, -number if runs else None) for number, _, row in places)
        return Page(int(found["hits"]["total"]["value"]), hits, counts, following, beyond)

    def count(self, query: Node) -> int:
        def counted(reader: Reader) -> int:
            return reader.memo.get(
                ("count", key_of(query)), lambda: reader.count(self._compiled(reader, query)[0].query), lambda _: 1_000)

        return self._asked(counted, 0)

    def rows(self, query: Node) -> Iterator[int]:
        """The rows of all matching records, ascending, as they were when the first was asked for."""
        nothing: Iterator[BitMap] = iter(())
        parts = self._asked(lambda reader: reader.row_blocks(self._compiled(reader, query)[0].query), nothing)
        for part in parts:
            yield from part

    def cube(self, query: Node, dimensions: Sequence[str]) -> Cube:
        return self._asked(lambda reader: counting.cells(
            reader, self._compiled(reader, query)[0].query, dimensions), {})

    def similar(self, document: IndexDocument, *, without: Node, size: int = 10) -> Alike:
        return self._asked(lambda reader: self._similar(reader, document, without, size), Alike((), ()))

    def _similar(self, reader: Reader, document: IndexDocument, without: Node, size: int) -> Alike:
        used = candidates(document)
        records, holding = reader.counts(COUNTED, list(used)) if used else (0, [])
        found = clues(document, used, holding, records)
        if not found:
            return Alike((), ())
        parts = [(clue, self._compiled(reader, clue.node)[0]) for clue in found]
        answer = reader.search({
            "query": alike(parts, self._compiled(reader, without)[0]), "sort": order("relevance", ranked=True),
            "size": size, "track_total_hits": False, "source": False})
        hits = [_place(hit["sort"], ranked=True) for hit in answer["hits"]["hits"]]
        return Alike(tuple(Hit(row, -number) for number, _, row in hits), found)

    @contextmanager
    def write(self) -> Iterator[ElasticWriter]:
        """Raises Unreachable: `index_busy` while another process writes, `index_outdated` before a rebuild,
        `engine_setting` when a setting of the cluster does not let us work."""
        with Lease(self._cluster) as lease:
            self._limit()
            generation = generations.current(self._cluster)
            if generation is None:
                generation = generations.begin(self._cluster, own_identity())
                generations.switch(self._cluster, generation)
            _check(generation)
            with self._writing(generation, lease) as writer:
                yield writer

    @contextmanager
    def rebuild(self) -> Iterator[ElasticWriter]:
        with Lease(self._cluster) as lease:
            self._limit()
            generation = generations.begin(self._cluster, own_identity())
            try:
                with self._writing(generation, lease) as writer:
                    yield writer
                    writer.verify()
                lease.check()
            except BaseException:       # a Ctrl-C, too, must not leave half a generation
                generations.drop_unused(self._cluster)
                raise
            generations.switch(self._cluster, generation)

    @contextmanager
    def _writing(self, generation: Generation, lease: Lease) -> Iterator[ElasticWriter]:
        writer = ElasticWriter(self._cluster, generation, lease)
        try:
            yield writer
        finally:
            writer.close()

    def reached(self) -> int:
        generation = generations.current(self._cluster, wait=True)
        if generation is None:
            return 0
        _check(generation)
        return generation.note["seq"]

    def health(self) -> Health:
        """How the index is; says so too when the cluster does not answer."""
        found = ""
        try:
            self._limit()
            generation = generations.current(self._cluster)
            if generation is None:
                self._check_missing()
                return Health("elasticsearch", True, 0, short(own_identity()))
            found = short(generation.note["identity"])
            _check(generation)
            records = self.count(Everything())
        except Unreachable as error:
            return Health("elasticsearch", False, 0, found, str(error))
        return Health("elasticsearch", True, records, found, updated=generation.note["updated"])

    def close(self) -> None:
        self._cluster.close()

    def _asked(self, ask: Callable[[Reader], Found], without_index: Found) -> Found:
        """What is asked of the index in use; once more when it was switched away in between."""
        for attempt in range(_ATTEMPTS):
            generation = generations.current(self._cluster)
            if generation is None:
                self._check_missing()
                return without_index
            _check(generation)
            try:
                return ask(Reader(self._cluster, generation, self._memo(generation)))
            except NotFoundError as error:
                if attempt == _ATTEMPTS - 1:
                    raise Unreachable("index_failed", str(error)) from error
        raise AssertionError("no attempt was made")

    def _check_missing(self) -> None:
        """Raises Unreachable(`index_missing`) if there ought to be an index: it or its alias was deleted."""
        if self._expected():
            raise Unreachable("index_missing")

    def _memo(self, generation: Generation) -> Memo:
        """What was found in the present commit of an index; a later commit begins with nothing."""
        key = generation.name, generation.note["commits"]
        with self._lock:
            if self._held is None or self._held[0] != key:
                self._held = key, Memo()
            return self._held[1]

    def _compiled(self, reader: Reader, query: Node) -> tuple[Part, int]:
        """The query, and the candidates that a part had beyond what is read."""
        def compiled() -> tuple[Part, int]:
            compiler = Compiler(reader, self._limit(), self._most_candidates)
            return compiler.query(query), compiler.beyond

        return reader.memo.get(("compiled", key_of(query)), compiled, lambda found: 300 * found[0].clauses)

    def _limit(self) -> int:
        if self._most_clauses is None:
            self._most_clauses = most_clauses(self._cluster)
        return self._most_clauses


def _check(generation: Generation) -> None:
    """Raises Unreachable(`index_outdated`) for an index of another identity."""
    found, expected = generation.note["identity"], own_identity()
    if found != expected:
        raise Unreachable("index_outdated", found=short(found), expected=short(expected))


def _place(sort: list[Any], ranked: bool) -> cursors.Place:
    """The place of a hit as cursors hold it: number that sorts, ascending; order of the id; row."""
    return (-sort[0], sort[1], sort[2]) if ranked else (sort[0], 0, sort[1])


def _weight(page: Page) -> int:
    return 1_000 + 100 * len(page.hits) + 100 * sum(map(len, page.facets.values()))
