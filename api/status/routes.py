"""Routes of the status: `GET /status` under the prefix, `/healthz` and `/readyz` without."""

from fastapi import APIRouter, Depends

from api.answers import Json
from api.opened import Opened
from api.parameters import only
from api.status import service
from api.status.shapes import Alive, Readiness, StatusAnswer

router = APIRouter(tags=["status"], dependencies=[Depends(only())])
health = APIRouter(tags=["status"], dependencies=[Depends(only())])


@router.get("/status", response_model=StatusAnswer, operation_id="status")
def status(services: Opened) -> Json:
    return Json(service.status(services))


@health.get("/healthz", response_model=Alive, operation_id="healthz")
async def healthz() -> Json:
    """The process answers; it says nothing about the store or the index."""
    return Json({"alive": True})


@health.get("/readyz", response_model=Readiness, operation_id="readyz")
def readyz(services: Opened) -> Json:
    found = service.readiness(services)
    return Json(found, 200 if found["ready"] else 503)
