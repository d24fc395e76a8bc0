"""Publications as whole numbers, so that sets of them take two bytes a member and not two hundred.

The kind stands above the digits: publications of a kind that were numbered in a row lie in a row.
"""

import hashlib
import re
from functools import cache

_NUMBER = re.compile(r"CN(\d{1,12})([A-Z]\d?)")
_DIGITS = (1 << 40) - 1
_FORMED = 1 << 50       # above every number made of digits and kind


def key(publication: str) -> int:
    """The number of a publication `CN101945314B`."""
    found = _NUMBER.fullmatch(publication)
    if found is None:       # not a form that the office uses; any stable number will do
        return _FORMED | int.from_bytes(hashlib.blake2b(publication.encode(), digest_size=6).digest(), "big")
    return kind_part(found[2]) | int(found[1])


@cache
def kind_part(kind: str) -> int:
    """What a kind (A, B8) adds to the digits."""
    return ((ord(kind[0]) - 64) * 11 + (int(kind[1]) + 1 if len(kind) > 1 else 0)) << 40


def without_kind(number: int) -> int:
    """The key of a publication of which only the digits are known."""
    return number & _DIGITS if number < _FORMED else number


def publication(number: int) -> str:
    """The publication of a key, without kind if the key has none; "" where the key does not tell."""
    if number >= _FORMED:
        return ""
    kind, digits = divmod(number, _DIGITS + 1)
    if not kind:
        return f"CN{digits}"
    letter, digit = divmod(kind, 11)
    return f"CN{digits}{chr(64 + letter)}{digit - 1 if digit else ''}"
