"""Errors as JSON: every failure becomes `{"code", "message", …}` with its status, never a stack trace.

Paths under `/api/` and the two health paths answer so; for other paths a page handler can be registered
in `app.state.error_page` (web does), which gets the same error and status.
"""

import difflib
import logging
from collections.abc import Awaitable, Callable, Sequence
from typing import Any

from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from starlette.exceptions import HTTPException
from starlette.responses import Response

from api.answers import Json
from api.failures import error_shape
from api.limits import MAX_BODY
from api.requests import HEADER
from store.errors import BadCall, NotFound, TooLarge, ZhuantiError

logger = logging.getLogger("zhuanti.api")

ErrorPage = Callable[[Request, ZhuantiError, int], Response | Awaitable[Response]]

JSON_PATHS = ("/api/", "/healthz", "/readyz", "/metrics", "/openapi.json")

RETRY_AFTER = "10"      # seconds after which to ask again when a service does not answer


class Internal(ZhuantiError):
    """Something that is our fault; the log has the trace, the user only the code."""


class NotAllowed(ZhuantiError):
    http_status = 405


def unknown_parameter(name: str, known: Sequence[str]) -> BadCall:
    """The refusal of a parameter that a call does not have, with the nearest that it has."""
    near = difflib.get_close_matches(name, known, n=1, cutoff=0.5)
    if near:
        return BadCall("parameter_unknown_near", name=name, nearest=near[0])
    if known:
        return BadCall("parameter_unknown", name=name, known=", ".join(known))
    return BadCall("parameter_takes_none", name=name)


def from_validation(error: RequestValidationError) -> ZhuantiError:
    """The first complaint of the validator as an error of ours; the rest goes into the detail."""
    complaints = error.errors()
    first: dict[str, Any] = dict(complaints[0])
    place = [str(part) for part in first["loc"] if part not in ("query", "body", "path")]
    if first["type"] == "json_invalid":
        return BadCall("body_invalid", str(first.get("ctx", {}).get("error", "")))
    if first["type"] == "missing":
        return BadCall("parameter_missing", name=".".join(place) or "body")
    detail = "; ".join(f"{'.'.join(map(str, one['loc']))}: {one['msg']}" for one in complaints)
    value = first.get("input")
    shown = value if isinstance(value, str | int | float) else type(value).__name__
    name = ".".join(place) or "body"
    return BadCall("parameter_invalid", detail, name=name, value=str(shown)[:80], allowed=first["msg"])


def from_http(error: HTTPException) -> ZhuantiError:
    if error.status_code == 404:
        return NotFound("path_not_found")
    if error.status_code == 405:
        return NotAllowed("method_not_allowed")
    if error.status_code == 413:
        return TooLarge("body_too_large", most=MAX_BODY >> 20)
    return BadCall("request_invalid", str(error.detail))


def install(app: FastAPI) -> None:
    """Register the handlers. What no handler knows is answered as `internal_error`, 500, and logged by the server."""
    app.state.error_page = None

    async def answer(request: Request, error: ZhuantiError, status: int) -> Response:
        page: ErrorPage | None = app.state.error_page
        if status >= 500:
            # Names of machines and files are for the log; the reader gets the number of the line there.
            error.detail = f"request {request.state.request_id}"
        if page is None or request.url.path.startswith(JSON_PATHS):
            response: Response = Json(error_shape(error), status, error.http_headers)
        else:
            found = page(request, error, status)
            response = found if isinstance(found, Response) else await found
        if status >= 500:
            response.headers[HEADER] = request.state.request_id
        if status == 503:
            response.headers["Retry-After"] = RETRY_AFTER
        return response

    async def ours(request: Request, error: Exception) -> Response:
        assert isinstance(error, ZhuantiError)
        if error.http_status >= 500:
            logger.error(error.code, extra={"method": request.method, "path": request.url.path, "detail": error.detail})
        return await answer(request, error, error.http_status)

    async def invalid(request: Request, error: Exception) -> Response:
        assert isinstance(error, RequestValidationError)
        return await answer(request, from_validation(error), 422)

    async def http(request: Request, error: Exception) -> Response:
        assert isinstance(error, HTTPException)
        response = await answer(request, from_http(error), error.status_code)
        response.headers.update(error.headers or {})
        return response

    async def unforeseen(request: Request, error: Exception) -> Response:
        # Starlette raises it again for the server's log, trace and all, once this answer is sent.
        return await answer(request, Internal("internal_error"), 500)

    app.add_exception_handler(ZhuantiError, ours)
    app.add_exception_handler(RequestValidationError, invalid)
    app.add_exception_handler(HTTPException, http)
    app.add_exception_handler(Exception, unforeseen)
