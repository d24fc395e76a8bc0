"""A database or an engine that goes away under the running service, and comes back: nothing has to be restarted."""

import shutil
from collections.abc import Iterator
from pathlib import Path

import lxml.html
import pytest
from fastapi.testclient import TestClient

from api.services import Services
from cli.ingesting import rebuild, take_in
from index.indexer import Indexer
from ingest.progress import Silent
from store.errors import Unreachable
from store.settings import Settings, load
from tests.api.made_home import HEAT, PUBLICATIONS, make_home
from tests.ingest import made
from tests.postgresql import Server, mortal_postgresql
from web.app import create_app

__all__ = ["mortal_postgresql"]

API = ("/api/v1/search?q=电池", f"/api/v1/patents/{HEAT}", "/api/v1/status", "/api/v1/industries/33618",
       "/api/v1/export?q=电池&format=csv")
PAGES = ("/", "/search?q=电池", f"/patents/{HEAT}", "/industries/33618", "/status")


def client_of(settings: Settings) -> TestClient:
    return TestClient(create_app(settings), raise_server_exceptions=False, client=("127.0.0.1", 1))


def failing(client: TestClient, paths: tuple[str, ...]) -> set[tuple[str, int]]:
    return {(path, status) for path in paths if (status := client.get(path).status_code) != 200}


def is_lost(client: TestClient, service: str, code: str, api: tuple[str, ...], pages: tuple[str, ...]) -> None:
    """The API says so in the error's form, pages in words, the checks by name; the process lives."""
    for path in api:
        answer = client.get(path)
        error = answer.json()
        assert (path, answer.status_code, error["code"]) == (path, 503, code)
        assert answer.headers["Retry-After"] and error["detail"] == f"request {answer.headers['X-Request-ID']}"
        assert error["message"] and error["message_en"] and "Traceback" not in answer.text
    for path in pages:
        answer = client.get(path)
        assert (path, answer.status_code) == (path, 503)
        assert answer.headers["content-type"].startswith("text/html")
        assert lxml.html.document_fromstring(answer.text).xpath("string(//h1)")
        assert error["message"] in answer.text
    ready = client.get("/readyz")
    assert ready.status_code == 503 and ready.json()["ready"] is False
    assert service in [one["service"] for one in ready.json()["failing"]]
    assert client.get("/healthz").status_code == 200
    metrics = client.get("/metrics")
    assert metrics.status_code == 200 and f'zhuanti_up{{service="{service}"}} 0.0' in metrics.text


@pytest.mark.service
def test_database_is_killed_and_comes_back(mortal_postgresql: Server, tmp_path: Path) -> None:
    settings = load({"ZHUANTI_HOME": str(tmp_path / "home"),
                     "ZHUANTI_DATABASE_URL": mortal_postgresql.new_database()})
    take_in(settings, (made.delivery(tmp_path / "d", PUBLICATIONS),), workers=1, dry_run=False, index=True,
            progress=Silent())
    with client_of(settings) as client:
        assert failing(client, (*API, *PAGES, "/readyz")) == set()
        for _ in range(2):
            mortal_postgresql.kill()
            is_lost(client, "store", "store_unreachable", API, PAGES)
            assert "pg-" not in client.get(API[0]).text, "no names of machines or folders"
            far = client.get("/readyz", headers={"X-Forwarded-For": "8.8.8.8"}).json()
            assert far["failing"][0]["detail"] == far["detail"] == ""
            mortal_postgresql.start()
            assert failing(client, (*API, *PAGES, "/readyz")) == set(), "at once, without one failed answer"


@pytest.fixture
def own(tmp_path: Path) -> Iterator[Settings]:
    yield make_home(tmp_path)


@pytest.mark.parametrize("part", ["index", "index/current", "index/gen-000001"])
def test_index_is_deleted_by_hand(own: Settings, part: str) -> None:
    """Searches say so instead of finding nothing, under the running service and after a restart."""
    folder = own.home / part
    with client_of(own) as client:
        assert failing(client, (*API, *PAGES, "/readyz")) == set()
        (shutil.rmtree if folder.is_dir() else Path.unlink)(folder)
        is_lost(client, "engine", "index_missing", API[:1], PAGES[1:2])
        with client_of(own) as restarted:
            is_lost(restarted, "engine", "index_missing", API[:1], PAGES[1:2])
        rebuild(own, Silent())
        assert failing(client, (*API, *PAGES, "/readyz")) == set()


def test_an_ingest_makes_an_index_that_was_deleted_whole_again(own: Settings, tmp_path: Path) -> None:
    with client_of(own) as client:
        everything = "/api/v1/search?filter=申请日=1985:"
        before = client.get(everything).json()["total"]
        shutil.rmtree(own.home / "index")
        with Services(own) as services, pytest.raises(Unreachable) as refused:
            Indexer(services.store, own, services.labeller).drain(only_marked=True)
        assert refused.value.code == "index_missing" and not (own.home / "index").exists()
        more = {"more.XML": made.document("199200001", "A", "20220103", application="202019920001", title="另一件")}
        take_in(own, (made.delivery(tmp_path / "more", more),), workers=1, dry_run=False, index=True, progress=Silent())
        assert client.get(everything).json()["total"] == before + 1


def test_index_is_gone_and_built_anew(own: Settings, tmp_path: Path) -> None:
    """Damaged beyond use while the service runs; `zhuanti reindex` mends it under the readers."""
    searching = API[:1]
    with client_of(own) as client:
        assert failing(client, (*API, *PAGES, "/readyz")) == set()
        for columns in (own.home / "index").glob("gen-*/columns-*"):
            columns.write_bytes(b"damaged")
        for meta in (own.home / "index").glob("gen-*/tantivy/meta.json"):
            shutil.copy(meta, tmp_path / "meta")
            (tmp_path / "meta").replace(meta)       # a new commit, as far as a reader can tell
        is_lost(client, "engine", "index_damaged", searching, PAGES[1:2])
        assert client.get(f"/api/v1/patents/{HEAT}").status_code == 200, "what needs no engine goes on"
        rebuild(own, Silent())
        assert failing(client, (*API, *PAGES, "/readyz")) == set()
