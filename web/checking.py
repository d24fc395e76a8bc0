"""The page that checks an expression: how it is read, what is wrong in it, and the hits of each of its clauses."""

from typing import Annotated

from fastapi import APIRouter, Query
from fastapi.responses import Response
from pydantic import Field

from api.opened import Opened
from api.parameters import Parameters
from api.search import service
from api.search.kept import question
from api.search.layout import lines
from api.search.shapes import Dialect
from web.clausetree import clause_view
from web.context import Asking
from web.question import Posted, away, keeping, shortened
from web.results import box

router = APIRouter(include_in_schema=False)

WHERE = "/search/check"


class CheckParameters(Parameters):
    q: str = ""
    expr: Annotated[str, Field(max_length=64)] = ""
    dialect: Dialect = "canonical"
    counts: bool = False
    fix: Annotated[int, Field(ge=0)] = 0
    lang: str = ""


@router.get(WHERE)
def check(page: Asking, services: Opened, asked: Annotated[CheckParameters, Query()]) -> Response:
    short = shortened(services, page.here)
    if short != page.here:
        return away(short)
    text, dialect = question(services, asked.q, asked.dialect, asked.expr)
    if not text.strip():
        return page.html("check.html", nav="search", view=box(text, "expert", dialect, [], page), answer=None)
    answer = service.check(services, text, dialect, counts=asked.counts and not asked.fix)
    if asked.fix:
        repairs = [one["fix"] for one in answer["diagnostics"]]
        fixed = repairs[asked.fix - 1] if asked.fix <= len(repairs) else None
        here = page.here.drop("fix").set(dialect=dialect)
        return away(keeping(services, here, text if fixed is None else fixed))
    counts = answer.get("counts")
    tree = answer["tree"]
    same = page.here.drop("counts")
    return page.html(
        "check.html", nav="search", view=box(text, "expert", dialect, answer["diagnostics"], page), answer=answer,
        sentence=answer["sentence_en"] if page.lang == "en" else answer["sentence"],
        canonical=lines(answer["canonical"] or ""), counts=counts, with_counts=same.set(counts="true"),
        tree=clause_view(tree, page.t, counts["records"] if counts else 0) if tree else None,
        search=same.to("/search").set(mode="expert"))


@router.post(WHERE)
def check_long(services: Opened, asked: Posted) -> Response:
    return away(shortened(services, asked))
