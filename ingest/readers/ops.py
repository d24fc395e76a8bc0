"""Answers of the EPO's Open Patent Services: exchange documents as in DOCDB, and legal events (INPADOC) of families.

The layout is that of its schema; no real answer with Chinese events was at hand. Events are told in English and carry
the office's own codes, so where the office's own event of the same day and code is there too, that one is shown.
"""

from collections.abc import Iterator

from ingest.numbers import parse_application
from ingest.readers import docdb
from ingest.readers.drafts import dated
from ingest.readers.elements import Element, Warn, child_of, descendants, local_name, text_of
from ingest.readers.plain import plain
from ingest.readers.reading import Reading
from ingest.readers.xml import records
from ingest.record import Event
from ingest.rejects import Rejected

_IDENTITY = ("L001EP", "L002EP", "L003EP", "L004EP", "L005EP", "L007EP", "L008EP")
"""Fields that say which document and event it is; L007EP is its gazette date."""


def readings(data: bytes, warn: Warn) -> Iterator[Reading]:
    """Every document and event of an answer. Raises Rejected `no_records` for one without any."""
    part = 0
    for part, reading in enumerate(_documents(data, warn), 1):
        yield reading._replace(part=part)
    for piece in records(data, "family-member", warn):
        if isinstance(piece.content, Rejected):
            part += 1
            yield Reading(piece.content, piece.text.encode(), part)
            continue
        for event in (child for child in piece.content if local_name(child) == "legal"):
            part += 1
            content: Event | Rejected
            try:
                content = read(piece.content, event, warn)
            except Rejected as reason:
                content = Rejected(reason.code, reason.detail, piece.line)
            yield Reading(content, piece.text.encode(), part)
    if not part:
        raise Rejected("no_records", "<exchange-document>, <legal>")


def read(member: Element, legal: Element, warn: Warn) -> Event:
    """One event of a member of a family.

    Raises Rejected: `foreign_office`, `no_application_number`, `no_event_date`, `no_event_code` (and no name either).
    """
    application = _application(member)
    fields = {tag: child for child in legal.iterdescendants() if (tag := local_name(child)).endswith("EP")}
    code = (legal.get("code") or text_of(legal, "L008EP")).strip().upper() or None
    name = " ".join((legal.get("desc") or "").split()) or None
    date = dated(text_of(legal, "L007EP").replace("-", ""), warn)
    if not date:
        raise Rejected("no_event_date", f"{application} {code or name or ''}")
    if not code and not name:
        raise Rejected("no_event_code", application)
    details = [[field.get("desc") or tag, said] for tag, field in fields.items()
               if tag not in _IDENTITY and not len(field) and (said := plain(field))]
    return Event(application=application, date=date, code=code, name=name, details=details, ident=None, action="add",
                 produced=None)


def _application(member: Element) -> str:
    """Digits of the application that a member is, from whichever form can be read."""
    stated = ""
    reference = child_of(member, "application-reference")
    for ident in descendants(reference, "document-id") if reference is not None else ():
        country, written = text_of(ident, "country"), text_of(ident, "doc-number")
        if country and country != "CN":
            raise Rejected("foreign_office", f"{country}{written}")
        stated = stated or written
        number = parse_application(written)
        if number:
            return number.key
    raise Rejected("no_application_number", stated)


def _documents(data: bytes, warn: Warn) -> Iterator[Reading]:
    """The documents; an answer may have none of them."""
    try:
        yield from docdb.readings(data, warn)
    except Rejected as reason:
        if reason.code != "no_records":
            raise
