"""`GET /patents/{number}/similar`: hits as in searches, each with what it shares."""

import pytest
from fastapi.testclient import TestClient

from tests.api.made_home import GRAPHENE, HEAT, MANY


def test_hits_with_what_they_share(client: TestClient) -> None:
    number = client.get("/api/v1/search?q=搅拌装置&size=1").json()["hits"][0]["id"]
    answer = client.get(f"/api/v1/patents/{number}/similar?size=20").json()
    hits = answer["hits"]
    assert set(answer) == {"hits"} and len(hits) == 20 < MANY
    shapes = client.get("/api/v1/openapi.json").json()["components"]["schemas"]
    assert set(hits[0]) == {*shapes["HitShape"]["properties"], "why"} == set(shapes["SimilarHit"]["properties"])
    assert number not in [hit["id"] for hit in hits]
    assert [hit["score"] for hit in hits] == sorted((hit["score"] for hit in hits), reverse=True)
    for hit in hits:
        why = {(one["kind"], one["value"]): one for one in hit["why"]}
        assert ("ipc", "B01F27/00") in why and 0 < len(why) <= 6
        assert all(value in hit["title"] + hit["abstract"] for kind, value in why if kind == "word")
        assert set(why["ipc", "B01F27/00"]) == {"kind", "value", "label", "label_en"}
        assert why["ipc", "B01F27/00"]["label"] != "B01F27/00"


def test_any_form_of_a_number_and_ten_by_default(client: TestClient) -> None:
    one = client.get(f"/api/v1/patents/{HEAT}/similar").json()
    assert one == client.get("/api/v1/patents/199000001/similar").json() and len(one["hits"]) <= 10
    assert client.get(f"/api/v1/patents/{GRAPHENE}/similar").status_code == 200


@pytest.mark.parametrize(("asked", "status", "code"), [
    ("CN209999999999.9/similar", 404, "patent_not_found"), (f"{HEAT}/similar?size=0", 422, "parameter_invalid"),
    (f"{HEAT}/similar?size=101", 422, "parameter_invalid"), (f"{HEAT}/similar?sise=1", 422, "parameter_unknown_near"),
])
def test_what_is_refused(client: TestClient, asked: str, status: int, code: str) -> None:
    answer = client.get(f"/api/v1/patents/{asked}")
    assert (answer.status_code, answer.json()["code"]) == (status, code)
