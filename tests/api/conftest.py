"""One small home for all tests of the API, opened once: as services, and as a client of the application."""

from collections.abc import Iterator

import pytest
from fastapi.testclient import TestClient

from api.app import build
from api.services import Services
from store.settings import Settings
from tests.api.made_home import make_home
from tests.elasticsearch import elasticsearch

__all__ = ["elasticsearch"]     # a fixture


@pytest.fixture(scope="session")
def settings(tmp_path_factory: pytest.TempPathFactory) -> Settings:
    return make_home(tmp_path_factory.mktemp("api"))


@pytest.fixture(scope="session")
def services(settings: Settings) -> Iterator[Services]:
    with Services(settings) as opened:
        yield opened


@pytest.fixture(scope="session")
def client(settings: Settings) -> Iterator[TestClient]:
    with TestClient(build(settings), raise_server_exceptions=False) as opened:
        yield opened
