"""What page handlers are given: the services, the kept answers, and the page that is being asked for."""

from collections.abc import Callable, Iterable
from typing import Annotated

from fastapi import Depends, Request

from api.errors import unknown_parameter
from api.opened import Opened
from api.services import Services
from store.errors import Unreachable
from web.kept import Kept
from web.rendering import Page, Site

FEATURED = "33618"
"""The taxonomy that the home page shows as a whole and that facets and lists name first."""


def kept(request: Request, services: Opened) -> Kept:
    """The kept answers of this application, made at the first request because the services open at start-up."""
    state = request.app.state
    if not hasattr(state, "kept"):
        state.kept = Kept(services)
    found: Kept = state.kept
    return found


KeptAnswers = Annotated[Kept, Depends(kept)]


def site_of(services: Services) -> Site:
    return Site(services.settings.region, services.data_date(), services.made_up)


def site_as_known(services: Services) -> Site:
    """The same for the page of an error, which may be that the store does not answer."""
    try:
        return site_of(services)
    except Unreachable:
        return Site(services.settings.region, None, services.made_up)


def page(request: Request, services: Opened) -> Page:
    return Page(request, site_of(services))


Asking = Annotated[Page, Depends(page)]


def takes(*names: str) -> Callable[[Request], None]:
    """A dependency: any query parameter but these and `lang` is refused (422), so that no typing error is ignored."""
    known = (*names, "lang")

    def check(request: Request) -> None:
        for name in request.query_params:
            if name not in known:
                raise unknown_parameter(name, known)

    return check


def featured(services: Services) -> str:
    """The featured taxonomy, or the first one of a node that does not have it; blank without any."""
    names: Iterable[str] = services.taxonomies
    return FEATURED if FEATURED in services.taxonomies else next(iter(names), "")
