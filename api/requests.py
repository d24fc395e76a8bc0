"""Every request gets an id, is measured, and is told in the log, without what was asked: queries are the reader's own.

The id is the caller's `X-Request-ID` when that is harmless, else made; it goes back with the answer and stands in
every line that is logged while the request is answered.
"""

import logging
import re
from time import perf_counter
from uuid import uuid4

from starlette.datastructures import Headers, MutableHeaders
from starlette.types import Receive, Scope, Send
from structlog.contextvars import bind_contextvars, clear_contextvars

from api.metrics.instruments import REQUESTS
from api.middleware import HttpMiddleware, beginning

logger = logging.getLogger("zhuanti.requests")

HEADER = "X-Request-ID"
_SANE = re.compile(r"[A-Za-z0-9._:-]{1,64}")
_METHODS = ("GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS")
_QUIET = ("/healthz", "/readyz", "/metrics", "/static")
_GONE = 499     # the reader went away before there was an answer


class Requests(HttpMiddleware):
    """ASGI middleware around everything else."""

    async def answer(self, scope: Scope, receive: Receive, send: Send) -> None:
        began = perf_counter()
        path, status = scope["path"], _GONE
        ident = sane(Headers(scope=scope).get(HEADER, ""))
        scope.setdefault("state", {})["request_id"] = ident
        clear_contextvars()
        bind_contextvars(request_id=ident)

        def begun(answered: int, headers: MutableHeaders) -> None:
            nonlocal status
            status = answered
            headers[HEADER] = ident

        try:
            await self.app(scope, receive, beginning(send, begun))
        except Exception:       # whatever it was, it counts as a failed request; it is not stopped here
            status = 500        # answered, and logged with its trace, further out
            raise
        finally:
            spent = perf_counter() - began
            route = template(scope, path)
            method = scope["method"] if scope["method"] in _METHODS else "OTHER"
            REQUESTS.labels(method, route, str(status)).observe(spent)
            logger.log(logging.DEBUG if route in _QUIET else logging.INFO, "request", extra={
                "method": method, "path": path, "route": route, "status": status, "ms": round(1_000 * spent, 1)})


def sane(given: str) -> str:
    """The id of a caller, or a new one."""
    return given if _SANE.fullmatch(given) else uuid4().hex


def template(scope: Scope, path: str) -> str:
    """The route that answered, as `/patents/{number}`, so that there are as many as we wrote and not as readers ask."""
    if "endpoint" not in scope:
        return "none"
    if scope.get("root_path"):
        return str(scope["root_path"])
    parts = path.split("/")
    last = len(parts)
    for name, value in reversed(scope.get("path_params", {}).items()):
        for place in range(last - 1, -1, -1):
            if parts[place] == str(value):
                parts[place], last = f"{{{name}}}", place
                break
    return "/".join(parts)
