"""Single units and truncated words as Tantivy queries: they are beginnings of bigrams `unit·next unit`.

A Chinese character begins thousands of bigrams, which an automaton walks in 0.2–6 ms; a word begins a few, which the
dictionary lists in 0.1 ms. Automata are kept small: Tantivy refuses one of more than 1,000 states.
"""

import re
from collections.abc import Sequence

from tantivy import Query

from index.answering.runs import counted
from index.embedded.snapshot import Snapshot
from index.query.places import spelled
from index.query.tree import Gap, Word
from index.text.tokens import JOINT

_OPEN = (Gap(0, None),)
_PER_AUTOMATON = 64
_BYTES_OF_AN_AUTOMATON = 50_000
# What an automaton can surely hold of a word: characters, characters left open, and of these those to be counted.
_WRITTEN, _LEFT_OPEN, _COUNTED = 40, 16, 2


class Words:
    """Looks words up in the dictionary of one searcher."""

    def __init__(self, snapshot: Snapshot) -> None:
        self._schema = snapshot.fields
        self._searcher = snapshot.searcher
        self._memo = snapshot.memo
        self._known: dict[tuple[str, str | Word], list[str]] = {}

    def any_of(self, field: str, wanted: Sequence[str | Word]) -> list[Query]:
        """Queries of which one must match: the field holds a token with one of the beginnings, or one of the words."""
        tokens: list[str] = []
        characters: list[str] = []
        found: list[Query] = []
        for one in dict.fromkeys(wanted):
            if isinstance(one, str) and len(one) == 2 and one[1] == JOINT:
                characters.append(one[0])
            elif isinstance(one, str) or isinstance(one.pieces[0], str):
                tokens += self._tokens(field, one)
            else:
                found.append(self._automaton(field, written(one)))
        if tokens:
            found.append(Query.term_set_query(self._schema, field, tokens))
        return [*found, *self.begun(field, characters, JOINT)]

    def begun(self, field: str, beginnings: Sequence[str], end: str = "") -> list[Query]:
        """Queries of which one must match: the field holds a token that begins with one of these, each with the end."""
        choices = (beginnings[at:at + _PER_AUTOMATON] for at in range(0, len(beginnings), _PER_AUTOMATON))
        return [self._automaton(field, f"({'|'.join(map(re.escape, choice))}){end}.*") for choice in choices]

    def _automaton(self, field: str, pattern: str) -> Query:
        """Kept with the snapshot: one takes 0.2 ms to make, and nodes ask for the same characters again and again."""
        return self._memo.get(("automaton", field, pattern),
                              lambda: Query.regex_query(self._schema, field, pattern), lambda _: _BYTES_OF_AN_AUTOMATON)

    def _tokens(self, field: str, wanted: str | Word) -> list[str]:
        found = self._known.get((field, wanted))
        if found is None:
            begin = wanted if isinstance(wanted, str) else str(wanted.pieces[0])
            found = [token for token, _ in self._searcher.terms_with_prefix(field, begin)]
            if isinstance(wanted, Word):
                found = [token for token in found if spelled(wanted.pieces, token.partition(JOINT)[0])]
            self._known[field, wanted] = found
        return found


def beginning(word: Word) -> str | None:
    """What the tokens of a word begin with, if that is all that is asked of them."""
    first = word.pieces[0]
    return first if isinstance(first, str) and word.pieces[1:] == _OPEN else None


def is_exact(word: Word) -> bool:
    """Whether `Words` brings just the records that hold such a word, not more.

    A character left open costs an automaton a dozen states.
    """
    if isinstance(word.pieces[0], str):
        return True
    characters = sum(len(piece) for piece in word.pieces if isinstance(piece, str))
    left_open = sum(piece.most or piece.least for piece in word.pieces if isinstance(piece, Gap))
    return characters <= _WRITTEN and left_open <= _LEFT_OPEN and counted(word) <= _COUNTED


def written(word: Word) -> str:
    """A regular expression of the tokens that begin with a word; else of those that hold its longest piece."""
    if is_exact(word):
        return "".join(map(_piece, word.pieces)) + f"{JOINT}.*"
    longest = max((piece for piece in word.pieces if isinstance(piece, str)), key=len)
    return f"[^{JOINT}]*{re.escape(longest[:_WRITTEN])}[^{JOINT}]*{JOINT}.*"


def _piece(piece: str | Gap) -> str:
    if isinstance(piece, str):
        return re.escape(piece)
    most = "" if piece.most is None else piece.most
    return f"[^{JOINT}]{{{piece.least},{most}}}"
