"""Long expressions under a short address, and lists of numbers."""

from typing import Any

import pytest
from fastapi.testclient import TestClient

from api.search.numberlist import look_up, pieces
from api.services import Services
from store.errors import TooLarge
from tests.api.made_home import GRAPHENE, HEAT, HEAT_A, MANY

LONG = "名称=(" + " OR ".join(["搅拌装置", *(f"饕餮{number}" for number in range(2_000))]) + ")"


def kept(client: TestClient, text: str, dialect: str = "canonical") -> str:
    response = client.post("/api/v1/expressions", json={"text": text, "dialect": dialect})
    assert response.status_code == 200, response.text
    address: str = response.json()["expr"]
    return address


def test_kept_expression_is_searched_and_narrowed(client: TestClient) -> None:
    expr = kept(client, LONG)
    answer = client.get("/api/v1/search", params={"expr": expr, "size": 5}).json()
    assert answer["total"] == MANY
    assert answer["query"]["text"] == LONG
    narrowed = client.get("/api/v1/search", params={"expr": expr, "filter": "申请人==示例1厂"}).json()
    assert narrowed["total"] == MANY // 3
    assert client.post("/api/v1/search", json={"expr": expr}).json()["total"] == MANY


def test_address_keeps_the_dialect(client: TestClient) -> None:
    expr = kept(client, "搅拌装置 饕餮", "cnipa")
    answer = client.get("/api/v1/search", params={"expr": expr, "mode": "expert"}).json()
    assert answer["query"]["dialect"] == "cnipa"
    assert answer["total"] == MANY          # a blank is an OR there


def test_export_of_a_kept_expression_and_by_post(client: TestClient) -> None:
    by_address = client.get("/api/v1/export", params={"expr": kept(client, LONG), "format": "numbers"})
    posted = client.post("/api/v1/export", json={"q": LONG, "format": "numbers"})
    assert by_address.content == posted.content
    assert posted.headers["x-zhuanti-count"] == str(MANY)
    manifest: dict[str, Any] = client.post("/api/v1/export/manifest", json={"q": LONG, "format": "numbers"}).json()
    assert manifest["count"] == MANY and manifest["bytes"] == len(posted.content)


def test_unknown_address(client: TestClient) -> None:
    for expr in ("0" * 32, "nonsense"):
        response = client.get("/api/v1/search", params={"expr": expr})
        assert (response.status_code, response.json()["code"]) == (404, "expression_not_found")


def test_address_beside_a_text(client: TestClient) -> None:
    response = client.get("/api/v1/search", params={"expr": kept(client, LONG), "q": "电池"})
    assert (response.status_code, response.json()["code"]) == (422, "expr_beside_q")


def test_text_over_the_cap_is_not_kept(client: TestClient) -> None:
    response = client.post("/api/v1/expressions", json={"text": "电" * 65_537})
    assert (response.status_code, response.json()["code"]) == (400, "query_too_long")


def test_list_of_numbers(client: TestClient) -> None:
    text = f"{HEAT}\n{HEAT_A}，ZL 2018 1 9900001.7; {GRAPHENE} CN201010298420.4\t电池 {HEAT}"
    answer = client.post("/api/v1/numbers", json={"text": text}).json()
    assert {name: answer[name] for name in ("given", "found", "missing", "invalid")} == {
        "given": 7, "found": 3, "missing": 1, "invalid": 1}
    assert [(one["text"], bool(one["id"])) for one in answer["numbers"]] == [
        (HEAT, True), (HEAT_A, True), (GRAPHENE, True), ("CN201010298420.4", False), ("电池", False)]
    found = client.post("/api/v1/search", json={"q": answer["expression"]}).json()
    assert found["total"] == 2 and found["query"]["mode"] == "expert"


def test_wrong_check_digit_in_a_list(services: Services) -> None:
    right, wrong = look_up(services, HEAT)["numbers"][0], look_up(services, f"{HEAT[:-1]}X")["numbers"][0]
    assert not right["check_wrong"] and wrong["check_wrong"]
    assert (wrong["number"], wrong["id"]) == (right["number"], right["id"])


def test_pieces_of_one_number_are_joined() -> None:
    assert [piece for piece, _ in pieces("CN 2018 1 9900001.7 ZL201819900002.5  199000001 A x")] == [
        "CN 2018 1 9900001.7", "ZL201819900002.5", "199000001 A", "x"]


@pytest.mark.parametrize("text", ["", " ,;\n", "电池，电芯"])
def test_list_without_numbers(services: Services, text: str) -> None:
    answer = look_up(services, text)
    assert answer["found"] == 0 and answer["expression"] == ""


def test_list_over_the_cap(services: Services) -> None:
    with pytest.raises(TooLarge):
        look_up(services, "\n".join(f"CN2018{number:08}" for number in range(5_001)))
