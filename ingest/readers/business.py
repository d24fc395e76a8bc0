"""CNIPA's standardised XML, "base/business" V2.2.1: full texts, bibliographies and designs.

Elements are found by local name (prefixes may be missing or other), the two forms of a reference by
`dataFormat`; every element but the publication reference may be absent. Reference: the field table in docs/data.md.
"""

from collections.abc import Iterator

from lxml import etree

from ingest.dates import parse_date
from ingest.numbers import names_publication, parse_application, parse_file_name, parse_publication, type_of
from ingest.readers.classes import ipc_symbols, locarno_classes
from ingest.readers.drafts import dated
from ingest.readers.elements import (
    Element,
    Warn,
    child_of,
    descendants,
    in_form,
    listed,
    local_name,
    sequence,
    stated,
    text_of,
    texts_of,
)
from ingest.readers.parties import agency_and_agents, examiners, inventors, people
from ingest.readers.plain import plain
from ingest.readers.reading import Reading
from ingest.readers.texts import chinese_text, claims, description
from ingest.readers.xml import parse
from ingest.record import Citation, Document, PatentType, Priority
from ingest.rejects import Rejected

_DOCUMENT_ID = frozenset(("WIPOST3Code", "DocNumber", "Kind", "Date"))


def readings(data: bytes, warn: Warn) -> Iterator[Reading]:
    """The one publication of a file."""
    yield Reading(read(parse(data, warn), warn), data)


def read(root: Element, warn: Warn) -> Document:
    """One publication as the file states it.

    `warn` gets a code for each oddity (date_partial, date_invalid, application_number_invalid, check_digit_wrong,
    ipc_invalid, title_missing). Raises Rejected: `no_bibliography`, `no_publication_number`.
    """
    parts: dict[str, Element] = {}
    for child in root:
        parts.setdefault(local_name(child), child)
    bibliography = parts.get("BibliographicData")
    if bibliography is None:
        bibliography = parts.get("DesignBibliographicData")
    if bibliography is None:
        bibliography = etree.Element("BibliographicData")  # split CLA and DES files may have none
        if not any(
            name in parts for name in ("Claims", "Description", "Abstract", "DesignBriefExplanation", "Drawings")
        ):
            raise Rejected("no_bibliography")
    children: dict[str, list[Element]] = {}
    for child in bibliography:
        children.setdefault(local_name(child), []).append(child)

    country, digits, kind, published = _publication(root, children.get("PublicationReference", []))
    # Designs may have the number of the patent only.
    references = children.get("ApplicationReference") or children.get("PatentNumber") or []
    application, applied, appl_type = _application(references, warn)
    number = parse_publication(digits + kind) if country == "CN" else None
    type_: PatentType = (
        "design" if "DesignBibliographicData" in parts else type_of(kind, appl_type, digits) or "invention"
    )
    # Designs hold their parties directly, other kinds inside Parties.
    for group in children.get("Parties", []):
        for child in group:
            children.setdefault(local_name(child), []).append(child)
    agency, agents = agency_and_agents(children.get("AgentDetails", []))
    titles = children.get("InventionTitle") or children.get("DesignTitle") or []
    title = chinese_text(titles) or None
    if title is None and ("BibliographicData" in parts or "DesignBibliographicData" in parts):
        warn("title_missing")
    abstract = parts.get("Abstract")
    if abstract is None:
        abstract = parts.get("DesignBriefExplanation")
    return Document(
        publication=number.text if number else f"{country}{digits}{kind}",
        kind=kind,
        date=dated(published, warn),
        produced=parse_date(root.get("dateProduced"))[0],
        type=type_,
        application_number=application,
        application_date=dated(applied, warn),
        title=title,
        abstract="\n".join(texts_of(abstract, "Paragraphs")) or None if abstract is not None else None,
        claims=claims(parts.get("Claims")),
        description=description(parts.get("Description")),
        applicants=people(children.get("ApplicantDetails", []), "Applicant"),
        patentees=people(children.get("AssigneeDetails", []), "Assignee"),
        inventors=inventors(children),
        agency=agency,
        agents=agents,
        examiners=examiners(children.get("ExaminerDetails", [])),
        ipc=ipc_symbols(children, warn),
        locarno=locarno_classes(children.get("ClassificationLocarno", [])),
        cpc=[],
        priorities=_priorities(children.get("PriorityDetails", []), warn),
        pct=_pct(children),
        citations=_citations(children.get("ReferencesCited", [])),
        related=_related(children.get("RelatedDocuments", [])),
    )


