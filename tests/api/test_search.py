"""`GET` and `POST /search`: what is found, in which order, with which words about it."""

from typing import Any

import pytest
from fastapi.testclient import TestClient

from api.search.service import explain_empty
from api.search.shapes import SearchRequest
from api.services import Services
from tests.api.made_home import COMPANY, HEAT, HEAT_A, HEAT_B, MANY, UNIVERSITY


def found(client: TestClient, **parameters: Any) -> dict[str, Any]:
    response = client.get("/api/v1/search", params=parameters)
    assert response.status_code == 200, response.text
    answer: dict[str, Any] = response.json()
    return answer


def codes(answer: dict[str, Any]) -> set[str]:
    return {one["code"] for one in answer["query"]["diagnostics"]}


def test_words(client: TestClient) -> None:
    answer = found(client, q="新能源汽车 电池热管理")
    assert answer["query"]["mode"] == "simple" and not answer["query"]["relaxed"]
    assert answer["hits"][0]["id"] == HEAT
    assert answer["hits"][0]["publications"] == [HEAT_A, HEAT_B]
    assert answer["hits"][0]["publication_date"] == "2022-01-04"
    assert answer["hits"][0]["regions"] == ["500112"]
    assert answer["data_date"] == "2022-01-04"


def test_highlights_are_places_in_the_text(client: TestClient) -> None:
    hit = found(client, q="石墨烯")["hits"][0]
    assert [hit["title"][start:end] for start, end in hit["highlights"]["title"]] == ["石墨烯"]


@pytest.mark.parametrize("number", [HEAT, "ZL 2018 1 9900001.7", "201819900001", HEAT_A, "199000001", "cn199000001b"])
def test_number_in_any_written_form_brings_its_patent_first(client: TestClient, number: str) -> None:
    answer = found(client, q=number)
    assert answer["query"]["mode"] == "number"
    assert answer["hits"][0]["id"] == HEAT


def test_applicants_whole_name_is_read_as_applicant(client: TestClient) -> None:
    answer = found(client, q=f" {COMPANY} ")
    assert answer["query"]["mode"] == "expert"
    assert answer["query"]["canonical"] == f"申请人=={COMPANY}"
    assert answer["query"]["text"] == f" {COMPANY} "
    assert [hit["id"] for hit in answer["hits"]] == [HEAT]
    hint = next(one for one in answer["query"]["diagnostics"] if one["code"] == "applicant_read")
    assert hint["severity"] == "hint" and COMPANY in hint["message_en"]
    instead = found(client, q=hint["fix"])
    assert instead["query"]["mode"] == "expert" and "applicant_read" not in codes(instead)


def test_mode_simple_never_reads_an_applicant(client: TestClient) -> None:
    answer = found(client, q=COMPANY, mode="simple")
    assert answer["query"]["mode"] == "simple" and "applicant_read" not in codes(answer)


def test_part_of_applicants_names_is_offered(client: TestClient) -> None:
    answer = found(client, q="南山示例")
    offer = next(one for one in answer["query"]["diagnostics"] if one["code"] == "applicant_offered")
    assert found(client, q=offer["fix"])["total"] == 2


def test_one_word_is_enough_when_no_record_has_enough(client: TestClient) -> None:
    answer = found(client, q="石墨烯 搅拌装置 火箭")
    assert answer["query"]["relaxed"]
    assert answer["total"] == MANY + 1
    further = found(client, q="石墨烯 搅拌装置 火箭", cursor=found(client, q="石墨烯 搅拌装置 火箭")["next"])
    assert further["query"]["relaxed"] and further["total"] == MANY + 1


def test_filter_alone(client: TestClient) -> None:
    answer = found(client, q="", filter=["公开日=2022"])
    assert [hit["id"] for hit in answer["hits"]] == [HEAT]
    assert found(client, q="搅拌", filter=["公开日=2022"])["total"] == 0
    assert found(client, q="", filter=["NOT 公开日=2022", "申请日=2018"])["total"] == MANY + 2


def test_post_answers_like_get(client: TestClient) -> None:
    asked = {"q": "搅拌装置", "filter": ["公开日=2021"], "size": 3, "sort": "id", "facets": ["applicant", "type"]}
    posted = client.post("/api/v1/search", json=asked).json()
    got = found(client, **asked)
    assert posted | {"took_ms": 0} == got | {"took_ms": 0}
    assert posted["total"] == MANY


@pytest.mark.parametrize("sort", ["relevance", "id", "-application_date", "publication_date"])
def test_cursors_bring_every_hit_once(client: TestClient, sort: str) -> None:
    ids: list[str] = []
    cursor = None
    while True:
        answer = found(client, q="搅拌装置", size=7, sort=sort, **({"cursor": cursor} if cursor else {}))
        assert answer["total"] == MANY
        ids += [hit["id"] for hit in answer["hits"]]
        cursor = answer["next"]
        if not cursor:
            break
    assert len(ids) == len(set(ids)) == MANY
    assert found(client, q="搅拌装置", size=7, sort=sort, offset=14)["hits"][0]["id"] == ids[14]


