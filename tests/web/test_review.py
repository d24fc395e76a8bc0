"""The review page without scripts: the door, forged forms, decisions one by one and picked, undo, batches, tables."""

import json
import re
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import lxml.html
import pytest
from fastapi.testclient import TestClient

from api.access import TRIES
from api.services import Services
from store.settings import Settings
from tests.api.made_home import GRAPHENE, HEAT, copied
from tests.web.conftest import words
from web.app import create_app
from web.operator import issued, onward, read

TOKEN = "a token of the tests"
REVIEW = "/manage/review?taxonomy=33618"


@pytest.fixture
def own(settings: Settings, tmp_path: Path) -> Settings:
    return replace(copied(settings, tmp_path), operator_token=TOKEN)


class Visitor:
    """A browser without scripts: cookies, forms, redirects."""

    def __init__(self, client: TestClient) -> None:
        self.client = client
        self.page: lxml.html.HtmlElement = lxml.html.fromstring("<p>")
        self.status = 0

    def open(self, address: str) -> lxml.html.HtmlElement:
        return self.read(self.client.get(address))

    def submit(self, button: str, **fields: str) -> lxml.html.HtmlElement:
        """Sends the form of a button (an XPath) with its fields as they stand, those given, and the button itself."""
        pressed, = self.page.xpath(button)
        form, = pressed.xpath("ancestor::form")
        sent = dict(form.form_values()) | fields
        if pressed.get("name"):
            sent[pressed.get("name")] = pressed.get("value")
        return self.read(self.client.post(form.get("action"), data=sent))

    def enter(self, token: str = TOKEN, actor: str = "陶然") -> lxml.html.HtmlElement:
        self.open(REVIEW)
        return self.submit("//main//button[@class='btn btn-main']", token=token, actor=actor)

    def read(self, answer: object) -> lxml.html.HtmlElement:
        self.status = answer.status_code        # type: ignore[attr-defined]
        self.address = str(answer.url)          # type: ignore[attr-defined]
        self.headers = answer.headers           # type: ignore[attr-defined]
        self.page = lxml.html.document_fromstring(answer.text)      # type: ignore[attr-defined]
        return self.page

    @property
    def items(self) -> list[str]:
        return self.page.xpath("//li[@class='hit']//input[@name='id']/@value")     # type: ignore[no-any-return]


@pytest.fixture
def visitor(own: Settings) -> Iterator[Visitor]:
    with TestClient(create_app(own), raise_server_exceptions=False) as client:
        yield Visitor(client)


@pytest.fixture
def inside(visitor: Visitor) -> Visitor:
    visitor.enter()
    return visitor


def services(visitor: Visitor) -> Services:
    found: Services = visitor.client.app.state.services     # type: ignore[attr-defined]
    return found


def key(visitor: Visitor, number: str, node: str) -> str:
    record = services(visitor).records.get(number)
    assert record is not None
    return f"{record['id']}/{node}"


def labels(visitor: Visitor, number: str) -> dict[str, str]:
    found = visitor.client.get(f"/api/v1/patents/{number}").json()["labels"]
    return {f"{one['taxonomy']}/{one['node']}": one["source"] for one in found}


def test_without_a_token_in_the_settings_the_page_is_closed(client: TestClient) -> None:
    for path in ("/manage", "/manage/review"):
        answer = client.get(path)
        assert answer.status_code == 403 and "ZHUANTI_OPERATOR_TOKEN" in answer.text
    assert "/manage" not in client.get("/").text


def test_the_door_leads_on_with_the_token_only(visitor: Visitor) -> None:
    visitor.enter(token="a guess of the tests")
    assert visitor.status == 401 and "a guess" not in lxml.html.tostring(visitor.page, encoding="unicode")
    alert, = visitor.page.xpath("//*[@role='alert']")
    assert str(TRIES - 1) in words(alert)
    assert visitor.page.xpath("//input[@id='token']/@aria-describedby") == [alert.get("id")]
    assert visitor.page.xpath("//input[@id='actor']/@value") == ["陶然"]
    visitor.submit("//main//button[@class='btn btn-main']", token=TOKEN)
    assert visitor.status == 200 and visitor.address.endswith(REVIEW)
    assert visitor.headers["cache-control"] == "no-store"
    cookie, = [one for one in visitor.client.cookies.jar if one.name == "zhuanti_operator"]
    assert TOKEN not in (cookie.value or "") and cookie.has_nonstandard_attr("HttpOnly")
    assert cookie.get_nonstandard_attr("SameSite") == "strict"
    visitor.submit("//form[contains(@action, 'leave')]//button")
    assert visitor.open(REVIEW).xpath("//input[@id='token']")


def test_wrong_tokens_have_to_wait(visitor: Visitor) -> None:
    for _ in range(TRIES):
        assert visitor.enter(token="a guess of the tests") is not None
    visitor.enter()
    assert visitor.status == 429


