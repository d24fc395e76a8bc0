"""Written forms of a class symbol → the one normal form `H01M10/42`, and its version.

The normal form has no blanks, no leading zeros in the main group, and two to six digits in the subgroup.
CPC symbols are written alike and pass too. Forms met: plain, with blanks and a version
(`G06F 13/12 (2006.01)`), fixed columns of ST.8 (`H04W  84/    20            A I`), the 14 characters of the
CNIPA "standard" format (`B03C0003090000`), a main group or subclass alone; in any letter case or width.
"""

import re
import unicodedata
from functools import lru_cache

PLAIN = re.compile(r"[A-HY][0-9]{2}[A-Z][1-9][0-9]{0,3}/[0-9]{2,6}")
STANDARD = re.compile(r"([A-HY][0-9]{2}[A-Z])([0-9]{4})([0-9]{6})")
WRITTEN = re.compile(
    r"([A-HY])\s*([0-9]{2})\s*([A-Z])"
    r"(?:\s*0{0,3}([1-9][0-9]{0,3})\s*(?:/\s*([0-9]{2,6}))?)?"
    r"(?![0-9/])\s*\(?\s*"
    r"([12][09][0-9]{2}\.?[01][0-9](?:[0-3][0-9])?|(?<=\()[1-8](?=\)))?"
    r"(?P<rest>.*)",
    re.DOTALL,
)
# What ST.8 writes after the version: level, position, value, date of action, status, source, office.
MARKS = re.compile(r"[\s)]*[ACS]?\s*[FL]?\s*[IN]?\s*(?:[0-9]{8})?\s*[BRVD]?\s*[HMGD]?\s*(?:[A-Z]{2})?[\s,;]*")
SLASHES = str.maketrans("∕⁄╱", "///")


@lru_cache(maxsize=1 << 17)
def normalise(text: str) -> tuple[str, str | None] | None:
    """The symbol and its version (`2006.01`, or the edition `4`); None when the text is no symbol.

    >>> normalise("G06F   13/12    (2006.01)")
    ('G06F13/12', '2006.01')
    >>> normalise("B03C0003090000")
    ('B03C3/09', None)
    """
    if PLAIN.fullmatch(text):
        return text, None
    # Single blanks: `MARKS` would try a run of them between its eight parts in every way.
    folded = " ".join(unicodedata.normalize("NFKC", text).translate(SLASHES).upper().split())
    standard = STANDARD.fullmatch(folded)
    if standard:
        subclass, group, subgroup = standard.groups()
        if not int(group):
            return (subclass, None) if not int(subgroup) else None
        return f"{subclass}{int(group)}/{subgroup[:2]}{subgroup[2:].rstrip('0')}", None
    written = WRITTEN.fullmatch(folded)
    if written is None or not MARKS.fullmatch(written["rest"]):
        return None
    section, number, letter, group, subgroup, version, _ = written.groups()
    symbol = f"{section}{number}{letter}" + (f"{group}/{subgroup or '00'}" if group else "")
    return symbol, _version(version)


def _version(written: str | None) -> str | None:
    """`20060101` and `2006.01` → `2006.01`; an edition of IPC 1–7 stays one digit."""
    if written is None or len(written) == 1:
        return written
    digits = written.replace(".", "")
    return f"{digits[:4]}.{digits[4:6]}"
