"""The embedded engine: trees in, pages out (index.engine.Engine), over one folder."""

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import NamedTuple

import numpy as np
import tantivy
from filelock import FileLock, Timeout
from tantivy import Query

from index.answering import cursor as cursors
from index.answering.likeness import COUNTED, candidates, clues
from index.answering.memo import key_of
from index.answering.ranking import ranking_words
from index.documents import SORT_FIELD_OF
from index.embedded import generations, paging
from index.embedded.boundary import tantivy_errors
from index.embedded.columns import RowArray
from index.embedded.compiler import Compiler
from index.embedded.cubes import cube
from index.embedded.generations import Generation
from index.embedded.rows import count_of, hit_count, rows_of
from index.embedded.rowsets import RowSets
from index.embedded.schema import KEY, RECORD
from index.embedded.scoring import alike, scored
from index.embedded.snapshot import Snapshot, Snapshots
from index.embedded.writer import EmbeddedWriter, writing
from index.engine import SORTS, Alike, Cube, FacetValue, Health, Hit, IndexDocument, Page
from index.identity import identity, short
from index.query.build import leaves
from index.query.tree import Node, Not, Rows
from store.errors import Unreachable
from store.settings import QueryLimits

_LOCK_SECONDS = 30
"""How long a writer waits for another one before it says that the index is busy."""


_LONG = 40
"""Leaves from which on a query costs more than its rows do."""

_MOST_ROWS = 50_000
_BYTES_OF_A_LEAF = 2_000


class Prepared(NamedTuple):
    """Tantivy's query, the candidates a part had beyond what is read (see Page), and the rows if they are known."""

    match: Query
    beyond: int
    rows: RowArray | None


class Asked(NamedTuple):
    """One search, see Engine.search."""

    query: Node
    size: int
    sort: str
    cursor: str | None
    offset: int
    facets: tuple[str, ...]
    words: tuple[str, ...]


