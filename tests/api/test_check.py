"""`POST /query/check`: everything about a text without searching, errors listed rather than raised."""

from dataclasses import replace
from typing import Any

import pytest
from fastapi.testclient import TestClient

from api.export.service import prepare
from api.export.shapes import ExportRequest
from api.search import trees
from api.search.service import check, search
from api.search.shapes import DIALECTS, SearchRequest
from api.services import Services
from index.query import read
from index.query.read import DIALECTS as READ
from store.settings import Settings
from tests.api.made_home import MANY


def checked(client: TestClient, text: str, **more: Any) -> dict[str, Any]:
    response = client.post("/api/v1/query/check", json={"text": text, **more})
    assert response.status_code == 200, response.text
    answer: dict[str, Any] = response.json()
    return answer


def test_dialects_are_those_of_the_reader() -> None:
    assert set(DIALECTS) == set(READ)


def test_how_an_expression_is_read(client: TestClient) -> None:
    answer = checked(client, "TI=(电池 or 电芯) NOT AB=玩具")
    assert answer["ok"]
    assert answer["canonical"] == "名称=(电池 OR 电芯) NOT 摘要=玩具"
    assert answer["cost"] == {"leaves": 3, "depth": 3}
    assert [child["node"] for child in answer["tree"]["children"]] == ["Or", "Not"]
    assert answer["tree"]["children"][0]["children"][1]["text"] == "名称=电芯"
    assert "counts" not in answer and "count" not in answer["tree"]


@pytest.mark.parametrize("text", [
    "电池 5W 隔膜", "batter+ OR H#O", "A XOR B XOR C XOR D", ">=2(电池, 电芯, 隔膜)", "申请日=2010:",
    "IPC=H01M8:H01M10", "申请号=CN201010298420.4", "地区=重庆市", "产业=33618/nev", "专利类型=(发明 OR 外观设计)",
])
def test_every_kind_of_clause_is_shown(client: TestClient, text: str) -> None:
    answer = checked(client, text, counts=True)
    assert answer["ok"], answer
    assert checked(client, answer["canonical"])["tree"] == checked(client, text)["tree"]
    assert answer["counts"]["counted"] == answer["counts"]["clauses"]


def test_several_errors_in_one_pass(client: TestClient) -> None:
    text = "名成=电池 AND (专利类型=发现 OR IPC>=H01M"
    answer = checked(client, text)
    assert not answer["ok"]
    errors = [one for one in answer["diagnostics"] if one["severity"] == "error"]
    assert {"field_unknown", "value_unknown", "comparison_not_allowed", "parenthesis_unclosed"} <= {
        one["code"] for one in errors}
    assert all(0 <= one["start"] <= one["end"] <= len(text) for one in errors)
    assert answer["tree"] is None and answer["canonical"] is None


@pytest.mark.parametrize("text", ["", " \u3000 ", "# nothing\n"])
def test_blank_text_is_an_error_that_is_listed(client: TestClient, text: str) -> None:
    answer = checked(client, text)
    assert not answer["ok"]
    assert [(one["code"], one["severity"]) for one in answer["diagnostics"]] == [("empty_query", "error")]


def test_text_over_the_cap_is_an_error_that_is_listed(client: TestClient) -> None:
    answer = checked(client, "电" * 65_537)
    assert [one["code"] for one in answer["diagnostics"]] == ["query_too_long"]


def test_hits_of_every_clause(client: TestClient) -> None:
    answer = checked(client, "名称=搅拌装置 AND (摘要=叶片 OR 摘要=饕餮) NOT 公开日=2021", counts=True)
    tree = answer["tree"]
    assert tree["count"] == 0
    assert [child["count"] for child in tree["children"]] == [MANY, MANY, 1]
    assert [child["count"] for child in tree["children"][1]["children"]] == [MANY, 0]
    assert answer["counts"] == {"clauses": 7, "counted": 7, "records": MANY + 3}


@pytest.mark.parametrize(("text", "place", "fix"), [
    ("搅拌 AND 产业=33618/nevv", (10, 20), "搅拌 AND 产业=33618/nev"),
    ("产业=(33618/nev OR 33618/NEV@rule)", (17, 26), "产业=(33618/nev OR 33618/nev@rule)"),
    ("产业=nowhere", (3, 10), None),
])
def test_industry_that_there_is_not(client: TestClient, text: str, place: tuple[int, int], fix: str | None) -> None:
    answer = checked(client, text)
    assert not answer["ok"]
    assert [(one["code"], (one["start"], one["end"]), one["fix"]) for one in answer["diagnostics"]] == [
        ("industry_unknown", place, fix)]
    refused = client.get("/api/v1/search", params={"q": "搅拌", "filter": text})
    assert (refused.status_code, refused.json()["code"]) == (400, "industry_unknown")
    assert refused.json()["diagnostics"][0]["filter"] == 0


def test_budget_of_counting_is_reported(services: Services, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(trees, "MOST_COUNTED", 3)
    answer = check(services, "电池 AND (叶片 OR (隔膜 AND 液冷))", counts=True)
    assert answer["tree"] is not None
    first, second = answer["tree"]["children"]
    assert "count" in first and "count" in second
    assert ["count" in child for child in second["children"]] == [False, False]
    assert answer["counts"] == {"clauses": 7, "counted": 3, "records": MANY + 3}
    assert [one["code"] for one in answer["diagnostics"]] == ["counts_limited"]


def test_counting_always_answers_the_whole(services: Services, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(trees, "COUNTING_SECONDS", 0.0)
    node = read("搅拌 AND 装置", mode="expert").node
    assert trees.count_clauses(services.engine, node)[0] == {id(node): MANY}


def test_a_limit_that_bites_is_told(settings: Settings, services: Services) -> None:
    request = SearchRequest("搅拌 S 叶片 OR 名称=(编号 S 装置)", mode="expert")
    assert "candidates_limited" not in told(services, request)
    few = replace(settings, query=settings.query._replace(candidates=2))
    with Services(few) as limited:
        assert "candidates_limited" in told(limited, request)
        prepared = prepare(limited, ExportRequest("numbers", request))
        assert "candidates_limited" in prepared.remarks
        assert {one["code"] for one in prepared.manifest()["diagnostics"]} == set(prepared.remarks)


def told(services: Services, request: SearchRequest) -> set[str]:
    return {one["code"] for one in search(services, request)["query"]["diagnostics"]}
