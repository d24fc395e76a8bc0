"""A node on a cluster that goes away: 503 with a message that names the address, and answers again once it is back."""

from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from fastapi.testclient import TestClient

from api.app import build
from cli.ingesting import rebuild, take_in
from index.elastic import writer as writers
from index.elastic.connection import Cluster
from index.elastic.schema import source_of
from index.engine import IndexDocument
from ingest.progress import Silent
from store.errors import Partly, Unreachable
from store.settings import Settings, load
from tests.api.made_home import MANY, PUBLICATIONS
from tests.elasticsearch import settings_for
from tests.faults import Proxy
from tests.index.places import Elastic
from tests.ingest import made

pytestmark = pytest.mark.service


@pytest.fixture
def proxy(elasticsearch: tuple[str, ...]) -> Iterator[Proxy]:
    with Proxy(elasticsearch[0]) as running:
        yield running


@pytest.fixture
def settings(tmp_path: Path, proxy: Proxy, elasticsearch: tuple[str, ...]) -> Iterator[Settings]:
    cluster = settings_for((proxy.url,))
    yield replace(load({"ZHUANTI_HOME": str(tmp_path / "home")}), engine="elasticsearch", elastic=cluster)
    Elastic(replace(cluster, urls=elasticsearch)).remove()


def test_an_engine_that_is_away_is_503_until_it_is_back(settings: Settings, proxy: Proxy, tmp_path: Path) -> None:
    delivery = made.delivery(tmp_path / "delivery", PUBLICATIONS)
    take_in(settings, (delivery,), workers=1, dry_run=False, index=True, progress=Silent())
    with TestClient(build(settings), raise_server_exceptions=False) as client:
        asked = "/api/v1/search?q=搅拌装置&facets=applicant"
        before = client.get(asked).json()
        assert before["total"] == MANY and len(before["facets"]["applicant"]) == 3
        assert client.get("/readyz").status_code == 200

        proxy.down()
        answer = client.get(asked)
        assert answer.status_code == 503 and answer.json()["code"] == "engine_unreachable"
        assert proxy.url in answer.json()["message"]
        assert client.get("/readyz").status_code == 503
        assert client.get("/healthz").status_code == 200
        assert client.get("/api/v1/patents/CN199000002A").status_code == 200      # the store still answers

        proxy.up()
        after = client.get(asked).json()
        assert (after["total"], after["hits"]) == (before["total"], before["hits"])
        assert client.get("/readyz").status_code == 200


def test_an_ingest_without_its_engine_keeps_everything(settings: Settings, proxy: Proxy, tmp_path: Path) -> None:
    """What could not be indexed waits in the outbox; the next run brings it in."""
    delivery = made.delivery(tmp_path / "delivery", PUBLICATIONS)
    proxy.down()
    hurried = replace(settings, elastic=replace(settings.elastic, patience=1))
    with pytest.raises(Unreachable) as refused:
        take_in(hurried, (delivery,), workers=1, dry_run=False, index=True, progress=Silent())
    assert refused.value.code == "engine_unreachable"
    proxy.up()
    take_in(settings, (delivery,), workers=1, dry_run=False, index=True, progress=Silent())
    with TestClient(build(settings)) as client:
        assert client.get("/api/v1/search?q=搅拌装置").json()["total"] == MANY
        assert client.get("/api/v1/status").json()["index"]["pending"] == 0


def by_hand(settings: Settings, change: Callable[[Cluster], object]) -> None:
    cluster = Cluster(settings.elastic)
    change(cluster)
    cluster.close()


@pytest.mark.parametrize("what", ["index", "alias"])
def test_an_index_that_was_deleted_by_hand_is_503_until_it_is_made_anew(
    settings: Settings, tmp_path: Path, what: str
) -> None:
    delivery = made.delivery(tmp_path / "delivery", PUBLICATIONS)
    take_in(settings, (delivery,), workers=1, dry_run=False, index=True, progress=Silent())
    prefix = settings.elastic.prefix
    with TestClient(build(settings), raise_server_exceptions=False) as client:
        assert client.get("/readyz").status_code == 200
        by_hand(settings, lambda cluster: cluster.ask(
            lambda client: client.indices.delete(index=f"{prefix}-000001") if what == "index" else
            client.indices.delete_alias(index=f"{prefix}-000001", name=prefix)))
        answer = client.get("/api/v1/search?q=搅拌装置")
        assert (answer.status_code, answer.json()["code"]) == (503, "index_missing")
        assert "zhuanti reindex" in answer.json()["message"]
        assert client.get("/readyz").status_code == 503
        rebuild(settings, Silent())
        assert client.get("/api/v1/search?q=搅拌装置").json()["total"] == MANY
        assert client.get("/readyz").status_code == 200


def test_a_document_that_is_refused_waits_and_its_neighbours_are_in(
    settings: Settings, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    delivery = made.delivery(tmp_path / "delivery", PUBLICATIONS)
    spoilt: list[int] = []

    def spoiling(row: int, document: IndexDocument) -> bytes:
        if not spoilt and "搅" in document["title"]:
            spoilt.append(row)
        return source_of(row, document | ({"application_date": [10 ** 12]} if row in spoilt else {}))

    def told(client: TestClient) -> tuple[int, int, str]:
        line = next(line for line in client.get("/metrics").text.splitlines()
                    if line.startswith("zhuanti_pending_records "))
        return (client.get("/api/v1/search?q=搅拌装置").json()["total"],
                client.get("/api/v1/status").json()["index"]["pending"], line)

    with monkeypatch.context() as patched:
        patched.setattr(writers, "source_of", spoiling)
        for _ in range(2):      # tried again by every drain, and told again
            with pytest.raises(Partly) as refused:
                take_in(settings, (delivery,), workers=1, dry_run=False, index=True, progress=Silent())
            assert (refused.value.code, refused.value.exit_code) == ("documents_refused", 1)
            assert refused.value.values == {"count": 1, "row": spoilt[0]} and "application_date" in refused.value.detail
            with TestClient(build(settings), client=("127.0.0.1", 1)) as client:
                assert told(client) == (MANY - 1, 1, "zhuanti_pending_records 1.0")
    take_in(settings, (delivery,), workers=1, dry_run=False, index=True, progress=Silent())
    with TestClient(build(settings), client=("127.0.0.1", 1)) as client:
        assert told(client) == (MANY, 0, "zhuanti_pending_records 0.0")
