"""One made-up publication as an XML file of the office's schema V2.2.1, and its name of 52 characters.

The shape (prolog, doubled references, zeros for empty address parts) is that of docs/data.md and real files.
"""

import datetime as dt
from collections.abc import Sequence

from lxml import etree

from cli.demo.applications import Application, Published
from cli.demo.people import EXAMINERS, Applicant
from ingest.numbers import file_check

_BASE, _BUSINESS = "http://www.sipo.gov.cn/XMLSchema/base", "http://www.sipo.gov.cn/XMLSchema/business"
_SPACES = {
    "base": _BASE, "business": _BUSINESS, "m": "http://www.w3.org/1998/Math/MathML",
    "tbl": "http://oasis-open.org/specs/soextblx", "xsi": "http://www.w3.org/2001/XMLSchema-instance",
}
_LOCATION = "{http://www.w3.org/2001/XMLSchema-instance}schemaLocation"
_PROLOG = b"""<?xml version="1.0" encoding="utf-8" standalone="no"?>
<!DOCTYPE business:PatentDocumentAndRelated SYSTEM "/DTDS/ExternalStandards/ipphdb-entities.dtd"[]>
"""
_APPL_TYPES = {"1": "10", "2": "20", "3": "30"}
_ADDRESS_ZEROS = dict.fromkeys((
    "AddressLine", "AddressMailCode", "PostBox", "AddressRoom", "AddressFloor", "AddressBuilding", "Street",
    "AddressCity",
), "0")
_OFFICE = {"sourceDB": "national office"}
_ORIGINAL = {"dataFormat": "original", **_OFFICE}
_MADE = {"processingType": "original", "creator": "03"}
_PARTY = {**_ORIGINAL, "lang": "zh", "creator": "03"}

Element = etree._Element


def _element(space: str, name: str, content: Sequence[Element] | str = (), **attributes: str) -> Element:
    made = etree.Element(f"{{{space}}}{name}", attributes)
    if isinstance(content, str):
        made.text = content
    else:
        made.extend(content)
    return made


def _base(name: str, content: Sequence[Element] | str = (), **attributes: str) -> Element:
    return _element(_BASE, name, content, **attributes)


def _business(name: str, content: Sequence[Element] | str = (), **attributes: str) -> Element:
    return _element(_BUSINESS, name, content, **attributes)


def _day(date: dt.date) -> str:
    return date.strftime("%Y%m%d")


def file_name(application: Application, published: Published) -> str:
    """The 52 characters, without `.XML`; the last one checks the others."""
    stem = (f"CN{_standard(application)}CN{published.number:0>13}{published.kind:0>2}FULZH{_day(published.date)}CN00")
    return stem + file_check(stem)


def _standard(application: Application) -> str:
    """The application number in the standard form: applType, year, serial of nine digits."""
    return f"{_APPL_TYPES[application.type_digit]}{application.key[:4]}{application.key[5:]:0>9}"


def render(application: Application, published: Published, produced: dt.date, number: str | None = None) -> bytes:
    """The XML of one publication. `number` replaces the application number that the file states."""
    name = file_name(application, published)
    design = application.type_digit == "3"
    root = etree.Element(f"{{{_BUSINESS}}}PatentDocumentAndRelated", {
        _LOCATION: f"{_BUSINESS} /DTDS/PatentDocument/Elements/OtherElements.xsd", "xsdVersion": "V2.2.1",
        "file": f"{name}.XML", "dateProduced": _day(produced), "status": "C", "lang": "zh", "country": "CN",
        "docNumber": published.number, "kind": published.kind, "datePublication": _day(published.date),
    }, nsmap=_SPACES)
    root.append(_bibliography(application, published, number or application.number))
    paragraphs = [_base("Paragraphs", application.text.abstract, num="0001")]
    if design:
        root.append(_business("DesignBriefExplanation", paragraphs, lang="zh", **_ORIGINAL, **_MADE))
    else:
        paragraphs.append(_business("AbstractFigure", [_base("Figure", [_base(
            "Image", he="406", wi="582", file=f"{application.key}.TIF", imgContent="undefined", imgFormat="TIFF")],
            num="0001")]))
        root.append(_business("Abstract", paragraphs, lang="zh", **_ORIGINAL, **_MADE))
        root.append(_description(application))
        root.append(_business("Claims", [
            _business("Claim", [_business("ClaimText", claim)], id=f"cl{place:04}", num=f"{place:04}")
            for place, claim in enumerate(application.text.claims, 1)], lang="zh", creator="03", **_ORIGINAL))
    etree.indent(root)
    return _PROLOG + etree.tostring(root, encoding="utf-8")


def _document_id(country: str, number: str, date: dt.date, kind: str = "", **attributes: str) -> Element:
    parts = [_base("WIPOST3Code", country), _base("DocNumber", number)]
    if kind:
        parts.append(_base("Kind", kind))
    return _base("DocumentID", [*parts, _base("Date", _day(date))], **attributes)


def _publication_references(published: Published) -> list[Element]:
    """A publication in its two forms; both say the same."""
    return [_business("PublicationReference", [_document_id("CN", published.number, published.date, published.kind)],
                      sequence="1", **form) for form in (_ORIGINAL, {"dataFormat": "standard"})]


