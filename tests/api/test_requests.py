"""Requests: their ids, what is measured and logged of them, and what is not."""

import json
import logging
import re
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from fastapi.testclient import TestClient
from prometheus_client.parser import text_string_to_metric_families

from api.app import build
from api.logs import configure
from api.metrics.instruments import REQUESTS
from api.requests import HEADER, sane, template
from store.errors import BadCall
from store.settings import ServiceSettings, Settings, load
from tests.api.made_home import HEAT, MANY

LOCAL = ("127.0.0.1", 50_000)


@pytest.fixture(scope="module")
def near(settings: Settings) -> Iterator[TestClient]:
    """A client on the same machine."""
    app = build(settings)

    @app.get("/api/v1/broken")
    def broken() -> None:
        raise RuntimeError("secret path")

    with TestClient(app, raise_server_exceptions=False, client=LOCAL) as client:
        yield client


def samples(client: TestClient) -> dict[tuple[str, frozenset[tuple[str, str]]], float]:
    answer = client.get("/metrics")
    assert answer.status_code == 200 and answer.headers["content-type"].startswith("text/plain; version=")
    return {(one.name, frozenset(one.labels.items())): one.value
            for family in text_string_to_metric_families(answer.text) for one in family.samples}


def of(found: dict[tuple[str, frozenset[tuple[str, str]]], float], name: str, **labels: str) -> float:
    return found.get((name, frozenset(labels.items())), 0.0)


@pytest.mark.parametrize("given", ["a", "3f2504e0-4f89-11d3-9a0c-0305e82c3301", "node:7.web_1"])
def test_sane_id_of_the_caller_goes_back(near: TestClient, given: str) -> None:
    assert near.get("/healthz", headers={HEADER: given}).headers[HEADER] == given


@pytest.mark.parametrize("given", ["", "x" * 65, "a b", "a\tb", '{"a":1}', "é"])
def test_other_ids_are_replaced(near: TestClient, given: str) -> None:
    made = near.get("/healthz", headers={HEADER: given.encode()}).headers[HEADER]
    assert re.fullmatch("[0-9a-f]{32}", made)
    assert sane(given) != sane(given), "each its own"


@pytest.mark.parametrize("path", ["/api/v1/patents/CN999999999A", "/nowhere", "/api/v1/search?q=(", "/api/v1/broken"])
def test_every_answer_has_an_id(near: TestClient, path: str) -> None:
    answer = near.get(path, headers={HEADER: "mine"})
    assert answer.status_code >= 400 and answer.headers[HEADER] == "mine"


def test_answer_to_a_failure_names_the_line_of_the_log(near: TestClient) -> None:
    answer = near.get("/api/v1/broken", headers={HEADER: "mine"})
    assert answer.json()["detail"] == "request mine" and "secret" not in answer.text


@pytest.mark.parametrize(("scope", "route"), [
    ({}, "none"),
    ({"endpoint": 1, "path_params": {}}, "/a/b"),
    ({"endpoint": 1, "path_params": {"one": "b"}}, "/a/{one}"),
    ({"endpoint": 1, "path_params": {"one": "a", "two": "b"}}, "/{one}/{two}"),
    ({"endpoint": 1, "root_path": "/static", "path_params": {}}, "/static"),
])
def test_route_of_a_request(scope: dict[str, object], route: str) -> None:
    assert template(scope, "/a/b") == route


def test_route_whose_value_stands_twice() -> None:
    scope = {"endpoint": 1, "path_params": {"taxonomy": "industries", "node": "industries"}}
    assert template(scope, "/industries/industries/industries") == "/industries/{taxonomy}/{node}"


def test_requests_are_measured_by_route_and_status(near: TestClient) -> None:
    def counted() -> list[float]:
        found = samples(near)
        return [of(found, "zhuanti_request_seconds_count", method="GET", route=route, status=status)
                for route, status in (("/api/v1/patents/{number}", "200"), ("/api/v1/patents/{number}", "404"),
                                      ("none", "404"), ("/api/v1/broken", "500"))]

    before = counted()
    for path in (f"/api/v1/patents/{HEAT}", "/api/v1/patents/CN1A", "/api/v1/patents/CN2A", "/nowhere/1", "/nowhere/2",
                 "/api/v1/broken"):
        near.get(path)
    assert [after - first for after, first in zip(counted(), before, strict=True)] == [1, 2, 2, 1]


def test_readers_cannot_make_metrics(near: TestClient) -> None:
    """As many series as routes, whatever is asked for."""
    def routes() -> set[str]:
        return {one.labels["route"] for family in REQUESTS.collect() for one in family.samples}

    near.get("/api/v1/patents/1")
    near.request("BREW", "/nowhere")
    before = routes()
    for number in range(20):
        near.get(f"/api/v1/patents/CN19900{number:04}A")
        near.get(f"/x{number}/y")
        near.request(f"M{number}", "/nowhere")
    assert routes() == before


def test_engine_and_store_are_measured(near: TestClient) -> None:
    def counted() -> list[float]:
        found = samples(near)
        return [of(found, "zhuanti_engine_seconds_count", operation="search", outcome="done"),
                of(found, "zhuanti_store_seconds_count", operation="select", outcome="done")]

    before = counted()
    near.get("/api/v1/search", params={"q": "电池"})
    searches, selects = (after - first for after, first in zip(counted(), before, strict=True))
    assert searches >= 1 and selects >= 2


