"""The ledger and the quality of a delivery over HTTP."""

from typing import Any

import pytest
from fastapi.testclient import TestClient

from store.database import open_store
from store.settings import Settings


@pytest.fixture(scope="module")
def schema(client: TestClient) -> Any:
    return client.get("/api/v1/openapi.json").json()["components"]["schemas"]


def test_the_ledger(client: TestClient, schema: Any) -> None:
    answer = client.get("/api/v1/deliveries").json()
    assert [one["name"] for one in answer["deliveries"]] == ["delivery"]
    assert set(answer["deliveries"][0]) == set(schema["LedgerRow"]["properties"])


def test_one_delivery(client: TestClient, schema: Any, settings: Settings) -> None:
    answer = client.get("/api/v1/deliveries/delivery").json()
    assert set(answer) == set(schema["DeliveryAnswer"]["properties"])
    quality = answer["quality"]
    assert set(quality) == set(schema["QualityShape"]["properties"])
    assert (quality["read"], quality["documents"], quality["before"], quality["index"]) == (34, 34, None, None)
    fields = {field["field"]: field for field in quality["fields"]}
    assert set(quality["fields"][0]) == set(schema["FieldShareShape"]["properties"])
    assert fields["title"] == {"field": "title", "filled": 34, "of": 34, "share": 1.0, "share_before": None}
    assert fields["abstract"]["filled"] == 33, "the grant has none"
    assert fields["region"]["share"] == 1.0
    assert [(file["path"], file["state"]) for file in answer["contents"]] == [("20200103-1-001.ZIP", "done")]
    assert str(settings.home.parent) not in client.get("/api/v1/deliveries/delivery").text, "no path of the machine"
    with open_store(settings) as store, store.connect() as connection:
        origin = connection.exec_driver_sql("SELECT origin FROM delivery").scalar()
    assert origin == str(settings.home.parent / "delivery")


def test_no_such_delivery(client: TestClient) -> None:
    answer = client.get("/api/v1/deliveries/none")
    assert (answer.status_code, answer.json()["code"]) == (404, "delivery_unknown")
    assert client.get("/api/v1/deliveries?x=1").status_code == 422
