"""TRS text: records that begin with `<REC>`, lines `<字段>=value`; publications, and legal events of them.

A line that is no field continues the value before it, also when it begins with an HTML tag. Brackets in the names
of fields come in full and half width.
"""

import html
import re
from collections.abc import Iterable, Iterator

from ingest.dates import parse_date
from ingest.numbers import parse_application, parse_publication
from ingest.readers.classes import locarno, symbols
from ingest.readers.drafts import applied, dated, draft
from ingest.readers.elements import EMPTY, Warn, whole_number
from ingest.readers.information import details
from ingest.readers.parties import WITHHELD, split_postcode
from ingest.readers.plain import squeeze
from ingest.readers.reading import Reading
from ingest.readers.xml import lines
from ingest.record import Agency, Claim, Document, Event, Party, Priority
from ingest.rejects import Rejected

_FIELD = re.compile(r"\s*<([^<>=]{1,40})>=(.*)", re.S)
_BRACKETS = str.maketrans("（）", "()", " \t\u3000")
_TAG = re.compile(r"</?[A-Za-z][^<>]*>")
_NUMBER_OF_CLAIM = re.compile(r"\s*([0-9０-９]+)\s*[.．、]")
_LOCARNO = re.compile(r"\d\d-\d\d")
_PRIORITY = re.compile(r"(?:(\d{4}[.\-/]\d{1,2}[.\-/]\d{1,2})[\s,，]*)?([A-Z]{2})?[\s,，]*(.*)")
_INTERNATIONAL = re.compile(r"(\S+)\s.*?(\d{4}[.\-/]\d{1,2}[.\-/]\d{1,2}|\d{8})\s*")

Fields = dict[str, str]


def readings(data: bytes, warn: Warn) -> Iterator[Reading]:
    """Every record of a file, publications and events as they come. Raises Rejected `no_records`."""
    part = 0
    found = lines(data, lambda _: None)  # no encoding is declared, so none is wrong
    for part, (line, text, fields) in enumerate(_records(found), 1):
        content: Document | Event | Rejected
        try:
            legal = "法律状态公告日" in fields or "法律状态" in fields
            content = event(fields, warn) if legal else publication(fields, warn)
            text.encode()
        except Rejected as reason:
            content = Rejected(reason.code, reason.detail, line)
        except UnicodeEncodeError:      # bytes that do not fit the encoding of the file
            content = Rejected("encoding_unknown", line=line)
        yield Reading(content, text.encode(errors="surrogateescape"), part)
    if not part:
        raise Rejected("no_records", "<REC>")


def _records(written: Iterable[str]) -> Iterator[tuple[int, str, Fields]]:
    """Records with the line on which they begin: at `<REC>`, or where the first field of a record comes again."""
    fields: dict[str, list[str]] = {}
    held: list[str] = []
    begin, last = 1, ""
    for number, line in enumerate(written, 1):
        line = line.rstrip("\r")
        found = _FIELD.fullmatch(line)
        key = found[1].translate(_BRACKETS) if found else ""
        mark = line.strip().upper() == "<REC>"
        if fields and (mark or key == next(iter(fields))):
            yield begin, "\n".join(held).strip(), _joined(fields)
            fields, held, last = {}, [], ""
        if mark or not held:
            begin = number
        if found:
            last = key
            fields.setdefault(last, []).append(found[2])
        elif last and not mark:
            fields[last].append(line)
        held.append(line)
    if fields:
        yield begin, "\n".join(held).strip(), _joined(fields)


def _joined(fields: dict[str, list[str]]) -> Fields:
    return {name: "\n".join(values) for name, values in fields.items()}


def event(fields: Fields, warn: Warn) -> Event:
    """One legal event. Raises Rejected: `no_application_number`, `no_event_date`, `no_event_code`."""
    stated = _line(fields, "申请号")
    number = parse_application(stated)
    if number is None:
        raise Rejected("no_application_number", stated)
    date = dated(_line(fields, "法律状态公告日"), warn)
    named, pairs = details(_TAG.sub("", fields.get("法律状态信息", "")))
    name = _line(fields, "法律状态") or named
    if not date:
        raise Rejected("no_event_date", number.key)
    if not name:
        raise Rejected("no_event_code", number.key)
    if named and named != name:
        pairs.insert(0, ["", named])
    return Event(
        application=number.key, date=date, code=None, name=name, details=pairs, ident=None, action="add", produced=None
    )


