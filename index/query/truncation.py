"""Truncated terms: from text and signs to a Pattern (interfaces §5, Truncation).

A sign beside a letter or digit stands for letters and digits of that word, any other for Chinese characters and
other units that are no words. Dialects that write the signs differently hand over gaps of their own.
"""

import re
from collections.abc import Iterator, Sequence

from index.query.tree import Gap, Pattern, Term, Units, Word
from index.text.units import is_word, units_of_folded

SIGNS = re.compile(r"[+?#]+")

_PLAIN = re.compile(r"([\u3400-\u9fff]+)|([a-z0-9]+)(\+?)(?<![0-9][wd])")       # `5w` may be meant as a proximity
_ANY = Gap(0, None)

Part = str | Gap | Word


def cut(written: str) -> list[str | Gap]:
    """A term as the canonical dialect writes it, in texts and gaps."""
    pieces: list[str | Gap] = []
    end = 0
    for found in SIGNS.finditer(written):
        if found.start() > end:
            pieces.append(written[end:found.start()])
        pieces.append(gap(found[0]))
        end = found.end()
    return [*pieces, written[end:]] if end < len(written) else pieces


def gap(signs: str) -> Gap:
    """What a run of signs stands for together: their order means nothing."""
    least = signs.count("#")
    return Gap(least, None if "+" in signs else len(signs))


def signs(one: Gap) -> str:
    """A gap as the canonical dialect writes it."""
    return "#" * one.least + ("+" if one.most is None else "?" * (one.most - one.least))


def term(fields: tuple[str, ...], written: str, whole: bool = False) -> Term | None:
    """The term of a folded text in the signs of the canonical dialect; None when it has no unit."""
    return pattern(fields, cut(written), whole)


def plain_term(fields: tuple[str, ...], written: str, whole: bool, begun: bool) -> Term | None:
    """The term of a folded text that is nothing but Chinese characters, one word, or (if `begun`) the beginning of one.

    Hundreds of terms of an expression look like that; of any other text it is None.
    """
    found = _PLAIN.fullmatch(written)
    if found is None:
        return None
    if found[1]:
        return Units(fields, tuple(written), whole)
    if not found[3]:
        return Units(fields, (written,), whole)
    return Pattern(fields, (Word((found[2], _ANY)),), whole) if begun else None


def pattern(fields: tuple[str, ...], pieces: Sequence[str | Gap], whole: bool = False) -> Term | None:
    """The term of folded texts and gaps in order; None when no text in it has a unit.

    Gaps that add nothing are left out, so it may be plain Units.
    """
    if not any(isinstance(piece, str) and units_of_folded(piece) for piece in pieces):
        return None
    parts = list(_parts(_joined(pieces)))
    if not whole:
        parts = _trimmed(_trimmed(parts)[::-1])[::-1]
    plain = tuple(part for part in parts if isinstance(part, str))
    return Units(fields, plain, whole) if len(plain) == len(parts) else Pattern(fields, tuple(parts), whole)


def _joined(pieces: Sequence[str | Gap]) -> list[str | Gap]:
    """Gaps that follow each other are one."""
    joined: list[str | Gap] = []
    for piece in pieces:
        last = joined[-1] if joined else None
        if isinstance(piece, Gap) and isinstance(last, Gap):
            most = None if piece.most is None or last.most is None else last.most + piece.most
            joined[-1] = Gap(last.least + piece.least, most)
        elif piece:
            joined.append(piece)
    return joined


def _parts(pieces: Sequence[str | Gap]) -> Iterator[Part]:
    word: list[str | Gap] = []      # pieces of a word that may go on
    for at, piece in enumerate(pieces):
        if isinstance(piece, Gap):
            if not word and not _begins_word(pieces[at + 1:at + 2]):
                yield piece
            else:
                word.append(piece)
            continue
        for place, unit in enumerate(units_of_folded(piece)):
            goes_on = bool(word) and isinstance(word[-1], Gap) and place == 0 and not piece[0].isspace()
            if word and not (goes_on and is_word(unit)):
                yield _word(word)
                word = []
            if is_word(unit):
                word.append(unit)
            else:
                yield unit
        if word and piece[-1].isspace():
            yield _word(word)
            word = []
    if word:
        yield _word(word)


def _begins_word(following: Sequence[str | Gap]) -> bool:
    if not following or not isinstance(following[0], str) or following[0][0].isspace():
        return False
    found = units_of_folded(following[0])
    return bool(found) and is_word(found[0])


def _word(pieces: Sequence[str | Gap]) -> str | Word:
    return pieces[0] if len(pieces) == 1 and isinstance(pieces[0], str) else Word(tuple(pieces))


def _trimmed(parts: list[Part]) -> list[Part]:
    """Without what an open gap at the beginning adds, which is nothing."""
    first = parts[0]
    if not isinstance(first, Gap):
        return parts
    return [Gap(first.least, first.least), *parts[1:]] if first.least else parts[1:]
