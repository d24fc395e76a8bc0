"""Routes of the export: the file of a whole result, streamed, and its manifest.

`GET /export` takes the parameters of the search that say what is found (q, filter, dialect, mode, sort) and
`format`; what is counted and versioned stands in headers, since the digest is known only at the end.
`GET /export/manifest` makes the same bytes without sending them and answers with their manifest.
"""

from typing import Annotated
from urllib.parse import quote

from fastapi import APIRouter, Query
from starlette.responses import Response, StreamingResponse

from api.answers import Json
from api.export import service
from api.export.formats import FORMATS
from api.export.shapes import ExportRequest, Manifest
from api.opened import Opened
from api.parameters import ExportParameters

router = APIRouter(tags=["export"])


@router.get("/export", operation_id="export", response_class=Response,
            responses={200: {"content": {one.media_type.split(";")[0]: {} for one in FORMATS.values()}}})
def export(services: Opened, asked: Annotated[ExportParameters, Query()]) -> StreamingResponse:
    prepared = service.prepare(services, ExportRequest(asked.format, asked.request()))
    form = FORMATS[asked.format]
    return StreamingResponse(prepared.stream(), media_type=form.media_type, headers={
        "Content-Disposition": f'attachment; filename="patents.{form.ending}"',
        "X-Zhuanti-Count": str(prepared.count),
        "X-Zhuanti-Data-Date": prepared.data_date or "",
        "X-Zhuanti-Canonical": quote(prepared.canonical[:service.HEADER_LENGTH]),
    })


@router.get("/export/manifest", response_model=Manifest, operation_id="export_manifest")
def export_manifest(services: Opened, asked: Annotated[ExportParameters, Query()]) -> Json:
    return Json(service.prepare(services, ExportRequest(asked.format, asked.request())).manifest())
