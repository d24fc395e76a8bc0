"""A document with nothing in it yet but the publication it is, for readers of formats that give only some fields."""

from ingest.dates import parse_date
from ingest.numbers import names_publication, parse_application, parse_publication, type_of
from ingest.readers.elements import EMPTY, Warn
from ingest.record import Document
from ingest.rejects import Rejected


def draft(country: str, digits: str, kind: str) -> Document:
    """An empty document of a publication; digits may still carry the country before or the kind behind.

    Raises Rejected: `no_publication_number` where digits or kind are missing, `foreign_office`.
    """
    country, kind = country.strip().upper() or "CN", kind.strip().upper()
    digits = digits.strip().upper().removeprefix(country)
    if kind:
        digits = digits.removesuffix(kind)
    if not digits or not kind:
        raise Rejected("no_publication_number", f"{digits}{kind}")
    if country != "CN":
        raise Rejected("foreign_office", f"{country}{digits}{kind}")
    if not names_publication(digits + kind):
        raise Rejected("no_publication_number", f"{digits}{kind}")
    number = parse_publication(digits + kind)
    return Document(
        publication=number.text if number else f"CN{digits}{kind}",
        kind=kind,
        date=None,
        produced=None,
        type=type_of(kind, None, digits) or "invention",
        application_number=None,
        application_date=None,
        title=None,
        abstract=None,
        claims=[],
        description=[],
        applicants=[],
        patentees=[],
        inventors=[],
        agency=None,
        agents=[],
        examiners=[],
        ipc=[],
        locarno=[],
        cpc=[],
        priorities=[],
        pct=None,
        citations=[],
        related=[],
    )


def dated(value: str | int, warn: Warn) -> str | None:
    """A stated date as YYYY-MM-DD; warns of `date_partial` and `date_invalid`."""
    date, note = parse_date(value)
    if note:
        warn(f"date_{note}")
    return date


def applied(document: Document, stated: str, date: str | int, warn: Warn) -> None:
    """Enter the application number, in any written form, and its date; warns like the other readers."""
    document["application_date"] = dated(date, warn)
    if stated in EMPTY:
        return
    number = parse_application(stated, document["application_date"])
    if number is None:
        warn("application_number_invalid")
        return
    if number.check_ok is False:
        warn("check_digit_wrong")
    document["application_number"] = number.text
