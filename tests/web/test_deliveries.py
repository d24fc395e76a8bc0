"""Pages of deliveries that were not perfect: refusals, warnings, a fall in quality, names that try to be markup."""

from collections.abc import Iterator
from pathlib import Path
from urllib.parse import quote

import pytest
from fastapi.testclient import TestClient

from cli.ingesting import take_in
from ingest.progress import Silent
from ingest.withdraw import withdraw
from store.settings import load
from tests.ingest import made
from tests.web.conftest import Reader, words
from web.app import create_app

HOSTILE = "<b>周&批\".d"


@pytest.fixture(scope="module")
def pages(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Reader]:
    folder: Path = tmp_path_factory.mktemp("deliveries")
    settings = load({"ZHUANTI_HOME": str(folder / "home")})
    first = made.delivery(folder / "first", {"a.XML": made.document()})
    second = made.delivery(folder / HOSTILE, {
        "b.XML": made.document("199000002", application="201899000002", abstract=""),
        "bad.XML": made.document()[:300], "us.XML": made.document("5123456", country="US"),
        "20200103-INDEX-001.XML": "<R><DocList publicationNum='199000009' kind='A'/></R>"})
    third = made.delivery(folder / "third", {"c.XML": made.document("199000003", application="201899000003")})
    for path in (first, second, third):
        take_in(settings, (path,), workers=1, dry_run=False, index=False, progress=Silent())
    withdraw(settings, "third")
    with TestClient(create_app(settings), raise_server_exceptions=False) as opened:
        yield Reader(opened)


def test_the_status_lists_refusals_with_their_reasons_and_leads_to_each_delivery(pages: Reader) -> None:
    page = pages.get("/status")
    assert "其他专利局的文献" in words(page)
    links = page.xpath("//section[@aria-labelledby='h-in']//td/a/@href")
    assert {f"/status/{quote(HOSTILE)}", "/status/first", "/status/third"} <= set(links)
    for link in links:
        pages.get(link.split("#")[0])


def test_a_delivery_against_the_one_before(pages: Reader) -> None:
    page = pages.get(f"/status/{quote(HOSTILE)}")
    assert HOSTILE in words(page.find(".//h1")) and not page.xpath("//h1//b")
    rows = {words(row[0]): [words(cell) for cell in row[1:]] for row in page.xpath("//table[1]//tbody/tr")}
    assert rows["名称"] == ["100%", "", "1", "1"]
    assert rows["摘要"] == ["0.0%", "-100.0 下降", "0", "1"]
    refused = page.xpath("//section[@aria-labelledby='h-rejects']//tbody/tr")
    assert [[words(cell) for cell in row[1:]] for row in refused] == [
        ["foreign_office", "1", "0"], ["xml_invalid", "1", "0"]]
    assert "CN199000009A" in words(page.xpath("//section[@aria-labelledby='h-i']")[0])


def test_the_first_and_a_withdrawn_delivery_say_so(pages: Reader) -> None:
    assert "没有更早的批次可比" in words(pages.get("/status/first"))
    page = pages.get("/status/third?lang=en")
    assert "It was withdrawn on" in words(page)
    assert "100%" in words(page), "what it had brought stays in the ledger"
