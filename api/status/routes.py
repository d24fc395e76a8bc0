"""Routes of the status: `GET /status` under the prefix, `/healthz`, `/readyz` and `/metrics` without."""

import logging

from fastapi import APIRouter, Depends, Request
from fastapi.responses import PlainTextResponse
from prometheus_client import CONTENT_TYPE_LATEST, generate_latest

from api.answers import Json
from api.metrics.instruments import measured
from api.metrics.readers import may_read
from api.opened import Opened
from api.parameters import only
from api.search.shapes import ErrorShape
from api.status import service
from api.status.shapes import Alive, Readiness, StatusAnswer
from store.errors import Forbidden

logger = logging.getLogger("zhuanti.status")

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
def readyz(services: Opened, request: Request) -> Json:
    """Which service fails is for everyone; names of machines and files are for operators."""
    found = service.readiness(services)
    if not found["ready"]:
        logger.warning("not ready", extra={"detail": found["detail"]})
    if not may_read(request, services.settings.service.metrics_token):
        found["detail"] = ""
        for one in found["failing"]:
            one["detail"] = ""
    return Json(found, 200 if found["ready"] else 503)


@health.get("/metrics", response_model=None, operation_id="metrics",
            responses={403: {"model": ErrorShape}, 200: {"content": {"text/plain": {"schema": {"type": "string"}}}}})
def metrics(services: Opened, request: Request) -> PlainTextResponse:
    if not may_read(request, services.settings.service.metrics_token):
        raise Forbidden("service_metrics_refused")
    shown = generate_latest(measured()) + generate_latest(request.app.state.node)
    return PlainTextResponse(shown, media_type=CONTENT_TYPE_LATEST)
