"""`cn-patent-document`, the office's ST.36 format of 2006: applications and patents, and designs beside its DTD.

Unlike base/business the abstract stands in the bibliography, and texts may be scans only (`doc-page`), which give
no text. Elements are found by local name, every one but the publication may be absent.
"""

from collections.abc import Iterator

from ingest.dates import parse_date
from ingest.readers.classes import locarno, symbols
from ingest.readers.drafts import applied, dated, draft
from ingest.readers.elements import Element, Warn, child_of, descendants, listed, local_name, text_of, texts_of
from ingest.readers.parties import WITHHELD
from ingest.readers.plain import plain
from ingest.readers.reading import Reading
from ingest.readers.st36_parties import agency_and_agents, name_of, people
from ingest.readers.st36_texts import claims, description
from ingest.readers.texts import chinese_text
from ingest.readers.xml import parse
from ingest.record import Citation, Document, PatentType, Priority

_TYPES: tuple[tuple[str, PatentType], ...] = (("外观", "design"), ("实用新型", "utility_model"), ("发明", "invention"))
"""`appl-type` is free text in practice."""


def readings(data: bytes, warn: Warn) -> Iterator[Reading]:
    """The one publication of a file."""
    yield Reading(read(parse(data, warn), warn), data)


def read(root: Element, warn: Warn) -> Document:
    """One publication as the file states it; warnings and refusals are those of `business.read`."""
    bibliography = _child(root, "cn-bibliographic-data")
    body = _child(root, "application-body")
    reference = _child(bibliography, "cn-publication-reference")
    ident = _child(reference, "document-id")
    document = draft(
        text_of(ident, "country") or root.get("country") or "CN",
        text_of(ident, "doc-number") or root.get("doc-number") or "",
        text_of(ident, "kind") or root.get("kind") or "",
    )
    document["date"] = dated(
        text_of(ident, "date")
        or text_of(_child(reference, "gazette-reference"), "date")
        or root.get("date-publ")
        or "",
        warn,
    )
    document["produced"] = parse_date(root.get("date-produced"))[0]
    document["claims"] = claims(_child(body, "claims"))
    document["description"] = description(_child(body, "description"))
    abstract = _child(bibliography, "abstract")
    if abstract is None:
        abstract = _child(body, "abstract")
    if abstract is not None:
        document["abstract"] = "\n".join(texts_of(abstract, "p")) or plain(abstract) or None
    if bibliography is not None:
        _bibliography(document, bibliography, warn)
    return document


def _bibliography(document: Document, data: Element, warn: Warn) -> None:
    reference = _child(data, "application-reference")
    ident = _child(reference, "document-id")
    applied(document, text_of(ident, "doc-number"), text_of(ident, "date"), warn)
    stated = (reference.get("appl-type") or "") if reference is not None else ""
    document["type"] = next((type_ for word, type_ in _TYPES if word in stated), document["type"])
    document["title"] = chinese_text([child for child in data if local_name(child) == "invention-title"]) or None
    if document["title"] is None:
        warn("title_missing")
    parties = _child(data, "cn-parties")
    document["applicants"] = people(_child(parties, "cn-applicants"), "cn-applicant")
    document["patentees"] = people(_child(data, "assignees"), "assignee")
    inventors = _child(parties, "cn-inventors")
    names = (
        name_of(inventor)
        for inventor in listed([inventors] if inventors is not None else [], "cn-inventor")
        if (inventor.get("cn-not-to-be-published-request-by-inventor") or "").lower() != "yes"
    )
    document["inventors"] = [name for name in names if name and name not in WITHHELD]
    document["agency"], document["agents"] = agency_and_agents(_child(parties, "cn-agents"))
    document["ipc"] = symbols(_symbols(data), warn)
    document["locarno"] = locarno(
        plain(child)
        for group in descendants(data, "classification-locarno")
        for child in group
        if local_name(child) in ("main-classification", "further-classification", "text")
    )
    document["priorities"] = _priorities(data, warn)
    document["pct"] = _pct(data)
    _references(document, _child(data, "references-cited"))
    mentioned = [
        ident
        for name in ("cn-related-publication", "division", "correction")
        for group in descendants(data, name)
        for ident in descendants(group, "document-id")
    ]
    document["related"] = list(dict.fromkeys(number for ident in mentioned if (number := _number(ident))))