def _publication(root: Element, references: list[Element]) -> tuple[str, str, str, str]:
    """Country, digits, kind and date; trust goes from the reference to the root's attributes, then to the file name."""
    reference = in_form(references, "original")
    if reference is None:
        reference = references[0] if references else None
    ident = child_of(reference, "DocumentID") if reference is not None else None
    parts = stated(ident, _DOCUMENT_ID)
    country = parts.get("WIPOST3Code") or root.get("country") or "CN"
    digits = parts.get("DocNumber") or root.get("docNumber") or ""
    kind = parts.get("Kind") or root.get("kind") or ""
    date = parts.get("Date") or root.get("datePublication") or ""
    kind = kind.strip().upper()
    digits = digits.strip().upper().removeprefix(country).removesuffix(kind)
    if not digits or not kind:
        named = parse_file_name(root.get("file") or "")
        if named is None or named.publication is None or not named.publication.kind:
            raise Rejected("no_publication_number")
        return named.country, named.publication.digits, named.publication.kind, date or named.date
    country = country.upper()
    if country.startswith("CN") and not names_publication(country[2:] + digits + kind):
        raise Rejected("no_publication_number", f"{country}{digits}{kind}")
    return country, digits, kind, date


def _application(references: list[Element], warn: Warn) -> tuple[str | None, str, str | None]:
    """Application number as users write it, its date as stated, and applType."""
    date, appl_type = "", None
    for form in ("original", "standard", None):
        reference = in_form(references, form) if form else (references[0] if references else None)
        if reference is None:
            continue
        ident = child_of(reference, "DocumentID")
        parts = stated(ident, _DOCUMENT_ID)
        date = date or parts.get("Date", "")
        appl_type = appl_type or reference.get("applType")
        written = parts.get("DocNumber", "") if ident is not None else plain(reference)  # PatentNumber: text only
        if not written:
            continue
        number = parse_application(written, date)
        if number:
            if number.check_ok is False:
                warn("check_digit_wrong")
            return number.text, date, appl_type
        if parts.get("WIPOST3Code", "CN") != "CN":
            return written, date, appl_type
        warn("application_number_invalid")
    return None, date, appl_type


def _priorities(groups: list[Element], warn: Warn) -> list[Priority]:
    """Each priority stands there twice; grouped by sequence, the original form is preferred."""
    chosen: dict[int, Element] = {}
    for element in listed(groups, "Priority"):
        known = chosen.setdefault(sequence(element), element)
        if known.get("dataFormat") != "original" and element.get("dataFormat") == "original":
            chosen[sequence(element)] = element
    return [
        Priority(
            country=text_of(element, "WIPOST3Code") or None,
            number=text_of(element, "DocNumber") or None,
            date=dated(text_of(element, "Date"), warn),
        )
        for element in chosen.values()
    ]


def _pct(children: dict[str, list[Element]]) -> dict[str, str | None] | None:
    found: dict[str, str | None] = {}
    for name, key in (("PCTOrRegionalApplicationData", "application"), ("PCTOrRegionalPublishingData", "publication")):
        ident = next(
            (ident for element in children.get(name, []) for ident in descendants(element, "DocumentID")), None
        )
        if ident is not None:
            found[f"{key}_number"] = text_of(ident, "WIPOST3Code") + text_of(ident, "DocNumber") or None
            found[f"{key}_date"] = parse_date(text_of(ident, "Date"))[0]
    return found or None


def _document_number(ident: Element) -> str:
    return text_of(ident, "WIPOST3Code") + text_of(ident, "DocNumber") + text_of(ident, "Kind")


def _citations(groups: list[Element]) -> list[Citation]:
    citations = []
    for element in listed(groups, "Citation"):
        phase = element.get("srepPhase")
        for cited in element:
            name = local_name(cited)
            if name == "ApplicationCitation":
                references = [child for child in cited if local_name(child) == "PublicationReference"]
                reference = in_form(references, "original")
                if reference is None:
                    reference = references[0] if references else None
                ident = child_of(reference, "DocumentID") if reference is not None else None
                number = _document_number(ident) if ident is not None else ""
                text = text_of(cited, "Text")
                if number or text:
                    citations.append(
                        Citation(
                            number=number or None,
                            date=parse_date(text_of(ident, "Date"))[0],
                            text=text or None,
                            phase=phase,
                        )
                    )
            elif name == "NPLCitation" and (text := plain(cited)):
                citations.append(Citation(number=None, date=None, text=text, phase=phase))
    return citations


def _related(groups: list[Element]) -> list[str]:
    """Numbers that the document only mentions: its earlier publication, the parent of a division."""
    numbers = (
        _document_number(ident)
        for group in groups
        for ident in descendants(group, "DocumentID")
        if text_of(ident, "DocNumber")
    )
    return list(dict.fromkeys(numbers))
