"""Decisions through the API: the token, all or none, undo, and the index that follows."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from fastapi.testclient import TestClient

from api import access
from api.access import Tries
from api.app import build
from api.following import Following
from api.services import Services
from store.errors import BadCall, Unreachable
from store.settings import Settings, load
from tests.api.made_home import GRAPHENE, HEAT, make_home
from tests.elasticsearch import settings_for
from tests.index.conftest import ENGINES
from tests.index.places import Elastic

TOKEN = "a token of the tests"
GIVEN = {"number": HEAT, "taxonomy": "33618", "node": "nev", "verdict": "reject", "note": "不是整车"}


@pytest.fixture(scope="module", params=ENGINES)
def home(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Settings]:
    """A home on each engine."""
    folder = tmp_path_factory.mktemp("decisions")
    if request.param == "embedded":
        yield make_home(folder, operator_token=TOKEN)
        return
    cluster = settings_for(request.getfixturevalue("elasticsearch"))
    yield make_home(folder, operator_token=TOKEN, engine="elasticsearch", elastic=cluster)
    Elastic(cluster).remove()


@pytest.fixture
def opened(home: Settings) -> Iterator[TestClient]:
    with TestClient(build(home), raise_server_exceptions=False) as client:
        client.headers["Authorization"] = f"Bearer {TOKEN}"
        yield client


def decide(client: TestClient, *decisions: dict[str, str], actor: str = "陶然") -> Any:
    return client.post("/api/v1/decisions", json={"actor": actor, "decisions": list(decisions)})


def settled(client: TestClient) -> bool:
    services: Services = client.app.state.services     # type: ignore[attr-defined]
    return services.following.settle(30)


def labels(client: TestClient, number: str) -> dict[str, str]:
    found = client.get(f"/api/v1/patents/{number}").json()["labels"]
    return {f"{one['taxonomy']}/{one['node']}": one["source"] for one in found}


def hits(client: TestClient, query: str) -> int:
    return int(client.get("/api/v1/search", params={"q": query}).json()["total"])


def test_a_decision_changes_record_and_search_and_can_be_undone(opened: TestClient) -> None:
    answer = decide(opened, GIVEN, {**GIVEN, "number": GRAPHENE, "verdict": "add"})
    assert answer.status_code == 200
    first, second = answer.json()["decisions"]
    assert "33618/nev" not in labels(opened, HEAT) and labels(opened, GRAPHENE)["33618/nev"] == "human"
    assert settled(opened)
    assert hits(opened, "产业=33618/nev") == hits(opened, "产业=33618/nev@human") == 1
    assert hits(opened, "产业=33618/nev@rule") == 0
    facet = opened.get("/api/v1/industries/33618/nev").json()
    assert facet["count"] == 1
    reason = next(one for one in opened.get(f"/api/v1/patents/{GRAPHENE}").json()["labels"]
                  if one["source"] == "human")["reasons"][0]
    assert (reason["kind"], reason["actor"], reason["value"]) == ("decision", "陶然", "不是整车")
    assert decide(opened, GIVEN).json() == {"batch": None, "decisions": [], "unchanged": 1}
    for number in (first, second):
        assert opened.post(f"/api/v1/decisions/{number}/undo", json={"actor": "李四"}).json()["undone"] == number
    assert settled(opened)
    assert labels(opened, HEAT)["33618/nev"] == "rule"
    assert hits(opened, "产业=33618/nev") == hits(opened, "产业=33618/nev@rule") == 1
    assert hits(opened, "产业=33618/nev@human") == 0
    again = opened.post(f"/api/v1/decisions/{first}/undo", json={"actor": "李四"})
    assert (again.status_code, again.json()["code"]) == (409, "decision_undone")


def test_entries_are_listed_page_by_page(opened: TestClient) -> None:
    numbers = decide(opened, {**GIVEN, "node": "T2"}, {**GIVEN, "number": GRAPHENE, "node": "T2"}).json()["decisions"]
    page = opened.get("/api/v1/decisions", params={"node": "T2", "size": 1}).json()
    assert [one["decision"] for one in page["decisions"]] == numbers[1:]
    rest = opened.get("/api/v1/decisions", params={"node": "T2", "size": 5, "cursor": page["next"]}).json()
    assert ([one["decision"] for one in rest["decisions"]], rest["next"]) == (numbers[:1], None)
    only = opened.get("/api/v1/decisions", params={"number": GRAPHENE, "node": "T2"}).json()["decisions"]
    assert [(one["id"], one["verdict"], one["undone"]) for one in only] == [(
        opened.get(f"/api/v1/patents/{GRAPHENE}").json()["id"], "reject", False)]
    assert opened.get("/api/v1/decisions", params={"unmapped": True}).json() == {"decisions": [], "next": None}


REFUSED = [
    ({"number": "CN201010298420.4"}, 404, "patent_not_found"), ({"taxonomy": "no"}, 404, "taxonomy_not_found"),
    ({"node": "no"}, 404, "node_not_found"), ({"verdict": "no"}, 422, "decision_verdict"),
    ({"verdict": "undo"}, 422, "decision_verdict"), ({"more": "x"}, 422, "parameter_unknown"),
    ({"note": "x" * 3_000}, 422, "parameter_invalid"),
]


@pytest.mark.parametrize(("change", "status", "code"), REFUSED)
def test_one_bad_decision_keeps_none(opened: TestClient, change: dict[str, str], status: int, code: str) -> None:
    before = opened.get("/api/v1/decisions").json()
    answer = decide(opened, {**GIVEN, "node": "T1"}, {**GIVEN, **change})
    assert (answer.status_code, answer.json()["code"].removesuffix("_near")) == (status, code)
    assert opened.get("/api/v1/decisions").json() == before


def test_who_decides_must_be_said(opened: TestClient) -> None:
    assert decide(opened, GIVEN, actor=" ").json()["code"] == "decision_actor"


@pytest.mark.parametrize(("method", "path"), [
    ("get", "/api/v1/decisions"), ("post", "/api/v1/decisions"), ("post", "/api/v1/decisions/1/undo")])
def test_without_the_token_nothing_is_shown_or_kept(opened: TestClient, method: str, path: str) -> None:
    body = {"json": {"actor": "x", "decisions": [GIVEN]}} if method == "post" else {}
    for header, problem in (("", "missing"), ("Basic x", "missing"), ("Bearer", "wrong")):
        answer = opened.request(method, path, headers={"Authorization": header}, **body)    # type: ignore[arg-type]
        assert (answer.status_code, answer.json()["code"]) == (401, f"operator_token_{problem}")
        assert answer.headers["www-authenticate"] == "Bearer"
        assert TOKEN not in answer.text


def test_wrong_tokens_have_to_wait(opened: TestClient) -> None:
    for left in range(access.TRIES - 1, -1, -1):
        answer = opened.get("/api/v1/decisions", headers={"Authorization": "Bearer guess"})
        assert (answer.status_code, str(left) in answer.json()["message"]) == (401, True)
    assert opened.get("/api/v1/decisions").status_code == 429, "the right one waits too"


def test_the_count_of_wrong_tokens_ends_with_its_window() -> None:
    tries = Tries(most=1, window=0.0)
    tries.wrong("a")
    assert tries.left("a") == 1
    tries = Tries(most=1, window=60)
    tries.wrong("a")
    assert (tries.left("a"), tries.left("b")) == (0, 1)
    tries.right("a")
    assert tries.left("a") == 1


def test_without_a_token_in_the_settings_it_is_switched_off(client: TestClient) -> None:
    for headers in ({}, {"Authorization": "Bearer "}, {"Authorization": "Bearer x"}):
        answer = client.get("/api/v1/decisions", headers=headers)
        assert (answer.status_code, answer.json()["code"]) == (403, "operator_token_off")


def test_a_short_token_is_refused_and_never_repeated(tmp_path: Path) -> None:
    with pytest.raises(BadCall) as refused:
        load({"ZHUANTI_HOME": str(tmp_path), "ZHUANTI_OPERATOR_TOKEN": "hush-hush"})
    assert "hush" not in str(refused.value)
    assert "hush" not in repr(load({"ZHUANTI_HOME": str(tmp_path), "ZHUANTI_OPERATOR_TOKEN": "hush" * 4}))


def test_following_tries_again_and_gathers_changes() -> None:
    drained: list[int] = []

    def drain() -> None:
        drained.append(1)
        if len(drained) == 1:
            raise Unreachable("index_busy")

    following = Following(drain, gather=0.05, again=0.05)
    for _ in range(10):
        following.notify()
    assert following.settle(10)
    following.close()
    assert len(drained) == 2
    following.notify()
    assert not following.settle(0.2), "after its end nothing is done"
