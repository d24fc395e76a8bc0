"""EPO's DOCDB exchange XML and OPS answers: the bibliography of Chinese documents as the EPO keeps it.

Every value may stand there in several data formats; one is taken, the Chinese one where there is one, else `docdb`.
Numbers of applications come without check digit, names and titles mostly in English: such fields are marked, so
that those of the office's own files come before them.
"""

import re
from collections.abc import Callable, Iterator, Sequence

from ingest.numbers import parse_application
from ingest.readers.classes import symbols
from ingest.readers.drafts import applied, dated, draft
from ingest.readers.elements import Element, Warn, child_of, descendants, local_name, sequence, text_of, texts_of
from ingest.readers.plain import HAN, plain
from ingest.readers.reading import Reading
from ingest.readers.xml import records
from ingest.record import Citation, Document, Party, Priority
from ingest.rejects import Rejected, Skipped

_FORMATS = ("docdb", "docdba", "original", "epodoc")
_COUNTRY_BEHIND = re.compile(r"\[([A-Z]{2})\]$")
_CPC_SCHEMES = ("CPC", "CPCI", "CPCA")


def readings(data: bytes, warn: Warn) -> Iterator[Reading]:
    """Every document of a file. Raises Rejected `no_records` for a file without any (as register data has none)."""
    part = 0
    for part, piece in enumerate(records(data, "exchange-document", warn), 1):
        content: Document | Rejected | Skipped
        try:
            content = piece.content if isinstance(piece.content, Rejected) else read(piece.content, warn)
        except Rejected as reason:
            content = Rejected(reason.code, reason.detail, piece.line)
        except Skipped as reason:
            content = reason
        yield Reading(content, piece.text.encode(), part)
    if not part:
        raise Rejected("no_records", "<exchange-document>")


def read(root: Element, warn: Warn) -> Document:
    """One document.

    Raises Rejected: `foreign_office`, `no_publication_number`, `no_bibliography`; Skipped `deletion` for the notice
    that the EPO has deleted a document.
    """
    document = draft(root.get("country") or "", root.get("doc-number") or "", root.get("kind") or "")
    if (root.get("status") or "").upper() == "D":
        raise Skipped("deletion")
    data = child_of(root, "bibliographic-data")
    if data is None:
        raise Rejected("no_bibliography")
    ident = _ident(data, "publication-reference")
    document["date"] = dated(text_of(ident, "date") or root.get("date-publ") or "", warn)
    idents = list(_idents(data, "application-reference"))
    number = next((written for ident in idents if parse_application(written := text_of(ident, "doc-number"))), "")
    date = next((text for ident in idents if (text := text_of(ident, "date"))), "")
    applied(document, number or (text_of(idents[0], "doc-number") if idents else ""), date, warn)
    yields: list[str] = []
    title = _in_chinese_first([child for child in data if local_name(child) == "invention-title"], plain)
    abstract = _in_chinese_first(
        [child for child in root if local_name(child) == "abstract"],
        lambda element: "\n".join(texts_of(element, "p")) or plain(element),
    )
    document["title"], document["abstract"] = title or None, abstract or None
    if not title:
        warn("title_missing")
    parties = child_of(data, "parties")
    document["applicants"] = _applicants(parties)
    document["inventors"] = [_without_country(name)[0] for name, _ in _people(parties, "inventor")]
    for name, text in (
        ("title", title),
        ("abstract", abstract),
        ("applicants", "".join(party["name"] for party in document["applicants"])),
        ("inventors", "".join(document["inventors"])),
    ):
        if text and not HAN.search(text):
            yields.append(name)
    document["ipc"] = symbols(
        ((text_of(child, "text"), None) for child in descendants(data, "classification-ipcr")), warn
    )
    document["cpc"] = _cpc(data, warn)
    document["priorities"] = _priorities(document, data, warn)
    document["citations"] = _citations(data)
    if yields:
        document["yields"] = yields
    return document


def _idents(parent: Element, name: str) -> Iterator[Element]:
    """The document-ids of a reference, by the order of preference of their formats.

    Bulk files state the format on the reference, OPS on the document-id.
    """
    found = []
    for reference in (child for child in parent if local_name(child) == name):
        for ident in (child for child in reference if local_name(child) == "document-id"):
            form = ident.get("document-id-type") or reference.get("data-format") or ""
            found.append((_FORMATS.index(form) if form in _FORMATS else len(_FORMATS), ident))
    return (ident for _, ident in sorted(found, key=lambda item: item[0]))


