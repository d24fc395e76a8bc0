"""Applicants, patentees, inventors, agencies and examiners of the base/business format."""

from ingest.applicants import split_agency
from ingest.readers.elements import Element, child_of, listed, stated, text_of
from ingest.record import Agency, Party

_ADDRESS = frozenset(("Text", "PostCode", "WIPOST3Code", "Province", "State", "City", "County"))

WITHHELD = frozenset(("不公告发明人", "请求不公布姓名", "不公告设计人", "不公开发明人"))


def _book(party: Element) -> Element | None:
    """The Chinese address book of a party, else its first."""
    books = listed([party], "AddressBook")
    return next((book for book in books if (book.get("lang") or "").lower() == "zh"), books[0] if books else None)


def _party_name(book: Element | None) -> str:
    name = text_of(book, "Name") or text_of(book, "OrganizationName")
    return name or (text_of(book, "LastName") + " " + text_of(book, "FirstName")).strip()


def people(groups: list[Element], name: str) -> list[Party]:
    parties = []
    for element in listed(groups, name):
        book = _book(element)
        label = _party_name(book)
        if not label:
            continue
        address = child_of(book, "Address") if book is not None else None
        parts = stated(address, _ADDRESS)
        written, postcode = split_postcode(parts.get("Text", ""), parts.get("PostCode", ""))
        parties.append(Party(
            name=label, address=written, postcode=postcode, country=parts.get("WIPOST3Code"),
            province=parts.get("Province") or parts.get("State"), city=parts.get("City"), county=parts.get("County")))
    return parties


def split_postcode(text: str, postcode: str) -> tuple[str | None, str | None]:
    """An address without its leading postcode, and the postcode."""
    if len(text) >= 6 and text[:6].isdecimal() and text[:6].isascii() and not text[6:7].isdecimal():
        postcode, text = postcode or text[:6], text[6:].strip()
    return text or None, postcode or None


def inventors(children: dict[str, list[Element]]) -> list[str]:
    members = listed(children.get("InventorDetails", []), "Inventor")
    members += listed(children.get("DesignerDetails", []), "Designer")
    # publicationMark="1" asks that the name be not published: it is not even stored.
    names = (_party_name(_book(member)) for member in members if member.get("publicationMark") != "1")
    return [name for name in names if name and name not in WITHHELD]


def agency_and_agents(groups: list[Element]) -> tuple[Agency | None, list[str]]:
    name, code, agents = "", None, []
    for group in groups:
        code = code or text_of(group, "CustomerNumber") or None
        for agent in listed([group], "Agent"):
            office = child_of(agent, "Agency")
            if office is not None and not name:
                book = _book(office)
                name = text_of(book, "OrganizationName") or text_of(book, "Name")
            person = _party_name(_book(agent))
            if person:
                agents.append(person)
    name, appended = split_agency(name)         # new files append the agency's code to its name
    code = code or appended
    return (Agency(name=name, code=code) if name else None), agents


def examiners(groups: list[Element]) -> list[str]:
    names = (_party_name(member) or _party_name(_book(member)) for member in listed(groups, "Examiner"))
    return [name for name in names if name]
