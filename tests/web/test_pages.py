"""Each page says what it must and every link on it leads somewhere: a walk as a reader without scripts takes it."""

from urllib.parse import quote, urljoin, urlsplit

import pytest
from fastapi.testclient import TestClient

from tests.api.made_home import COMPANY, HEAT, UNIVERSITY
from tests.web.conftest import Reader, words

PAGES = (
    "/", "/search", "/search?q=电池", "/search?q=搅拌&size=20&page=2", f"/patents/{HEAT}",
    f"/patents/{HEAT}/similar", "/industries",
    "/industries/33618", "/industries/33618/nev", f"/applicants/{quote(COMPANY)}", "/help", "/status", "/api",
    "/status/delivery",
    "/search/facets/applicant?q=搅拌", "/search/numbers?q=搅拌", "/search?mode=expert",
    "/search?q=名称%3D(搅拌装置 OR 电池)&mode=expert", "/search/check", "/search/check?q=搅拌 AND 电池&counts=true",
    "/search/check?q=名称%3D(电池", "/search/advanced", "/search/advanced?field=title&value=电池&do=show",
    "/search/numberlist", f"/search/numberlist?numbers={HEAT},电池",
)
REFUSED = (
    ("/search?q=", 400), ("/search?q=名称%3D(电池", 400), ("/search?q=电池&size=0", 422),
    ("/search?q=电池&colour=red", 422),
    ("/search?q=电池&cursor=nonsense", 400), ("/patents/CN209999999999.9", 404), ("/industries/none", 404),
    ("/industries/33618/none", 404), ("/applicants/无此公司", 404), ("/nowhere", 404), ("/status/none", 404),
    ("/search/facets/none?q=电池", 404),
    ("/?x=1", 422), ("/search?q=电池&page=100000", 422),
)


@pytest.mark.parametrize("address", PAGES)
def test_a_page_has_one_heading_a_date_and_a_way_to_its_main_part(reader: Reader, address: str) -> None:
    page = reader.get(address)
    assert len(page.findall(".//h1")) == 1
    assert page.get_element_by_id("main").tag == "main"
    assert page.xpath("//footer//time/@datetime")


@pytest.mark.parametrize("address", PAGES)
@pytest.mark.parametrize("lang", ["zh", "en"])
def test_ids_are_unique_and_controls_have_names(reader: Reader, address: str, lang: str) -> None:
    page = reader.get(f"{address}{'&' if '?' in address else '?'}lang={lang}")
    ids = page.xpath("//@id")
    assert len(ids) == len(set(ids))
    labelled = set(page.xpath("//label/@for"))
    for control in page.xpath("//input[not(@type='hidden')] | //select | //textarea"):
        assert control.get("id") in labelled or control.get("aria-label") or list(control.iterancestors("label"))
    for anchor in page.xpath("//@aria-labelledby"):
        assert set(anchor.split()) <= set(ids)


def test_every_link_inside_the_site_leads_to_a_page(reader: Reader, client: TestClient) -> None:
    seen: dict[str, str] = {}
    for address in PAGES:
        for link in reader.get(address).xpath("//a/@href"):
            target = urljoin(address, link)
            if target.startswith("/"):
                seen.setdefault(target.split("#")[0], address)
    one_of_each_kind = {(urlsplit(link).path.rstrip("0123456789.X"), tuple(sorted(
        pair.split("=")[0] for pair in urlsplit(link).query.split("&")))): link for link in seen}
    for link in one_of_each_kind.values():
        assert client.get(link).status_code == 200, (link, seen[link])


@pytest.mark.parametrize(("address", "status"), REFUSED)
def test_what_cannot_be_answered_gets_a_page_with_a_way_on(reader: Reader, address: str, status: int) -> None:
    page = reader.get(address, status)
    assert len(page.findall(".//h1")) == 1
    assert page.xpath("//main//form[@role='search'] | //form[@class='q'][@role='search']")
    assert page.xpath("//main//code/text()")
    assert "Traceback" not in page.text_content()