def test_state_of_the_node(near: TestClient) -> None:
    found = samples(near)
    assert of(found, "zhuanti_up", service="store") == of(found, "zhuanti_up", service="engine") == 1
    assert of(found, "zhuanti_records") == of(found, "zhuanti_index_records") == MANY + 3
    assert of(found, "zhuanti_ingest_entries_total", outcome="documents") == MANY + 4
    assert of(found, "zhuanti_pending_records") == of(found, "zhuanti_unfinished_files") == 0
    assert of(found, "zhuanti_last_delivery_timestamp_seconds") <= of(found, "zhuanti_index_updated_timestamp_seconds")
    assert of(found, "zhuanti_data_date_timestamp_seconds") == 1641254400      # 2022-01-04


@pytest.mark.parametrize(("client", "headers", "status"), [
    ("127.0.0.1", {}, 200), ("::1", {}, 200), ("10.1.2.3", {}, 200), ("::ffff:192.168.0.9", {}, 200),
    ("fd00::1", {}, 200), ("8.8.8.8", {}, 403), ("2400:3200::1", {}, 403), ("::ffff:8.8.8.8", {}, 403),
    ("unix", {}, 403),
    ("127.0.0.1", {"X-Forwarded-For": "8.8.8.8"}, 403), ("127.0.0.1", {"Forwarded": "for=8.8.8.8"}, 403),
    ("10.1.2.3", {"Via": "1.1 proxy"}, 403),
])
def test_who_may_read_metrics(settings: Settings, client: str, headers: dict[str, str], status: int) -> None:
    with TestClient(build(settings), client=(client, 1)) as asking:
        answer = asking.get("/metrics", headers=headers)
        assert answer.status_code == status
        assert status == 200 or answer.json()["code"] == "service_metrics_refused"


@pytest.mark.parametrize(("shown", "status"), [
    ("Bearer geheim", 200), ("Bearer gehei", 403), ("geheim", 403), ("", 403), ("Bearer géheim", 403)])
def test_token_of_metrics(settings: Settings, shown: str, status: int) -> None:
    guarded = replace(settings, service=ServiceSettings(metrics_token="geheim"))
    with TestClient(build(guarded), client=LOCAL) as asking:
        assert asking.get("/metrics", headers={"Authorization": shown.encode()}).status_code == status


@pytest.fixture
def logged(capsys: pytest.CaptureFixture[str]) -> Iterator[None]:
    root = logging.getLogger()
    handlers, level = root.handlers[:], root.level
    yield
    root.handlers[:], root.level = handlers, level


def lines(capsys: pytest.CaptureFixture[str]) -> list[dict[str, object]]:
    """What was logged, but for the client's own library."""
    found = [json.loads(line) for line in capsys.readouterr().err.splitlines()]
    return [one for one in found if not one["logger"].startswith("http")]


@pytest.mark.usefixtures("logged")
def test_log_is_json_lines_without_what_was_asked(near: TestClient, capsys: pytest.CaptureFixture[str]) -> None:
    configure(ServiceSettings(log_format="json"))
    near.get("/api/v1/search", params={"q": "商业秘密"}, headers={HEADER: "mine"})
    near.get("/healthz")
    logging.getLogger("zhuanti.requests").debug("not at this level")
    logging.getLogger("some.library").warning("told by %s", "a library", extra={"count": 3})
    request, other = lines(capsys)
    assert request | {"ms": 0, "timestamp": ""} == {
        "event": "request", "level": "info", "logger": "zhuanti.requests", "request_id": "mine", "method": "GET",
        "path": "/api/v1/search", "route": "/api/v1/search", "status": 200, "ms": 0, "timestamp": ""}
    assert re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d+Z", str(request["timestamp"]))
    assert (other["event"], other["level"], other["count"]) == ("told by a library", "warning", 3)


@pytest.mark.usefixtures("logged")
def test_every_line_of_a_request_has_its_id(near: TestClient, capsys: pytest.CaptureFixture[str]) -> None:
    """Also what is logged by the threads that answer."""
    configure(ServiceSettings(log_format="json"))
    near.app.add_api_route("/api/v1/noisy", lambda: logging.getLogger("zhuanti").warning("noise"))  # type: ignore[attr-defined]
    near.get("/api/v1/noisy", headers={HEADER: "mine"})
    near.get("/api/v1/nothing", headers={HEADER: "yours"})
    assert [(one["event"], one["request_id"]) for one in lines(capsys)] == [
        ("noise", "mine"), ("request", "mine"), ("request", "yours")]


@pytest.mark.usefixtures("logged")
def test_trace_is_one_line(capsys: pytest.CaptureFixture[str]) -> None:
    configure(ServiceSettings(log_format="json"))
    try:
        raise ValueError("第一行\n第二行")
    except ValueError:
        logging.getLogger("zhuanti").exception("broken")
    (line,) = lines(capsys)
    assert line["level"] == "error" and "ValueError: 第一行" in str(line["exception"])


@pytest.mark.usefixtures("logged")
def test_text_for_people(capsys: pytest.CaptureFixture[str]) -> None:
    configure(ServiceSettings(log_format="text", log_level="warning"))
    logging.getLogger("zhuanti").warning("slow", extra={"ms": 7})
    logging.getLogger("zhuanti").info("fine")
    said = capsys.readouterr().err
    assert "slow" in said and "ms=7" in said and "fine" not in said and not said.startswith("{")


@pytest.mark.parametrize(("name", "value"), [("ZHUANTI_LOG_LEVEL", "loud"), ("ZHUANTI_LOG_FORMAT", "xml")])
def test_wrong_settings(tmp_path: Path, name: str, value: str) -> None:
    with pytest.raises(BadCall) as caught:
        load({"ZHUANTI_HOME": str(tmp_path), name: value})
    assert caught.value.code == "setting_invalid"
