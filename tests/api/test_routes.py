"""Records, industries, status, health, and what goes wrong outside the search."""

from datetime import UTC, datetime
from pathlib import Path

import pytest
from fastapi.testclient import TestClient

from api.app import build
from api.limits import MAX_BODY
from api.patents.service import INTERNAL
from api.patents.shapes import PatentAnswer
from ingest.record import Patent
from store.settings import Settings, load
from tests.api.made_home import COMPANY, HEAT, HEAT_A, HEAT_B, MANY, UNIVERSITY


@pytest.mark.parametrize("number", [HEAT, HEAT_A, HEAT_B, "201819900001", "ZL201819900001.7"])
def test_record_by_any_number(client: TestClient, number: str) -> None:
    record = client.get(f"/api/v1/patents/{number}").json()
    assert record["id"] == HEAT
    assert [one["name"] for one in record["applicants"]] == [COMPANY, UNIVERSITY]
    assert record["labels"] and record["labels"][0]["reasons"]
    assert "row" not in record


def test_shape_of_the_record_is_the_record_without_what_is_internal() -> None:
    assert set(PatentAnswer.__annotations__) == set(Patent.__annotations__) - set(INTERNAL)


@pytest.mark.parametrize(("path", "status", "code"), [
    ("/api/v1/patents/CN999999999A", 404, "patent_not_found"),
    ("/api/v1/patents/%3Cscript%3E", 404, "patent_not_found"),
    (f"/api/v1/patents/{'1' * 65}", 422, "parameter_invalid"),
    ("/api/v1/industries/nowhere", 404, "taxonomy_not_found"),
    ("/api/v1/industries/33618/nowhere", 404, "node_not_found"),
    ("/api/v1/nowhere", 404, "path_not_found"),
    ("/api/v1/status?x=1", 422, "parameter_takes_none"),
    ("/api/v1/query/check", 405, "method_not_allowed"),
])
def test_what_is_not_there(client: TestClient, path: str, status: int, code: str) -> None:
    response = client.get(path)
    assert (response.status_code, response.json()["code"]) == (status, code)
    assert response.json()["message"] and response.json()["message_en"]


def test_industries(client: TestClient) -> None:
    listed = client.get("/api/v1/industries").json()["taxonomies"]
    of = next(one for one in listed if one["taxonomy"] == "33618")
    tree = client.get("/api/v1/industries/33618").json()
    assert tree["labelled"] == of["labelled"] > 0
    assert tree["labelled"] + tree["unlabelled"] == tree["total"] == MANY + 3

    def nodes(branches: list[dict[str, object]]) -> dict[str, int]:
        found: dict[str, int] = {}
        for branch in branches:
            found[str(branch["node"])] = int(str(branch["count"]))
            below = branch["children"]
            assert isinstance(below, list)
            found |= nodes(below)
        return found

    counts = nodes(tree["tree"])
    assert counts["nev"] >= 1 and len(counts) == of["nodes"]
    for node, count in counts.items():
        searched = client.get("/api/v1/search", params={"q": f"产业=33618/{node}"}).json()
        assert searched["total"] == count, node


def test_count_of_a_node_holds_what_lies_below(client: TestClient) -> None:
    node = client.get("/api/v1/industries/33618/nev").json()
    assert node["path"] and node["rules"][0]["patterns"][0]["origin"]
    above = client.get(f"/api/v1/industries/33618/{node['path'][-1]['node']}").json()
    assert above["count"] >= node["count"] >= 1
    assert sum(one["count"] for one in node["by_year"]) == node["count"]


def test_status_and_health(client: TestClient) -> None:
    status = client.get("/api/v1/status").json()
    assert (status["records"], status["publications"]) == (MANY + 3, MANY + 4)
    assert status["by_type"] == {"invention": MANY + 3}
    assert status["application_dates"] == ["2018-06-01", "2018-06-01"]
    assert status["index"]["records"] == MANY + 3 and status["index"]["pending"] == 0
    assert status["last_delivery"]["name"] == "delivery"
    assert 0 <= (datetime.now(UTC) - datetime.fromisoformat(status["index"]["updated"])).total_seconds() < 3_600
    assert client.get("/healthz").json() == {"alive": True}
    assert client.get("/readyz").json()["ready"] is True


def test_home_without_anything_is_alive(tmp_path: Path) -> None:
    with TestClient(build(load({"ZHUANTI_HOME": str(tmp_path / "new")}))) as client:
        assert client.get("/healthz").status_code == 200
        assert client.get("/api/v1/status").json()["records"] == 0
        assert client.get("/api/v1/search", params={"q": "电池"}).status_code in (200, 503)


def test_body_over_the_bound_is_refused_while_it_arrives(client: TestClient) -> None:
    response = client.post("/api/v1/search", content=b'{"q": "' + b"x" * MAX_BODY + b'"}',
                           headers={"Content-Type": "application/json"})
    assert (response.status_code, response.json()["code"]) == (413, "body_too_large")


def test_failure_of_ours_shows_no_trace(settings: Settings) -> None:
    app = build(settings)

    @app.get("/api/v1/broken")
    def broken() -> None:
        raise RuntimeError("secret path")

    with TestClient(app, raise_server_exceptions=False) as client:
        response = client.get("/api/v1/broken")
    assert (response.status_code, response.json()["code"]) == (500, "internal_error")
    assert "secret" not in response.text and "Traceback" not in response.text
