"""A model that is trained while the node runs: labels and cards follow at once, searches when the index has."""

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from fastapi.testclient import TestClient

from api.app import build
from cli.ingesting import rebuild
from ingest.progress import Silent
from store import outbox
from store.database import open_store
from store.settings import Settings
from taxonomy.learning.running import run
from tests.api.made_home import GRAPHENE, HEAT, MANY, copied
from tests.elasticsearch import settings_for
from tests.index.places import Elastic

ALL = (HEAT, GRAPHENE, "CN199000003A", *(f"20191991{number:04}" for number in range(MANY)))
LABELS = {"电池": ("新能源汽车电池热管理系统{}", "本发明公开了一种电池热管理系统，包括液冷板。"),
          "搅拌": ("编号{}的搅拌装置", "一种搅拌装置，包括叶片。")}


@pytest.fixture(params=["embedded", pytest.param("elasticsearch", marks=pytest.mark.service)])
def own(request: pytest.FixtureRequest, settings: Settings, tmp_path: Path) -> Iterator[Settings]:
    """A home of its own with an index of either engine."""
    home = copied(settings, tmp_path / "own")
    if request.param == "embedded":
        yield home
        return
    cluster = settings_for(request.getfixturevalue("elasticsearch"))
    home = replace(home, engine="elasticsearch", elastic=cluster)
    rebuild(home, Silent())
    yield home
    Elastic(cluster).remove()


def trained(settings: Settings, folder: Path, copies: int) -> str:
    """The version of a model that was trained on a table of so many texts a label."""
    lines = [f"{label},{title.format(at)},{abstract}" for label, (title, abstract) in LABELS.items()
             for at in range(copies)]
    table = folder / "table.csv"
    table.write_text("\n".join(("标签,标题,摘要", *lines)), "utf-8")
    with open_store(settings) as store:
        return run(settings, store, "outlet", table, keep=True, told=lambda code, values: None).version


def test_a_running_node_takes_up_what_is_trained(own: Settings, tmp_path: Path) -> None:
    def total(clause: str) -> int:
        return int(client.get("/api/v1/search", params={"filter": f"产业={clause}"}).json()["total"])

    def relabelling() -> str:
        return str(client.get("/api/v1/status").json()["index"]["relabelling"])

    def labels(number: str) -> list[dict[str, object]]:
        return [one for one in client.get(f"/api/v1/patents/{number}").json()["labels"] if one["taxonomy"] == "outlet"]

    with TestClient(build(own)) as client:
        assert (labels(HEAT), relabelling()) == ([], "no")
        first = trained(own, tmp_path, 10)
        label, = labels(HEAT)
        assert (label["node"], label["source"]) == ("电池", "model")
        assert label["reasons"][0]["origin"] == f"model {first}"        # type: ignore[index]
        assert "outlet" in [one["taxonomy"] for one in client.get("/api/v1/industries").json()["taxonomies"]]
        assert client.get("/api/v1/models/outlet").json()["version"] == first
        assert (relabelling(), total("outlet")) == ("wanted", 0)
        with open_store(own) as store, store.begin() as connection:     # as a relabelling begins
            outbox.mark_relabelled(connection, client.app.state.services.labeller.fingerprint)  # type: ignore[attr-defined]
        assert (relabelling(), total("outlet")) == ("under_way", 0)

        rebuild(own, Silent())
        given = [label for number in ALL for label in labels(number)]
        scores = [float(str(label["score"])) for label in given if label["node"] == "搅拌"]
        assert len(scores) >= MANY and min(scores) >= 0.5
        assert (relabelling(), total("outlet"), total("outlet@model")) == ("no", len(given), len(given))
        assert (total("outlet/电池@model"), total("outlet/搅拌@model")) == (len(given) - len(scores), len(scores))
        assert (total("outlet@rule"), total("outlet@rule_derived"), total("outlet@human")) == (0, 0, 0)
        for tenth in range(5, 10):
            assert total(f"outlet/搅拌@0.{tenth}") == sum(score >= tenth / 10 for score in scores), tenth

        second = trained(own, tmp_path, 12)
        label, = labels(HEAT)
        assert second != first and label["reasons"][0]["origin"] == f"model {second}"      # type: ignore[index]
        assert relabelling() == "wanted"


def test_a_file_that_is_broken_while_the_node_runs_is_told(own: Settings) -> None:
    path = own.home / "taxonomies" / "mine.yaml"
    path.parent.mkdir()
    with TestClient(build(own)) as client:
        text = "id: mine\nname: 甲\nversion: v1\nnodes:\n- {id: a, name: 乙, rules: [{ipc: [ZZ]}]}\n"
        path.write_text(text, "utf-8")
        answer = client.get("/api/v1/industries").json()
        assert [(one["taxonomy"], one["code"]) for one in answer["broken"]] == [("mine", "taxonomy_pattern_invalid")]
        path.unlink()
        assert client.get("/api/v1/industries").json()["broken"] == []
