"""What a page was asked: its text, from `q` or from the address of a kept expression, and how it stays short.

An address over 2,000 characters is answered with the address of its expression (`expr=`), by a redirect, so that
no page has to repeat a long expression in each of its links.
"""

from collections.abc import Iterable
from typing import Annotated
from urllib.parse import parse_qsl

from fastapi import Depends, Request
from fastapi.responses import RedirectResponse

from api.search import kept
from api.search.shapes import DIALECTS, Dialect
from api.services import Services
from web.links import Address

LONGEST = 2_000
"""Characters of an address that every browser, proxy and mail program lets through."""

TEXT = ("q", "expr", "dialect")


def shortened(services: Services, address: Address) -> Address:
    """The same question under a short address. Raises BadQuery for a text over the cap of expressions."""
    q = address.get("q")
    if not q or len(str(address)) <= LONGEST:
        return address
    return keeping(services, address, q)


def keeping(services: Services, address: Address, text: str) -> Address:
    """The address with a text in place of its own, kept where it would make the address long."""
    short = address.drop("expr").set(q=text)
    if len(str(short)) <= LONGEST:
        return short
    asked = address.get("dialect", "canonical")
    dialect: Dialect = next((one for one in DIALECTS if one == asked), "canonical")
    return address.drop("q").drop("dialect").set(expr=kept.keep(services, text, dialect)["expr"])


def fits(address: Address) -> bool:
    """Whether an address is short enough to be a link."""
    return len(str(address)) <= LONGEST


async def posted(request: Request) -> Address:
    """The fields of a submitted form as the parameters of the same path; also kept for the page of an error."""
    body = await request.body()
    pairs = parse_qsl(body.decode("utf-8", "replace"), keep_blank_values=True)
    found = Address(request.url.path, tuple(_filled(pairs)))
    request.state.posted = found
    return found


def _filled(pairs: Iterable[tuple[str, str]]) -> Iterable[tuple[str, str]]:
    """Fields that say something; browsers send line feeds of a text area as CR LF."""
    return ((name, value.replace("\r\n", "\n")) for name, value in pairs if value)


Posted = Annotated[Address, Depends(posted)]


def away(address: Address) -> RedirectResponse:
    return RedirectResponse(str(address), 303)
