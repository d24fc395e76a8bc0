"""The search form (表格检索): rows made from the catalogue of fields, dates and choices; its answer is an expression.

A GET form, so that its address brings it back filled in. It shows the expression and how many records it finds;
`do=search` leads on to the result.
"""

from typing import Annotated, Any, Literal

from fastapi import APIRouter, Query
from fastapi.responses import Response
from pydantic import BeforeValidator, Field, create_model

from api.opened import Opened
from api.parameters import Parameters, as_list
from api.search import service
from api.search.layout import lines
from store.errors import BadCall
from web.context import Asking
from web.formtext import CHOICES, DATE_FIELDS, JOINS, MATCHES, ROW_FIELDS, Row, expression
from web.question import away, shortened
from web.rendering import Lang
from web.results import box

router = APIRouter(include_in_schema=False)

FIRST_ROWS = ("keywords", "title", "applicants", "ipc")
MORE_ROWS = 3
MOST_ROWS = 40
LONGEST_VALUE = 2_000

Values = Annotated[list[str], BeforeValidator(as_list), Field(max_length=MOST_ROWS, default_factory=list)]


class Rows(Parameters):
    join: Values
    field: Values
    match: Values
    value: Values
    do: Literal["", "show", "more", "search"] = ""
    lang: str = ""

    def rows(self) -> list[Row]:
        """The rows of the form; raises BadCall for one with an unknown field, operator or way of matching."""
        count = max(len(self.field), len(self.value))
        known = {"join": JOINS, "field": tuple(one.api for one in ROW_FIELDS), "match": MATCHES}
        found = []
        for place in range(count):
            given = {name: column[place] if place < len(column) else known[name][0] for name, column in (
                ("join", self.join), ("field", self.field), ("match", self.match))}
            for name, value in given.items():
                if value not in known[name]:
                    raise BadCall("parameter_invalid", name=name, value=value, allowed=" | ".join(known[name]))
            value = self.value[place] if place < len(self.value) else ""
            if len(value) > LONGEST_VALUE:
                raise BadCall("parameter_invalid", name="value", value=f"{value[:20]}…", allowed=f"≤ {LONGEST_VALUE}")
            found.append(Row(value=value, **given))
        return found


_DATE: Any = Annotated[str, Field(max_length=40)]
_COLUMNS: dict[str, Any] = {f"{one.api}_{end}": (_DATE, "") for one in DATE_FIELDS for end in ("from", "to")} | {
    api: (list[Literal[names]], Field(default=[])) for api, names in CHOICES.items()}  # type: ignore[valid-type]
Form: Any = create_model("Form", __base__=Rows, **_COLUMNS)
"""The parameters of the form: rows, and those that the catalogue's dates and choices bring."""


@router.get("/search/advanced")
def advanced(page: Asking, services: Opened, asked: Annotated[Form, Query()]) -> Response:
    rows = asked.rows()
    dates = {one.api: (getattr(asked, f"{one.api}_from"), getattr(asked, f"{one.api}_to")) for one in DATE_FIELDS}
    chosen = {api: list(getattr(asked, api)) for api in CHOICES}
    text = expression(rows, dates, chosen)
    answer = service.check(services, text) if text else None
    if answer and answer["ok"]:
        text = answer["canonical"] or ""
        if asked.do == "search":
            return away(shortened(services, page.link("/search", q=text, mode="expert")))
    if not rows:
        rows = [Row("AND", api, "all", "") for api in FIRST_ROWS]
    if asked.do == "more":
        rows += [Row("AND", "keywords", "all", "")] * min(MORE_ROWS, MOST_ROWS - len(rows))
    return page.html(
        "advanced.html", nav="search", rows=rows, fields=named(page.lang), joins=JOINS, matches=MATCHES,
        dates=[{"api": one.api, "name": one.name_en if page.lang == "en" else one.name, "from": dates[one.api][0],
                "to": dates[one.api][1]} for one in DATE_FIELDS],
        choices=[{"api": api, "values": values, "chosen": chosen[api]} for api, values in CHOICES.items()],
        expression=lines(text), answer=answer, total=service.count(services, text) if answer and answer["ok"] else None,
        view=box(text, "expert", "canonical", answer["diagnostics"] if answer else [], page))


def named(lang: Lang) -> list[tuple[str, str]]:
    """The fields of a row: (API name, name with what it matches)."""
    return [(one.api, one.name_en if lang == "en" else one.name) for one in ROW_FIELDS]
