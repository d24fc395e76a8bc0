"""Routes of the export: the file of a whole result, streamed, and its manifest.

`GET /export` takes the parameters of the search that say what is found (q, filter, dialect, mode, sort) and
`format`; what is counted and versioned stands in headers, since the digest is known only at the end.
`GET /export/manifest` makes the same bytes without sending them and answers with their manifest. Both take the same
names as JSON by `POST`, for long expressions.
"""

from typing import Annotated, Any
from urllib.parse import quote

from fastapi import APIRouter, Depends, Query
from starlette.responses import Response, StreamingResponse

from api.answers import Json
from api.export import service
from api.export.formats import FORMATS
from api.export.shapes import ExportRequest, Manifest
from api.opened import Opened
from api.parameters import ExportParameters, only
from api.services import Services

router = APIRouter(tags=["export"])


FILES: dict[int | str, dict[str, Any]] = {
    200: {"content": {one.media_type.split(";")[0]: {} for one in FORMATS.values()}}}


@router.get("/export", operation_id="export", response_class=Response, responses=FILES)
def export(services: Opened, asked: Annotated[ExportParameters, Query()]) -> StreamingResponse:
    return exported(services, asked)


@router.post("/export", operation_id="export_long", response_class=Response, responses=FILES,
             dependencies=[Depends(only())])
def export_long(services: Opened, asked: ExportParameters) -> StreamingResponse:
    return exported(services, asked)


def exported(services: Services, asked: ExportParameters) -> StreamingResponse:
    prepared = service.prepare(services, ExportRequest(asked.format, asked.request(services)))
    form = FORMATS[asked.format]
    return StreamingResponse(prepared.stream(), media_type=form.media_type, headers={
        "Content-Disposition": f'attachment; filename="patents.{form.ending}"',
        "X-Zhuanti-Count": str(prepared.count),
        "X-Zhuanti-Diagnostics": ",".join(prepared.remarks),
        "X-Zhuanti-Data-Date": prepared.data_date or "",
        "X-Zhuanti-Canonical": quote(prepared.canonical[:service.HEADER_LENGTH]),
    })


@router.post("/export/manifest", response_model=Manifest, operation_id="export_manifest_long",
             dependencies=[Depends(only())])
def export_manifest_long(services: Opened, asked: ExportParameters) -> Json:
    return Json(service.prepare(services, ExportRequest(asked.format, asked.request(services))).manifest())


@router.get("/export/manifest", response_model=Manifest, operation_id="export_manifest")
def export_manifest(services: Opened, asked: Annotated[ExportParameters, Query()]) -> Json:
    return Json(service.prepare(services, ExportRequest(asked.format, asked.request(services))).manifest())
