"""The route of the models: the card of one."""

from typing import Annotated

from fastapi import APIRouter, Depends, Path

from api.answers import Json
from api.models import service
from api.opened import Opened
from api.parameters import only
from taxonomy.learning.card import Card

router = APIRouter(tags=["industries"], dependencies=[Depends(only())])


@router.get("/models/{taxonomy}", response_model=Card, operation_id="model")
def model(services: Opened, taxonomy: Annotated[str, Path(max_length=64)]) -> Json:
    return Json(service.card(services, taxonomy))
