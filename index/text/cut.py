"""Words: what simple search asks for and what ranking counts, cut by jieba's own dictionary in accurate mode.

rjieba gives the cuts of jieba at some ten times the speed, but leaves runs such as `iec-61850` and `0.5mm` in one
piece; they are cut further here as jieba does (a test holds the two together on real text). Which records match
a simple query depends on these words, so no other dictionary may be loaded into this cutter.
"""

import re
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

from index.text.fold import fold
from index.text.units import units

if TYPE_CHECKING:
    from rjieba import Jieba

# jieba.finalseg.re_skip: what jieba 0.42 makes of characters that are neither Chinese nor words of its dictionary.
_PIECES = re.compile(r"([a-zA-Z0-9]+(?:\.\d+)?%?)")


@cache
def _cutter() -> "Jieba":
    """The cutter that rjieba makes when it is imported: 0.1 s, so only when words are asked for, and not twice."""
    from rjieba import _DEFAULT_JIEBA

    return _DEFAULT_JIEBA


@cache
def stop_words() -> frozenset[str]:
    """The shipped stop words, folded."""
    lines = (Path(__file__).parent / "stopwords.txt").read_text("utf-8").splitlines()
    return frozenset(word for line in lines if not line.startswith("# ") for word in line.split())


def words_of_folded(text: str) -> list[str]:
    """The words of a text that is folded already, in order; blanks are none."""
    cutter = _cutter()
    found: list[str] = []
    for word in cutter.cut(text):
        if not word.isascii() or word.isalnum():
            found.append(word)
        elif not word.isspace():
            found += [word] if cutter.has_word(word) else [piece for piece in _PIECES.split(word) if piece]
    return [word for word in found if not word.isspace()]


def ranking_words(folded: str) -> str:
    """The words of a folded text as the cutter leaves them, joined by blanks: only to rank by, at half the time."""
    return " ".join(_cutter().cut(folded))


def words(text: str) -> list[str]:
    """The words of the folded text in order; blanks are none."""
    return words_of_folded(fold(text))


def query_words(text: str) -> list[str]:
    """The words that a simple query asks for: stop words dropped unless nothing else is left, each word once.

    A word all of whose units are stop words (`--`) is one as well; a word without units is none.
    """
    stop = stop_words()
    found = [word for word in dict.fromkeys(words(text)) if units(word)]
    kept = [word for word in found if word not in stop and not stop.issuperset(units(word))]
    return kept or found
