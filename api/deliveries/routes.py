"""Routes of the deliveries: all of them, and one by its name."""

from typing import Annotated

from fastapi import APIRouter, Depends, Path

from api.answers import Json
from api.deliveries import service
from api.deliveries.shapes import DeliveriesAnswer, DeliveryAnswer
from api.opened import Opened
from api.parameters import only

router = APIRouter(tags=["deliveries"], dependencies=[Depends(only())])

MAX_NAME = 255


@router.get("/deliveries", response_model=DeliveriesAnswer, operation_id="deliveries")
def deliveries(services: Opened) -> Json:
    return Json(service.deliveries(services))


@router.get("/deliveries/{name}", response_model=DeliveryAnswer, operation_id="delivery")
def delivery(services: Opened, name: Annotated[str, Path(max_length=MAX_NAME)]) -> Json:
    return Json(service.delivery(services, name))
