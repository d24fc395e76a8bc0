"""The card of the model of a taxonomy as a page, with Markdown beside it; as JSON it is a call of the API."""

from typing import Literal

from fastapi import APIRouter, Depends
from fastapi.responses import PlainTextResponse, Response

from api.models import service
from api.opened import Opened
from taxonomy.learning.card import COLUMNS, VIEWS, markdown
from web.context import Asking, takes

router = APIRouter(include_in_schema=False)


@router.get("/models/{taxonomy}", dependencies=[Depends(takes("format"))])
def model(page: Asking, services: Opened, taxonomy: str, format: Literal["", "md"] = "") -> Response:
    shown = service.card(services, taxonomy)
    if format == "md":
        return PlainTextResponse(markdown(shown, page.lang), media_type="text/markdown; charset=utf-8")
    return page.html("model.html", nav="industries", card=shown, views=VIEWS, columns=COLUMNS,
                     json=f"/api/v1/models/{taxonomy}", industry=page.link(f"/industries/{taxonomy}"))
