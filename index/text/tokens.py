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


_BETWEEN = f"{JOINT}{END} {END}{JOINT}{START} {START}"


def truth_of(pieces: Iterable[str]) -> str:
    """The tokens of a field, joined by blanks, from each value's units as `JOINT unit blank unit` (`many.Cut`)."""
    found = [piece for piece in pieces if piece]
    return f"{START}{_BETWEEN.join(found)}{JOINT}{END}" if found else ""


def joined_runs(runs: Iterable[str]) -> str:
    """The runs of a field's values in one string, as index.query.finding looks at them: `·a·b·`, END, `·c·`."""
    return END.join([f"{run}{JOINT}" for run in runs if run])
