"""What Tantivy cannot say exactly: truncation between units, one sentence, one value, wide distances.

Tantivy brings candidates, records whose field holds all the parts; their texts are then looked at. So counts stay
exact; only the time grows with the candidates (some 10 µs each), of which no more are read than a setting allows.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from operator import itemgetter

from pyroaring import BitMap
from tantivy import Occur, Query

from index.embedded.snapshot import Snapshot
from index.embedded.texts import PARTS
from index.query.finding import finder
from index.query.tree import Near, Pattern
from index.text.tokens import END


@dataclass(frozen=True, slots=True)
class Checked:
    """The rows that match, and how many candidates there were if not all of them could be read, else 0."""

    rows: BitMap
    beyond: int = 0


def checked(snapshot: Snapshot, node: Near | Pattern, rows: Sequence[int], most: int) -> Checked:
    """The rows of which one value of one field of the node matches; of more than `most` the newest are read."""
    beyond = len(rows) if len(rows) > most else 0
    stands, found = finder(node), BitMap()
    for part, fields in enumerate(PARTS):
        places = [fields.index(field) for field in node.fields if field in fields]
        if places:      # fields like values of one: nothing stands across their ends
            of = itemgetter(*places) if len(places) > 1 else itemgetter(slice(places[0], places[0] + 1))
            found.update([row for row, texts in snapshot.texts.read(rows[-most:], part) if stands(END.join(of(texts)))])
    return Checked(found, beyond)


def all_in(queries: Sequence[Query]) -> Query:
    return queries[0] if len(queries) == 1 else Query.boolean_query([(Occur.Must, query) for query in queries])
