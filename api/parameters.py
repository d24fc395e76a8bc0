"""Parameters of the calls as pydantic models: the same model reads a query string and a JSON body.

A name that a call does not have is refused with the nearest that it has (422); so typing errors never
change what is searched in silence. Descriptions come from the message registry (`api.openapi`).
"""

from collections.abc import Callable
from typing import Annotated, Any

from fastapi import Request
from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, model_validator

from api.errors import unknown_parameter
from api.export.shapes import Format
from api.search.kept import question
from api.search.shapes import (
    MAX_FACET_SIZE,
    MAX_FILTERS,
    MAX_OFFSET,
    MAX_SIZE,
    MAX_TEXT,
    Dialect,
    Mode,
    SearchRequest,
    Sort,
)
from api.services import Services


def as_list(value: Any) -> Any:
    """One string where a list may stand, as in a JSON body written by hand."""
    return [value] if isinstance(value, str) else value


class Parameters(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)

    @model_validator(mode="before")
    @classmethod
    def known(cls, given: Any) -> Any:
        if isinstance(given, dict):
            for name in given:
                if name not in cls.model_fields:
                    raise unknown_parameter(str(name), tuple(cls.model_fields))
        return given


# Lengths of q and filter are described, not enforced here: a text over the cap is a query error (400), not a
# parameter error (422), and the reader of queries says so with its own code.
Text = Annotated[str, Field(json_schema_extra={"maxLength": MAX_TEXT})]


class Asked(Parameters):
    """What is searched and in which order: common to search and export. `expr` stands for `q` and `dialect`."""

    q: Text = ""
    expr: Annotated[str, Field(max_length=64)] = ""
    filter: Annotated[list[Text], BeforeValidator(as_list), Field(max_length=MAX_FILTERS)] = []
    dialect: Dialect = "canonical"
    mode: Mode = "auto"
    sort: Sort = "relevance"

    def question(self, services: Services) -> tuple[str, str]:
        """(q, dialect), those of a kept expression where one is named."""
        return question(services, self.q, self.dialect, self.expr)


class SearchParameters(Asked):
    size: Annotated[int, Field(ge=1, le=MAX_SIZE)] = 20
    cursor: Annotated[str, Field(max_length=1_000)] | None = None
    offset: Annotated[int, Field(ge=0, le=MAX_OFFSET)] = 0
    facets: Annotated[list[str], BeforeValidator(as_list), Field(max_length=MAX_FILTERS)] = []
    facet_size: Annotated[int, Field(ge=1, le=MAX_FACET_SIZE)] = 1_000

    def request(self, services: Services) -> SearchRequest:
        """`facets` may be repeated or separated by commas; a name given twice counts once."""
        q, dialect = self.question(services)
        names = (name.strip() for value in self.facets for name in value.split(","))
        return SearchRequest(
            q, tuple(self.filter), dialect, self.mode, self.size, self.cursor or None, self.offset, self.sort,
            tuple(dict.fromkeys(name for name in names if name)), self.facet_size)


class ExportParameters(Asked):
    format: Format

    def request(self, services: Services) -> SearchRequest:
        q, dialect = self.question(services)
        return SearchRequest(q, tuple(self.filter), dialect, self.mode, sort=self.sort)


class ExpressionBody(Parameters):
    text: Text
    dialect: Dialect = "canonical"


class CheckBody(ExpressionBody):
    counts: bool = False


class NumbersBody(Parameters):
    text: Text


def only(*names: str) -> Callable[[Request], None]:
    """A dependency for calls without a parameter model: any other query parameter is refused."""

    def check(request: Request) -> None:
        for name in request.query_params:
            if name not in names:
                raise unknown_parameter(name, names)

    return check
