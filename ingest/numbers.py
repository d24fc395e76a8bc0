"""Application and publication numbers in every written form, their check digits, kinds and file names.

The same invention is written `CN201010298420.4`, `ZL 2010 1 0298420.4`, `102010000298420` or
`201010298420.40000`; numbers are compared by `key`, the digits without check digit. Rules: docs/data.md.
"""

import re
from operator import mul
from typing import NamedTuple

from ingest.record import PatentType, Stage

# Everything that separates the parts of a written number, and full-width forms, before a number is matched.
_DROPPED = " \t\r\n\f\v\u00a0\u3000\u200b\u200c\u200d\ufeff-‐‑‒–—―－_,，:：()（）"
_FULL_WIDTH = "".join(chr(0xFEE0 + code) for code in range(0x21, 0x7F))
_CLEAN = str.maketrans(_FULL_WIDTH + "·。•", "".join(map(chr, range(0x21, 0x7F))) + "...", _DROPPED)

_WEIGHTS = (2, 3, 4, 5, 6, 7, 8, 9, 2, 3, 4, 5)
_NEW = r"20\d\d[12389]\d{7}"            # filed from 2003-10-01: year, type, serial of seven digits
_OLD = r"(?:8[5-9]|9\d|0[0-3])[12389]\d{5}"     # before: two digits of the year, type, serial of five
_PREFIX = r"(?:CN|ZL|申请号|专利号|专利申请号)*"
_APPLICATION = re.compile(rf"{_PREFIX}({_NEW}|{_OLD})(?:\.?([0-9X])|\.(\d{{2,6}}))?")
# DOCDB and Google write CN201010298420A for the application; eight digits with a letter are a publication.
_APPLICATION_KIND = re.compile(rf"CN({_NEW})[AUSFT]")
_STANDARD = re.compile(r"(?:CN)?(10|11|20|21|30)((?:19|20)\d\d)(\d{9})")
_PUBLICATION = re.compile(r"(?:CN|授权公告号|公告号|公开号)*([1-9]\d{6,8})([A-WYZ]\d?)?")

_PUBLICATION_LIKE = re.compile("[0-9A-Z]{1,20}[A-Z][0-9A-Z]?")

_TYPE_OF_DIGIT: dict[str, PatentType] = {
    "1": "invention", "8": "invention", "2": "utility_model", "9": "utility_model", "3": "design",
}
_DIGIT_OF_APPL_TYPE = {"10": "1", "11": "8", "20": "2", "21": "9", "30": "3"}
_TYPE_OF_KIND: dict[str, PatentType] = {
    "A": "invention", "B": "invention", "C": "invention", "U": "utility_model", "Y": "utility_model",
    "S": "design", "D": "design",
}
_FIRST_OF_LONG_NUMBERS = "2003-10-01"

_ALPHABET = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ#"
_VALUES = bytes.maketrans(_ALPHABET.encode(), bytes(range(37)))
_FILE_WEIGHTS = tuple(pow(2, 51 - place, 37) for place in range(51))
_FILE_NAME = re.compile(
    r"(?P<country>[A-Z]{2})(?P<application>\d{15})(?P<office>[A-Z]{2}|00)(?P<number>[0-9A-Z]{13})"
    r"(?P<kind>[0-9A-Z]{2})(?P<content>[A-Z]{3})(?P<lang>[A-Z]{2})(?P<date>\d{8})(?P<producer>[A-Z]{2})"
    r"(?P<sequence>\d{2})(?P<check>[0-9A-Z#])(?:\.XML)?")


class ApplicationNumber(NamedTuple):
    """A Chinese application number; two of them are the same application when their keys are equal."""

    key: str                    # digits without check digit: 8 before 2003-10-01, 12 since then
    check: str | None           # the right check digit; None for numbers of 1985 to 1988, which have none
    check_ok: bool | None       # whether the source's own check digit was right; None where it gave none
    type: PatentType
    year: int

    @property
    def text(self) -> str:
        """CN201010298420.4, with the right check digit whatever the source wrote; CN85100312."""
        return f"CN{self.key}.{self.check}" if self.check else f"CN{self.key}"


class PublicationNumber(NamedTuple):
    """A Chinese publication number; `kind` is None where the source gives none."""

    digits: str                 # 7, 8 (1985 to 1988) or 9 digits
    kind: str | None

    @property
    def text(self) -> str:
        return f"CN{self.digits}{self.kind or ''}"


class FileName(NamedTuple):
    """The parts of a 52-character file name of a bulk delivery."""

    application: ApplicationNumber | None
    publication: PublicationNumber | None
    country: str
    content: str                # FUL, CLA, DES, DRA, PIC, DBP, PRS …
    date: str                   # YYYYMMDD, as written
    check_ok: bool              # a wrong one is a warning only


def check_digit(digits: str) -> str:
    """Check digit of the 8 or 12 digits of an application number (ZC 0006-2003), X for ten."""
    rest = sum(map(mul, map(int, digits), _WEIGHTS)) % 11
    return "X" if rest == 10 else str(rest)


def clean(text: str) -> str:
    """A written number without blanks, hyphens and brackets, in half width and upper case."""
    return text.translate(_CLEAN).upper()


