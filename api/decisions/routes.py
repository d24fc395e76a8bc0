"""Routes of the decisions: read and add entries, take one back. All of them ask for the operator's token."""

from typing import Annotated

from fastapi import APIRouter, Depends, Path, Query
from pydantic import Field

from api.access import OperatorOnly
from api.answers import Json
from api.decisions import service
from api.decisions.shapes import MOST, DecisionsAnswer, Given, KeptAnswer, UndoneAnswer
from api.opened import Opened
from api.parameters import Parameters, only
from api.search.shapes import ErrorShape
from store.decisions import Verdict

router = APIRouter(tags=["decisions"], dependencies=[OperatorOnly],
                   responses={status: {"model": ErrorShape} for status in (401, 403)})

Name = Annotated[str, Field(max_length=64)]
Text = Annotated[str, Field(max_length=service.LONGEST)]


class DecisionsParameters(Parameters):
    taxonomy: Name | None = None
    node: Name | None = None
    number: Name | None = None
    verdict: Verdict | None = None
    cursor: int | None = None
    unmapped: bool = False
    size: Annotated[int, Field(ge=1, le=MOST)] = 100


class DecisionBody(Parameters):
    number: Name
    taxonomy: Name
    node: Name
    verdict: Name
    note: Text = ""


class DecisionsBody(Parameters):
    actor: Text
    decisions: Annotated[list[DecisionBody], Field(min_length=1, max_length=MOST)]


class UndoBody(Parameters):
    actor: Text
    note: Text = ""


@router.get("/decisions", response_model=DecisionsAnswer, operation_id="decisions")
def decisions(services: Opened, asked: Annotated[DecisionsParameters, Query()]) -> Json:
    if asked.unmapped:
        return Json({"decisions": service.unmapped(services), "next": None})
    return Json(service.listed(services, taxonomy=asked.taxonomy, node=asked.node, number=asked.number,
                               verdict=asked.verdict, before=asked.cursor, size=asked.size))


@router.post("/decisions", response_model=KeptAnswer, operation_id="decide", dependencies=[Depends(only())])
def decide(services: Opened, body: DecisionsBody) -> Json:
    given = [Given(place, one.number, one.taxonomy, one.node, one.verdict, body.actor, one.note)
             for place, one in enumerate(body.decisions, start=1)]
    kept = service.take(services, given, "api")
    services.following.notify()
    return Json(kept)


@router.post("/decisions/{decision}/undo", response_model=UndoneAnswer, operation_id="undo_decision",
             dependencies=[Depends(only())], responses={409: {"model": ErrorShape}})
def undo(services: Opened, decision: Annotated[int, Path(ge=1)], body: UndoBody) -> Json:
    done = service.undo(services, decision, body.actor, body.note)
    services.following.notify()
    return Json(done)
