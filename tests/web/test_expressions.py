"""Expressions on the pages: short addresses, repairs, checks with counts, the form, lists of numbers, the demo mark."""

from urllib.parse import parse_qs, quote, urlsplit

import pytest
from fastapi.testclient import TestClient

from store.demo import mark
from store.settings import Settings
from tests.api.made_home import GRAPHENE, HEAT, MANY
from tests.web.conftest import Reader, words
from web.app import create_app
from web.marks import echo
from web.question import LONGEST

LONG = "名称=(" + " OR ".join(["搅拌装置", *(f"饕餮{number}" for number in range(2_000))]) + ")"


def total(page: object) -> str:
    return words(page.xpath("//span[@class='total']")[0])      # type: ignore[attr-defined]


def led(client: TestClient, path: str, **fields: str) -> str:
    """Where a submitted form leads."""
    answer = client.post(path, data=fields, follow_redirects=False)
    assert answer.status_code == 303, answer.text[:300]
    return str(answer.headers["location"])


def test_a_long_expression_gets_a_short_address(client: TestClient, reader: Reader) -> None:
    address = led(client, "/search", q=LONG, mode="expert", dialect="canonical")
    assert len(address) < 100 and "expr=" in address
    page = reader.get(address)
    assert total(page) == str(MANY)
    assert page.get_element_by_id("q").value.strip() == LONG
    links = page.xpath("//a/@href | //form/@action")
    assert max(map(len, links)) < LONGEST
    assert len(page.text_content()) < 4 * len(LONG)


def test_narrowing_and_exporting_keep_the_short_address(client: TestClient, reader: Reader) -> None:
    page = reader.get(led(client, "/search", q=LONG, mode="expert"))
    narrowed = reader.get(page.xpath("//details[summary='申请人']//li/a/@href")[0])
    assert total(narrowed) == "10"
    assert narrowed.xpath("//a[@class='chip']")
    exported = client.get(narrowed.xpath("//a[contains(@href, 'format=numbers')]/@href")[0])
    assert len(exported.text.split()) == 10
    assert client.get(narrowed.xpath("//a[contains(@href, '/search/numbers')]/@href")[0]).status_code == 200
    assert client.get(narrowed.xpath("//nav[@class='pager']//a[text()='本页 JSON']/@href")[0]).json()["total"] == 10


def test_a_long_address_by_get_leads_to_the_same_short_one(client: TestClient) -> None:
    answer = client.get("/search", params={"q": LONG, "mode": "expert"}, follow_redirects=False)
    assert answer.headers["location"].startswith("/search?")
    assert parse_qs(urlsplit(answer.headers["location"]).query)["expr"] == parse_qs(
        urlsplit(led(client, "/search", q=LONG, mode="expert")).query)["expr"]


def test_a_short_expression_keeps_its_text_in_the_address(client: TestClient) -> None:
    address = led(client, "/search", q="名称=电池\r\nAND 摘要=冷却", mode="auto", dialect="canonical")
    assert parse_qs(urlsplit(address).query)["q"] == ["名称=电池\nAND 摘要=冷却"]


def test_an_unknown_short_address_is_not_found(reader: Reader) -> None:
    page = reader.get(f"/search?expr={'0' * 32}", 404)
    assert "expression_not_found" in page.text_content()


def test_a_text_over_the_cap_comes_back_with_its_error(client: TestClient) -> None:
    answer = client.post("/search", data={"q": "电 " * 40_000})
    assert answer.status_code == 400
    assert "query_too_long" in answer.text


def test_naming_a_dialect_means_an_expression(client: TestClient, reader: Reader) -> None:
    page = reader.get("/search?q=搅拌装置 饕餮&dialect=cnipa")
    assert total(page) == str(MANY)         # there a blank is an OR
    assert page.xpath("//select[@name='dialect']/option[@selected]/@value") == ["cnipa"]


def test_the_simple_box_says_that_it_read_an_expression(reader: Reader) -> None:
    page = reader.get("/search?q=名称%3D搅拌装置")
    said = page.xpath("//span[@class='said']")[0]
    assert "已识别为检索式" in words(said)
    as_words = reader.get(said.xpath("a/@href")[0])
    assert as_words.xpath("//input[@name='mode'][@value='simple'][@checked]")
    assert not reader.get("/search?q=搅拌").xpath("//span[@class='said']")


def test_the_repair_of_a_long_expression_is_one_click(client: TestClient, reader: Reader) -> None:
    broken = LONG.replace("名称=", "名成=")
    at = led(client, "/search", q=broken, mode="expert")
    page = reader.get(at, 400)
    assert page.xpath("//p[contains(@class, 'diag-text')]/mark[@class='error']/text()") == ["名成"]
    assert page.xpath("//span[@class='left-out']")
    link = page.xpath("//section[@class='diag']//li/a/@href")[0]
    assert len(link) < 200
    assert total(reader.get(link)) == str(MANY)


