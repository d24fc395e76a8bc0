"""The keyword part of rules: which keywords stand in the title, abstract or claims of a record.

A keyword matches as a term of the query language does: its units one after another in one value
(interfaces §5), so `led` does not hit `OLED`. Cutting all text into units would cost more than the rest of the
labeller. Instead the text is folded, white space that parts no two words is taken out, and each rule that the
symbols have left over is asked by one regular expression; only where that hits are its keywords looked at
one by one, ends inside a word refused. (One Aho-Corasick automaton over all keywords was tried: four times
the time on claims, since Chinese gives its root hundreds of branches.)
"""

import re
import unicodedata
from bisect import bisect_right
from collections.abc import Iterable, Iterator, Sequence
from functools import cache
from typing import NamedTuple

from index.text import fold, units
from index.text.units import is_word

BOUND = "\x01"      # between two values; no text keeps a control character, so nothing matches across


class Found(NamedTuple):
    """A keyword that was found: as the rule writes it, as the record has it (folded), and the first field."""

    keyword: str
    words: str
    field: str


class Text:
    """The values of one record, ready to be searched."""

    def __init__(self, values: Sequence[tuple[str, str]], quick: "Quick") -> None:
        parts = [quick.compact(text) for _, text in values]
        self.text = BOUND + BOUND.join(parts) + BOUND
        self._fields = [field for field, _ in values]
        self._parts = parts

    def field(self, at: int) -> str:
        """The field of a position."""
        starts, start = [], 1
        for part in self._parts:
            starts.append(start)
            start += len(part) + 1
        return self._fields[bisect_right(starts, at) - 1]


class Keywords:
    """The keywords of one rule; false when there are none. One without units matches nothing."""

    def __init__(self, keywords: Iterable[str]) -> None:
        self._written = [(keyword, compact(keyword)) for keyword in keywords]
        forms = sorted({form for _, form in self._written if form})
        self._any = re.compile("|".join(map(re.escape, forms))) if forms else None
        self.characters = frozenset("".join(forms))

    def __bool__(self) -> bool:
        return bool(self._written)

    def find(self, text: Text) -> list[Found]:
        """The keywords that stand in a text, in the order of the rule."""
        if self._any is None or self._any.search(text.text) is None:
            return []
        return list(self._each(text))

    def _each(self, text: Text) -> Iterator[Found]:
        for keyword, form in self._written:
            start = _stands(form, text.text) if form else -1
            if start >= 0:
                yield Found(keyword, text.text[start:start + len(form)], text.field(start))


def _stands(form: str, text: str) -> int:
    """Where a compact form stands first without beginning or ending inside a word; -1 when it does not."""
    start = text.find(form)
    while start >= 0:
        end = start + len(form)
        if not (_joins(form[0]) and _joins(text[start - 1])) and not (_joins(form[-1]) and _joins(text[end])):
            return start
        start = text.find(form, start + 1)
    return -1


def _joins(char: str) -> bool:
    """Whether a character makes one word with its like: letters, digits and the marks upon them."""
    return is_word(char) or unicodedata.category(char).startswith("M")


def compact(text: str) -> str:
    """The units of a text with a blank where two of them would else make one word.

    Two texts have the same units in order exactly when these forms agree.
    """
    parts: list[str] = []
    for unit in units(text):
        if parts and _joins(unit[0]) and _joins(parts[-1][-1]):
            parts.append(" ")
        parts.append(unit)
    return "".join(parts)


class Quick:
    """`compact` as far as some keywords can tell, at a twentieth of the time.

    Lower case without needless white space is as good for a text in which no character would be folded to
    another character of the keywords, or to a word, mark or blank where it is none. Most texts are such.
    """

    def __init__(self, characters: frozenset[str]) -> None:
        telling = [char for char, lowered, folded in _differing()
                   if len(lowered) != 1 or len(folded) != 1 or lowered in characters or folded in characters
                   or is_word(lowered) != is_word(folded) or lowered.isspace() != folded.isspace()]
        telling += _always()
        self._telling = re.compile(f"[{re.escape(''.join(telling))}\ud800-\udfff\U00010000-\U0010ffff]")

    def compact(self, text: str) -> str:
        if self._telling.search(text):
            return compact(text)
        first, *rest = text.lower().split() or [""]
        parts = [first]
        for part in rest:
            if is_word(part[0]) and is_word(parts[-1][-1]):
                parts.append(" ")
            parts.append(part)
        return "".join(parts)


@cache
def _plane() -> list[str]:
    """The characters of the basic plane, without the line feed and the surrogates."""
    return [chr(point) for point in range(0x10000) if point != 0x0A and not 0xD800 <= point < 0xE000]


@cache
def _always() -> list[str]:
    """Marks, and the one letter that `str.lower` treats by its neighbours."""
    return ["Σ", *(char for char in _plane() if unicodedata.category(char).startswith("M"))]


@cache
def _differing() -> list[tuple[str, str, str]]:
    """The characters that `str.lower` and the fold table treat differently, with both results."""
    joined = "\n".join(_plane())
    results = zip(_plane(), joined.lower().split("\n"), fold(joined).split("\n"), strict=True)
    return [(char, lowered, folded) for char, lowered, folded in results if lowered != folded]
