"""Routes of the patents: `GET /patents/{number}` and what is like it."""

from typing import Annotated

from fastapi import APIRouter, Depends, Path, Query

from api.answers import Json
from api.opened import Opened
from api.parameters import only
from api.patents import service
from api.patents.shapes import PatentAnswer, SimilarAnswer
from api.patents.similar import similar
from api.search.shapes import MAX_SIZE

router = APIRouter(tags=["patents"])

MAX_NUMBER = 64


Number = Annotated[str, Path(max_length=MAX_NUMBER)]


@router.get("/patents/{number}/similar", response_model=SimilarAnswer, operation_id="similar",
            dependencies=[Depends(only("size"))])
def similar_to(services: Opened, number: Number, size: Annotated[int, Query(ge=1, le=MAX_SIZE)] = 10) -> Json:
    return Json(similar(services, number, size))


@router.get("/patents/{number}", response_model=PatentAnswer, operation_id="patent", dependencies=[Depends(only())])
def patent(services: Opened, number: Number) -> Json:
    return Json(service.patent(services, number))