def _child(element: Element | None, name: str) -> Element | None:
    return child_of(element, name) if element is not None else None


def _number(ident: Element | None) -> str:
    digits = text_of(ident, "doc-number")
    country = "" if digits.startswith("PCT") else text_of(ident, "country")
    return f"{country}{digits.removeprefix(country)}{text_of(ident, 'kind')}" if digits else ""


def _symbols(data: Element) -> Iterator[tuple[str, str | None]]:
    """IPC symbols as written, with version: the edition since 2006, else the older one."""
    for element in listed(
        [group for group in data if local_name(group) == "classifications-ipcr"], "classification-ipcr"
    ):
        written = text_of(element, "text")
        if written:
            yield written, None
            continue
        version = text_of(_child(element, "ipc-version-indicator"), "date")
        stated = "".join(_part(element, name) for name in ("section", "class", "subclass"))
        group = _part(element, "main-group")
        yield (
            f"{stated}{group}/{_part(element, 'subgroup') or '00'}" if group else stated,
            f"{version[:4]}.{version[4:6]}" if len(version) == 8 else None,
        )
    old = _child(data, "classification-ipc")
    if old is not None:
        edition = text_of(old, "ipc-version") or None
        members = [
            plain(child) for child in old if local_name(child) in ("main-classification", "further-classification")
        ]
        for written in members or [text_of(old, "text")]:
            if written:
                yield written, edition


def _part(element: Element, name: str) -> str:
    """A part of a symbol; `0` and `00` are no placeholders here."""
    child = child_of(element, name)
    return plain(child) if child is not None else ""


def _priorities(data: Element, warn: Warn) -> list[Priority]:
    """Foreign and domestic priorities; those of an earlier application here stand apart."""
    found = [
        Priority(
            country=text_of(claim, "country") or None,
            number=text_of(claim, "doc-number") or None,
            date=dated(text_of(claim, "date"), warn),
        )
        for claim in listed([group for group in data if local_name(group) == "priority-claims"], "priority-claim")
    ]
    for claim in descendants(data, "cn-domestic-priority-claim"):
        for parent in descendants(claim, "parent-doc"):
            ident = child_of(parent, "document-id")
            found.append(
                Priority(
                    country=text_of(ident, "country") or "CN",
                    number=text_of(ident, "doc-number") or None,
                    date=dated(text_of(ident, "date"), warn),
                )
            )
    return found


def _pct(data: Element) -> dict[str, str | None] | None:
    found: dict[str, str | None] = {}
    for name, key in (
        ("pct-or-regional-filing-data", "application"),
        ("pct-or-regional-publishing-data", "publication"),
    ):
        ident = _child(_child(data, name), "document-id")
        if ident is not None:
            found[f"{key}_number"] = _number(ident) or None
            found[f"{key}_date"] = parse_date(text_of(ident, "date"))[0]
    entered = text_of(_child(data, "date-pct-article-22-39-fulfilled"), "date")
    if entered:
        found["national_entry_date"] = parse_date(entered)[0]
    return found or None


def _references(document: Document, cited: Element | None) -> None:
    """Citations, and the examiner, who is called searcher here."""
    if cited is None:
        return
    for citation in listed([cited], "citation"):
        phase = citation.get("srep-phase") or citation.get("cited-phase")
        for source in citation:
            name = local_name(source)
            if name == "patcit":
                ident = child_of(source, "document-id")
                number, text = _number(ident) or None, text_of(source, "text") or None
                if number or text:
                    document["citations"].append(
                        Citation(number=number, date=parse_date(text_of(ident, "date"))[0], text=text, phase=phase)
                    )
            elif name == "nplcit" and (text := plain(source) or None):
                document["citations"].append(Citation(number=None, date=None, text=text, phase=phase))
    searcher = name_of(child_of(cited, "searcher"))
    if searcher:
        document["examiners"] = [searcher]