def parse_application(text: str, date: str | None = None) -> ApplicationNumber | None:
    """The application number that a whole text is, in any written form; None when it is none.

    Accepted: with or without CN or ZL, blanks, dot and check digit; full width; a spreadsheet's float
    (`201110015412.89999`); the standard form of 15 digits. `date` is the application date (YYYY-MM-DD or
    YYYYMMDD), which for the standard form of 2003 tells the two numberings apart.
    """
    found = _APPLICATION.fullmatch(text)
    if found is None:
        cleaned = clean(text)
        found = _APPLICATION.fullmatch(cleaned) or _APPLICATION_KIND.fullmatch(cleaned)
        if found is None:
            standard = _STANDARD.fullmatch(cleaned)
            if standard is None:
                return None
            return _of_digits(from_standard(standard[1], standard[2], standard[3], date))
    key = found[1]
    if found.re is _APPLICATION_KIND:
        return _of_digits(key)
    if found[3]:
        return _of_digits(key, _float_check(found[3]))
    return _of_digits(key, found[2])


def _of_digits(key: str, stated: str | None = None) -> ApplicationNumber:
    if len(key) == 12:
        year, kind = int(key[:4]), key[4]
    else:
        year, kind = int(("20" if key[0] == "0" else "19") + key[:2]), key[2]
    if year < 1989:     # a check digit here is made up by the source: drop it, say nothing about it
        return ApplicationNumber(key, None, None, _TYPE_OF_DIGIT[kind], year)
    right = check_digit(key)
    return ApplicationNumber(key, right, right == stated if stated else None, _TYPE_OF_DIGIT[kind], year)


def _float_check(fraction: str) -> str | None:
    """The check digit that became the fraction of a float: .89999 and .90002 were .9.

    None where no digit is near (the fraction then says nothing). Floats of 12 digits keep five decimals.
    """
    value = float(f"0.{fraction}") * 10
    nearest = round(value)
    return str(nearest) if nearest < 10 and abs(value - nearest) <= 0.01 else None


def from_standard(appl_type: str, year: str, serial: str, date: str | None = None) -> str:
    """Digits of the original number for applType, year (4 digits) and serial (9 digits) of the standard form.

    From 2003-10-01 the serial has seven digits, before it has five. Within 2003 the application date decides,
    else whether the serial exceeds 99999.
    """
    digit = _DIGIT_OF_APPL_TYPE[appl_type]
    if year == "2003":
        compact = (date or "").replace("-", "")
        long = compact >= _FIRST_OF_LONG_NUMBERS.replace("-", "") if compact else int(serial) > 99999
    else:
        long = year > "2003"
    return f"{year}{digit}{serial[-7:]}" if long else f"{year[2:]}{digit}{serial[-5:]}"


def parse_publication(text: str) -> PublicationNumber | None:
    """The publication number that a whole text is, with or without CN and kind; None when it is none.

    Digits alone that can only be an application number (eight or nine from 1989 on) are none.
    """
    found = _PUBLICATION.fullmatch(text) or _PUBLICATION.fullmatch(clean(text))
    if found is None:
        return None
    digits, kind = found.groups()
    if kind is None and len(digits) > 7 and _is_application(digits):
        return None
    return PublicationNumber(digits, kind)


def names_publication(text: str) -> bool:
    """Whether digits and kind can be those of a publication, of whatever form; nothing else becomes a key of the
    store."""
    return _PUBLICATION_LIKE.fullmatch(text) is not None


def _is_application(digits: str) -> bool:
    """Eight digits from 1989 on, or nine that begin with a year, never number a publication."""
    return digits[0] in "89" if len(digits) == 9 else not "85" <= digits[:2] <= "88"


def stage_of(kind: str, date: str | None) -> Stage:
    """What a publication of this kind is: A an application, B before 1993 examined, 8 and 9 a correction.

    `date` is the publication date, YYYY-MM-DD. Every other kind is a grant (C, U, Y, S, D, and C1 … S7, which
    republish a patent that was limited).
    """
    if kind[1:] in ("8", "9"):
        return "correction"
    if kind[0] == "A":
        return "application"
    return "examined" if kind[0] == "B" and date is not None and date < "1993" else "grant"


def type_of(kind: str | None, appl_type: str | None = None, digits: str | None = None) -> PatentType | None:
    """Type of a patent by the kind of a publication, else applType, else a number; None when none of them tells.

    `digits` are those of an application (8 or 12, without check digit) or publication number (7 or 9).
    """
    if kind and kind[0] in _TYPE_OF_KIND:
        return _TYPE_OF_KIND[kind[0]]
    told = _DIGIT_OF_APPL_TYPE.get(appl_type or "")
    if told is None and digits:
        told = digits[{8: 2, 12: 4}.get(len(digits), 0)]
    return _TYPE_OF_DIGIT.get(told or "")


def file_check(stem: str) -> str:
    """Check character of the first 51 characters of a file name, all ASCII: ISO 7064 MOD 37-2 with `#` as symbol 37."""
    total = sum(map(mul, stem.encode().translate(_VALUES), _FILE_WEIGHTS))
    return _ALPHABET[(38 - total) % 37]


def parse_file_name(name: str) -> FileName | None:
    """The parts of a name of 52 characters, with or without `.XML`; None for any other name."""
    found = _FILE_NAME.fullmatch(name.upper())
    if found is None:
        return None
    number, kind = found["number"].lstrip("0"), found["kind"].lstrip("0")
    return FileName(
        parse_application(found["application"]) if found["country"] == "CN" else None,
        parse_publication(number + kind) if found["country"] == "CN" else None,
        found["country"], found["content"], found["date"], file_check(found[0][:51]) == found["check"])
