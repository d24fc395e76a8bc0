"""The API as a FastAPI application. `build` makes it for `web` to extend; `create_app` is the API alone.

The lifespan opens the Services once per process and closes them at the end; a path that is not the API's
answers errors through `app.state.error_page` when web has set it (see `api.errors`).
"""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress

from fastapi import APIRouter, FastAPI
from fastapi.concurrency import run_in_threadpool

from api import errors
from api.decisions.routes import router as decisions
from api.deliveries.routes import router as deliveries
from api.export.routes import router as export
from api.industries.routes import router as industries
from api.limits import BodyLimit
from api.metrics.node import registry_of
from api.models.routes import router as models
from api.openapi import ERRORS, describe
from api.patents.routes import router as patents
from api.requests import Requests
from api.search.routes import router as search
from api.search.service import search as search_service
from api.search.shapes import FACETS, SearchRequest
from api.services import Services
from api.status.routes import health
from api.status.routes import router as status
from store.errors import ZhuantiError
from store.messages import text
from store.settings import Settings, load

PREFIX = "/api/v1"


def build(settings: Settings) -> FastAPI:
    """The application with every route of the API. `app.state.services` is there once it has started."""

    @asynccontextmanager
    async def lifespan(app: FastAPI) -> AsyncIterator[None]:
        with Services(settings) as services:
            app.state.services = services
            app.state.node = registry_of(services)
            await run_in_threadpool(warm, services)
            yield

    app = FastAPI(title=text("api_title"), version="1", lifespan=lifespan, docs_url=None, redoc_url=None,
                  openapi_url=f"{PREFIX}/openapi.json")
    app.add_middleware(BodyLimit)
    errors.install(app)
    api = APIRouter(prefix=PREFIX, responses=ERRORS)
    for router in (search, patents, industries, models, status, deliveries, decisions,
                   export):
        api.include_router(router)
    app.include_router(api)
    app.include_router(health, responses=ERRORS)
    describe(app)
    app.add_middleware(Requests)
    return app


def warm(services: Services) -> None:
    """One search before the first user's, since dictionaries, gazetteer and index files are read when first needed."""
    with suppress(ZhuantiError):        # whoever asks next gets the same error as an answer
        search_service(services, SearchRequest("一种专利", facets=FACETS))


def create_app() -> FastAPI:
    """The API alone, from the environment's settings: a factory for ASGI servers."""
    return build(load())
