"""The card of the model of a taxonomy as a page, with Markdown and JSON beside it."""

from typing import Literal

from fastapi import APIRouter, Depends
from fastapi.responses import JSONResponse, PlainTextResponse, Response

from api.opened import Opened
from store.errors import NotFound
from taxonomy.learning import files
from taxonomy.learning.card import COLUMNS, VIEWS, card, markdown
from web.context import Asking, takes

router = APIRouter(include_in_schema=False)


@router.get("/models/{taxonomy}", dependencies=[Depends(takes("format"))])
def model(page: Asking, services: Opened, taxonomy: str, format: Literal["", "md", "json"] = "") -> Response:
    if files.version_of(services.settings, taxonomy) is None:
        raise NotFound("model_missing", taxonomy=taxonomy)
    shown = card(files.head(services.settings, taxonomy))
    if format == "json":
        return JSONResponse(shown)
    if format == "md":
        return PlainTextResponse(markdown(shown, page.lang), media_type="text/markdown; charset=utf-8")
    return page.html("model.html", nav="industries", card=shown, views=VIEWS, columns=COLUMNS)
