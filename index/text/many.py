"""Many texts at once: folded, cut into units and written as tokens, in a fraction of the time of one after the other.

The characters of all texts are one array of numbers here, and the tables of `fold` and `units` arrays too; what comes
out is what those and `tokens` give for each text alone.
"""

import sys
from collections.abc import Iterator, Sequence
from functools import cache
from itertools import pairwise
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from index.text.fold import DROPPED, changed
from index.text.tokens import JOINT
from index.text.units import RANGES

Points = npt.NDArray[np.uint32]
Places = npt.NDArray[np.int64]
Flags = npt.NDArray[np.bool_]

_ALONE, _LETTER, _MARK, _BLANK, _DROPPED = range(5)
_LAST_BLANK = 0x3000
_AT_ONCE = 50_000       # characters: their arrays stay in the processor's cache


class Cut(NamedTuple):
    """A text: folded; its part of a truth field (`tokens.truth_of`); its units, each after a JOINT."""

    folded: str
    tokens: str
    run: str


def cut_many(texts: Sequence[str]) -> Iterator[Cut]:
    """Each text cut, in order."""
    for some in _parts(texts):
        yield from _cut(_read(some))


def compact_many(texts: Sequence[str]) -> Iterator[str]:
    """The units of each text, with a blank where two of them would else make one word."""
    for some in _parts(texts):
        yield from _compact(_read(some))


def _parts(texts: Sequence[str]) -> Iterator[Sequence[str]]:
    start = size = 0
    for at, text in enumerate(texts):
        size += len(text)
        if size >= _AT_ONCE:
            yield texts[start:at + 1]
            start, size = at + 1, 0
    yield texts[start:]


class _Read(NamedTuple):
    """Folded texts: their characters, the visible ones, which of these begin units, and which make words."""

    points: Points
    bounds: Places          # of the texts in the characters
    seen: Points
    ends: Places            # of the texts in the visible characters
    first: Flags
    joins: Flags


def _read(texts: Sequence[str]) -> _Read:
    folding, classes = _tables()
    points = np.frombuffer("".join(texts).encode("utf-32-le", "surrogatepass"), np.uint32)
    bounds = np.zeros(len(texts) + 1, np.int64)
    np.cumsum([len(text) for text in texts], out=bounds[1:])
    kind = classes[points]
    points = folding[points]
    dropped = kind == _DROPPED
    if dropped.any():
        bounds -= _before(dropped, bounds)
        points, kind = points[~dropped], kind[~dropped]
    visible = kind != _BLANK
    first = ~_going_on(kind, bounds)[visible]
    return _Read(points, bounds, points[visible], bounds - _before(~visible, bounds), first,
                 np.isin(kind[visible], (_LETTER, _MARK)))


def _cut(read: _Read) -> Iterator[Cut]:
    starts = np.flatnonzero(read.first)
    units = _before(read.first, read.ends)
    texts = zip(_slices(read.points, read.bounds), _slices(_tokens(read.seen, starts), 2 * (read.ends + units)),
                _slices(_runs(read.seen, starts), read.ends + units), strict=True)
    return map(Cut._make, texts)


def _compact(read: _Read) -> list[str]:
    """A blank between two units that would else make one word."""
    apart = read.first & read.joins
    apart[1:] &= read.joins[:-1]
    apart[read.ends[read.ends < len(apart)]] = False
    places = np.flatnonzero(apart)
    return _slices(np.insert(read.seen, places, ord(" ")), read.ends + np.searchsorted(places, read.ends))


def _going_on(kind: npt.NDArray[np.uint8], bounds: Places) -> Flags:
    """Which characters go on with the word of the one before."""
    word = kind == _LETTER
    first = np.zeros(len(kind) + 1, np.bool_)
    first[bounds] = True
    for mark in np.flatnonzero(kind == _MARK).tolist():     # in order: a mark may stand on a mark
        word[mark] = mark > 0 and word[mark - 1] and not first[mark]
    going_on: Flags = word & ~first[:-1]
    going_on[1:] &= word[:-1]
    return going_on


def _tokens(seen: Points, starts: Places) -> Points:
    """JOINT unit blank unit, of all units; `starts` are the places of their first characters."""
    number = np.arange(len(starts))
    lengths = np.diff(starts, append=len(seen))
    tokens = np.empty(2 * (len(seen) + len(starts)), np.uint32)
    at = 2 * (starts + number)
    tokens[at] = ord(JOINT)
    tokens[at + lengths + 1] = ord(" ")
    once = np.arange(len(seen)) + np.repeat(starts + 2 * number + 1, lengths)
    tokens[once] = seen
    tokens[once + np.repeat(lengths + 1, lengths)] = seen
    return tokens


def _runs(seen: Points, starts: Places) -> Points:
    """JOINT unit, of all units."""
    runs = np.empty(len(seen) + len(starts), np.uint32)
    joints = np.zeros(len(runs), np.bool_)
    joints[starts + np.arange(len(starts))] = True
    runs[joints] = ord(JOINT)
    runs[~joints] = seen
    return runs


def _before(flags: Flags, places: Places) -> Places:
    """How many flags stand before each place."""
    counted = np.zeros(len(flags) + 1, np.int64)
    np.cumsum(flags, out=counted[1:])
    return counted[places]


def _slices(points: Points, bounds: Places) -> list[str]:
    text = points.tobytes().decode("utf-32-le")
    return [text[start:end] for start, end in pairwise(bounds.tolist())]


@cache
def _tables() -> tuple[Points, npt.NDArray[np.uint8]]:
    """By code point: what it is folded to, and the class of that."""
    classes = np.zeros(sys.maxunicode + 1, np.uint8)
    ranges = ((_LETTER, RANGES["letter"]), (_MARK, RANGES["mark"]), (_DROPPED, DROPPED))
    for kind, found in ranges:
        for first, last in found:
            classes[first:last + 1] = kind
    classes[[point for point in range(_LAST_BLANK + 1) if chr(point).isspace()]] = _BLANK
    folding = np.arange(len(classes), dtype=np.uint32)
    others = changed()
    folding[list(others)] = list(others.values())
    return folding, classes[folding]
