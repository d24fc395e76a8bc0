"""A company's name typed into the search box.

Simple search looks at title, abstract and claims only (interfaces §4), where a company's own name never stands.
So in mode auto, a text that is the whole name of an applicant in the index is read as `申请人=="…"`, and said so;
a text that is a part of more applicants' names than there are hits brings a hint that offers the applicant search.
The index decides by a count: no list of names is kept.
"""

from dataclasses import replace

from api.search.diagnostics import remark
from api.search.shapes import SearchRequest
from api.services import Services
from index.engine import Page
from index.query import Query, read
from index.query.canonical import canonical
from index.query.simple import simple_tree
from index.query.tree import Units
from index.text import units

FIELDS = ("applicants",)


def named(text: str, whole: bool) -> Units | None:
    """The node for a name, or None for a text without any unit."""
    found = tuple(units(text))
    return Units(FIELDS, found, whole) if found else None


def as_applicant(services: Services, request: SearchRequest, query: Query) -> Query | None:
    """The query by applicant, when the whole text is an applicant's name; None otherwise."""
    node = named(request.q, whole=True)
    if node is None or not (count := services.engine.count(node)):
        return None
    as_words = canonical(simple_tree(query.words)) if query.words else None
    said = remark("applicant_read", request.q, as_words, name=request.q.strip(), count=count)
    read_so = read(canonical(node), request.filters, mode="expert", limits=services.settings.query)
    return replace(read_so, text=request.q, diagnostics=(*read_so.diagnostics, said))


def offer_applicant(services: Services, request: SearchRequest, query: Query, page: Page) -> Query:
    """The query, with a hint when more records have its text in an applicant's name than match it."""
    if request.mode != "auto" or query.mode != "simple" or request.filters:
        return query
    node = named(request.q, whole=False)
    if node is None:
        return query
    count = services.engine.count(node)
    if not count or (count <= page.total and not query.relaxed):
        return query
    said = remark("applicant_offered", request.q, canonical(node), name=request.q.strip(), count=count)
    return replace(query, diagnostics=(*query.diagnostics, said))
