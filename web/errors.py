"""Errors as pages: what is wrong, where, and one way on; never a stack trace.

A query that cannot be answered comes back in its box with the marked place; anything else gets the plain page.
"""

from fastapi import Request
from starlette.responses import Response

from api.failures import error_shape
from api.search.kept import question
from index.query.numbers import wrong_check_digit
from store.errors import BadQuery, ZhuantiError
from web.context import site_as_known
from web.hits import namer
from web.rendering import Page
from web.results import box, chips

MODES = ("auto", "simple", "expert")


def error_page(request: Request, error: ZhuantiError, status: int) -> Response:
    """The page of an error; registered as `app.state.error_page`."""
    services = request.app.state.services
    page = Page(request, site_as_known(services), getattr(request.state, "posted", None))
    asked = page.here.get("q")
    if isinstance(error, BadQuery):
        mode = page.here.get("mode", "auto")
        found = error_shape(error).get("diagnostics", [])
        asked, dialect = question(services, asked, page.here.get("dialect", "canonical"), page.here.get("expr"))
        return page.html(
            "search.html", status, nav="search", heading=page.t("query_refused"), error=error,
            chips=chips(page.here, page.lang, namer(services, page.lang)),
            view=box(asked, mode if mode in MODES else "auto", dialect, found, page))
    number = str(error.values.get("number", ""))
    meant = wrong_check_digit(number)
    return page.html("error.html", status, status=status, heading=heading(page, error, status),
                     message=error.message(page.lang), check=meant.check if meant else None,
                     asked=asked or number or str(error.values.get("name", "")) if status == 404 else asked,
                     code=error.code, detail=error.detail)


def heading(page: Page, error: ZhuantiError, status: int) -> str:
    if error.code == "patent_not_found":
        return str(page.t("not_found_number", number=error.values["number"]))
    if status == 404:
        return str(page.t("not_found"))
    return str(page.t("error_server" if status >= 500 else "error_asked"))