def _bibliography(application: Application, published: Published, number: str) -> Element:
    design = application.type_digit == "3"
    appl_type = _APPL_TYPES[application.type_digit]
    year, week = published.date.isocalendar()[:2]
    parts = _publication_references(published)
    parts.append(_business("PublicAvailabilityDate", [_business("GazetteReference", [
        _business("GazetteNumber", f"{year - 1984}-{week:02}{published.date.isoweekday():02}"),
        _base("Date", _day(published.date))])]))
    parts += [
        _business("ApplicationReference", [_document_id("CN", text, application.date)], applType=appl_type,
                  sequence="1", **form)
        for text, form in ((number, _ORIGINAL), (_standard(application), {"dataFormat": "standard"}))]
    first = application.applicants[0].place
    if first.country != "CN":
        parts.append(_priority(application, first.country))
    if design:
        parts.insert(0, _business("PatentNumber", f"ZL{number}"))
        parts.append(_business("ClassificationLocarno", [
            _base("EditionStatement", "13"), _business("MainClassification", application.locarno or "")]))
    else:
        parts.append(_classes(application.ipc))
    parts.append(_business("DesignTitle" if design else "InventionTitle", application.text.title, lang="zh",
                           **_ORIGINAL, **_MADE))
    if application.cited and published.kind == "B":
        parts.append(_business("ReferencesCited", [
            _business("Citation", [_business("ApplicationCitation", _publication_references(cited)[::-1],
                                             id=f"pcit{place:06}", num=f"{place:04}")],
                      srepPhase="SEA", sequence=str(place))
            for place, cited in enumerate(application.cited, 1)], **_OFFICE))
    laid_open = application.publications[0]
    if published.kind == "B" and laid_open.kind == "A":
        parts.append(_business("RelatedDocuments", [_business("RelatedPublicationDoc", [
            _document_id("CN", laid_open.number, laid_open.date, "A", sequence="1")])]))
    parties = _parties(application)
    parts += parties if design else [_business("Parties", parties)]     # designs hold them directly
    if published.kind != "A":
        parts.append(_business("AssigneeDetails", [
            _business("Assignee", [_address_book(party), _business("AssigneeCode", "0000000000")], sequence=str(place),
                      **_PARTY) for place, party in enumerate(application.applicants, 1)]))
    if published.kind == "B":
        examiner = EXAMINERS[int(application.key[-2:]) % len(EXAMINERS)]
        parts.append(_business("ExaminerDetails", [
            _business("Examiner", [_base("Name", examiner)], sequence="1", lang="zh", creator="03")]))
    return _business("DesignBibliographicData" if design else "BibliographicData", parts)


def _priority(application: Application, country: str) -> Element:
    """A foreign priority a year before, in its two forms; the number begins with 99 as all of the demo."""
    day = application.date - dt.timedelta(days=350)
    forms = ((f"{day.year}-99{application.key[-4:]}", _ORIGINAL),
             (f"10{day.year}00099{application.key[-4:]}", {"dataFormat": "standard"}))
    return _business("PriorityDetails", [
        _business("Priority", [_base("WIPOST3Code", country), _base("DocNumber", text), _base("Date", _day(day))],
                  sequence="1", kind="international", **form) for text, form in forms])


def _classes(symbols: Sequence[str]) -> Element:
    listed = []
    for place, symbol in enumerate(symbols, 1):
        group, subgroup = symbol[4:].split("/")
        values = (("IPCVersionDate", "20060101"), ("Section", symbol[0]), ("MainClass", symbol[1:3]),
                  ("Subclass", symbol[3]), ("MainGroup", group), ("Subgroup", subgroup))
        listed.append(_business("ClassificationIPCR", [
            *(_business(name, value) for name, value in values),
            _business("GeneratingOffice", [_base("WIPOST3Code", "CN")]), _business("ClassificationDataSource", "H"),
            _base("Text", f"{symbol[:4]}{group:>5}/{subgroup}    (2006.01)")], sequence=str(place)))
    return _business("ClassificationIPCRDetails", listed, creator="03", processingType="original")


def _address_book(party: Applicant) -> Element:
    place = party.place
    values = _ADDRESS_ZEROS | {
        "County": place.county or "0", "City": place.city or "0", "Province": place.province or "0",
        "PostCode": place.postcode or "0", "WIPOST3Code": place.country,
        "Text": f"{place.postcode} {place.text(party.street_number)}".strip()}
    return _base("AddressBook", [_base("Name", party.name), _base("Address", [
        _base(name, value) for name, value in values.items()])], lang="zh")


def _parties(application: Application) -> list[Element]:
    code = {"createDate": "00000000", "creator": "00"}
    one = "Designer" if application.type_digit == "3" else "Inventor"
    parties = [
        _business("ApplicantDetails", [
            _business("Applicant", [_address_book(party), _business("OrganizationCode", "0000000000", **code)],
                      sequence=str(place), appType="applicant", processingType="original", **_PARTY)
            for place, party in enumerate(application.applicants, 1)], representative="1"),
        _business(f"{one}Details", [
            _business(one, [_base("AddressBook", [_base("Name", name)], lang="zh")], sequence=str(place),
                      publicationMark="0", processingType="original", **_PARTY)
            for place, name in enumerate(application.inventors, 1)]),
    ]
    if application.agency:
        name, number = application.agency
        office = _base("AddressBook", [_base("OrganizationName", f"{name} {number}")], lang="zh")
        parties.append(_business("AgentDetails", [
            _business("CustomerNumber", number),
            _business("Agent", [_business("Agency", [office]),
                                _base("AddressBook", [_base("Name", application.agent)], lang="zh")],
                      sequence="1", repType="agent", processingType="original", **_PARTY)]))
    return parties


def _description(application: Application) -> Element:
    sections: list[Element] = []
    number = 0
    for section, texts in application.text.description:
        paragraphs = []
        for text in texts:
            number += 1
            paragraphs.append(_base("Paragraphs", text, id=f"p{number:04}", num=f"{number:04}"))
        sections.append(_business(section, paragraphs))
    title = _business("InventionTitle", application.text.title, id="title1")
    return _business("Description", [title, *sections], lang="zh", creator="03", **_ORIGINAL)
