"""The search by a list of numbers (号单检索): what of a pasted list is held, what is not, and what is no number."""

from typing import Annotated

from fastapi import APIRouter, Query
from fastapi.responses import Response
from pydantic import Field

from api.opened import Opened
from api.parameters import Parameters
from api.search.numberlist import MOST, look_up
from api.services import Services
from web.context import Asking
from web.question import Posted, shortened
from web.rendering import Page

router = APIRouter(include_in_schema=False)

WHERE = "/search/numberlist"


class ListParameters(Parameters):
    numbers: Annotated[str, Field(max_length=100_000)] = ""
    lang: str = ""


@router.get(WHERE)
def numberlist(page: Asking, services: Opened, asked: Annotated[ListParameters, Query()]) -> Response:
    return listed(page, services, asked.numbers)


@router.post(WHERE)
def numberlist_long(page: Asking, services: Opened, asked: Posted) -> Response:
    page.here = asked
    return listed(page, services, asked.get("numbers"))


def listed(page: Page, services: Services, text: str) -> Response:
    answer = look_up(services, text) if text.strip() else None
    search = None
    if answer and answer["found"]:
        search = shortened(services, page.link("/search", q=answer["expression"], mode="expert"))
    return page.html(
        "numberlist.html", nav="search", text=text, answer=answer, search=search, most=MOST,
        export=search and search.to("/api/v1/export", ("lang",)),
        missing="\n".join(one["text"] for one in answer["numbers"] if one["number"] and not one["id"])
        if answer else "",
        invalid=[one["text"] for one in answer["numbers"] if not one["number"]] if answer else [])
