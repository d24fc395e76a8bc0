"""Chinese first, English when asked for, and every text in the one registry."""

import re
from pathlib import Path

import pytest

import web
from store.messages import catalogue
from tests.web.conftest import Reader
from web.rendering import PREFIX, choose_language

FOLDER = Path(web.__file__).parent
CJK = re.compile(r"[\u4e00-\u9fff]")
DATA = ("//*[@lang] | //ol[@class='hits'] | //td | //tbody/tr/th | //*[@class='leaf'] | //code | "
        "//details[@class='facet']//ul")


@pytest.mark.parametrize(("asked", "accepted", "chosen"), [
    (None, None, "zh"), ("en", "zh", "en"), ("zh", "en", "zh"), (None, "en-GB,en;q=0.9", "en"), ("fr", "en", "en"),
    (None, "fr, zh-CN;q=0.5, en;q=0.3", "zh"), (None, "de", "zh"), (None, "en;q=0", "zh"), (None, "en;q=x,zh", "zh"),
])
def test_which_language(asked: str | None, accepted: str | None, chosen: str) -> None:
    assert choose_language(asked, accepted) == chosen


def test_the_browser_chooses_and_the_address_overrules(reader: Reader) -> None:
    assert reader.get("/", **{"accept-language": "en"}).get("lang") == "en"
    assert reader.get("/?lang=zh", **{"accept-language": "en"}).get("lang") == "zh-Hans"


def test_a_chosen_language_is_kept_by_links_and_forms(reader: Reader) -> None:
    page = reader.get("/search?q=电池&lang=en")
    for link in page.xpath("//a[not(@hreflang)]/@href"):
        if link.startswith("/") and not link.startswith("/api"):
            assert "lang=en" in link
    for form in page.findall(".//form"):
        assert form.xpath(".//input[@name='lang']/@value") == ["en"]


@pytest.mark.parametrize("address", [
    "/", "/search", "/search?q=battery", "/industries/33618/nev", "/help", "/status", "/status/delivery", "/api",
    "/nowhere"])
def test_an_english_page_has_chinese_only_in_data(reader: Reader, address: str) -> None:
    page = reader.get(f"{address}{'&' if '?' in address else '?'}lang=en", 404 if address == "/nowhere" else 200)
    for element in page.xpath(DATA):
        if element.getparent() is not None:
            element.drop_tree()
    assert [text for text in page.xpath("//body//text()") if CJK.search(text)] == []


def test_every_text_that_is_used_is_registered_and_the_other_way_round() -> None:
    sources = "\n".join(path.read_text("utf-8") for path in [*FOLDER.glob("*.py"), *FOLDER.glob("templates/*.html")])
    used = set(re.findall(r"\bt\(['\"]([a-z0-9_]+)['\"]", sources))
    stems = set(re.findall(r"\bt\('([a-z_]+_)' ~", sources)) | set(re.findall(r"\bt\(f[\"']([a-z_]+_)\{", sources))
    registered = {code.removeprefix(PREFIX) for code in catalogue() if code.startswith(PREFIX)}
    assert used - stems - registered == set()
    plain = re.findall(r"[\"'](?:web_)?([a-z0-9_]+)[\"']", sources)
    assert {code for code in registered if code not in plain and not code.startswith(tuple(stems))} == set()
