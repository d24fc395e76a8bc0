"""Routes of the search: the result, all values of a facet, the numbers of a result as text."""

from collections.abc import Sequence
from typing import Annotated, Literal

from fastapi import APIRouter, Query
from fastapi.responses import Response
from pydantic import Field

from api.opened import Opened
from api.parameters import SearchParameters
from api.search import service
from api.search.facets import facet_names, labelled_facets
from api.search.shapes import MAX_OFFSET, SearchRequest
from api.services import Services
from index.query import Diagnostic
from store.errors import BadCall, BadQuery, NotFound
from web import clauses, facets
from web.context import Asking, featured
from web.hits import namer, view
from web.links import Address
from web.question import Posted, away, keeping, shortened
from web.rendering import Page, emphasised
from web.results import QueryView, kept_for, result
from web.tables import csv

router = APIRouter(include_in_schema=False)

MOST_NUMBERS = 1_000    # numbers in the text area; the file of all of them is one link away
MOST_VALUES = 200       # values of a facet on one page


class ResultParameters(SearchParameters):
    """The API's parameters and the page's own: language, page number, and what its forms add before they redirect."""

    lang: str = ""
    page: Annotated[int, Field(ge=1)] = 1
    since: Annotated[str, Field(max_length=40)] = ""
    until: Annotated[str, Field(max_length=40)] = ""
    do: str = ""
    id: Annotated[tuple[str, ...], Field(max_length=100)] = ()
    within: Annotated[str, Field(max_length=200)] = ""
    also: Annotated[str, Field(max_length=1_000)] = ""
    fix: Annotated[int, Field(ge=0)] = 0
    format: Literal["", "csv"] = ""


Asked = Annotated[ResultParameters, Query()]


def tidy(page: Asking, asked: ResultParameters) -> Address | None:
    """Where a form's own fields lead: a range or a further condition to its filter, picked hits to their export;
    None when there are none."""
    here = page.here
    if asked.do == "picked" and asked.id:
        return Address("/api/v1/export").set(q=clauses.of_numbers(asked.id), mode="expert", format="xlsx")
    if {"since", "until", "do", "id", "also"} & {name for name, _ in here.parameters}:
        cleaned = here.drop("since").drop("until").drop("do").drop("id").drop("also")
        if "since" in dict(here.parameters):
            for one in here.all("filter"):
                if clauses.is_date_range(one):
                    cleaned = cleaned.drop("filter", one)
            if asked.since.strip() or asked.until.strip():
                cleaned = cleaned.add("filter", clauses.date_range(asked.since.strip(), asked.until.strip()))
        if asked.also.strip():
            cleaned = cleaned.add("filter", clauses.condition(asked.also.strip()))
        return cleaned
    return None


def repaired(services: Services, page: Page, request: SearchRequest, number: int) -> Address:
    """The address of a query with one of its repairs, counted from 1; without it when there is no such repair."""
    found: Sequence[Diagnostic]
    try:
        found = service.read_query(services, request).diagnostics
    except BadQuery as error:
        found = error.diagnostics
    here = page.here.drop("fix")
    fix = found[number - 1].fix if number <= len(found) else None
    return here if fix is None else keeping(services, here.set(dialect=request.dialect), fix)


@router.get("/search")
def search(page: Asking, services: Opened, asked: Asked) -> Response:
    elsewhere = tidy(page, asked) or page.here
    short = shortened(services, elsewhere)
    if short != page.here:
        return away(short)
    if not asked.filter and not {"q", "expr"} & set(dict(page.here.parameters)):
        return page.html("search.html", nav="search", heading=page.t("search_h1"), error=None, chips=[],
                         view=QueryView(q="", mode=asked.mode, diagnostics=[]))
    request = request_of(services, asked, featured(services))
    if asked.fix:
        return away(repaired(services, page, request, asked.fix))
    query, answer = service.ask(services, request)
    parts = [] if answer["total"] else service.explain_empty(services, request)
    hits = [view(hit, services, page.lang) for hit in answer["hits"]]
    return page.html("results.html", nav="search", view=result(
        page, request, asked.page, query, answer, hits, parts, namer(services, page.lang), services.taxonomies))


@router.post("/search")
def search_long(services: Opened, asked: Posted) -> Response:
    """The search box as a form that may be long: leads to the address of the same question."""
    return away(shortened(services, asked))


def request_of(services: Services, asked: ResultParameters, first_taxonomy: str) -> SearchRequest:
    """The page's question to the service. Raises BadCall for a page further than may be skipped to."""
    offset = 0 if asked.cursor else (asked.page - 1) * asked.size
    if offset > MAX_OFFSET:
        raise BadCall("parameter_invalid", name="page", value=asked.page, allowed=f"1–{MAX_OFFSET // asked.size + 1}")
    q, dialect = asked.question(services)
    return SearchRequest(q, tuple(asked.filter), dialect, asked.mode, asked.size, asked.cursor or None,
                         offset, asked.sort, facets.asked(first_taxonomy), facets.ENOUGH)


@router.get("/search/facets/{name}")
def facet_values(page: Asking, services: Opened, asked: Asked, name: str) -> Response:
    """All values of one facet of a result, or those whose name holds `within`; as CSV without a limit."""
    if name not in facet_names(services):
        raise NotFound("path_not_found")
    within = asked.within.strip().casefold()
    q, dialect = asked.question(services)
    query, answer = service.run(services, SearchRequest(
        q, tuple(asked.filter), dialect, asked.mode, size=1, facets=(name,)))
    distinct = len(answer.facets[name])
    read = distinct if within or asked.format else MOST_VALUES
    values = labelled_facets(services, answer.facets, read)[name]
    found = [value for value in values
             if within in facets.label(name, value, page.lang).casefold() or within in value["value"].casefold()]
    if asked.format:
        return csv(name, (name, "label", "applications"),
                   ((value["value"], facets.label(name, value, page.lang), value["count"]) for value in found))
    back = page.here.to("/search", ("within", "format"))
    return page.html(
        "facet_values.html", nav="search", back=back, within=asked.within,
        sentence=emphasised(query.segments(page.lang)),
        title=facets.title(name, services.taxonomies, page.lang, page.t), distinct=distinct,
        note=facets.note(name, page.t),
        found=len(found) if within else distinct, most=found[0]["count"] if found else 0,
        values=[facets.value_view(name, value, back, page.lang) for value in found[:MOST_VALUES]])


@router.get("/search/numbers")
def numbers(page: Asking, services: Opened, asked: Asked) -> Response:
    """The numbers of a result as text that can be copied; the first ones, with a link to the file of all."""
    q, dialect = asked.question(services)
    query = service.read_final(services, SearchRequest(q, tuple(asked.filter), dialect, asked.mode))
    found = services.engine.search(query.node, size=MOST_NUMBERS, sort=asked.sort, words=query.words)
    ids = services.records.ids([hit.row for hit in found.hits])
    return page.html("numbers.html", nav="search", total=found.total, shown=len(ids), numbers="\n".join(ids),
                     back=page.here.to("/search"), sentence=emphasised(query.segments(page.lang)),
                     export=kept_for(page.here, "/api/v1/export").set(format="numbers"))
