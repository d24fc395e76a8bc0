"""The pages of the data's state: what is held, which deliveries brought it, what was refused; a delivery's quality."""

from typing import Any, TypedDict

from fastapi import APIRouter, Depends
from fastapi.responses import Response

from api.deliveries import service as of_deliveries
from api.deliveries.shapes import CodeCountShape, FieldShareShape
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
WORSE = 0.02        # a share that fell by more is marked


class DeliveryView(TypedDict):
    day: str
    name: str
    files: int
    state: str
    documents: int
    rejected: int


class FieldView(TypedDict):
    name: str
    filled: int
    of: int
    change: str
    worse: bool


class CodeView(TypedDict):
    code: str
    message: str
    count: int
    before: int | None


@router.get("/status", dependencies=[Depends(takes())])
def status(page: Asking, services: Opened, kept: KeptAnswers) -> Response:
    with services.store.connect() as connection:
        refused = deliveries.reject_counts(connection)
    return page.html("status.html", nav="status", status=held(services, kept),
                     deliveries=newest(services, NEWEST_DELIVERIES),
                     rejects=[{"code": code, "count": count, "message": text(f"reject_{code}", page.lang)}
                              for code, count in refused.items()])


@router.get("/status/{delivery}", dependencies=[Depends(takes())])
def delivery(page: Asking, services: Opened, delivery: str) -> Response:
    found = of_deliveries.delivery(services, delivery)
    quality = found["quality"]
    return page.html("delivery.html", nav="status", delivery=found, quality=quality,
                     rejected=sum(one["count"] for one in quality["rejected"]),
                     fields=[field_view(one, page.lang) for one in quality["fields"] if one["of"]],
                     codes=[{"kind": kind, "codes": code_views(codes, page.lang)} for kind, codes in (
                         ("rejects", quality["rejected"]), ("warnings", quality["warnings"]),
                         ("skipped", quality["skipped"]))])


def field_view(one: FieldShareShape, lang: str) -> FieldView:
    """A field with the change of its share in percentage points; blank where nothing is compared."""
    share, before = one["share"], one["share_before"]
    change = "" if share is None or before is None else f"{100 * (share - before):+.1f}"
    return {"name": text(f"operations_field_{one['field']}", lang), "filled": one["filled"], "of": one["of"],
            "change": "" if change in ("+0.0", "-0.0") else change,
            "worse": share is not None and before is not None and share < before - WORSE}


def code_views(codes: list[CodeCountShape], lang: str) -> list[CodeView]:
    return [{"code": one["code"], "message": one["message_en" if lang == "en" else "message"], "count": one["count"],
             "before": one["count_before"]} for one in codes]


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
    return {"day": one["last_run"][:10], "name": one["name"], "files": one["files"], "state": one["state"],
            "documents": counts["documents"], "rejected": sum(counts["rejected"].values())}
