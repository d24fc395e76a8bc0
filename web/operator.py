"""The operator at the pages: the form that asks for the token, the cookie that stands for it, the proof of own forms.

The cookie holds a name and an end, signed with a key made from the token: it says who decides, reveals nothing of the
token, needs no memory of the server and ends for all when the token is changed.
"""

import base64
import hashlib
import hmac
import json
import secrets
import time
from contextlib import suppress
from typing import Annotated, NamedTuple
from urllib.parse import parse_qsl

from fastapi import APIRouter, Depends, Request
from fastapi.responses import RedirectResponse, Response

from api.access import admit, same
from api.opened import Opened
from api.services import Services
from store.errors import Forbidden, TooMany, Unauthorised
from web.context import Asking, takes
from web.links import Address
from web.rendering import Page

router = APIRouter(include_in_schema=False)

COOKIE = "zhuanti_operator"
DOOR = "zhuanti_door"
HOURS = 12
LONGEST_NAME = 60
HOME = "/manage/review"


class Session(NamedTuple):
    """Who has shown the token; `until` in seconds of the epoch, `nonce` is this session's own."""

    actor: str
    until: int
    nonce: str


def _seal(token: str, purpose: str, text: str) -> str:
    key = hashlib.sha256(f"zhuanti {purpose}\0{token}".encode()).digest()
    return hmac.new(key, text.encode(), hashlib.sha256).hexdigest()


def issued(token: str, actor: str) -> str:
    """The cookie of a new session."""
    told = json.dumps(Session(actor, int(time.time()) + HOURS * 3600, secrets.token_hex(16)))
    text = base64.urlsafe_b64encode(told.encode()).decode()
    return f"{text}.{_seal(token, 'session', text)}"


def read(token: str, cookie: str | None) -> Session | None:
    """The session that a cookie stands for; None for none, a forged or an old one."""
    text, _, seal = (cookie or "").partition(".")
    if not token or not same(seal, _seal(token, "session", text)):
        return None
    with suppress(ValueError, TypeError):
        found = Session(*json.loads(base64.urlsafe_b64decode(text)))
        return found if found.until > time.time() else None
    return None


def session_of(request: Request, services: Services) -> Session | None:
    return read(services.settings.operator_token, request.cookies.get(COOKIE))


def proof(services: Services, nonce: str) -> str:
    """What a form of a session carries along, so that no other site can send it."""
    return _seal(services.settings.operator_token, "form", nonce)


def checked(services: Services, session: Session, form: Address) -> None:
    """Raises Forbidden `form_foreign` for a form that this session was not given."""
    if not same(form.get("csrf"), proof(services, session.nonce)):
        raise Forbidden("form_foreign")


async def form(request: Request) -> Address:
    """The fields of a submitted form. Unlike `web.question.posted` they are kept for no page of an error: they may
    hold the token.
    """
    body = await request.body()
    return Address(request.url.path, tuple(parse_qsl(body.decode("utf-8", "replace"))))


Form = Annotated[Address, Depends(form)]


def private(response: Response) -> Response:
    """A page that nobody keeps for anybody else."""
    response.headers["Cache-Control"] = "no-store"
    return response


def to_door(request: Request, page: Page) -> RedirectResponse:
    """To the form, and back to this address afterwards."""
    return RedirectResponse(str(page.link("/manage", next=f"{request.url.path}?{request.url.query}")), 303)


def onward(wanted: str) -> str:
    """Where to go from the form: only to pages that the operator manages."""
    return wanted if wanted.startswith("/manage/") and "\\" not in wanted and "//" not in wanted else HOME


@router.get("/manage", dependencies=[Depends(takes("next"))])
def door(request: Request, page: Asking, services: Opened, next: str = "") -> Response:
    if not services.settings.operator_token:
        raise Forbidden("operator_token_off")
    if session_of(request, services):
        return RedirectResponse(onward(next), 303)
    return asked(page, services, next)


@router.post("/manage")
def enter(request: Request, page: Asking, services: Opened, given: Form) -> Response:
    wanted, actor = given.get("next"), given.get("actor").strip()
    token = services.settings.operator_token
    if not token:
        raise Forbidden("operator_token_off")
    if not same(given.get("csrf"), proof(services, request.cookies.get(DOOR, ""))) or not request.cookies.get(DOOR):
        raise Forbidden("form_foreign")
    if not 0 < len(actor) <= LONGEST_NAME:
        return asked(page, services, wanted, 422, str(page.t("review_actor_wrong", most=LONGEST_NAME)), "actor")
    try:
        admit(request, token, given.get("token"))
    except (Unauthorised, TooMany) as error:
        return asked(page, services, wanted, error.http_status, error.message(page.lang), "token", actor)
    response = RedirectResponse(onward(wanted), 303)
    secure = request.url.scheme == "https"
    response.set_cookie(COOKIE, issued(token, actor), HOURS * 3600, httponly=True, samesite="strict", secure=secure)
    response.delete_cookie(DOOR, "/manage")
    return response


@router.post("/manage/leave")
def leave(request: Request, page: Asking, services: Opened, given: Form) -> Response:
    session = session_of(request, services)
    if session:
        checked(services, session, given)
    response = RedirectResponse(str(page.link("/")), 303)
    response.delete_cookie(COOKIE)
    return response


def asked(page: Page, services: Services, wanted: str, status: int = 200, wrong: str = "", at: str = "",
          actor: str = "") -> Response:
    """The form; `wrong` says what is wrong with the field `at`."""
    nonce = secrets.token_hex(16)
    response = page.html("operator.html", status, nav="manage", csrf=proof(services, nonce), next=onward(wanted),
                         wrong=wrong, at=at, actor=actor, longest=LONGEST_NAME, hours=HOURS)
    response.set_cookie(DOOR, nonce, 3600, path="/manage", httponly=True, samesite="strict",
                        secure=page.request.url.scheme == "https")
    return private(response)
