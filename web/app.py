"""The whole application: the pages on top of the API, in one process. `create_app(settings)` makes it."""

import os

from fastapi import FastAPI
from fastapi.staticfiles import StaticFiles
from starlette.responses import Response
from starlette.types import Scope

from api.app import build
from api.logs import configure
from store.settings import Settings, load
from web import (
    advanced,
    apidoc,
    applicants,
    checking,
    home,
    industries,
    manual,
    models,
    numberlist,
    operator,
    patents,
    review,
    search,
    similar,
    status,
)
from web.errors import error_page
from web.rendering import STATIC
from web.security import SecurityHeaders

PAGES = (home, search, checking, advanced, numberlist, similar, patents, applicants, industries, status, manual, apidoc,
         operator, review, models)


class Kept(StaticFiles):
    """Files whose address carries a hash of their content (`rendering.static`): a browser need not ask again."""

    def file_response(self, full_path: os.PathLike[str] | str, stat_result: os.stat_result, scope: Scope,
                      status_code: int = 200) -> Response:
        response = super().file_response(full_path, stat_result, scope, status_code)
        if scope["query_string"]:
            response.headers["Cache-Control"] = "public, max-age=31536000, immutable"
        return response


def served() -> FastAPI:
    """The application of a server's process: of the environment's settings, its log configured."""
    settings = load()
    configure(settings.service)
    return create_app(settings)


def create_app(settings: Settings | None = None) -> FastAPI:
    """API and pages of one home; without settings, of the environment's. The home is opened when the server starts."""
    app = build(settings or load())
    app.state.error_page = error_page
    app.mount("/static", Kept(directory=STATIC), name="static")
    for room in PAGES:
        app.include_router(room.router)
    app.add_middleware(SecurityHeaders)
    return app
