"""The page of the patents like one; the patent's own page brings its list in when a reader comes near it."""

from typing import TypedDict

from fastapi import APIRouter, Depends, Request
from fastapi.responses import RedirectResponse, Response

from api.opened import Opened
from api.patents.service import held
from api.patents.shapes import SimilarHit, WhyShape
from api.patents.similar import similar
from web.context import Asking, takes
from web.rendering import Lang, Translate

router = APIRouter(include_in_schema=False)

SHOWN = 10


class SimilarView(TypedDict):
    hit: SimilarHit
    why: str


@router.get("/patents/{number}/similar", dependencies=[Depends(takes())])
def patents_like(request: Request, page: Asking, services: Opened, number: str) -> Response:
    record = held(services, number)
    if record["id"] != number:
        return RedirectResponse(str(page.link(f"/patents/{record['id']}/similar")), 302)
    hits = similar(services, number, SHOWN)["hits"]
    return page.html("similar.html", record=record, json=f"/api/v1/patents/{number}/similar",
                     hits=[SimilarView(hit=hit, why=sentence(hit["why"], page.t, page.lang)) for hit in hits])


def sentence(why: list[WhyShape], t: Translate, lang: Lang) -> str:
    """What is shared in one line: classes, then words, then labels."""
    parts = []
    for name, kinds in (("classes", ("ipc", "locarno")), ("words", ("word",)), ("labels", ("industry",))):
        values = [(one["label_en"] if lang == "en" else one["label"]) if name == "labels" else one["value"]
                  for one in why if one["kind"] in kinds]
        if values:
            parts.append(str(t(f"similar_{name}", **{name: str(t("list_comma")).join(values)})))
    return str(t("list_semicolon")).join(parts)