def test_a_name_is_needed(visitor: Visitor) -> None:
    visitor.enter(actor=" ")
    assert visitor.status == 422 and visitor.page.xpath("//input[@id='actor']/@aria-invalid") == ["true"]


@pytest.mark.parametrize("wanted", [
    "https://example.org", "//example.org", "/manage//example.org", "/\\example.org", ""])
def test_the_door_leads_nowhere_else(wanted: str) -> None:
    assert onward(wanted) == "/manage/review"


def test_sessions_cannot_be_forged_and_end_with_the_token() -> None:
    cookie = issued(TOKEN, "陶然")
    found = read(TOKEN, cookie)
    assert found is not None and found.actor == "陶然"
    text, _, seal = cookie.partition(".")
    other = issued(TOKEN, "李四").partition(".")[0]
    assert read("another token of ours", cookie) is None
    assert read(TOKEN, f"{other}.{seal}") is read(TOKEN, f"{text}.") is read(TOKEN, None) is read(TOKEN, "x.y") is None
    assert read("", issued("", "陶然")) is None, "without a token nobody is in"


def test_forms_of_other_sites_decide_nothing(inside: Visitor) -> None:
    answer = inside.client.post(REVIEW, data={"reject": key(inside, HEAT, "nev"), "csrf": "guess"})
    assert answer.status_code == 403 and "返回" in answer.text
    assert labels(inside, HEAT)["33618/nev"] == "rule"
    assert inside.client.post("/manage/leave", data={}).status_code == 403


def test_one_decision_takes_the_label_away_and_undo_gives_it_back(inside: Visitor) -> None:
    one = key(inside, HEAT, "nev")
    assert one in inside.items
    before = len(inside.items)
    inside.submit(f"//button[@name='reject' and @value='{one}']", note="与节点无关")
    assert one not in inside.items and len(inside.items) == before - 1
    said, = inside.page.xpath("//*[@role='status']")
    assert "已驳回" in words(said) and "与节点无关" in words(said)
    assert "33618/nev" not in labels(inside, HEAT)
    assert services(inside).following.settle(30)
    assert inside.client.get("/api/v1/search", params={"q": "产业=33618/nev"}).json()["total"] == 0
    inside.submit("//button[@name='undo']")
    assert one in inside.items
    assert labels(inside, HEAT)["33618/nev"] == "rule"


def test_a_confirmed_label_says_who(inside: Visitor) -> None:
    one = key(inside, HEAT, "nev")
    inside.submit(f"//button[@name='confirm' and @value='{one}']")
    assert labels(inside, HEAT)["33618/nev"] == "human"
    page = inside.open(f"/patents/{one.split('/')[0]}")
    assert inside.status == 200, words(page)
    shown = words(page.xpath("//section[@aria-labelledby='labels']")[0])
    assert "陶然 于" in shown and "确认" in shown and "人工" in shown


def test_the_patent_page_tells_the_operator_only_what_was_rejected(inside: Visitor) -> None:
    one = key(inside, HEAT, "nev")
    inside.submit(f"//button[@name='reject' and @value='{one}']", note="与节点无关")
    address = f"/patents/{one.split('/')[0]}"
    shown = words(inside.open(address).xpath("//section[@aria-labelledby='labels']")[0])
    assert "已驳回的标签：1" in shown and "陶然 于" in shown and "与节点无关" in shown
    assert inside.headers["cache-control"] == "no-store"
    inside.client.cookies.clear()
    assert "已驳回" not in words(inside.open(address)) and "cache-control" not in inside.headers


def test_several_are_picked_and_sent_at_once(inside: Visitor) -> None:
    picked = inside.items
    assert len(picked) > 1
    form = inside.page.get_element_by_id("picked")
    inside.read(inside.client.post(form.get("action"), data={
        "csrf": form.fields["csrf"], "id": picked, "do": "confirm"}))
    assert not inside.items and "没有待复核的标签" in words(inside.page)
    row = words(inside.page.xpath("//section[@aria-labelledby='h-b']//tbody/tr")[0])
    assert row.startswith("1 ") and str(len(picked)) in row


def test_another_node_is_added_by_id_or_name(inside: Visitor) -> None:
    one = key(inside, HEAT, "nev").split("/")[0]
    taxonomy = services(inside).taxonomies["33618"]
    nodes = [node for node in taxonomy.nodes.values() if f"33618/{node.id}" not in labels(inside, HEAT) and node.rules]
    for typed, node in ((nodes[0].id, nodes[0]), (nodes[1].name, nodes[1])):
        inside.open(REVIEW)
        inside.submit(f"(//button[@name='add' and @value='{one}'])[1]", node=typed)
        assert "已补充" in words(inside.page.xpath("//*[@role='status']")[0])
        assert labels(inside, HEAT)[f"33618/{node.id}"] == "human"
    inside.submit(f"(//button[@name='add' and @value='{one}'])[1]", node="没有")
    assert "没有这个节点" in words(inside.page.xpath("//*[@role='alert']")[0])


