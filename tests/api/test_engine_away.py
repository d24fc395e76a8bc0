"""A node on a cluster that goes away: 503 with a message that names the address, and answers again once it is back."""

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from fastapi.testclient import TestClient

from api.app import build
from cli.ingesting import take_in
from ingest.progress import Silent
from store.errors import Unreachable
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
