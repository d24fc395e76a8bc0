"""The keyword part of rules: which keywords stand in a record, found in one pass over its text.

A keyword matches as a term of the query language does: its units one after another in one value
(interfaces §5). Cutting all text into units would cost more than the rest of the labeller; instead an
Aho-Corasick automaton runs over the folded text from which the white space that parts no two words is
taken, and a hit that begins or ends inside a word is dropped: `led` does not hit `OLED`.
"""

from bisect import bisect_right
from collections.abc import Iterable, Sequence
from typing import NamedTuple

import ahocorasick

from index.text import fold
from index.text.units import is_word

BOUND = "\x01"      # between two values; folding leaves no control character in a text, so nothing matches across


class Found(NamedTuple):
    """A keyword that was found: the (folded) words of the record, and the first field that has them."""

    words: str
    field: str


class Keywords:
    """An automaton over keywords; each is known by its place in the order given, equal ones share a place."""

    def __init__(self, keywords: Iterable[str]) -> None:
        self._places: dict[str, int] = {}
        self._automaton = ahocorasick.Automaton()
        for keyword in keywords:
            self._add(compact(keyword))
        self._automaton.make_automaton()

    def _add(self, form: str) -> None:
        if form and form not in self._places:
            place = self._places[form] = len(self._places)
            self._automaton.add_word(form, (place, len(form), is_word(form[0]), is_word(form[-1])))

    def place(self, keyword: str) -> int | None:
        """The place of a keyword; None for one without units, which matches nothing."""
        return self._places.get(compact(keyword))

    def find(self, values: Sequence[tuple[str, str]]) -> dict[int, Found]:
        """{place: where it was found first} over (field, text) values in order."""
        if not self._places:
            return {}
        parts = [compact(text) for _, text in values]
        text = BOUND + BOUND.join(parts) + BOUND
        found: dict[int, tuple[int, int]] = {}
        for end, (place, length, begins_word, ends_word) in self._automaton.iter(text):
            start = end - length + 1
            if place in found or (begins_word and is_word(text[start - 1])) or (ends_word and is_word(text[end + 1])):
                continue
            found[place] = (start, end + 1)
        if not found:
            return {}
        starts, at = [], 1
        for part in parts:
            starts.append(at)
            at += len(part) + 1
        return {place: Found(text[start:end], values[bisect_right(starts, start) - 1][0])
                for place, (start, end) in found.items()}


def compact(text: str) -> str:
    """The folded text with one blank between two words and no white space elsewhere.

    Two texts have the same units in order exactly when these forms agree.
    """
    first, *rest = fold(text).split() or [""]
    parts = [first]
    for part in rest:
        if is_word(part[0]) and is_word(parts[-1][-1]):
            parts.append(" ")
        parts.append(part)
    return "".join(parts)
