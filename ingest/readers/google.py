"""Google's `patents-public-data.patents.publications` as JSON, one publication a line (or one array of them).

Dates are integers, 0 means none; numbers have hyphens, `CN-103831460-A`; texts are lists by language.
"""

import re
from collections.abc import Iterable, Iterator
from typing import Any

import orjson

from ingest.dates import parse_date
from ingest.readers.classes import locarno, symbols
from ingest.readers.drafts import applied, dated, draft
from ingest.readers.elements import Warn
from ingest.readers.parties import WITHHELD
from ingest.readers.plain import HAN, squeeze
from ingest.readers.reading import Reading
from ingest.readers.texts import flat_section
from ingest.readers.xml import MAX_DOCUMENT_BYTES, decode, lines
from ingest.record import Citation, Claim, Document, Party, Priority, Section
from ingest.rejects import Rejected

_ARRAY = re.compile(rb"(?:\xef\xbb\xbf)?\s*\[")
_NEXT_CLAIM = re.compile(r"(?:^|\n)[^\S\n]*([0-9０-９]{1,3})[^\S\n]*[.．、](?!\d)")
Json = dict[str, Any]


def readings(data: bytes, warn: Warn) -> Iterator[Reading]:
    """Every publication of a file."""
    part = 0
    rows: Iterable[str] = lines(data, warn)
    if _ARRAY.match(data) or data[:2] in (b"\xff\xfe", b"\xfe\xff"):
        text = decode(data, warn)
        rows = text.split("\n")
        if text.lstrip().startswith("["):
            for part, row in enumerate(_array(text), 1):
                yield Reading(_read(row, 1, warn), orjson.dumps(row), part)
            rows = ()
    for line, written in enumerate(rows, 1):
        if not written.strip():
            continue
        part += 1
        content: Document | Rejected
        try:
            content = _read(orjson.loads(written), line, warn)
        except orjson.JSONDecodeError as error:
            content = Rejected("json_invalid", str(error), line)
        yield Reading(content, written.strip().encode(errors="surrogateescape"), part)
    if not part:
        raise Rejected("no_records")


def _array(text: str) -> list[Any]:
    if len(text) > MAX_DOCUMENT_BYTES:      # lines are read one by one, an array only as a whole
        raise Rejected("document_too_large", str(len(text)))
    try:
        found = orjson.loads(text)
    except orjson.JSONDecodeError as error:
        raise Rejected("json_invalid", str(error), error.lineno) from error
    return found if isinstance(found, list) else []


def _read(row: Any, line: int, warn: Warn) -> Document | Rejected:
    try:
        return read(row if isinstance(row, dict) else {}, warn)
    except Rejected as reason:
        return Rejected(reason.code, reason.detail, line)


def read(row: Json, warn: Warn) -> Document:
    """One publication. Raises Rejected: `no_publication_number`, `foreign_office`."""
    country, digits, kind = _number(_text(row, "publication_number"))
    document = draft(country or _text(row, "country_code"), digits, kind or _text(row, "kind_code"))
    document["date"] = dated(_date(row, "publication_date"), warn)
    _, application, _ = _number(_text(row, "application_number"))
    applied(document, application or _text(row, "application_number_formatted"), _date(row, "filing_date"), warn)
    yields = []
    for field in ("title", "abstract"):
        text, chinese = _localized(row, f"{field}_localized")
        document[field] = ("\n".join(_paragraphs(text)) if field == "abstract" else squeeze(text)) or None
        if text and not chinese:
            yields.append(field)
    if document["title"] is None:
        warn("title_missing")
    claims, chinese = _localized(row, "claims_localized")
    document["claims"] = _claims(claims)
    if claims and not chinese:
        yields.append("claims")
    description, chinese = _localized(row, "description_localized")
    document["description"] = _description(description)
    if description and not chinese:
        yields.append("description")
    document["applicants"] = _people(row, "assignee")
    document["inventors"] = [party["name"] for party in _people(row, "inventor") if party["name"] not in WITHHELD]
    for field, names in (
        ("applicants", [party["name"] for party in document["applicants"]]),
        ("inventors", document["inventors"]),
    ):
        if names and not HAN.search("".join(names)):
            yields.append(field)
    document["examiners"] = [name for item in _items(row, "examiner") if (name := _text(item, "name"))]
    document["ipc"] = symbols(((code, None) for code in _codes(row, "ipc")), warn)
    document["cpc"] = [symbol["symbol"] for symbol in symbols(((code, None) for code in _codes(row, "cpc")), warn)]
    document["locarno"] = locarno(_codes(row, "locarno"))
    document["priorities"] = _priorities(row, warn)
    document["citations"] = _citations(row)
    document["related"] = list(
        dict.fromkeys(
            "".join(number)
            for item in _items(row, "parent")
            if (number := _number(_text(item, "application_number")))[1]
        )
    )
    pct = _text(row, "pct_number")
    document["pct"] = {"application_number": pct, "application_date": None} if pct else None
    if yields:
        document["yields"] = yields
    return document


