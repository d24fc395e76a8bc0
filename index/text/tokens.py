"""The truth form of a text field: overlapping bigrams of units, one string for a whitespace tokenizer.

A value of units a b c becomes the tokens `START·a  a·b  b·c  c·END`, where · is U+0001, START is U+0002 and END
is U+0003: characters that are never part of a unit and that no tokenizer takes for white space. The values of a
field follow each other, with the token `END·START` between. So

- a run a b c is the phrase of all its bigrams `a·b b·c` (never every other one: values would run together);
- a run that is a whole value (`==`) is the phrase `START·a a·b b·c c·END`;
- no phrase crosses from one value to the next, because `c·END END·START START·d` stands between;
- one unit alone is any token that begins with it: `a·` and whatever follows.

In a value of n units, unit i and its right neighbour stand at token i+1 of n+1 (from 0).
"""

from collections.abc import Iterable, Sequence
from itertools import pairwise

from index.text.units import units

JOINT = "\x01"
START = "\x02"
END = "\x03"
NEXT_VALUE = f"{END}{JOINT}{START}"
"""The token between two values of a field."""


def phrase_tokens(run: Sequence[str], whole: bool = False) -> list[str]:
    """The tokens, in order, that a run of units is looked for by; empty for one unit that is no whole value."""
    if not run:
        return []
    return list(map(JOINT.join, pairwise([START, *run, END] if whole else run)))


class _Pieces(dict[str, str]):
    """What a unit adds to the tokens of its value: the end of one token and the beginning of the next.

    Units of one character are remembered, which halves the time; words are not, so hostile text cannot fill the memory.
    """

    def __missing__(self, unit: str) -> str:
        piece = f"{JOINT}{unit} {unit}"
        if len(unit) == 1:
            self[unit] = piece
        return piece


_piece_of = _Pieces().__getitem__
_BETWEEN = f"{JOINT}{END} {END}{JOINT}{START} {START}"


def truth_of(values: Iterable[Sequence[str]]) -> str:
    """The tokens of a field whose values are already cut into units, joined by blanks."""
    found = ["".join(map(_piece_of, value)) for value in values if value]
    return f"{START}{_BETWEEN.join(found)}{JOINT}{END}" if found else ""


def truth_tokens(values: Iterable[str]) -> str:
    """The truth form of the values of one field; values without units leave nothing."""
    return truth_of(map(units, values))


def joined_runs(values: Iterable[Sequence[str]]) -> str:
    """The units of a field's values in one string, as index.query.finding looks at them: `·a·b·`, END, `·c·`."""
    return END.join([f"{JOINT}{JOINT.join(value)}{JOINT}" for value in values if value])