def test_facets_have_names_and_exact_counts(client: TestClient) -> None:
    facets = "type, legal_state,application_year,applicant,ipc_subclass,region,applicant_kind,industry:33618"
    answer = found(client, q="", filter="申请日=2018:", facets=facets)
    assert set(answer["facets"]) == {one.strip() for one in facets.split(",")}
    assert answer["facets"]["type"] == [
        {"value": "invention", "label": "发明", "label_en": "Invention", "count": MANY + 3}]
    by_region = {one["value"]: one for one in answer["facets"]["region"]}
    assert by_region["500000"]["label"] == "重庆市" and by_region["500000"]["count"] == MANY + 3
    assert by_region["500112"]["label"] == "渝北区"
    subclass = {one["value"]: one for one in answer["facets"]["ipc_subclass"]}
    assert subclass["B01F"]["count"] == MANY and "混合" in subclass["B01F"]["label"]
    industries = {one["value"]: one for one in answer["facets"]["industry:33618"]}
    assert industries["nev"]["label"] == "智能网联新能源汽车"


def test_facet_size_lists_the_most_frequent(client: TestClient) -> None:
    answer = found(client, q="", filter="申请日=2018:", facets="applicant", facet_size=1)
    assert len(answer["facets"]["applicant"]) == 1
    assert answer["facet_values"]["applicant"] == 6


@pytest.mark.parametrize(("parameters", "status", "code", "says"), [
    ({"q": " \u3000 "}, 400, "empty_query", ""),
    ({"q": "电" * 65_537}, 400, "query_too_long", ""),
    ({"q": "名称=(电池"}, 400, "parenthesis_unclosed", ""),
    ({"q": "电池", "filter": "名称=("}, 400, None, ""),
    ({"q": "电池", "szie": "3"}, 422, "parameter_unknown_near", "size"),
    ({"q": "电池", "zzzz": "3"}, 422, "parameter_unknown", "facets"),
    ({"q": "电池", "size": "0"}, 422, "parameter_invalid", "size"),
    ({"q": "电池", "size": "101"}, 422, "parameter_invalid", "size"),
    ({"q": "电池", "size": "many"}, 422, "parameter_invalid", "size"),
    ({"q": "电池", "offset": "10001"}, 422, "parameter_invalid", "offset"),
    ({"q": "电池", "sort": "best"}, 422, "parameter_invalid", "sort"),
    ({"q": "电池", "mode": "smart"}, 422, "parameter_invalid", "mode"),
    ({"q": "电池", "dialect": "klingon"}, 422, "parameter_invalid", "dialect"),
    ({"q": "电池", "facets": "colour"}, 422, "parameter_invalid", "facets"),
    ({"q": "电池", "facets": "industry:nowhere"}, 422, "parameter_invalid", "facets"),
])
def test_bad_calls(client: TestClient, parameters: dict[str, str], status: int, code: str | None, says: str) -> None:
    by_post = client.post("/api/v1/search", json=parameters)
    by_get = client.get("/api/v1/search", params=parameters) if len(parameters["q"]) < 1000 else by_post
    for response in (by_get, by_post):
        assert response.status_code == status, response.text
        error = response.json()
        assert code in (None, error["code"])
        assert {"code", "message", "message_en", "detail"} <= set(error)
        assert says in error["message"]


def test_cursor_of_another_query_is_refused(client: TestClient) -> None:
    cursor = found(client, q="搅拌装置", size=5)["next"]
    response = client.get("/api/v1/search", params={"q": "石墨烯", "cursor": cursor})
    assert response.status_code in (400, 422) and response.json()["code"] == "cursor_invalid"


def test_errors_in_a_query_have_a_place(client: TestClient) -> None:
    error = client.get("/api/v1/search", params={"q": "电池 AND 名你=石墨烯"}).json()
    start, end = error["position"]
    assert "电池 AND 名你=石墨烯"[start:end].startswith("名你")
    assert error["diagnostics"][0]["severity"] == "error"


def test_explaining_an_empty_answer(services: Services) -> None:
    parts = explain_empty(services, SearchRequest("名称=石墨烯 AND 名称=搅拌 AND 名称=火箭", ("公开日=2022",)))
    assert [one["count"] for one in parts] == [1, MANY, 0, 1]
    assert "火箭" in parts[2]["text"]


def test_explaining_names_each_word_of_a_simple_query(services: Services) -> None:
    parts = explain_empty(services, SearchRequest("搅拌 火箭"))
    assert [(one["text"], one["count"]) for one in parts] == [("搅拌", MANY), ("火箭", 0)]


def test_applicants_and_patentees_are_found(client: TestClient) -> None:
    assert found(client, q=UNIVERSITY)["total"] == 2


def test_check(client: TestClient) -> None:
    fine = client.post("/api/v1/query/check", json={"text": "名称=(电池 AND 石墨烯)"}).json()
    assert fine["ok"] and fine["canonical"] and fine["sentence"] and fine["tree"]["node"] == "And"
    assert fine["cost"] == {"leaves": 2, "depth": 2}
    wrong = client.post("/api/v1/query/check", json={"text": "名称=(电池"}).json()
    assert not wrong["ok"] and wrong["tree"] is None
    assert wrong["diagnostics"][0]["code"] == "parenthesis_unclosed"
    assert client.post("/api/v1/query/check", json={"text": "x", "dialct": "trs"}).status_code == 422
    assert client.post("/api/v1/query/check", json={}).json()["code"] == "parameter_missing"
    broken = client.post("/api/v1/query/check", content=b"{", headers={"Content-Type": "application/json"})
    assert (broken.status_code, broken.json()["code"]) == (422, "body_invalid")