class EmbeddedEngine:
    """Searches and writes the index in a folder, which may not exist yet. Safe for threads."""

    def __init__(
        self, folder: Path, most_candidates: int = QueryLimits().candidates,
        expected: Callable[[], bool] = lambda: False,
    ) -> None:
        """`expected`: whether there ought to be an index (index.open)."""
        self._folder = folder
        self._expected = expected
        self._most_candidates = most_candidates
        self._snapshots = Snapshots(folder, expected)

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
        snapshot = self._snapshots.newest()
        asked = Asked(query, size, sort, cursor, offset, tuple(facets), tuple(words))
        with tantivy_errors():
            return snapshot.memo.get(("page", key_of(query), *asked[1:]), lambda: self._page(snapshot, asked), _weight)

    def _page(self, snapshot: Snapshot, asked: Asked) -> Page:
        query, sort, words = asked.query, asked.sort, asked.words
        compiler = Compiler(snapshot, self._most_candidates)
        match, beyond, rows = self._prepared(snapshot, query)
        runs = ranking_words(query, words) if sort == "relevance" else []
        after, seen, bound = None, 0, ""
        if asked.cursor is not None:
            bound = cursors.digest(snapshot.generation, query, sort, words)
            after, seen = cursors.decode(asked.cursor, bound)
        if runs:
            fetch = paging.by_score(snapshot, scored(compiler, match, runs))
        else:
            fetch = paging.by_field(snapshot, match, SORT_FIELD_OF.get(sort, "by_id"), after)
        page = paging.take(fetch, asked.size, asked.offset, after, seen if runs else 0)
        total = page.count if runs or after is None else count_of(snapshot, match)
        if asked.facets and rows is None and 2 * total <= snapshot.columns.records:
            rows = rows_of(snapshot, match, total)
        counted = _facets(snapshot, compiler, query, rows, total, asked.facets)
        following = None
        if page.more and page.places:
            bound = bound or cursors.digest(snapshot.generation, query, sort, words)
            following = cursors.encode(bound, page.places[-1], seen + asked.offset + len(page.places))
        hits = tuple(Hit(place[2], -place[0] if runs else None) for place in page.places)
        return Page(total, hits, counted, following, beyond)

    def count(self, query: Node) -> int:
        snapshot = self._snapshots.newest()

        def counted() -> int:
            match, _, rows = self._prepared(snapshot, query)
            return count_of(snapshot, match) if rows is None else len(rows)

        with tantivy_errors():
            return snapshot.memo.get(("count", key_of(query)), counted, lambda _: 1_000)

    def rows(self, query: Node) -> Iterator[int]:
        """The rows of all matching records, ascending."""
        snapshot = self._snapshots.newest()
        with tantivy_errors():
            match, _, rows = self._prepared(snapshot, query)
            if rows is None:
                rows = rows_of(snapshot, match, count_of(snapshot, match))
        yield from rows.tolist()

    def _prepared(self, snapshot: Snapshot, query: Node) -> Prepared:
        """A long query is answered once, by its rows, on which ranking, facets and pages then work."""
        def prepared() -> Prepared:
            compiler = Compiler(snapshot, self._most_candidates)
            if len(leaves(query)) < _LONG:
                return Prepared(compiler.query(query), compiler.beyond, None)
            sets = RowSets(snapshot, compiler, self._most_candidates)
            found = sets.rows(query)
            match = compiler.query(Rows(found) if len(found) <= _MOST_ROWS or sets.beyond else query)
            return Prepared(match, sets.beyond, np.array(found.to_array(), np.int64))

        def weigh(found: Prepared) -> int:
            return 100 * len(found.rows) if found.rows is not None else _BYTES_OF_A_LEAF * len(leaves(query))

        return snapshot.memo.get(("prepared", key_of(query)), prepared, weigh)

    def cube(self, query: Node, dimensions: Sequence[str]) -> Cube:
        snapshot = self._snapshots.newest()
        with tantivy_errors():
            match, _, rows = self._prepared(snapshot, query)
            if rows is None:
                rows = rows_of(snapshot, match, count_of(snapshot, match))
            return cube([snapshot.columns.column(facet) for facet in dimensions], rows)

    def similar(self, document: IndexDocument, *, without: Node, size: int = 10) -> Alike:
        snapshot = self._snapshots.newest()
        used = candidates(document)
        with tantivy_errors():
            holding = [snapshot.searcher.doc_freq(COUNTED, word) for word in used]
            found = clues(document, used, holding, snapshot.columns.records)
            query = alike(Compiler(snapshot, self._most_candidates), found, without)
            page = paging.take(paging.by_score(snapshot, query), size, 0, None)
        return Alike(tuple(Hit(place[2], -place[0]) for place in page.places), found)

    @contextmanager
    def write(self) -> Iterator[EmbeddedWriter]:
        """Raises Unreachable: `index_busy` while another process writes, `index_outdated` before a rebuild."""
        with self._locked():
            generation = generations.current(self._folder)
            if generation is None:
                with tantivy_errors():
                    generation = generations.begin(self._folder, identity())
                    with writing(generation) as writer:
                        writer.commit(0)
                    generations.switch(self._folder, generation)
            if (found := generation.identity()) != identity():
                raise Unreachable("index_outdated", found=short(found), expected=short(identity()))
            with writing(generation) as writer:
                yield writer

    @contextmanager
    def rebuild(self) -> Iterator[EmbeddedWriter]:
        with self._locked():
            with tantivy_errors():
                generation = generations.begin(self._folder, identity())
            try:
                with writing(generation) as writer:
                    yield writer
                    expected = writer.records
                _verify(generation, expected)
            except BaseException:       # a Ctrl-C, too, must not leave half a generation
                generations.drop_unused(self._folder)
                raise
            with tantivy_errors():
                generations.switch(self._folder, generation)

    def reached(self) -> int:
        return self._snapshots.newest().seq

    def health(self) -> Health:
        try:
            snapshot = self._snapshots.newest()
        except Unreachable as error:
            generation = generations.current(self._folder)
            found = short(generation.identity()) if generation and error.code == "index_outdated" else ""
            return Health("embedded", False, 0, found, str(error))
        return Health("embedded", True, snapshot.columns.records, short(identity()), updated=snapshot.committed)

    def close(self) -> None:
        self._snapshots = Snapshots(self._folder, self._expected)

    @contextmanager
    def _locked(self) -> Iterator[None]:
        lock = FileLock(self._folder / "lock", timeout=_LOCK_SECONDS)
        with tantivy_errors():
            self._folder.mkdir(parents=True, exist_ok=True)
            try:
                lock.acquire()
            except Timeout as error:
                raise Unreachable("index_busy", str(error)) from error
        try:
            yield
        finally:
            lock.release()


def _verify(generation: Generation, expected: int) -> None:
    """Raises Unreachable(`index_incomplete`) when Tantivy does not hold as many records as the columns."""
    with tantivy_errors():
        index = tantivy.Index.open(str(generation.tantivy))
        match = tantivy.Query.term_query(index.schema, KEY, RECORD)
        found = hit_count(index.searcher().search(match, limit=1))
    if found != expected:
        raise Unreachable("index_incomplete", found=found, expected=expected)


def _weight(page: Page) -> int:
    return 1_000 + 100 * len(page.hits) + 16 * sum(map(len, page.facets.values()))


def _facets(
    snapshot: Snapshot, compiler: Compiler, query: Node, rows: RowArray | None, total: int, facets: Sequence[str]
) -> dict[str, Sequence[FacetValue]]:
    """Exact counts. Rows cost more than counting, so of more than half of all records the others are fetched."""
    if not facets:
        return {}
    columns = [snapshot.columns.column(facet) for facet in facets]
    if rows is None:
        others = rows_of(snapshot, compiler.query(Not(query)), snapshot.columns.records - total)
        counts = [column.totals - column.counts(others) for column in columns]
    else:
        counts = [column.counts(rows) for column in columns]
    return {facet: column.counted(found) for facet, column, found in zip(facets, columns, counts, strict=True)}
