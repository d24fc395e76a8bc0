"""Headers of every answer: nothing may run or load that is not a file of this site, and no page may be framed.

The pages hold no inline script and no inline style, so the policy needs no exception.
"""

from starlette.datastructures import MutableHeaders
from starlette.types import Receive, Scope, Send

from api.middleware import HttpMiddleware, beginning

HEADERS = {
    "Content-Security-Policy": (
        "default-src 'none'; style-src 'self'; img-src 'self' data:; form-action 'self'; script-src 'self'; "
        "connect-src 'self'; base-uri 'none'; frame-ancestors 'none'"),
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "same-origin",
}


class SecurityHeaders(HttpMiddleware):
    """Puts them on every answer that does not bring its own."""

    async def answer(self, scope: Scope, receive: Receive, send: Send) -> None:
        await self.app(scope, receive, beginning(send, _added))


def _added(status: int, headers: MutableHeaders) -> None:
    for name, value in HEADERS.items():
        headers.setdefault(name, value)
