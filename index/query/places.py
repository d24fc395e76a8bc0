"""Where terms and chains of proximity stand in the units of one value: the meaning of `+ ? # nW nD S P`.

Plain and exact, for the reference evaluator and for marks; engines are tested against it.
A span is (first unit, one past the last unit).
"""

from collections.abc import Iterable, Iterator, Sequence
from functools import lru_cache

from index.query.tree import Gap, Link, Near, Term, Units, Word
from index.text.units import SENTENCE_ENDS, is_word

Span = tuple[int, int]


def spans_of(term: Term, value: list[str]) -> Iterator[Span]:
    """The spans where a term stands in a value, each once; a `whole` term stands only in all of it."""
    parts = term.units if isinstance(term, Units) else term.parts
    first = parts[0] if isinstance(parts[0], str) else None
    for start in range(1) if term.whole else range(len(value)):
        if first is not None and value[start:start + 1] != [first]:
            continue
        for end in sorted(set(_ends(parts, value, start, term.whole))):
            if not term.whole or end == len(value):
                yield start, end


def near_spans(near: Near, value: list[str]) -> set[Span]:
    """The spans of a chain: from the first to the last unit of all its operands."""
    sentences = _sentences(value) if any(link.how == "S" for link in near.links) else ()
    spans = _any(near.operands[0], value)
    for link, terms in zip(near.links, near.operands[1:], strict=True):
        joined = _any(terms, value)
        spans = {(min(one[0], other[0]), max(one[1], other[1]))
                 for one in spans for other in joined if _linked(link, one, other, sentences)}
    return spans


def spelled(pieces: Sequence[str | Gap], word: str) -> bool:
    """Whether a word of letters and digits is one whose pieces are given."""
    if not pieces:
        return not word
    first, rest = pieces[0], pieces[1:]
    if isinstance(first, str):
        return word.startswith(first) and spelled(rest, word[len(first):])
    most = len(word) if first.most is None else min(first.most, len(word))
    return any(spelled(rest, word[count:]) for count in range(first.least, most + 1))


def _any(terms: Iterable[Term], value: list[str]) -> set[Span]:
    return {span for term in terms for span in spans_of(term, value)}


def _linked(link: Link, one: Span, other: Span, sentences: Sequence[int]) -> bool:
    behind, before = other[0] - one[1], one[0] - other[1]
    match link.how:
        case "W":
            return 0 <= behind <= link.most
        case "D":
            return 0 <= behind <= link.most or 0 <= before <= link.most
        case "S":
            return len({sentences[place] for place in (one[0], one[1] - 1, other[0], other[1] - 1)}) == 1
    return True


def _sentences(value: Sequence[str]) -> list[int]:
    """For each unit, the number of its sentence; the sign that ends a sentence belongs to it."""
    numbers, number = [], 0
    for unit in value:
        numbers.append(number)
        number += unit in SENTENCE_ENDS
    return numbers


def _ends(parts: Sequence[str | Gap | Word], value: Sequence[str], at: int, whole: bool) -> Iterator[int]:
    """One past the last unit for every way in which the parts stand in a value from a place on."""
    if not parts:
        yield at
        return
    first, rest = parts[0], parts[1:]
    if isinstance(first, Gap):
        for end in _gap_ends(first, value, at, whole and not rest):
            yield from _ends(rest, value, end, whole)
    elif at < len(value) and (spelled(first.pieces, value[at]) if isinstance(first, Word) else first == value[at]):
        yield from _ends(rest, value, at + 1, whole)


def _gap_ends(gap: Gap, value: Sequence[str], at: int, last: bool) -> Iterator[int]:
    """Where a run that a gap stands for may end. An open one stays in its sentence, and may end with its sign."""
    end = at
    while True:
        if end - at >= gap.least:
            yield end
        if end == len(value) or end - at == gap.most or _is_word(value[end]):
            return
        if gap.most is None and value[end] in SENTENCE_ENDS:
            if last and end - at + 1 >= gap.least:
                yield end + 1
            return
        end += 1


_is_word = lru_cache(1 << 14)(is_word)
