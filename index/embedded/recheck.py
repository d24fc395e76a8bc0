"""What Tantivy cannot say exactly: truncation between units, one sentence, one value, wide distances.

Tantivy brings candidates, records whose field holds all the parts; their texts are then looked at. So counts stay
exact; only the time grows with the candidates (some 10 µs each), of which no more are read than a setting allows.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass

from pyroaring import BitMap
from tantivy import Occur, Query

from index.embedded.rows import count_of, rows_of
from index.embedded.snapshot import Snapshot
from index.embedded.texts import PARTS
from index.query.finding import finder
from index.query.tree import Gap, Near, Pattern, Term, Units, Word
from index.text.tokens import JOINT


@dataclass(frozen=True, slots=True)
class Checked:
    """The rows that match, and how many candidates there were if not all of them could be read, else 0."""

    rows: BitMap
    beyond: int = 0


def checked(snapshot: Snapshot, node: Near | Pattern, candidates: Query, most: int) -> Checked:
    """The candidates of which one value of one field of the node matches; of more than `most` the newest are read."""
    count = count_of(snapshot, candidates)
    rows: Sequence[int] = rows_of(snapshot, candidates, count).tolist()[-most:]
    stands, found = finder(node), BitMap()
    for part, fields in enumerate(PARTS):
        places = [fields.index(field) for field in node.fields if field in fields]
        if len(places) == 1:
            place = places[0]
            found.update(row for row, texts in snapshot.texts.read(rows, part) if stands(texts[place]))
        elif places:
            found.update(row for row, texts in snapshot.texts.read(rows, part)
                         if any(stands(texts[place]) for place in places))
    return Checked(found, count if count > most else 0)


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
