"""Whether a whole text is a patent's number, in any written form (mode `number`)."""

from index.query.build import any_of
from index.query.tree import Node, Number
from ingest.numbers import parse_application, parse_publication


def number_tree(text: str) -> Node | None:
    """The leaf (or both, where the digits may be an application or a publication); None when it is no number."""
    application, publication = parse_application(text), parse_publication(text)
    found: list[Node] = []
    if application:
        found.append(Number("application_number", application.key))
    if publication:
        found.append(Number("publication_number", publication.digits + (publication.kind or "")))
    return any_of(found) if found else None
