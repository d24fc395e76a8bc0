"""Routes of the search: the result, all values of a facet, the numbers of a result as text."""

from typing import Annotated, Literal

from fastapi import APIRouter, Query
from fastapi.responses import RedirectResponse, Response
from pydantic import Field

from api.opened import Opened
from api.parameters import SearchParameters
from api.search import service
from api.search.facets import facet_names, labelled_facets
from api.search.shapes import MAX_OFFSET, SearchRequest
from store.errors import BadCall, NotFound
from web import clauses, facets
from web.context import Asking, featured
from web.hits import namer, view
from web.links import Address
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
    format: Literal["", "csv"] = ""


Asked = Annotated[ResultParameters, Query()]


def tidy(page: Asking, asked: ResultParameters) -> str | None:
    """Where a form's own fields lead: a range to its filter, picked hits to their export; None when there are none."""
    here = page.here
    if asked.do == "picked" and asked.id:
        return str(Address("/api/v1/export").set(q=clauses.of_numbers(asked.id), mode="expert", format="xlsx"))
    if {"since", "until", "do", "id"} & {name for name, _ in here.parameters}:
        cleaned = here.drop("since").drop("until").drop("do").drop("id")
        if "since" in dict(here.parameters):
            for one in here.all("filter"):
                if clauses.is_date_range(one):
                    cleaned = cleaned.drop("filter", one)
            if asked.since.strip() or asked.until.strip():
                cleaned = cleaned.add("filter", clauses.date_range(asked.since.strip(), asked.until.strip()))
        return str(cleaned)
    return None


@router.get("/search")
def search(page: Asking, services: Opened, asked: Asked) -> Response:
    elsewhere = tidy(page, asked)
    if elsewhere:
        return RedirectResponse(elsewhere, 303)
    if not asked.filter and "q" not in dict(page.here.parameters):
        return page.html("search.html", nav="search", heading=page.t("search_h1"), error=None, chips=[],
                         view=QueryView(q="", mode="auto", diagnostics=[]))
    request = request_of(asked, featured(services))
    answer = service.search(services, request)
    parts = [] if answer["total"] else service.explain_empty(services, request)
    hits = [view(hit, services, page.lang) for hit in answer["hits"]]
    return page.html("results.html", nav="search", view=result(
        page, request, asked.page, answer, hits, parts, namer(services, page.lang), services.taxonomies))


def request_of(asked: ResultParameters, first_taxonomy: str) -> SearchRequest:
    """The page's question to the service. Raises BadCall for a page further than may be skipped to."""
    offset = 0 if asked.cursor else (asked.page - 1) * asked.size
    if offset > MAX_OFFSET:
        raise BadCall("parameter_invalid", name="page", value=asked.page, allowed=f"1–{MAX_OFFSET // asked.size + 1}")
    return SearchRequest(asked.q, tuple(asked.filter), asked.dialect, asked.mode, asked.size, asked.cursor or None,
                         offset, asked.sort, facets.asked(first_taxonomy), facets.ENOUGH)


@router.get("/search/facets/{name}")
def facet_values(page: Asking, services: Opened, asked: Asked, name: str) -> Response:
    """All values of one facet of a result, or those whose name holds `within`; as CSV without a limit."""
    if name not in facet_names(services):
        raise NotFound("path_not_found")
    within = asked.within.strip().casefold()
    query, answer = service.run(services, SearchRequest(
        asked.q, tuple(asked.filter), asked.dialect, asked.mode, size=1, facets=(name,)))
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
        "facet_values.html", nav="search", back=back, within=asked.within, sentence=query.sentence(page.lang),
        title=facets.title(name, services.taxonomies, page.lang, page.t), distinct=distinct,
        note=facets.note(name, page.t),
        found=len(found) if within else distinct, most=found[0]["count"] if found else 0,
        values=[facets.value_view(name, value, back, page.lang) for value in found[:MOST_VALUES]])


@router.get("/search/numbers")
def numbers(page: Asking, services: Opened, asked: Asked) -> Response:
    """The numbers of a result as text that can be copied; the first ones, with a link to the file of all."""
    query = service.read_final(services, SearchRequest(asked.q, tuple(asked.filter), asked.dialect, asked.mode))
    found = services.engine.search(query.node, size=MOST_NUMBERS, sort=asked.sort, words=query.words)
    ids = services.records.ids([hit.row for hit in found.hits])
    return page.html("numbers.html", nav="search", total=found.total, shown=len(ids), numbers="\n".join(ids),
                     back=page.here.to("/search"), sentence=query.sentence(page.lang),
                     export=kept_for(page.here, "/api/v1/export").set(format="numbers"))