def test_home_shows_tiers_coverage_and_deliveries(reader: Reader) -> None:
    page = reader.get("/")
    assert [words(number) for number in page.xpath("//div[contains(@class, 'tier')]/h3/b")][:4] == ["3", "3", "6", "18"]
    assert len(page.xpath("//div[contains(@class, 'tier-big')]//a/svg")) == 6
    assert "34 件专利申请" in words(page.xpath("//p[contains(@class, 'cover')]")[0])
    assert page.xpath("//span[contains(@class, 'tag')][text()='未核实']")


def test_results_state_the_query_and_mark_its_words(reader: Reader) -> None:
    page = reader.get("/search?q=电池")
    assert "电池" in words(page.find(".//h1"))
    assert {words(mark) for mark in page.xpath("//ol[@class='hits']//mark")} == {"电池"}


def test_a_facet_narrows_and_its_chip_takes_it_back(reader: Reader) -> None:
    start = "/search?q=搅拌"
    page = reader.get(start)
    value = page.xpath("//details[@class='facet'][summary='申请人']//li")[0]
    count = int(words(value.xpath("a[1]/span[2]")[0]))
    narrowed = reader.get(value.xpath("a[1]/@href")[0])
    assert int(words(narrowed.xpath("//span[@class='total']")[0])) == count
    chip = narrowed.xpath("//a[@class='chip']")[0]
    assert "示例" in words(chip)
    assert words(reader.get(chip.get("href")).xpath("//span[@class='total']")[0]) == "30"
    without = reader.get(value.xpath("a[@class='without']/@href")[0])
    assert int(words(without.xpath("//span[@class='total']")[0])) == 30 - count
    assert "排除申请人" in words(without.xpath("//a[@class='chip']")[0])


def test_a_range_of_dates_becomes_one_filter(client: TestClient, reader: Reader) -> None:
    answer = client.get("/search?q=电池&filter=申请日%3D2001:2002&since=2018&until=2019", follow_redirects=False)
    assert answer.status_code == 303
    assert answer.headers["location"] == f"/search?q={quote('电池')}&filter={quote('申请日=2018:2019', safe='')}"
    page = reader.get(answer.headers["location"])
    assert (page.get_element_by_id("since").value, page.get_element_by_id("until").value) == ("2018", "2019")


def test_finding_within_a_facet(reader: Reader) -> None:
    page = reader.get(f"/search/facets/applicant?q=搅拌&within={quote('示例1')}")
    assert [words(row) for row in page.xpath("//tbody/tr/th")] == ["示例1厂"]
    assert page.xpath("//tbody/tr/th/a/@href")[0].startswith("/search?q=")


def test_pages_follow_one_another_without_gap_or_repetition(reader: Reader) -> None:
    first = reader.get("/search?q=搅拌&size=20")
    ids = first.xpath("//input[@name='id']/@value")
    second = reader.get(first.xpath("//a[@rel='next']/@href")[0])
    by_number = reader.get(first.xpath("//nav[@class='pager']//a[text()='2']/@href")[0])
    assert second.xpath("//input[@name='id']/@value") == by_number.xpath("//input[@name='id']/@value")
    ids += second.xpath("//input[@name='id']/@value")
    assert len(ids) == len(set(ids)) == 30
    assert not second.xpath("//a[@rel='next']")
    assert "第 21—30 件" in words(second.xpath("//nav[@class='pager']/p")[0])


def test_picked_hits_are_exported(client: TestClient) -> None:
    answer = client.get(f"/search?q=电池&do=picked&id={HEAT}&id=CN201919900002.3", follow_redirects=False)
    exported = client.get(answer.headers["location"].replace("format=xlsx", "format=numbers"))
    assert HEAT in exported.text.split()


