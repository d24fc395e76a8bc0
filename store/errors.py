"""The one error tree: every refusal that a user sees is a ZhuantiError with a registered message code.

The same object becomes an HTTP answer (`http_status`), an exit code of the command (`exit_code`) and a
page; its texts come from `store.messages`, never from the place that raises it.
"""

from typing import Any, ClassVar

from store.messages import text


class ZhuantiError(Exception):
    """A failure with a message code, the values its text needs, and what kind of failure it is.

    `values` fill the placeholders of the message. `detail` is free technical text (a path, the message of
    a library) shown after the message, never a stack trace.
    """

    http_status: ClassVar[int] = 500
    http_headers: ClassVar[dict[str, str]] = {}
    exit_code: ClassVar[int] = 2

    def __init__(self, code: str, detail: str = "", **values: Any) -> None:
        super().__init__(code)
        self.code = code
        self.detail = detail
        self.values = values

    def message(self, lang: str = "zh") -> str:
        return text(self.code, lang, **self.values)

    def __str__(self) -> str:
        return f"{self.message('zh')} {self.message('en')}" + (f" [{self.detail}]" if self.detail else "")


class BadCall(ZhuantiError):
    """The caller asked in a wrong way: unknown option, missing path, unreadable setting."""

    http_status = 422


class BadQuery(ZhuantiError):
    """The text of a query or filter cannot be answered; `position` and `diagnostics` say where and why."""

    http_status = 400

    def __init__(
        self,
        code: str,
        detail: str = "",
        *,
        position: tuple[int, int] | None = None,
        diagnostics: tuple[Any, ...] = (),
        **values: Any,
    ) -> None:
        super().__init__(code, detail, **values)
        self.position = position
        self.diagnostics = diagnostics


class NotFound(ZhuantiError):
    http_status = 404


class Unauthorised(ZhuantiError):
    """Nobody that we know asks: no token, or a wrong one."""

    http_status = 401
    http_headers: ClassVar[dict[str, str]] = {"WWW-Authenticate": "Bearer"}
    exit_code = 4


class Forbidden(ZhuantiError):
    """Whoever asks, it is not allowed: a part that is switched off, a form of another site."""

    http_status = 403
    exit_code = 4


class TooMany(ZhuantiError):
    """Asked too often in a short time."""

    http_status = 429
    exit_code = 4


class TooLarge(ZhuantiError):
    http_status = 413
    exit_code = 4


class Refused(ZhuantiError):
    """Rights or limits forbid it: a second ingest at the same time, a home of another version."""

    http_status = 409
    exit_code = 4


class Partly(ZhuantiError):
    """Done, but for some of what was given, which waits for another time."""

    http_status = 500
    exit_code = 1


class Unreachable(ZhuantiError):
    """A service or resource that we need does not answer: database, engine, a full disk."""

    http_status = 503
    exit_code = 3
