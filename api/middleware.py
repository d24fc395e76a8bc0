"""What the middlewares have in common: they look at HTTP only, and add headers to the beginning of an answer.

ASGI and no BaseHTTPMiddleware, because exports stream through them.
"""

from collections.abc import Callable

from starlette.datastructures import MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send


class HttpMiddleware:
    """Lets everything pass that is not HTTP; `answer` is for the rest."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        await (self.answer if scope["type"] == "http" else self.app)(scope, receive, send)

    async def answer(self, scope: Scope, receive: Receive, send: Send) -> None:
        raise NotImplementedError


def beginning(send: Send, begin: Callable[[int, MutableHeaders], None]) -> Send:
    """Sends on, after `begin` was told the status of the answer and could change its headers."""

    async def send_begun(message: Message) -> None:
        if message["type"] == "http.response.start":
            begin(message["status"], MutableHeaders(scope=message))
        await send(message)

    return send_begun