def test_an_empty_answer_names_the_part_that_finds_nothing(reader: Reader) -> None:
    page = reader.get("/search?q=电池 AND 饕餮")
    rows = {words(row[0]): words(row[1]) for row in page.xpath("//tbody/tr")}
    assert rows["饕餮"] == "没有"
    assert int(rows["电池"]) > 0


def test_a_refused_query_keeps_its_text_and_marks_the_place(reader: Reader) -> None:
    page = reader.get("/search?q=名称%3D(电池", 400)
    assert page.get_element_by_id("q").value == "名称=(电池"
    assert page.xpath("//ol[@class='diag']//mark[@class='error']")
    assert reader.get(page.xpath("//ol[@class='diag']//a/@href")[0]).xpath("//span[@class='total']")


def test_numbers_are_text_that_can_be_copied(reader: Reader) -> None:
    numbers = reader.get("/search/numbers?q=搅拌").get_element_by_id("numbers").value.split()
    assert len(set(numbers)) == 30


def test_a_patent_shows_the_evidence_of_its_state_and_labels(reader: Reader) -> None:
    page = reader.get(f"/patents/{HEAT}")
    legal = words(page.xpath("//p[contains(@class, 'legal')]")[0])
    assert "有效" in legal
    assert "CN199000001B" in legal
    reasons = words(page.xpath("//ul[@class='why']")[0])
    assert "B60L" in reasons
    assert page.xpath("//ul[@class='why']//span[contains(@class, 'tag')]")
    sources = [words(source) for source in page.xpath("//ol[@class='time']//p[@class='why']")]
    assert any("heat-b.XML" in source for source in sources)
    assert page.xpath("//a[contains(@rel, 'noreferrer')]/@href")
    assert "附图" in words(page.get_element_by_id("drawings"))


def test_independent_claims_alone(reader: Reader) -> None:
    page = reader.get("/patents/CN201919900009.0")
    assert [claim.get("class") for claim in page.xpath("//ol[@class='claims']/li")] == ["ind", "dep", "ind"]
    only = reader.get("/patents/CN201919900009.0?claims=independent")
    assert [claim.get("id") for claim in only.xpath("//ol[@class='claims']/li")] == ["c1", "c3"]


def test_any_written_form_of_a_number_leads_to_its_patent(client: TestClient) -> None:
    for written in ("ZL 2018 1 9900001.7", "CN199000001A", "201819900001"):
        answer = client.get(f"/patents/{quote(written)}", follow_redirects=False)
        assert (answer.status_code, answer.headers["location"]) == (302, f"/patents/{HEAT}")


def test_a_wrong_check_digit_is_named(reader: Reader) -> None:
    assert "校验位应为" in words(reader.get("/patents/CN201010298420.5", 404).find(".//main"))


def test_an_industry_has_counts_rules_with_origins_and_twins(reader: Reader, client: TestClient) -> None:
    page = reader.get("/industries/33618/nev")
    assert words(page.find(".//h1")) == "智能网联新能源汽车"
    assert page.xpath("//section[@aria-labelledby='rules']//span[contains(@class, 'tag')]")
    assert "一件申请可以属于多个产业" in page.text_content()
    twins = page.xpath("//ul[contains(@class, 'twins')]//a[text()='CSV']/@href")
    assert twins
    for twin in twins:
        answer = client.get(twin)
        assert answer.headers["content-type"].startswith("text/csv")
        assert len(answer.text.splitlines()) > 1


def test_an_applicant_is_counted_by_the_name_as_written(reader: Reader) -> None:
    page = reader.get(f"/applicants/{quote(UNIVERSITY)}")
    assert words(page.find(".//h1")) == UNIVERSITY
    assert len(page.xpath("//ol[@class='hits']/li")) == 2


def test_pages_without_a_form_are_asked_for_with_get_only(client: TestClient) -> None:
    assert client.post("/industries").status_code == 405
    assert client.post("/search/advanced").status_code == 405
