"""Nothing of the data or the query becomes markup, and every answer forbids what the pages do not need."""

import re
from pathlib import Path
from urllib.parse import quote

import pytest
from fastapi.testclient import TestClient

import web
from tests.api.made_home import HEAT
from tests.web.conftest import HOSTILE, HOSTILE_APPLICANT, Reader
from web.rendering import marked

TEMPLATES = Path(web.__file__).parent / "templates"
HOSTILE_PAGES = (
    f"/patents/{HOSTILE}", f"/patents/{HOSTILE}/similar", f"/patents/{HEAT}/similar",
    "/search?q=标记", f"/applicants/{quote(HOSTILE_APPLICANT, safe='')}",
    f"/search?q={quote('<script>alert(1)</script>')}", f"/search?q={quote('电池 <img src=x>')}&lang=en",
    f"/search?q=电池&filter={quote('申请人=<b>')}", "/search/facets/applicant?q=电池&within=<img src=x>",
    "/patents/<script>alert(1)</script>", "/applicants/<script>", "/industries/<script>", "/?lang=<script>",
    "/search?q=电池&sort=<script>",
)


@pytest.mark.parametrize("address", HOSTILE_PAGES)
def test_texts_stay_texts(client: TestClient, reader: Reader, address: str) -> None:
    answer = client.get(address)
    page = reader.get(address, answer.status_code)
    assert page.xpath("//script/@src | //script[not(@src)]") == page.xpath("//head/script/@src")
    assert not page.xpath("//img | //*[@onerror] | //main//i[not(@class) and not(@aria-hidden)]")
    assert not page.xpath("//h1//b/* | //p[@class='hit-abs']//b")       # terms of the sentence are in bold, as text


@pytest.mark.parametrize("address", ["/", "/nowhere", "/static/style.css", "/api/v1/status", "/search?q=", "/healthz"])
def test_every_answer_has_the_policy(client: TestClient, address: str) -> None:
    headers = client.get(address).headers
    policy = headers["content-security-policy"]
    assert "default-src 'none'" in policy
    assert "unsafe" not in policy
    assert headers["x-content-type-options"] == "nosniff"
    assert "referrer-policy" in headers


@pytest.mark.parametrize("template", sorted(TEMPLATES.glob("*.html")), ids=lambda path: path.name)
def test_templates_hold_no_inline_script_or_style(template: Path) -> None:
    source = template.read_text("utf-8")
    assert not re.search(r"<script(?![^>]*\bsrc=)|<style|\sstyle=|\son[a-z]+=|javascript:|\|\s*safe", source)
    assert not re.search(r"(?:src|href)=\"(?:https?:)?//", source)


def test_highlights_are_escaped_on_both_sides() -> None:
    assert marked("<b>电池</b>&", [[3, 5]]) == "&lt;b&gt;<mark>电池</mark>&lt;/b&gt;&amp;"
    assert marked("电池组", [[0, 2], [1, 3]]) == "<mark>电池组</mark>"
    assert marked(None, []) == ""


def test_unknown_languages_in_the_address_are_not_repeated(client: TestClient) -> None:
    assert "<script>alert" not in client.get("/?lang=%3Cscript%3Ealert(1)%3C/script%3E").text
