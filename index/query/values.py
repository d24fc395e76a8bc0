"""What a value means in each kind of field: one leaf of the tree, or an error when it can never match.

A value is what stands after the sign of a clause or inside its group: a term, or for dates and classes a range.
"""

import re
from collections.abc import Callable
from typing import NamedTuple

from index.fields import Field
from index.query import truncation
from index.query.dates import period, reach
from index.query.numbers import check_digit_values, wrong_check_digit
from index.query.tree import Classes, Dates, Industry, Keyword, Node, Number, Or, Region, Units
from index.text.units import units_of_folded
from ingest.ipc import patterns, scheme
from ingest.numbers import parse_application, parse_publication
from ingest.regions import candidates, full_name

VALUES: dict[str, dict[str, str]] = {
    "type": {
        "发明": "invention", "发明专利": "invention", "i": "invention", "invention": "invention",
        "实用新型": "utility_model", "实用新型专利": "utility_model", "u": "utility_model",
        "utility_model": "utility_model",
        "外观设计": "design", "外观设计专利": "design", "d": "design", "design": "design",
    },
    "legal_state": {
        "审中": "pending", "pending": "pending", "有效": "in_force", "in_force": "in_force",
        "失效": "lapsed", "lapsed": "lapsed", "未知": "unknown", "unknown": "unknown",
    },
    "applicant_kind": {kind: kind for kind in ("企业", "高校", "科研院所", "医院", "机关团体", "个人")},
}
"""{field: {folded written value: value of the record}}; the first name of a value is the canonical one."""

LONGEST_PREFIX = 13     # digits of the beginning of a number: an application's with its check digit

_LOCARNO = re.compile(r"(\d{1,2})(?:-(\d{2}))?\*?")
_POSTCODE = re.compile(r"\d{6}|\d{1,6}\+")
_INDUSTRY = re.compile(r"([0-9A-Za-z_]+)(?:/([^\s/@]+))?(?:@(rule|rule_derived|model|human|0\.[1-9]))?")
_WRITTEN_BESIDE_NUMBER = re.compile(r"[\s.\-]|^(?:cn|zl)", re.IGNORECASE)

Report = Callable[..., None]


class Value(NamedTuple):
    """A value as written. `last` is the end of a range (`first:last`, either may be ''), None for a plain value."""

    text: str
    folded: str
    start: int
    end: int
    sign: str = "="
    quoted: bool = False
    last: str | None = None

    @property
    def shown(self) -> str:
        return self.text if self.last is None else f"{self.text}:{self.last}"


def read_value(field: Field, value: Value, report: Report, alias: str = "") -> Node | None:
    """The leaf for a value in a field that is not of kind units; None after an error was reported.

    `alias` is the folded name of the field as it was written.
    """
    if value.sign in (">", ">=", "<", "<=") and field.kind != "dates":
        report("comparison_not_allowed", value.start, value.end, field=field.name, sign=value.sign)
        return None
    if value.last is not None and field.kind not in ("dates", "classes"):
        report("sign_reserved", value.start, value.end, sign=":")
        return None
    if field.kind == "classes":
        return _classes(field, value, report, both=alias == "分类号")
    return _READERS[field.kind](field, value, report)


def read_term(fields: tuple[str, ...], value: Value, most_signs: int, report: Report) -> Node | None:
    """The leaf for a term in text fields, None after an error was reported."""
    folded = value.folded
    if not value.quoted and ("+" in folded or "?" in folded or "#" in folded):
        count = folded.count("+") + folded.count("?") + folded.count("#")
        if count > most_signs:
            report("truncation_too_many", value.start, value.end, count=count, limit=most_signs)
            return None
        term = truncation.term(fields, folded, value.sign == "==")
        if term is None:
            report("truncation_alone", value.start, value.end, value=value.text)
        return term
    found = tuple(units_of_folded(folded))
    if not found:
        report("term_without_units", value.start, value.end)
        return None
    return Units(fields, found, value.sign == "==")


def _dates(field: Field, value: Value, report: Report) -> Node | None:
    first = period(value.folded) if value.folded else None
    last = period(value.last) if value.last else None
    if (first is None and (value.folded or not value.last)) or (last is None and value.last):
        report("date_invalid", value.start, value.end, value=value.shown)
        return None
    if value.last is not None:
        if value.sign not in ("=", "=="):
            report("comparison_not_allowed", value.start, value.end, field=field.name, sign=value.sign)
            return None
        low, high = first[0] if first else None, last[1] if last else None
        if low is not None and high is not None and low > high:
            report("range_backwards", value.start, value.end, value=value.shown)
            return None
        return Dates(field.api, low, high)
    assert first is not None
    return Dates(field.api, *reach(value.sign, first))


def whole_number(field: Field, text: str) -> Number | None:
    """The leaf for a text that is one number of the field, without `+`."""
    if field.api == "application_number":
        application = parse_application(text)
        return Number("application_number", application.key) if application else None
    publication = parse_publication(text)
    return Number("publication_number", publication.digits + (publication.kind or "")) if publication else None