def publication(fields: Fields, warn: Warn) -> Document:
    """One publication. Raises Rejected: `no_publication_number` (also without its kind), `foreign_office`."""
    stated = _line(fields, "公开(公告)号", "公开号", "公告号", "授权公告号")
    number = parse_publication(stated)
    if number is None or number.kind is None:
        if re.match(r"(?!CN)[A-Z]{2}\d", stated, re.I):
            raise Rejected("foreign_office", stated)
        raise Rejected("no_publication_number", stated)
    document = draft("CN", number.digits, number.kind)
    document["date"] = dated(_line(fields, "公开(公告)日", "公开日", "公告日", "授权公告日"), warn)
    applied(document, _line(fields, "申请号") or _line(fields, "专利号"), _line(fields, "申请日"), warn)
    document["title"] = _line(fields, "名称", "发明名称", "标题") or None
    if document["title"] is None:
        warn("title_missing")
    document["abstract"] = _line(fields, "摘要", "简要说明") or None
    _classes(document, fields, warn)
    _people(document, fields)
    document["priorities"] = _priorities(fields, warn)
    document["pct"] = _pct(fields)
    document["related"] = [
        parent.text if (parent := parse_application(value)) else value
        for value in _list(fields, "分案原申请号", "分案申请号")
    ]
    whole, main = _line(fields, "权利要求书", "权利要求"), _line(fields, "主权项")
    claim = whole or main
    if claim:
        found = _NUMBER_OF_CLAIM.match(claim)
        document["claims"] = [Claim(number=whole_number(found[1], 1) if found else 1, text=claim)]
        document["yields"] = ["claims"]  # the main claim only, or all in one
    return document


def _line(fields: Fields, *names: str) -> str:
    """The first of these fields that says anything, as one line of plain text."""
    for name in names:
        value = squeeze(html.unescape(_TAG.sub("", fields.get(name, ""))))
        if value and value not in EMPTY:
            return value
    return ""


def _list(fields: Fields, *names: str) -> list[str]:
    return [part for value in re.split("[;；]", _line(fields, *names)) if (part := value.strip()) and part not in EMPTY]


def _classes(document: Document, fields: Fields, warn: Warn) -> None:
    stated = list(dict.fromkeys(_list(fields, "主分类号") + _list(fields, "分类号")))
    designs = [value for value in stated if document["type"] == "design" or _LOCARNO.fullmatch(value)]
    document["locarno"] = locarno(designs)
    document["ipc"] = symbols(((value, None) for value in stated if value not in designs), warn)


def _people(document: Document, fields: Fields) -> None:
    """Applicants, of whom the first has the address and the province or country of the record."""
    names = _list(fields, "申请(专利权)人", "申请人", "专利权人")
    address, postcode = split_postcode(_line(fields, "地址", "申请人地址"), _line(fields, "邮编"))
    province, _, code = _line(fields, "国省代码", "申请人所在国(省)").partition(";")
    foreign = len(code) == 2 and code.isalpha()
    parties = [Party(name=name, address=None, postcode=None, country=None, province=None) for name in names]
    if parties:
        parties[0] |= Party(
            name=names[0],
            address=address,
            postcode=postcode,
            country=code.upper() if foreign else None,
            province=None if foreign else province.strip() or None,
        )
    document["applicants"] = parties
    document["inventors"] = [name for name in _list(fields, "发明(设计)人", "发明人", "设计人") if name not in WITHHELD]
    agency = _line(fields, "专利代理机构", "代理机构")
    head, blank, tail = agency.rpartition(" ")
    if blank and len(tail) == 5 and tail.isdecimal():
        document["agency"] = Agency(name=head.strip(), code=tail)
    elif agency:
        document["agency"] = Agency(name=agency, code=None)
    document["agents"] = _list(fields, "代理人")
    document["examiners"] = _list(fields, "审查员")


def _priorities(fields: Fields, warn: Warn) -> list[Priority]:
    found = []
    for value in _list(fields, "优先权"):
        match = _PRIORITY.fullmatch(value)
        if match:
            date, country, number = match.groups()
            found.append(Priority(country=country, number=number.strip() or None, date=dated(date or "", warn)))
    return found


def _pct(fields: Fields) -> dict[str, str | None] | None:
    found: dict[str, str | None] = {}
    for name, key in (("国际申请", "application"), ("国际公布", "publication")):
        value = _line(fields, name)
        match = _INTERNATIONAL.fullmatch(value)
        if value:
            found[f"{key}_number"] = match[1] if match else value
            found[f"{key}_date"] = parse_date(match[2])[0] if match else None
    entered = _line(fields, "进入国家日期")
    if entered:
        found["national_entry_date"] = parse_date(entered)[0]
    return found or None
