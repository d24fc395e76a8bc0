"""Units: the atoms of which terms and values are runs (interfaces §5).

Each Chinese or other CJK character is a unit; each longest run of letters of the alphabetic scripts (with
their marks) and decimal digits is one; each other visible character is one; white space is none.
So `5mm` is one unit, `0.5` is three, and `led` is no part of `OLED`.
"""

import re
from collections.abc import Sequence
from pathlib import Path

from index.text.fold import ZERO_WIDTH, fold

Span = tuple[str, int, int]
"""A unit with the half-open range of code points [start, end) of the original text that it was made from."""

SENTENCE_ENDS = frozenset("。!?;")


def _ranges() -> dict[str, list[tuple[int, int]]]:
    """The shipped ranges of `letters.tsv`, first and last code point, keyed letter and mark."""
    ranges: dict[str, list[tuple[int, int]]] = {"letter": [], "mark": []}
    for line in (Path(__file__).parent / "letters.tsv").read_text("ascii").splitlines():
        if not line.startswith("#"):
            first, last, kind = line.split("\t")
            ranges[kind].append((int(first, 16), int(last, 16)))
    return ranges


RANGES = _ranges()
LETTERS, MARKS = ("".join(f"\\U{first:08x}-\\U{last:08x}" for first, last in found) for found in RANGES.values())
"""Insides of character classes of regular expressions: what begins a word, and what may follow in it besides."""

# The meaning is that of the last two alternatives; the first two only come quicker to it, for the signs of ASCII and
# everything from U+3000 to U+9FFF (no letters there), and for runs of plain letters and digits that end before such.
_UNIT = re.compile(
    "[!-/:-@\u3001-\u9fff]|[a-z0-9]++(?![^!-/:-@\\s\u3001-\u3029\u3030-\u3098\u309b-\u9fff])"
    f"|[{LETTERS}][{LETTERS}{MARKS}]*|\\S"
)
_WORD = re.compile(f"[{LETTERS}]")


def units(text: str) -> list[str]:
    """The units of a text, in order."""
    return _UNIT.findall(fold(text))


def units_of_folded(text: str) -> list[str]:
    """The units of a text that is folded already, in order."""
    return _UNIT.findall(text)


def spans(text: str) -> list[Span]:
    """The units with the ranges of the original text they stand for; dropped characters inside a unit belong to it."""
    found = [(match[0], match.start(), match.end()) for match in _UNIT.finditer(fold(text))]
    if ZERO_WIDTH.search(text) is None:
        return found
    origin = [at for at, char in enumerate(text) if not ZERO_WIDTH.match(char)]
    return [(unit, origin[start], origin[end - 1] + 1) for unit, start, end in found]


def is_word(unit: str) -> bool:
    """Whether a unit is a run of letters and digits, not a CJK character or a sign."""
    return _WORD.match(unit) is not None


def sentence_ends(found: Sequence[str]) -> list[int]:
    """Where the sentences of one value end, as indexes one past the last unit; the last is the value's end."""
    ends = [at + 1 for at, unit in enumerate(found) if unit in SENTENCE_ENDS]
    if found and (not ends or ends[-1] != len(found)):
        ends.append(len(found))
    return ends