def test_a_label_that_is_gone_meanwhile_changes_nothing(inside: Visitor) -> None:
    one = key(inside, HEAT, "nev")
    inside.submit(f"//button[@name='reject' and @value='{one}']")
    button = inside.page.xpath("//button[@name='confirm']")[0]
    button.set("value", "CN201010298420.4/nev")
    inside.submit("(//button[@name='confirm'])[1]")
    assert "不在库中" in words(inside.page.xpath("//*[@role='alert']")[0])


def test_tables_of_what_was_gained(inside: Visitor) -> None:
    one = key(inside, HEAT, "nev")
    inside.submit(f"//button[@name='reject' and @value='{one}']")
    assert "0.0%（1 件中 0 件" in words(inside.page.xpath("//section[@aria-labelledby='h-n']//tbody/tr")[0])
    assert "去掉 1" in words(inside.page.xpath("//dl[contains(@class, 'keys')]")[0])
    for table in ("batches", "nodes"):
        answer = inside.client.get(f"{REVIEW}&table={table}&format=csv")
        assert answer.headers["content-type"].startswith("text/csv")
        heading, row = answer.text.lstrip("\ufeff").split()
        assert len(heading.split(",")) == len(row.split(","))
        assert "陶然" in row or "nev" in row


def test_trainings_show_what_they_changed(inside: Visitor, own: Settings) -> None:
    path = own.home / "models" / "33618" / "history.jsonl"
    path.parent.mkdir(parents=True)
    one = {"version": "a", "trained": "2026-11-20T10:00:00", "examples": 10, "decided": 0, "macro_f1": 0.5,
           "precision": None, "coverage": 0.1}
    other = {**one, "version": "b", "decided": 7, "macro_f1": 0.625, "precision": 0.9}
    path.write_text(f"{json.dumps(one)}\n{json.dumps(other)}\n", "utf-8")
    rows = inside.open(REVIEW).xpath("//section[@aria-labelledby='h-m']//tbody/tr")
    assert [words(cell) for cell in rows[0]] == ["2026-11-20 b", "10", "7", "0.625 +0.125", "0.900"]
    assert [words(cell) for cell in rows[1]][3:] == ["0.500", "—"]


def test_narrowing_to_a_node_and_a_grade(inside: Visitor) -> None:
    everything = inside.items
    inside.open(f"{REVIEW}&node=nev")
    assert inside.items and all(one.endswith("/nev") for one in inside.items)
    inside.open(f"{REVIEW}&grade=rule")
    literal = inside.items
    inside.open(f"{REVIEW}&grade=rule_derived")
    assert sorted([*literal, *inside.items]) == sorted(everything)
    inside.open(f"{REVIEW}&grade=model")
    assert inside.items == []
    for order in ("certain", "random"):
        inside.open(f"{REVIEW}&order={order}")
        assert sorted(inside.items) == sorted(everything)
    inside.open("/manage/review?taxonomy=none")
    assert inside.status == 404
    inside.open(f"{REVIEW}&node=none")
    assert inside.status == 404


def test_words_that_a_label_rests_on_are_marked(inside: Visitor) -> None:
    item, = inside.page.xpath(f"//li[.//input[@value='{key(inside, HEAT, 'nev')}']]")
    assert item.xpath(".//h3//mark | .//p[@class='hit-abs']//mark")


def test_keys_have_their_buttons_and_return_decides_nothing(inside: Visitor) -> None:
    for form in inside.page.xpath("//li[@class='hit']//form[.//input[@name='note']]"):
        first, *rest = form.xpath(".//button")
        assert first.get("disabled") is not None, "the button that Return presses is switched off"
        assert [one.get("data-key") for one in rest] == ["y", "n"]
    ids = inside.page.xpath("//@id")
    assert len(ids) == len(set(ids))
    for field in inside.page.xpath("//main//input[not(@type='hidden')]"):
        assert field.get("aria-label") or inside.page.xpath(f"//label[@for='{field.get('id')}']") or field.getparent(
            ).tag == "label"


def test_the_page_in_english(inside: Visitor) -> None:
    inside.open(f"{REVIEW}&lang=en")
    assert inside.page.get("lang") == "en" and "least certain first" in words(inside.page)
    one = inside.items[0]
    inside.submit(f"//button[@name='reject' and @value='{one}']")
    assert "lang=en" in inside.address and re.search("Rejected", words(inside.page))


def test_graphene_can_be_added_to_by_whoever_is_in(inside: Visitor) -> None:
    record = services(inside).records.get(GRAPHENE)
    assert record is not None
    answer = inside.client.post("/manage/review?taxonomy=wipo35", data={
        "csrf": inside.page.get_element_by_id("picked").fields["csrf"], "add": record["id"], "node": "1"})
    assert answer.status_code == 200
    assert labels(inside, GRAPHENE)["wipo35/1"] == "human"
