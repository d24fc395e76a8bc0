"""Routes of the search: `GET` and `POST /search`, `POST /query/check`."""

from typing import Annotated

from fastapi import APIRouter, Depends, Query

from api.answers import Json
from api.opened import Opened
from api.parameters import CheckBody, SearchParameters, only
from api.search import service
from api.search.shapes import CheckAnswer, SearchAnswer

router = APIRouter(tags=["search"])


@router.get("/search", response_model=SearchAnswer, operation_id="search")
def search(services: Opened, asked: Annotated[SearchParameters, Query()]) -> Json:
    return Json(service.search(services, asked.request()))


@router.post("/search", response_model=SearchAnswer, operation_id="search_long", dependencies=[Depends(only())])
def search_long(services: Opened, asked: SearchParameters) -> Json:
    return Json(service.search(services, asked.request()))


@router.post("/query/check", response_model=CheckAnswer, operation_id="check", dependencies=[Depends(only())])
def check(asked: CheckBody) -> Json:
    return Json(service.check(asked.text, asked.dialect))
