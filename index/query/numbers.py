"""Whether a whole text is a patent's number, in any written form (mode `number`), and what is wrong with it."""

from typing import Any

from index.query.build import any_of
from index.query.tree import Node, Number
from ingest.numbers import ApplicationNumber, parse_application, parse_publication


def number_tree(text: str) -> Node | None:
    """The leaf (or both, where the digits may be an application or a publication); None when it is no number."""
    application, publication = parse_application(text), parse_publication(text)
    found: list[Node] = []
    if application:
        found.append(Number("application_number", application.key))
    if publication:
        found.append(Number("publication_number", publication.digits + (publication.kind or "")))
    return any_of(found) if found else None


def wrong_check_digit(text: str) -> ApplicationNumber | None:
    """The application number of a text that gives it with another check digit than its own; None for any other."""
    found = parse_application(text)
    return found if found and found.check_ok is False else None


def check_digit_values(text: str, meant: ApplicationNumber) -> dict[str, Any]:
    """The values of the remark `check_digit_wrong`."""
    return {"value": text, "right": meant.check, "text": meant.text}
