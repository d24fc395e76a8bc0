"""The page of the data's state: what is held, which deliveries brought it, and what was refused and why."""

from typing import Any, TypedDict

from fastapi import APIRouter, Depends
from fastapi.responses import Response

from api.opened import Opened
from api.services import Services
from api.status import service
from api.status.shapes import StatusAnswer
from store import deliveries
from store.messages import text
from web.context import Asking, KeptAnswers, takes
from web.kept import Kept

router = APIRouter(include_in_schema=False)

NEWEST_DELIVERIES = 20


class DeliveryView(TypedDict):
    day: str
    name: str
    files: int
    reading: bool
    documents: int
    rejected: int


@router.get("/status", dependencies=[Depends(takes())])
def status(page: Asking, services: Opened, kept: KeptAnswers) -> Response:
    with services.store.connect() as connection:
        refused = deliveries.reject_counts(connection)
    return page.html("status.html", nav="status", status=held(services, kept),
                     deliveries=newest(services, NEWEST_DELIVERIES),
                     rejects=[{"code": code, "count": count, "message": text(code, page.lang)}
                              for code, count in refused.items()])


def held(services: Services, kept: Kept) -> StatusAnswer:
    """The status, its counts kept while the data stays the same."""
    return kept.get("status", lambda: service.status(services))


def newest(services: Services, limit: int) -> list[DeliveryView]:
    """The newest deliveries of the ledger, last run first."""
    with services.store.connect() as connection:
        found = deliveries.ledger(connection, limit=limit)
    return [view(one) for one in found]


def view(one: dict[str, Any]) -> DeliveryView:
    counts = one["counts"]
    return {"day": one["last_run"][:10], "name": one["name"], "files": one["files"], "reading": bool(one["reading"]),
            "documents": counts["documents"], "rejected": sum(counts["rejected"].values())}
