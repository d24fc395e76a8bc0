"""The page of one applicant as it is written in the records: counts by year, type, state, place, class and industry."""

from typing import Any
from urllib.parse import unquote

from fastapi import APIRouter, Depends
from fastapi.responses import Response

from api.names import name_of
from api.opened import Opened
from api.search import service
from api.search.shapes import FacetShape, SearchRequest
from store.errors import NotFound
from web import clauses, facets, trends
from web.context import Asking, featured, takes
from web.hits import view
from web.links import Address
from web.rendering import Page

router = APIRouter(include_in_schema=False)

NEWEST = 5
ROWS = 10


@router.get("/applicants/{name:path}", dependencies=[Depends(takes())])
def applicant(page: Asking, services: Opened, name: str) -> Response:
    name = unquote(name)
    first = featured(services)
    wanted = clauses.of_facet("applicant", name)
    tables = ("region", "ipc_subclass", *((clauses.INDUSTRY + first,) if first else ()))
    answer = service.search(services, SearchRequest(
        filters=(wanted,), size=NEWEST, sort="-publication_date",
        facets=("application_year", "type", "legal_state", *tables), facet_size=facets.ENOUGH))
    if not answer["total"]:
        raise NotFound("applicant_not_found", name=name)
    counted = answer["facets"]
    search = page.link("/search", filter=wanted)
    years = {int(value["value"]): value["count"] for value in counted["application_year"]}
    question = Address("", (("filter", wanted),))
    return page.html(
        "applicant.html", name=name, total=answer["total"], search=search,
        figures=[*figures("type", counted["type"], answer["total"], page),
                 *figures("legal_state", counted["legal_state"], answer["total"], page)][:5],
        chart=trends.view("tr", {str(page.t("col_applications")): years}, answer["total"], answer["data_date"],
                         page.t),
        tables=[{"title": facets.title(facet, services.taxonomies, page.lang, page.t),
                 "note": facets.note(facet, page.t),
                 "rows": rows(facet, facets.listed(facet, counted[facet], question, services.taxonomies), search, page)}
                for facet in tables if counted[facet]],
        hits=[view(hit, services, page.lang) for hit in answer["hits"]],
        json=question.to("/api/v1/search"), export=question.to("/api/v1/export"))


def figures(facet: str, values: list[FacetShape], total: int, page: Page) -> list[dict[str, Any]]:
    return [{"name": name_of(facet, one["value"], page.lang), "count": one["count"],
             "line": page.t("share_of_all", share=f"{100 * one['count'] / total:.0f}%")} for one in values]


def rows(facet: str, values: list[FacetShape], search: Address, page: Page) -> list[dict[str, Any]]:
    """Rows of a table of counts, each a link to the search that finds exactly these; `most` scales the bars."""
    return [{"label": facets.label(facet, one, page.lang), "count": one["count"], "most": values[0]["count"],
             "verified": True, "address": search.add("filter", clauses.of_facet(facet, one["value"]))}
            for one in values[:ROWS]]
