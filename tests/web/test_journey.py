"""One journey in a real browser, with scripts and without: search, narrow by a facet, read a patent, go back."""

import shutil
import socket
import threading
import time
from collections.abc import Iterator

import pytest
import uvicorn

from store.settings import Settings
from tests.conftest import need
from web.app import create_app

pytestmark = pytest.mark.browser

FLAGS = ["--no-sandbox", "--disable-gpu", "--no-first-run", "--disable-background-networking"]
START_WITHIN = 20.0


@pytest.fixture(scope="module")
def address(settings: Settings) -> Iterator[str]:
    """The application on a free port of this machine."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    server = uvicorn.Server(uvicorn.Config(create_app(settings), host="127.0.0.1", port=port, log_level="error"))
    thread = threading.Thread(target=server.run, daemon=True)
    thread.start()
    until = time.monotonic() + START_WITHIN
    while not server.started:
        assert time.monotonic() < until, "the server did not start"
        time.sleep(0.05)
    yield f"http://127.0.0.1:{port}"
    server.should_exit = True
    thread.join()


@pytest.mark.parametrize("scripts", [True, False], ids=["scripts", "no-scripts"])
@pytest.mark.parametrize("width", [1280, 390])
def test_search_facet_patent_back(address: str, width: int, scripts: bool) -> None:
    chromium = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
    need(chromium is not None, "Chromium")
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright, playwright.chromium.launch(executable_path=chromium, args=FLAGS) as browser:
        context = browser.new_context(viewport={"width": width, "height": 844}, locale="zh-CN",
                                      java_script_enabled=scripts)
        page = context.new_page()
        complaints: list[str] = []
        page.on("pageerror", lambda error: complaints.append(str(error)))
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