def test_marks_carry_the_number_of_their_diagnostic(reader: Reader) -> None:
    text = "名称=(电池 OR 冷却 液冷)\nAND 摘要=(精密or 无锡)"
    page = reader.get(f"/search/check?q={quote(text)}")
    numbers = page.xpath("//sup/@id")
    assert numbers == ["mark-1", "mark-2"]
    for number, row in zip(numbers, page.xpath("//section[@class='diag']//li"), strict=True):
        assert row.xpath(".//a/@href")[0] == f"#{number}"
    assert [words(mark) for mark in page.xpath("//p[contains(@class, 'diag-text')]/mark")] == [
        "电池 OR 冷却 液冷", "精密or"]


def test_overlapping_marks_show_the_more_severe() -> None:
    found = [{"start": 0, "end": 6, "severity": "hint"}, {"start": 2, "end": 4, "severity": "error"}]
    assert echo("ab<d>fgh", found, str) == (        # type: ignore[arg-type]
        '<mark class="hint">ab</mark><mark class="error">&lt;d</mark><sup id="mark-2">2</sup>'
        '<mark class="hint">&gt;f</mark><sup id="mark-1">1</sup>gh')


def test_of_a_wide_place_only_the_ends_are_marked() -> None:
    found = [{"start": 0, "end": 900, "severity": "warning"}, {"start": 450, "end": 452, "severity": "hint"}]
    shown = echo("".join(chr(0x4e00 + place) for place in range(1_000)), found, str)    # type: ignore[arg-type]
    assert [len(part.partition("</mark>")[0].partition(">")[2]) for part in shown.split("<mark")[1:]] == [12, 2, 12]
    assert shown.count("left-out") == 2 and len(shown) < 1_200


def test_many_diagnostics_are_folded_errors_first(reader: Reader) -> None:
    text = " AND ".join(f"(甲{number} OR 乙 丙)" for number in range(9)) + " AND 名成=电池"
    page = reader.get(f"/search/check?q={quote(text)}")
    rows = page.xpath("//section[@class='diag']//li")
    assert len(rows) == 10 and len(page.xpath("//details[@class='more']//li")) == 6
    assert "错误" in words(rows[0]) and rows[0].xpath(".//a/@href")[0] == "#mark-10"


def test_search_within_results_adds_a_condition(client: TestClient, reader: Reader) -> None:
    page = reader.get("/search?q=搅拌&also=叶片 装置")
    assert total(page) == str(MANY)
    assert words(page.xpath("//a[@class='chip']/span")[0]) == "叶片 AND 装置"
    assert total(reader.get(f"/search?q=搅拌&also={quote('申请人==示例1厂')}")) == "10"
    kept = led(client, "/search", q=LONG, mode="expert")
    assert total(reader.get(f"{kept}&also={quote('申请人==示例1厂')}")) == "10"


def test_check_counts_every_clause(reader: Reader) -> None:
    page = reader.get(f"/search/check?q={quote('搅拌 AND (叶片 OR 饕餮) NOT 公开日=2022')}&counts=true")
    rows = [(words(row.find("span")), words(row.xpath("span[@class='num']")[0]))
            for row in page.xpath("//ul[@class='clauses']//summary | //ul[@class='clauses']//li/div")]
    assert ("搅拌", str(MANY)) not in rows      # it hardly narrows, and says so
    assert rows[1][0].startswith("搅拌") and "占全库" in rows[1][0] and rows[1][1] == str(MANY)
    assert ("饕餮 没有", "0") in rows
    without = reader.get(f"/search/check?q={quote('搅拌 AND 叶片')}")
    assert without.xpath("//ul[@class='clauses']") and not without.xpath("//ul[@class='clauses']//span[@class='num']")


def test_check_lists_every_error_and_leads_to_the_search(client: TestClient, reader: Reader) -> None:
    page = reader.get(f"/search/check?q={quote('名成=电池 AND 专利类型=发现')}")
    assert len(page.xpath("//li[span[contains(@class, 'sev-error')]]")) == 2
    fine = reader.get(led(client, "/search/check", q=LONG, counts="true", dialect="canonical"))
    assert total(reader.get(fine.xpath("//a[@class='btn btn-main']/@href")[0])) == str(MANY)


def test_a_long_sentence_is_folded_and_terms_are_bold(client: TestClient, reader: Reader) -> None:
    short = reader.get("/search?q=名称%3D搅拌装置")
    assert [words(term) for term in short.xpath("//h1/b")] == ["搅拌装置"]
    many = " AND ".join(f"名称=(搅拌装置 OR 饕餮{number})" for number in range(40))
    page = reader.get(led(client, "/search", q=many, mode="expert"))
    assert "30" in words(page.find(".//h1"))
    assert page.xpath("//details//p[@class='says-long']/b")


FORM = "/search/advanced?"


