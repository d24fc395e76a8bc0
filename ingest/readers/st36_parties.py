"""Applicants, patentees and agents of the ST.36 format: names stand in the party or in one of its address books."""

from ingest.readers.elements import EMPTY, Element, child_of, listed, local_name, text_of
from ingest.readers.parties import split_postcode
from ingest.readers.plain import plain
from ingest.record import Agency, Party

_PARTS = ("state", "city", "county", "street", "address-1", "address-2", "address-3")
"""What an address without a text of its own is put together from."""


def _book(party: Element) -> Element:
    """The Chinese address book of a party, else its first, else the party itself, which may hold the name."""
    books = [child for child in party if local_name(child) == "addressbook"]
    chosen = next((book for book in books if (book.get("lang") or "").lower() in ("zh", "cn")), None)
    return chosen if chosen is not None else books[0] if books else party


def name_of(party: Element | None) -> str:
    if party is None:
        return ""
    book = _book(party)
    name = text_of(book, "name") or text_of(book, "orgname") or text_of(book, "last-name") + text_of(book, "first-name")
    return name or text_of(book, "text")


def people(group: Element | None, name: str) -> list[Party]:
    parties = []
    for element in listed([group] if group is not None else [], name):
        label = name_of(element)
        if not label:
            continue
        address = child_of(_book(element), "address")
        parts: dict[str, str] = {}
        for child in address if address is not None else ():
            value = plain(child)
            if value not in EMPTY:
                parts.setdefault(local_name(child), value)
        written = parts.get("text") or "".join(parts[key] for key in _PARTS if key in parts)
        place, postcode = split_postcode(written, parts.get("postcode", ""))
        parties.append(
            Party(
                name=label,
                address=place,
                postcode=postcode,
                country=parts.get("country"),
                province=parts.get("state"),
                city=parts.get("city"),
                county=parts.get("county"),
            )
        )
    return parties


def agency_and_agents(group: Element | None) -> tuple[Agency | None, list[str]]:
    if group is None:
        return None, []
    code = text_of(group, "customer-number") or None
    members = listed([group], "cn-agent")
    name = next((name for agent in members if (name := name_of(child_of(agent, "cn-agency")))), "")
    agents = [person for agent in members if (person := name_of(agent))]
    return (Agency(name=name, code=code) if name else None), agents
