"""What Tantivy cannot say exactly: truncation between units, one sentence, one value, wide distances.

Tantivy brings candidates, records whose field holds all the parts; their stored units are then looked at. So
counts stay exact; only the time grows with the candidates (20 µs each), which are capped for one query.
"""

import re
from collections.abc import Iterable, Iterator, Sequence
from functools import partial

from pyroaring import BitMap
from tantivy import Occur, Order, Query

from index.embedded.schema import ROW, RUNS
from index.embedded.snapshot import Snapshot
from index.embedded.writer import runs_of_bytes
from index.query.places import Span, near_spans, spans_of
from index.query.tree import Gap, Near, Pattern, Term, Units, Word
from index.text.tokens import END, JOINT
from store.errors import BadQuery

MOST_CANDIDATES = 1_000_000
"""Records that one query may have looked at, over all its parts: about twenty seconds."""


class Recheck:
    """Finds the rows that really match among candidates; counts the candidates of one query.

    Raises BadQuery(`query_too_costly`) when they are too many.
    """

    def __init__(self, snapshot: Snapshot) -> None:
        self._snapshot = snapshot
        self._left = MOST_CANDIDATES

    def rows(self, node: Near | Pattern, candidates: Query) -> BitMap:
        """The candidates of which one value of one field of the node matches."""
        searcher = self._snapshot.searcher
        hits = searcher.search(candidates, limit=self._left + 1, count=False, order_by_field=ROW, order=Order.Asc).hits
        self._left -= len(hits)
        if self._left < 0:
            raise BadQuery("query_too_costly", most=MOST_CANDIDATES)
        found = BitMap()
        for row, address in hits:
            runs = runs_of_bytes(searcher.doc(address)[RUNS][0])
            if any(_stands(node, value) for field in node.fields if field in runs for value in runs[field].split(END)):
                found.add(row)
        return found


def _stands(node: Near | Pattern, joined: str) -> bool:
    """Whether a value, its units joined, holds the chain or the truncated term."""
    marked = f"{JOINT}{joined}{JOINT}"
    terms = [term for operand in node.operands for term in operand] if isinstance(node, Near) else [node]
    held = {term for term in terms if _may_stand(term, marked)}
    if isinstance(node, Pattern):
        return bool(held) and any(True for _ in spans_of(node, joined.split(JOINT)))
    if not all(held.intersection(operand) for operand in node.operands):
        return False
    return bool(near_spans(node, joined.split(JOINT), partial(_spans, held, marked)))


def _may_stand(term: Term, marked: str) -> bool:
    return all(f"{JOINT}{JOINT.join(run)}{JOINT}" in marked for run in plain_runs(term))


def _spans(held: set[Term], marked: str, term: Term, value: Sequence[str]) -> Iterable[Span]:
    """Where a term stands; plain ones are found in the joined text, which is quicker than unit by unit."""
    if term not in held:
        return ()
    return spans_of(term, value) if isinstance(term, Pattern) else _plain_spans(term, marked)


def _plain_spans(term: Units, marked: str) -> Iterator[Span]:
    wanted = f"{JOINT}{JOINT.join(term.units)}{JOINT}"
    at = marked.find(wanted)
    while at >= 0:
        first = marked.count(JOINT, 0, at)
        yield first, first + len(term.units)
        at = marked.find(wanted, at + 1)


def plain_runs(term: Term) -> list[tuple[str, ...]]:
    """The runs of whole units that a term surely holds."""
    if isinstance(term, Units):
        return [term.units]
    runs: list[list[str]] = [[]]
    for part in term.parts:
        if isinstance(part, str):
            runs[-1].append(part)
        else:
            runs.append([])
    return [tuple(run) for run in runs if run]


def word_pattern(word: Word) -> str:
    """A regular expression of the tokens that begin with such a word, for Tantivy."""
    return "".join(_piece(piece) for piece in word.pieces) + f"{JOINT}.*"


def _piece(piece: str | Gap) -> str:
    if isinstance(piece, str):
        return re.escape(piece)
    most = "" if piece.most is None else piece.most
    return f"[^{JOINT}]{{{piece.least},{most}}}"


def all_in(queries: Sequence[Query]) -> Query:
    return queries[0] if len(queries) == 1 else Query.boolean_query([(Occur.Must, query) for query in queries])
