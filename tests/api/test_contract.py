"""The OpenAPI description holds what the interfaces promise: calls, parameters, names, bounds, both languages."""

import re
from pathlib import Path
from typing import Any

import pytest
from fastapi.testclient import TestClient

from api.openapi import fields, operations
from store.messages import catalogue

CALLS = {
    ("get", "/api/v1/search"), ("post", "/api/v1/search"), ("post", "/api/v1/query/check"),
    ("get", "/api/v1/patents/{number}"), ("get", "/api/v1/industries"), ("get", "/api/v1/industries/{taxonomy}"),
    ("get", "/api/v1/industries/{taxonomy}/{node}"), ("get", "/api/v1/status"), ("get", "/healthz"), ("get", "/readyz"),
    ("get", "/metrics"), ("get", "/api/v1/patents/{number}/similar"),
}
ADDED = {(method, f"/api/v1/export{path}") for method in ("get", "post") for path in ("", "/manifest")} | {
    ("post", "/api/v1/expressions"), ("post", "/api/v1/numbers"), ("get", "/api/v1/models/{taxonomy}"),
    ("get", "/api/v1/deliveries"), ("get", "/api/v1/deliveries/{name}"),
    ("get", "/api/v1/decisions"), ("post", "/api/v1/decisions"), ("post", "/api/v1/decisions/{decision}/undo")}
"""Ours, in docs/api.md."""

SEARCH_PARAMETERS = {"q", "filter", "dialect", "mode", "size", "cursor", "sort", "facets"}
SEARCH_ANSWER = {"query", "total", "hits", "facets", "next", "data_date", "took_ms"}
QUERY = {"text", "mode", "relaxed", "dialect", "canonical", "sentence", "diagnostics"}
HIT = {"id", "publications", "title", "abstract", "type", "applicants", "application_date", "publication_date", "ipc",
       "regions", "legal_state", "labels", "score", "highlights"}
DIAGNOSTIC = {"code", "severity", "message", "message_en", "start", "end", "fix"}
CHECK = {"ok", "canonical", "sentence", "tree", "diagnostics", "cost"}
ERROR = {"code", "message", "detail", "position", "diagnostics"}
SORTS = {"relevance", "-application_date", "application_date", "-publication_date", "publication_date", "id"}
FACETS = {"type", "legal_state", "application_year", "publication_year", "applicant", "ipc_subclass", "region",
          "applicant_kind", "industry:33618"}
STATUS = {"records", "publications", "application_dates", "data_date", "by_type", "index", "last_delivery"}
RECORD = {"id", "type", "application_number", "application_date", "publications", "title", "abstract", "claims",
          "description", "applicants", "patentees", "inventors", "agency", "agents", "examiners", "ipc", "locarno",
          "cpc", "priorities", "pct", "citations", "related", "legal", "legal_events", "labels"}
SHAPES = {"SearchAnswer": SEARCH_ANSWER, "QueryShape": QUERY, "HitShape": HIT, "DiagnosticShape": DIAGNOSTIC,
          "CheckAnswer": CHECK, "ErrorShape": ERROR, "StatusAnswer": STATUS, "PatentAnswer": RECORD,
          "IndexStatus": {"engine", "identity", "records", "pending"}, "CostShape": {"leaves", "depth"},
          "FacetShape": {"value", "label", "count"}, "CountedNode": {"node", "name", "count", "children"},
          "TaxonomyAnswer": {"unlabelled"}, "LabelShape": {"taxonomy", "node", "name"}}


@pytest.fixture(scope="module")
def schema(client: TestClient) -> Any:
    return client.get("/api/v1/openapi.json").json()


def test_calls_are_there(schema: Any) -> None:
    described = {(method, path) for path, methods in schema["paths"].items() for method in methods}
    assert described >= CALLS
    assert described - CALLS == ADDED


def section(shared: Path) -> str:
    return (shared / "interfaces.md").read_text("utf-8").split("## 4.")[1].split("## 5.")[0]


