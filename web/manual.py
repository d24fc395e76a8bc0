"""The help page: how a search is written, made from the catalogue of fields and the examples, and how things count.

What an example means is said by the reader of queries itself, so the page cannot say other than the search does.
"""

from functools import cache
from typing import TypedDict

from fastapi import APIRouter, Depends
from fastapi.responses import Response
from markupsafe import Markup

from index.fields import FIELDS
from index.query import read
from index.query.examples import Example, examples
from web.context import Asking, takes
from web.rendering import Lang, emphasised

router = APIRouter(include_in_schema=False)


class ExampleView(TypedDict):
    q: str
    dialect: str
    canonical: str
    means: Markup


@router.get("/help", dependencies=[Depends(takes())])
def help_page(page: Asking) -> Response:
    english = page.lang == "en"
    return page.html(
        "help.html", nav="help", groups=groups(page.lang),
        fields=[{"name": one.name, "also": [*one.aliases, one.api], "example": one.example,
                 "matches": one.help_en if english else one.help_zh} for one in FIELDS if one.kind != "collection"])


@cache
def groups(lang: Lang) -> list[tuple[str, list[ExampleView]]]:
    """The examples of each subject with their meaning in words."""
    return [(name, [view(one, lang) for one in group]) for name, group in examples().items()]


def view(one: Example, lang: Lang) -> ExampleView:
    dialect = one.get("dialect", "canonical")
    query = read(one["q"], mode="expert", dialect=dialect)
    return {"q": one["q"], "dialect": dialect, "canonical": query.canonical, "means": emphasised(query.segments(lang))}