def _ident(parent: Element, name: str) -> Element | None:
    return next(_idents(parent, name), None)


def _in_chinese_first(elements: list[Element], text: Callable[[Element], str]) -> str:
    """The text in Chinese, else English, else the first."""
    rank = {"zh": 0, "cn": 0, "en": 1}
    ordered = sorted(elements, key=lambda element: rank.get((element.get("lang") or "").lower(), 2))
    return next((found for element in ordered if (found := text(element))), "")


def _people(parties: Element | None, kind: str) -> list[tuple[str, Element]]:
    """Names of applicants or inventors in one format: a Chinese one, else docdb, docdba, original, epodoc."""
    by_format: dict[str, list[tuple[str, Element]]] = {}
    group = child_of(parties, f"{kind}s") if parties is not None else None
    for member in (
        sorted((child for child in group if local_name(child) == kind), key=sequence) if group is not None else ()
    ):
        holder = child_of(member, f"{kind}-name")
        name = text_of(holder, "name").strip(" ,;\n")
        if name:
            by_format.setdefault(member.get("data-format") or "", []).append((name, member))
    chinese = [members for members in by_format.values() if any(HAN.search(name) for name, _ in members)]
    ordered = chinese or [by_format[form] for form in _FORMATS if form in by_format] or list(by_format.values())
    return ordered[0] if ordered else []


def _applicants(parties: Element | None) -> list[Party]:
    found = []
    for name, member in _people(parties, "applicant"):
        label, behind = _without_country(name)
        country = text_of(child_of(member, "residence"), "country") or behind
        found.append(Party(name=label, address=None, postcode=None, country=country or None))
    return found


def _without_country(name: str) -> tuple[str, str]:
    """A name and the country in brackets behind it: `NOKIA CORP [FI]`; "" where there is none."""
    found = _COUNTRY_BEHIND.search(name)
    return (name[:found.start()].rstrip(), found[1]) if found else (name, "")


def _cpc(data: Element, warn: Warn) -> list[str]:
    stated = []
    for element in descendants(data, "patent-classification"):
        scheme = child_of(element, "classification-scheme")
        if scheme is None or scheme.get("scheme") not in _CPC_SCHEMES:
            continue
        parts = {local_name(child): plain(child) for child in element}
        symbol = parts.get("classification-symbol") or "{}{}{}{}/{}".format(
            *(parts.get(name, "") for name in ("section", "class", "subclass", "main-group", "subgroup"))
        )
        stated.append((symbol, None))
    return [symbol["symbol"] for symbol in symbols(stated, warn)]


def _priorities(document: Document, data: Element, warn: Warn) -> list[Priority]:
    """In one format; DOCDB lists an application that claims none as its own priority, which is left out."""
    claims = child_of(data, "priority-claims")
    by_format: dict[str, list[Priority]] = {}
    own = parse_application(document["application_number"] or "")
    for claim in (
        sorted((child for child in claims if local_name(child) == "priority-claim"), key=sequence)
        if claims is not None
        else ()
    ):
        for ident in (child for child in claim if local_name(child) == "document-id"):
            form = ident.get("document-id-type") or claim.get("data-format") or ""
            country, number = text_of(ident, "country"), text_of(ident, "doc-number")
            parsed = parse_application(number) if country in ("", "CN") else None
            if own is None or parsed is None or parsed.key != own.key:
                by_format.setdefault(form, []).append(
                    Priority(
                        country=country or number[:2] or None,
                        number=number or None,
                        date=dated(text_of(ident, "date"), warn),
                    )
                )
    return next((by_format[form] for form in (*_FORMATS, *by_format) if form in by_format), [])


def _citations(data: Element) -> list[Citation]:
    found = []
    for citation in descendants(data, "citation"):
        phase = citation.get("cited-phase") or citation.get("srep-phase")
        for source in citation:
            if local_name(source) == "patcit":
                idents: Sequence[Element] = [child for child in source if local_name(child) == "document-id"]
                ident = next(
                    (ident for ident in idents if ident.get("document-id-type") == "docdb"),
                    idents[0] if idents else None,
                )
                number = text_of(ident, "country") + text_of(ident, "doc-number") + text_of(ident, "kind")
                if number:
                    found.append(
                        Citation(
                            number=number, date=dated(text_of(ident, "date"), lambda _: None), text=None, phase=phase
                        )
                    )
            elif local_name(source) == "nplcit" and (text := plain(source)):
                found.append(Citation(number=None, date=None, text=text, phase=phase))
    return found
