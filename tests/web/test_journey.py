"""One journey in a real browser, with scripts and without: search, narrow by a facet, read a patent, go back."""

from collections.abc import Iterator

import pytest

from store.settings import Settings
from tests.web.browsing import browsing, serving

pytestmark = pytest.mark.browser


@pytest.fixture(scope="module")
def address(settings: Settings) -> Iterator[str]:
    with serving(settings) as found:
        yield found


@pytest.mark.parametrize("scripts", [True, False], ids=["scripts", "no-scripts"])
@pytest.mark.parametrize("width", [1280, 390])
def test_search_facet_patent_back(address: str, width: int, scripts: bool) -> None:
    with browsing(width, scripts) as (page, complaints):
        page.on("requestfailed", lambda request: complaints.append(request.url)
                if request.failure != "net::ERR_ABORTED" else None)     # the next page was asked for meanwhile
        page.on("request", lambda request: complaints.append(request.url)
                if not request.url.startswith((address, "data:")) else None)
        page.goto(address)
        page.fill("#q", "搅拌装置")
        page.click(".q-box button")
        assert page.text_content(".total") == "30"
        if width < 800:
            page.click(".tools [popovertarget=facets]")
        page.click("#facets summary:has-text('申请人') ~ ul li a >> nth=0")
        assert page.text_content(".total") == "10"
        assert page.locator(".chip").count() == 1
        narrowed = page.url
        page.click(".hit h3 a >> nth=0")
        assert "/patents/CN" in page.url
        assert "搅拌装置" in (page.text_content("h1") or "")
        if scripts:
            assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
        similar = page.locator("section[aria-labelledby=similar]")
        similar.scroll_into_view_if_needed()
        if scripts:
            similar.locator(".list li >> nth=9").wait_for()
        else:
            assert "/similar" in (similar.locator("a").get_attribute("href") or "")
        page.go_back()
        assert page.url == narrowed
        page.click(".chip")
        assert page.text_content(".total") == "30"
        if scripts:
            page.select_option("#sort", "id")
            page.wait_for_url("**sort=id**")
        assert complaints == []
