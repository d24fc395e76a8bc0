"""Folding: every code point becomes one code point by the shipped table `fold.tsv`, applied once.

Full width to half width, upper to lower case, traditional to simplified, dashes, brackets, quotes, super- and
subscript digits (interfaces §5). Zero-width characters are dropped, so offsets into folded text are no
offsets into the original: `index.text.units.spans` gives those.
"""

import re
from functools import cache
from pathlib import Path

# Default-ignorable characters that take no room: soft hyphen, joiners, direction marks, variation selectors,
# byte order mark, tags (Unicode 15.1, property Default_Ignorable_Code_Point, without the Hangul fillers).
DROPPED = (
    (0xAD, 0xAD), (0x34F, 0x34F), (0x61C, 0x61C), (0x180B, 0x180F), (0x200B, 0x200F), (0x202A, 0x202E),
    (0x2060, 0x206F), (0xFE00, 0xFE0F), (0xFEFF, 0xFEFF), (0xE0000, 0xE0FFF),
)
ZERO_WIDTH = re.compile("[" + "".join(f"\\U{first:08x}-\\U{last:08x}" for first, last in DROPPED) + "]")
# White space that keeps its meaning: line feeds end paragraphs and queries' comments.
_KEPT_CONTROLS = frozenset((0x09, 0x0A, 0x0D))
# A lone surrogate is no character: like a control character it parts what it stands between.
_CONTROLS = frozenset((*range(0x20), *range(0x7F, 0xA0), *range(0xD800, 0xE000))) - _KEPT_CONTROLS
_LAST_CACHED = 0xFFFF


class _Table(dict[int, int | None]):
    """A translation table that remembers every character it meets, which makes `str.translate` twice as fast.

    Only the basic plane is remembered: hostile text must not fill the memory.
    """

    def __missing__(self, point: int) -> int | None:
        folded = None if ZERO_WIDTH.match(chr(point)) else point
        if point <= _LAST_CACHED:
            self[point] = folded
        return folded


@cache
def table_bytes() -> bytes:
    """The shipped table as it is, for the identity of an index."""
    return (Path(__file__).parent / "fold.tsv").read_bytes()


def changed() -> dict[int, int]:
    """The code points that become others, and what becomes of them."""
    found = dict.fromkeys(_CONTROLS, 0x20)
    for line in table_bytes().decode("ascii").splitlines():
        if not line.startswith("#"):
            source, target = line.split("\t")
            found[int(source, 16)] = int(target, 16)
    return found


_TABLE = _Table(changed())


def fold(text: str) -> str:
    """The folded text; white space with a meaning of its own (tab, line feed, return) stays as it is."""
    return text.translate(_TABLE)
