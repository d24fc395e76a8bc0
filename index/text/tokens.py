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


def piece_of(unit: str) -> str:
    """What a unit adds to the tokens of its value: the end of one token and the beginning of the next."""
    return f"{JOINT}{unit} {unit}"


_BETWEEN = f"{JOINT}{END} {END}{JOINT}{START} {START}"


def truth_of(pieces: Iterable[str]) -> str:
    """The tokens of a field, joined by blanks, from the joined pieces (`piece_of`) of each value's units."""
    found = [piece for piece in pieces if piece]
    return f"{START}{_BETWEEN.join(found)}{JOINT}{END}" if found else ""


def truth_tokens(values: Iterable[str]) -> str:
    """The truth form of the values of one field; values without units leave nothing."""
    return truth_of("".join(map(piece_of, units(value))) for value in values)


def run_of(units: Iterable[str]) -> str:
    """The units of a value, each after a JOINT."""
    return "".join([f"{JOINT}{unit}" for unit in units])


def joined_runs(runs: Iterable[str]) -> str:
    """The runs of a field's values in one string, as index.query.finding looks at them: `·a·b·`, END, `·c·`."""
    return END.join([f"{run}{JOINT}" for run in runs if run])
