"""The engine protocol: trees and plain specifications in, plain objects out; no engine's own JSON leaves this room.

Two implementations (Tantivy embedded, Elasticsearch) pass the same tests. Rows are the store's integers.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass, field
from typing import Any, Literal, Protocol, TypeAlias

from index.query.tree import Node

IndexDocument = dict[str, Any]
"""What index.documents makes of a record: engine-neutral, {field name: tokens, integers or keywords}."""

SORTS = ("relevance", "-application_date", "application_date", "-publication_date", "publication_date", "id")


@dataclass(frozen=True, slots=True)
class FacetValue:
    value: str
    count: int


@dataclass(frozen=True, slots=True)
class Hit:
    row: int
    score: float | None


@dataclass(frozen=True, slots=True)
class Page:
    """One page of an answer: exact `total`, hits in order, complete facets (largest first, equal ones by value), cursor
    of the next page. A facet can hold tens of thousands of values: slice it before looking at all of them.

    `beyond`: a condition on positions had so many candidates, more than could be read; the answer may lack some.
    """

    total: int
    hits: tuple[Hit, ...]
    facets: dict[str, Sequence[FacetValue]] = field(default_factory=dict)
    next: str | None = None
    beyond: int = 0


@dataclass(frozen=True, slots=True)
class Clue:
    """One reason for a record to be like another: it matches `node`, which weighs `weight`; `value` is what is shared,
    a word, a class (symbol, main group or subclass) or a label (`33618/nev`)."""

    kind: Literal["word", "ipc", "locarno", "industry"]
    value: str
    node: Node
    weight: int


@dataclass(frozen=True, slots=True)
class Alike:
    """Hits, scored by the sum of the weights of the clues that each matches, and the clues, weightiest first."""

    hits: tuple[Hit, ...]
    clues: tuple[Clue, ...]


@dataclass(frozen=True, slots=True)
class Health:
    """`updated`: when the index was committed last, ISO time, UTC, seconds; None before the first time."""

    engine: str
    ok: bool
    records: int
    identity: str
    detail: str = ""
    updated: str | None = None


Cube: TypeAlias = dict[tuple[str | None, ...], int]
"""How many records carry each combination of facet values, one value for each dimension; None for no value at all."""


class Writer(Protocol):
    """Upserts and deletes under the engine's lock; `commit` makes them visible and notes the outbox position.

    `records` is how many the last commit holds; `refused` are rows whose document the engine does not take, with the
    reason. What is not committed when the block ends is dropped, or (on a cluster) stays out of sight until a later
    commit: it is what the store says of these rows, and their outbox entries still stand.
    """

    @property
    def records(self) -> int: ...
    @property
    def refused(self) -> Mapping[int, str]: ...
    def upsert(self, row: int, document: IndexDocument) -> None: ...
    def delete(self, rows: Iterable[int]) -> None: ...
    def commit(self, seq: int) -> None: ...


class Engine(Protocol):
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
        """A page of hits. `words` are the ranking words of a simple query; they never change which records match.

        Raises BadQuery(`cursor_invalid`) for a cursor of another query or index, Unreachable when the engine is.
        """

    def count(self, query: Node) -> int: ...
    def rows(self, query: Node) -> Iterator[int]:
        """The rows of all matching records, ascending, streamed, of one state of the index."""

    def cube(self, query: Node, dimensions: Sequence[str]) -> Cube:
        """Counts of every combination of values of facets, complete; a record with several values counts in each."""

    def similar(self, document: IndexDocument, *, without: Node, size: int = 10) -> Alike:
        """The records most like the one of a document (index.answering.likeness); none that match `without`."""

    def write(self) -> AbstractContextManager[Writer]: ...
    def rebuild(self) -> AbstractContextManager[Writer]:
        """A writer to a new index beside the one in use; leaving the block without an error switches to it."""

    def reached(self) -> int:
        """The outbox entry that the last commit reaches; 0 without an index."""

    def health(self) -> Health: ...
    def close(self) -> None: ...