def _text(row: Json, name: str) -> str:
    value = row.get(name)
    return value.strip() if isinstance(value, str) else ""


def _items(row: Json, name: str) -> list[Json]:
    value = row.get(name)
    return [item for item in value if isinstance(item, dict)] if isinstance(value, list) else []


def _date(row: Json, name: str) -> str:
    """As text: exports write integers as numbers or, being 64 bits wide, as strings."""
    value = row.get(name)
    return str(value) if isinstance(value, (int, str)) else ""


def _number(written: str) -> tuple[str, str, str]:
    """Country, digits and kind of `CN-103831460-A`."""
    parts = written.split("-")
    return (parts[0], "".join(parts[1:-1]), parts[-1]) if len(parts) > 2 else ("", written, "")


def _localized(row: Json, name: str) -> tuple[str, bool]:
    """The text in Chinese, else English, else the first, and whether it is Chinese."""
    rank = {"zh": 0, "en": 1}
    ordered = sorted(_items(row, name), key=lambda item: rank.get(_text(item, "language"), 2))
    chosen = next((item for item in ordered if _text(item, "text")), {})
    return _text(chosen, "text"), _text(chosen, "language") == "zh"


def _paragraphs(text: str) -> list[str]:
    return [line for part in text.splitlines() if (line := part.strip())]


def _claims(text: str) -> list[Claim]:
    """Claims out of one text: a line that begins with the number next in order begins a claim."""
    starts: list[int] = []
    for found in _NEXT_CLAIM.finditer(text):
        if int(found[1]) == len(starts) + 1:
            starts.append(found.start())
    if not starts:
        return [Claim(number=1, text="\n".join(_paragraphs(text)))] if text else []
    ends = [*starts[1:], len(text)]
    return [
        Claim(number=number, text="\n".join(_paragraphs(text[start:end])))
        for number, (start, end) in enumerate(zip(starts, ends, strict=True), 1)
    ]


def _description(text: str) -> list[Section]:
    sections: list[Section] = []
    for paragraph in _paragraphs(text):
        section = flat_section(paragraph, sections[-1]["section"] if sections else None)
        if sections and sections[-1]["section"] == section:
            sections[-1]["paragraphs"].append(paragraph)
        else:
            sections.append(Section(section=section, paragraphs=[paragraph]))
    return sections


def _people(row: Json, kind: str) -> list[Party]:
    """Names as published where they are Chinese, else the harmonised ones, which also have a country."""
    stated = row.get(kind)
    names = (
        [name.strip() for name in stated if isinstance(name, str) and name.strip()] if isinstance(stated, list) else []
    )
    harmonized = [
        (name, _text(item, "country_code") or None)
        for item in _items(row, f"{kind}_harmonized")
        if (name := _text(item, "name"))
    ]
    if not harmonized or any(HAN.search(name) for name in names):
        countries = [country for _, country in harmonized] if len(harmonized) == len(names) else [None] * len(names)
        harmonized = list(zip(names, countries, strict=True))
    return [Party(name=name, address=None, postcode=None, country=country) for name, country in harmonized]


def _codes(row: Json, name: str) -> list[str]:
    """Class symbols, the one marked as first before the others."""
    items = sorted(_items(row, name), key=lambda item: item.get("first") is not True)
    return [code for item in items if (code := _text(item, "code"))]


def _priorities(row: Json, warn: Warn) -> list[Priority]:
    own = _text(row, "application_number")
    found = []
    for item in _items(row, "priority_claim"):
        written = _text(item, "application_number")
        country, number, _ = _number(written)
        if number and written != own:
            found.append(Priority(country=country or None, number=number, date=dated(_date(item, "filing_date"), warn)))
    return found


def _citations(row: Json) -> list[Citation]:
    found = []
    for item in _items(row, "citation"):
        number = "".join(_number(_text(item, "publication_number")))
        text = _text(item, "npl_text")
        if number or text:
            found.append(
                Citation(
                    number=number or None,
                    date=parse_date(_date(item, "filing_date"))[0] if text and not number else None,
                    text=text or None,
                    phase=_text(item, "category") or None,
                )
            )
    return found
