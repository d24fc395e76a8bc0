"""The keyword part of rules: which keywords of all taxonomies stand in the title, abstract or claims of a record.

A keyword matches as a term of the query language does: its units one after another in one value
(interfaces §5), so `led` does not hit `OLED`. All keywords are looked for in one pass: the pairs of neighbouring
characters of the text are met with one chosen pair of each keyword, and only keywords whose pair is there are
looked at. (An Aho-Corasick automaton of pyahocorasick takes twice the time, since Chinese gives its root
hundreds of branches, which it tries one by one.)
"""

from bisect import bisect_right
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import islice
from typing import NamedTuple, TypeAlias

import numpy as np
import numpy.typing as npt

from index.text import fold, units
from index.text.many import compact_many
from index.text.units import RANGES, is_word

BOUND = "\x01"      # between two values; no text keeps a control character, so nothing matches across

_MARKS = frozenset(chr(point) for first, last in RANGES["mark"] for point in range(first, last + 1))

Points: TypeAlias = npt.NDArray[np.uint32]


_BITS = 19      # of a hash: so that few pairs share theirs with one that was chosen


class Found(NamedTuple):
    """A keyword that was found: as the rule writes it, as the record has it (folded), and the first field."""

    keyword: str
    words: str
    field: str


class Text:
    """The values of one record as one text, ready to be searched."""

    def __init__(self, fields: Sequence[str], parts: Sequence[str]) -> None:
        """The fields of the values and their compact forms, in the order of reading."""
        self.text = BOUND + BOUND.join(parts) + BOUND
        self._fields = fields
        self._parts = parts

    def field(self, at: int) -> str:
        """The field of a position."""
        starts, start = [], 1
        for part in self._parts:
            starts.append(start)
            start += len(part) + 1
        return self._fields[bisect_right(starts, at) - 1]


def texts_of(records: Sequence[Sequence[tuple[str, str]]]) -> list[Text]:
    """The texts of records that are given as (field, value) pairs."""
    compacted = compact_many([value for values in records for _, value in values])
    return [Text([field for field, _ in values], list(islice(compacted, len(values)))) for values in records]


class Vocabulary:
    """Keywords in their compact forms, to be found in texts. One without units matches nothing.

    Pairs of characters are numbers here, and a table of bits, by the hash of a pair, says which were chosen.
    """

    def __init__(self, forms: Iterable[str]) -> None:
        self._by_pair: dict[int, list[str]] = {}
        self._singles: set[str] = set()
        kept = sorted({form for form in forms if form})
        # What few keywords hold is rare in texts too: 装置 and 系统 tell little.
        often = Counter(pair for form in kept for pair in set(_pairs(form).tolist()))
        for form in kept:
            if len(form) == 1:
                self._singles.add(form)
            else:
                pair = min(_pairs(form).tolist(), key=lambda one: (one in _IDLE, often[one]))
                self._by_pair.setdefault(pair, []).append(form)
        self._chosen = np.zeros(1 << _BITS, dtype=bool)
        self._chosen[_hashes(np.array(list(self._by_pair), dtype=np.uint32))] = True
        self._alone = np.zeros(1 << 16, dtype=bool)
        self._alone[[ord(form) & 0xFFFF for form in self._singles]] = True

    def find(self, texts: Sequence[Text]) -> list[dict[str, int]]:
        """The forms that stand in each text, each with its first place."""
        whole = "".join([text.text for text in texts])
        points = _points(whole)
        pairs = _pairs_of(points)
        ends = np.cumsum([len(text.text) for text in texts])
        asked: list[dict[str, None]] = [{} for _ in texts]
        places = np.flatnonzero(self._chosen[_hashes(pairs)])
        for text, pair in zip(np.searchsorted(ends, places, "right").tolist(), pairs[places].tolist(), strict=True):
            if pair in self._by_pair:
                asked[text].update(dict.fromkeys(self._by_pair[pair]))
        places = np.flatnonzero(self._alone[points & np.uint32(0xFFFF)])
        for text, place in zip(np.searchsorted(ends, places, "right").tolist(), places.tolist(), strict=True):
            if whole[place] in self._singles:
                asked[text][whole[place]] = None
        return [_found(text.text, forms) for text, forms in zip(texts, asked, strict=True)]


def _found(text: str, forms: Iterable[str]) -> dict[str, int]:
    found: dict[str, int] = {}
    for form in forms:
        at = text.find(form)
        if at >= 0 and (at := _stands(form, text, at)) >= 0:
            found[form] = at
    return found


class Keywords:
    """The keywords of one rule: {compact form: keyword as written}, in the order of the rule."""

    def __init__(self, keywords: Iterable[str]) -> None:
        self._written: dict[str, str] = {}
        for keyword in keywords:
            self._written.setdefault(compact(keyword), keyword)
        self.forms = frozenset(form for form in self._written if form)

    def found(self, places: Mapping[str, int], text: Text) -> Iterator[Found]:
        """Those of the found forms that are this rule's, as reasons need them."""
        for form, keyword in self._written.items():
            if form in places:
                yield Found(keyword, form, text.field(places[form]))


def _points(text: str) -> Points:
    return np.frombuffer(text.encode("utf-32-le", "surrogatepass"), dtype=np.uint32)


def _pairs(text: str) -> Points:
    return _pairs_of(_points(text))


def _pairs_of(points: Points) -> Points:
    """Each two neighbouring characters as one number; two rare characters may share theirs with others."""
    return points[:-1] << np.uint32(16) | points[1:]


def _hashes(pairs: Points) -> Points:
    return pairs * np.uint32(0x9E3779B1) >> np.uint32(32 - _BITS)      # Knuth's multiplicative hashing


_IDLE = frozenset(_pairs("本发明公开本实用新型涉及一种具有包括所述第一第二设有安装方法处理利用").tolist())
"""Pairs that stand in every other abstract: a keyword is not looked for by them when it has any other."""


def _stands(form: str, text: str, start: int) -> int:
    """Where a compact form first stands from a place on without beginning or ending inside a word; -1: nowhere."""
    while start >= 0:
        end = start + len(form)
        if not (_joins(form[0]) and _joins(text[start - 1])) and not (_joins(form[-1]) and _joins(text[end])):
            return start
        start = text.find(form, start + 1)
    return -1


def _joins(char: str) -> bool:
    """Whether a character makes one word with its like: letters, digits and the marks upon them."""
    if char < "\x80":
        return char.isalnum()
    if "\u3001" <= char <= "\u3029" or "\u3400" <= char <= "\u9fff":     # signs of Chinese, and most of its characters
        return False
    return char in _MARKS or is_word(char)


def compact(text: str) -> str:
    """The units of a text with a blank where two of them would else make one word (`index.text.many.compact_many`).

    Two texts have the same units in order exactly when these forms agree.
    """
    folded = fold(text)
    if not _MARKS.isdisjoint(folded):       # a mark is part of a word, or a unit of its own, by what it stands upon
        parts: list[str] = []
        for unit in units(text):
            if parts and _joins(unit[0]) and _joins(parts[-1][-1]):
                parts.append(" ")
            parts.append(unit)
        return "".join(parts)
    first, *rest = folded.split() or [""]
    if not rest:
        return first
    parts = [first]
    for part in rest:
        if _joins(part[0]) and _joins(parts[-1][-1]):
            parts.append(" ")
        parts.append(part)
    return "".join(parts)