@pytest.mark.parametrize(("asked", "canonical"), [
    ("field=title&value=电池 电芯", "名称=(电池 AND 电芯)"),
    ("field=title&match=any&value=电池 batter%2B", "名称=(电池 OR batter+)"),
    ("field=title&match=phrase&value=电池) OR (电芯", '名称="电池)or(电芯"'),
    ("field=applicants&match=whole&value=重庆大学", "申请人==重庆大学"),
    ("field=title&value=\"A B\"", '名称="a b"'),
    ("field=title&value=C%2B%2B) OR 摘要=(x", '名称=("c++)" AND "or" AND "摘要=(x")'),
    ("field=title&value=电池 S 型 not", '名称=(电池 AND s AND 型 AND "not")'),
    ("field=title&value=电池 5W 隔膜", "名称=(电池 AND 5w AND 隔膜)"),
    ("field=ipc&value=H01M10/42* H01M2，B60L", "IPC=H01M10/42* OR IPC=H01M2 OR IPC=B60L"),
    ("field=region&value=重庆市", "地区=500000"),
    ("field=application_number&value=201819900001", "申请号=CN201819900001.7"),
    ("join=AND&field=title&match=all&value=电池&join=OR&field=abstract&match=all&value=冷却&"
     "join=NOT&field=claims&match=all&value=玩具", "(名称=电池 OR 摘要=冷却) NOT 权利要求=玩具"),
    ("join=NOT&field=title&match=all&value=玩具", "NOT 名称=玩具"),
    ("application_date_from=2010&application_date_to=2015&type=发明&type=外观设计&legal_state=有效",
     "申请日=2010:2015 AND (专利类型=发明 OR 专利类型=外观设计) AND 法律状态=有效"),
    ("publication_date_from=2010", "公开日=2010:"),
    ("field=title&value=H%23", "名称=(h#)"),
])
def test_form_makes_the_expression_that_it_means(reader: Reader, asked: str, canonical: str) -> None:
    page = reader.get(f"{FORM}{asked}&do=show")
    assert " ".join(page.xpath("//pre")[0].text_content().split()) == canonical
    assert not page.xpath("//*[contains(@class, 'sev-error')]")


def test_form_leads_to_its_result_and_comes_back_filled_in(client: TestClient, reader: Reader) -> None:
    answer = client.get(f"{FORM}field=title&value=搅拌装置&type=发明&do=search", follow_redirects=False)
    assert answer.status_code == 303
    assert total(reader.get(answer.headers["location"])) == str(MANY)
    page = reader.get(f"{FORM}field=title&value=搅拌装置&type=发明&do=more")
    assert page.xpath("//input[@name='value']/@value")[0] == "搅拌装置"
    assert page.xpath("//input[@name='type'][@checked]/@value") == ["发明"]
    assert len(page.xpath("//input[@name='value']")) == 4


@pytest.mark.parametrize(("asked", "status"), [
    ("field=nowhere&value=x", 422), ("field=title&match=best&value=x", 422), ("type=发现", 422), ("colour=red", 422),
    ("field=ipc&value=电池&do=search", 200), ("application_date_from=20109999&do=search", 200),
])
def test_form_refuses_or_shows_what_is_wrong(reader: Reader, asked: str, status: int) -> None:
    page = reader.get(FORM + asked, status)
    if status == 200:
        assert page.xpath("//*[contains(@class, 'sev-error')]")


def test_list_of_numbers_says_what_is_held(client: TestClient, reader: Reader) -> None:
    text = f"{HEAT}\n{GRAPHENE},CN201010298420.4；电池"
    answer = client.post("/search/numberlist", data={"numbers": text})
    assert answer.status_code == 200
    page = reader.get(f"/search/numberlist?numbers={quote(text)}")
    assert page.xpath("//dl[@class='keys']//dd/text()") == ["2", "1", "1"]
    assert page.get_element_by_id("missing").value.split() == ["CN201010298420.4"]
    assert total(reader.get(page.xpath("//a[@class='btn btn-main']/@href")[0])) == "2"
    assert len(client.get(page.xpath("//a[text()='JSONL']/@href")[0]).text.splitlines()) == 2


def test_long_list_of_numbers(client: TestClient) -> None:
    many = "\n".join([HEAT, *(f"CN2018100{number:05}" for number in range(400))])
    answer = client.post("/search/numberlist", data={"numbers": many})
    assert answer.status_code == 200
    assert client.post("/search/numberlist", data={"numbers": "x " * 6_000}).status_code == 413


def test_help_shows_what_each_example_means(reader: Reader, client: TestClient) -> None:
    page = reader.get("/help")
    links = page.xpath("//section[@aria-labelledby='h-expert']//tbody//a/@href")
    assert len(links) > 35
    for link in links:
        assert client.get(link).status_code == 200, link
    assert "电池" in page.xpath("//section[@aria-labelledby='h-expert']//td/b/text()")


def test_made_up_data_says_so_on_every_page(settings: Settings, client: TestClient) -> None:
    assert "虚构" not in client.get("/").text
    mark(settings.home)
    try:
        with TestClient(create_app(settings)) as marked:
            for address in ("/", "/search?q=电池", "/status", f"/patents/{HEAT}"):
                assert "均为虚构" in marked.get(address).text
            assert "made up" in marked.get("/?lang=en").text
            assert marked.get("/api/v1/status").json()["made_up"]
    finally:
        (settings.home / "demo.toml").unlink()
    assert not client.get("/api/v1/status").json()["made_up"]