def test_calls_are_those_of_the_interfaces(shared: Path) -> None:
    """Every call of the table in §4 is one of CALLS."""
    named = set()
    for row in re.findall(r"^\| `.*?` \|", section(shared), re.MULTILINE) + re.findall(
            r"^\| `GET /status.*$", section(shared), re.MULTILINE):
        calls = row.split(" | ")[0]
        method = "post" if "`POST /query" in calls else "get"
        for path in re.findall(r"(?:GET |POST |`)(/[a-z{}/]+)", calls):
            named.add((method, path if path in ("/healthz", "/readyz", "/metrics") else f"/api/v1{path}"))
    named.add(("post", "/api/v1/search"))
    assert named == CALLS


@pytest.mark.parametrize("names", [SEARCH_PARAMETERS, SEARCH_ANSWER, QUERY, HIT, DIAGNOSTIC, CHECK, ERROR, SORTS,
                                   FACETS - {"industry:33618"}])
def test_names_held_here_stand_in_the_interfaces(shared: Path, names: set[str]) -> None:
    text = section(shared)
    assert [name for name in names if not re.search(rf"(?<!\w){re.escape(name)}(?!\w)", text)] == []


def test_parameters_of_the_search(schema: Any) -> None:
    described = {one["name"]: one for one in schema["paths"]["/api/v1/search"]["get"]["parameters"]}
    assert set(described) >= SEARCH_PARAMETERS
    bounds = {name: one["schema"] for name, one in described.items()}
    assert (bounds["size"]["minimum"], bounds["size"]["maximum"], bounds["size"]["default"]) == (1, 100, 20)
    assert bounds["q"]["maxLength"] == 65_536
    assert set(bounds["sort"]["enum"]) == SORTS and bounds["sort"]["default"] == "relevance"
    assert bounds["mode"]["default"] == "auto" and bounds["dialect"]["default"] == "canonical"
    body = schema["paths"]["/api/v1/search"]["post"]["requestBody"]["content"]["application/json"]["schema"]
    posted = schema["components"]["schemas"][body["$ref"].rsplit("/", 1)[1]]
    assert set(posted["properties"]) == set(described)


@pytest.mark.parametrize("shape", list(SHAPES))
def test_names_of_answers(schema: Any, shape: str) -> None:
    assert set(schema["components"]["schemas"][shape]["properties"]) >= SHAPES[shape]


def test_answers_are_as_described(client: TestClient, schema: Any) -> None:
    """A real answer has exactly the described names, on every level of the search."""
    shapes = schema["components"]["schemas"]
    answer = client.get("/api/v1/search", params={"q": "搅拌 AND 装置", "facets": ",".join(FACETS), "size": 1}).json()
    assert set(answer) == set(shapes["SearchAnswer"]["properties"])
    assert set(answer["query"]) == set(shapes["QueryShape"]["properties"])
    assert set(answer["hits"][0]) == set(shapes["HitShape"]["properties"])
    assert set(answer["facets"]) == FACETS
    assert set(answer["facets"]["type"][0]) == set(shapes["FacetShape"]["properties"])
    record = client.get(f"/api/v1/patents/{answer['hits'][0]['id']}").json()
    assert set(record) == RECORD == set(shapes["PatentAnswer"]["properties"])
    assert set(client.get("/api/v1/status").json()) == set(shapes["StatusAnswer"]["properties"])
    assert set(client.get("/api/v1/industries/33618/nev").json()) == set(shapes["NodeAnswer"]["properties"])
    assert set(client.get("/api/v1/industries/33618").json()) == set(shapes["TaxonomyAnswer"]["properties"])


def test_everything_is_described_in_both_languages(schema: Any) -> None:
    assert {name for name, field in fields(schema) if "\n\n" not in field.get("description", "")} == set()
    for operation in operations(schema):
        assert " · " in operation["summary"]
        for answer in operation["responses"].values():
            assert "\n\n" in answer["description"]


def test_no_text_describes_what_is_gone(schema: Any) -> None:
    described = {f"doc_{name}" for name, _ in fields(schema)}
    described |= {f"doc_call_{operation['operationId']}" for operation in operations(schema)}
    described |= {f"doc_status_{status}" for operation in operations(schema) for status in operation["responses"]}
    assert {code for code in catalogue() if code.startswith("doc_")} == described


def test_errors_of_every_call_have_one_shape(schema: Any) -> None:
    for operation in operations(schema):
        for status, answer in operation["responses"].items():
            if not status.startswith("2"):
                reference = answer["content"]["application/json"]["schema"]["$ref"]
                assert reference == "#/components/schemas/ErrorShape"
