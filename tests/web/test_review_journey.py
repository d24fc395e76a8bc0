"""The review page in a real browser: in by the token, keys and buttons, undo; on wide screens and narrow ones."""

import shutil
import socket
import threading
import time
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
import uvicorn

from store.settings import Settings
from tests.api.made_home import copied
from tests.conftest import need
from web.app import create_app

pytestmark = pytest.mark.browser

TOKEN = "a token of the tests"
FLAGS = ["--no-sandbox", "--disable-gpu", "--no-first-run", "--disable-background-networking"]
START_WITHIN = 20.0


@pytest.fixture
def address(settings: Settings, tmp_path: Path) -> Iterator[str]:
    own = replace(copied(settings, tmp_path), operator_token=TOKEN)
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    server = uvicorn.Server(uvicorn.Config(create_app(own), host="127.0.0.1", port=port, log_level="error"))
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
def test_decide_and_undo(address: str, width: int, scripts: bool) -> None:
    chromium = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
    need(chromium is not None, "Chromium")
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright, playwright.chromium.launch(executable_path=chromium, args=FLAGS) as browser:
        context = browser.new_context(viewport={"width": width, "height": 844}, locale="zh-CN",
                                      java_script_enabled=scripts)
        page = context.new_page()
        complaints: list[str] = []
        page.on("pageerror", lambda error: complaints.append(str(error)))
        page.on("console", lambda said: complaints.append(said.text) if said.type == "error" else None)
        page.goto(f"{address}/manage/review?taxonomy=33618")
        page.fill("#actor", "陶然")
        page.fill("#token", TOKEN)
        page.click(".card .btn-main")
        page.wait_for_url("**/manage/review?taxonomy=33618")
        total = int(page.text_content(".total") or 0)
        assert total >= 2
        if scripts:
            assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
            page.keyboard.press("j")
            assert page.get_attribute("[aria-current=true].hit", "id") == "i2"
            page.keyboard.press("n")
            page.wait_for_url("**#i2")
            assert page.evaluate("document.activeElement.id") in ("i1", "i2")
            assert page.evaluate("document.activeElement.matches('.hit[aria-current]')")
        else:
            page.click("#i2 [name=reject]")
            page.wait_for_url("**#i2")
        assert "已驳回" in (page.text_content("[role=status]") or "")
        assert page.text_content(".total") == str(total - 1)
        if scripts:
            page.keyboard.press("u")
        else:
            page.click("[name=undo]")
        page.wait_for_function("total => document.querySelector('.total').textContent === total", arg=str(total)
                               ) if scripts else page.wait_for_load_state()
        assert page.text_content(".total") == str(total)
        page.fill("#note1", "仅背景提及")
        page.press("#note1", "Enter")
        assert page.text_content(".total") == str(total), "Return in the note decides nothing"
        page.click("#i1 [name=confirm]")
        page.wait_for_url("**#i1")
        assert "仅背景提及" in (page.text_content("[role=status]") or "")
        if scripts:
            page.keyboard.press("a")
            assert page.evaluate("document.activeElement.name") == "node"
            page.keyboard.type("jn")
            assert page.text_content(".total") == str(total - 1), "keys rest while a field is filled in"
            page.keyboard.press("Escape")
            page.keyboard.press("?")
            page.uncheck("[data-keys] input")
            page.keyboard.press("n")
            page.reload()
            assert page.text_content(".total") == str(total - 1), "keys that are off do nothing"
            assert not page.is_checked("[data-keys] input")
        assert complaints == []
