"""Routes of the search: `GET` and `POST /search`, `POST /query/check`, `/expressions` and `/numbers`."""

from typing import Annotated

from fastapi import APIRouter, Depends, Query

from api.answers import Json
from api.opened import Opened
from api.parameters import CheckBody, ExpressionBody, NumbersBody, SearchParameters, only
from api.search import kept, numberlist, service
from api.search.shapes import CheckAnswer, KeptExpression, NumberListAnswer, SearchAnswer

router = APIRouter(tags=["search"])


@router.get("/search", response_model=SearchAnswer, operation_id="search")
def search(services: Opened, asked: Annotated[SearchParameters, Query()]) -> Json:
    return Json(service.search(services, asked.request(services)))


@router.post("/search", response_model=SearchAnswer, operation_id="search_long", dependencies=[Depends(only())])
def search_long(services: Opened, asked: SearchParameters) -> Json:
    return Json(service.search(services, asked.request(services)))


@router.post("/query/check", response_model=CheckAnswer, operation_id="check", dependencies=[Depends(only())])
def check(services: Opened, asked: CheckBody) -> Json:
    return Json(service.check(services, asked.text, asked.dialect, asked.counts))


@router.post("/expressions", response_model=KeptExpression, operation_id="keep", dependencies=[Depends(only())])
def keep(services: Opened, asked: ExpressionBody) -> Json:
    return Json(kept.keep(services, asked.text, asked.dialect))


@router.post("/numbers", response_model=NumberListAnswer, operation_id="numbers", dependencies=[Depends(only())])
def numbers(services: Opened, asked: NumbersBody) -> Json:
    return Json(numberlist.look_up(services, asked.text))