def _numbers(field: Field, value: Value, report: Report) -> Node | None:
    text = value.text.strip()
    if text.endswith("+") and not value.quoted:
        digits = _WRITTEN_BESIDE_NUMBER.sub("", text[:-1])
        whole = whole_number(field, digits)
        if digits.isdecimal() and digits.isascii() and len(digits) <= LONGEST_PREFIX:
            key = whole.value if whole and len(whole.value) < len(digits) else digits
            return Number(field.api, key, prefix=True)      # type: ignore[arg-type]
        if whole:
            return whole
    found = whole_number(field, text)
    if found is None:
        report("number_invalid", value.start, value.end, value=value.text, field=field.name)
        return None
    meant = wrong_check_digit(text) if field.api == "application_number" else None
    if meant:
        report("check_digit_wrong", value.start, value.end, **check_digit_values(text, meant))
    return found


def _classes(field: Field, value: Value, report: Report, both: bool) -> Node | None:
    """`both`: the name stands for Locarno classes too."""
    written = value.folded.strip() if value.last is None else f"{value.folded}:{value.last}"
    locarno = _locarno(written) if field.api == "locarno" or both else None
    if locarno:
        return locarno
    found = None if field.api == "locarno" else _pattern(written)
    if found is None or (found.how == "range" and not value.last):
        example = "14-02" if field.api == "locarno" else "H01M、H01M10/42 或 H01M10/42*"
        report("class_invalid", value.start, value.end, value=value.shown, field=field.name, example=example)
        return None
    if found.how == "range":
        low, high = patterns.bounds(found.symbol, found.last)
        if low > high:
            report("range_backwards", value.start, value.end, value=value.shown)
            return None
    if found.how == "prefix" and re.fullmatch(r"[A-HY]\d\d[A-Z]\d{1,3}\+", found.symbol):
        group = found.symbol[:-1]
        report("class_group_prefix", value.start, value.end, value=value.shown, also=group + "0", instead=group)
    return Classes(field.api, found.how, found.symbol, found.last)


def _pattern(written: str) -> patterns.Pattern | None:
    """The pattern of a text: as written, a truncated class (`H01+` is H01), or any written form of a symbol."""
    found = patterns.parse(written)
    if found:
        return found
    short = patterns.parse(written.removesuffix("+"))
    if written.endswith("+") and short and short.how == "prefix" and len(short.symbol) <= 4:
        return short
    symbol = scheme.normalise(written)
    return patterns.parse(symbol) if symbol else None


def _locarno(written: str) -> Classes | None:
    if written[:1].isalpha():
        return None
    ends = [_LOCARNO.fullmatch(end.strip()) for end in written.split(":")]
    codes = [f"{end[1]:0>2}" + (f"-{end[2]}" if end[2] else "") for end in ends if end]
    if len(codes) != len(ends) or len(codes) > 2:
        return None
    if len(codes) == 2:
        return Classes("locarno", "range", *codes) if codes[0][:2] <= codes[1][:2] else None
    return Classes("locarno", "exact" if "-" in codes[0] else "prefix", codes[0])


def _keyword(field: Field, value: Value, report: Report) -> Node | None:
    written = value.folded.strip()
    if field.api == "postcode":
        if not _POSTCODE.fullmatch(written):
            report("postcode_invalid", value.start, value.end, value=value.text)
            return None
        return Keyword("postcode", (written.removesuffix("+"),), prefix=written.endswith("+"))
    allowed = VALUES[field.api]
    if written not in allowed:
        first_names = {meant: name for name, meant in reversed(allowed.items())}
        names = "、".join(dict.fromkeys(first_names[meant] for meant in allowed.values()))
        report("value_unknown", value.start, value.end, field=field.name, value=value.text, allowed=names)
        return None
    return Keyword(field.api, (allowed[written],))


def _region(field: Field, value: Value, report: Report) -> Node | None:
    codes = candidates(value.text.strip()) or candidates(value.folded.strip())
    if not codes:
        report("region_unknown", value.start, value.end, value=value.text)
        return None
    if len(codes) > 1:
        report("region_several", value.start, value.end, value=value.text, count=len(codes),
               names="、".join(f"{full_name(code)} {code}" for code in codes[:6]))
        return Or(tuple(map(Region, codes)))
    return Region(codes[0])


def _industry(field: Field, value: Value, report: Report) -> Node | None:
    found = _INDUSTRY.fullmatch(value.text.strip())
    if found is None:
        report("industry_invalid", value.start, value.end, value=value.text)
        return None
    return Industry(found[1].lower(), found[2], found[3])


def _collection(field: Field, value: Value, report: Report) -> Node | None:
    report("collection_unknown", value.start, value.end, value=value.text)
    return None


_READERS: dict[str, Callable[[Field, Value, Report], Node | None]] = {
    "dates": _dates, "numbers": _numbers, "keyword": _keyword, "region": _region,
    "industry": _industry, "collection": _collection,
}
