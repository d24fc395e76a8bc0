"""Who may change anything: the operator, by the token of the settings, until there are accounts.

Tokens are compared in constant time, and an address that sends wrong ones has to wait. Each process counts for
itself, so several workers let as many times more through; the length of the token is what protects.
"""

import hashlib
import hmac
import threading
from time import monotonic

from fastapi import Depends, Request

from api.opened import Opened
from store.errors import Forbidden, TooMany, Unauthorised

TRIES = 5
WINDOW = 900.0
"""Wrong tokens that an address may send within these seconds."""

_MOST_ADDRESSES = 10_000


class Tries:
    """Wrong tokens by address; safe to share between threads."""

    def __init__(self, most: int = TRIES, window: float = WINDOW) -> None:
        self._most, self._window = most, window
        self._lock = threading.Lock()
        self._wrong: dict[str, list[float]] = {}

    def left(self, address: str) -> int:
        """How many wrong tokens the address may still send."""
        with self._lock:
            return self._most - len(self._recent(address))

    def wrong(self, address: str) -> None:
        with self._lock:
            if len(self._wrong) >= _MOST_ADDRESSES:
                self._wrong = {one: times for one in self._wrong if (times := self._recent(one))}
                if len(self._wrong) >= _MOST_ADDRESSES:
                    self._wrong.clear()
            self._wrong[address] = [*self._recent(address), monotonic()]

    def right(self, address: str) -> None:
        with self._lock:
            self._wrong.pop(address, None)

    def _recent(self, address: str) -> list[float]:
        since = monotonic() - self._window
        return [time for time in self._wrong.get(address, ()) if time > since]


def tries_of(request: Request) -> Tries:
    """The count of this application."""
    state = request.app.state
    if not hasattr(state, "tries"):
        state.tries = Tries()
    found: Tries = state.tries
    return found


def same(one: str, other: str) -> bool:
    """Whether two secrets are the same, in a time that says nothing of either."""
    return hmac.compare_digest(hashlib.sha256(one.encode()).digest(), hashlib.sha256(other.encode()).digest())


def admit(request: Request, expected: str, given: str) -> None:
    """Lets the holder of the token through.

    Raises Forbidden `operator_token_off` without a token in the settings, TooMany `operator_token_tries` after too many
    wrong ones (the right one has to wait too), Unauthorised `operator_token_wrong`.
    """
    if not expected:
        raise Forbidden("operator_token_off")
    tries, address = tries_of(request), request.client.host if request.client else ""
    if tries.left(address) <= 0:
        raise TooMany("operator_token_tries", minutes=round(WINDOW / 60))
    if not same(given, expected):
        tries.wrong(address)
        raise Unauthorised("operator_token_wrong", left=tries.left(address))
    tries.right(address)


def bearer(request: Request, services: Opened) -> None:
    """A dependency of calls: the operator's token as `Authorization: Bearer`."""
    scheme, _, token = request.headers.get("authorization", "").partition(" ")
    if services.settings.operator_token and scheme.lower() != "bearer":
        raise Unauthorised("operator_token_missing")
    admit(request, services.settings.operator_token, token.strip())


OperatorOnly = Depends(bearer)
