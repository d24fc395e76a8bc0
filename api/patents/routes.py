"""Routes of the patents: `GET /patents/{number}`."""

from typing import Annotated

from fastapi import APIRouter, Depends, Path

from api.answers import Json
from api.opened import Opened
from api.parameters import only
from api.patents import service
from api.patents.shapes import PatentAnswer

router = APIRouter(tags=["patents"], dependencies=[Depends(only())])

MAX_NUMBER = 64


@router.get("/patents/{number}", response_model=PatentAnswer, operation_id="patent")
def patent(services: Opened, number: Annotated[str, Path(max_length=MAX_NUMBER)]) -> Json:
    return Json(service.patent(services, number))
