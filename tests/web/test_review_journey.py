"""The review page in a real browser: in by the token, keys and buttons, undo; on wide screens and narrow ones."""

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from store.settings import Settings
from tests.api.made_home import copied
from tests.web.browsing import browsing, serving

pytestmark = pytest.mark.browser

TOKEN = "a token of the tests"


@pytest.fixture
def address(settings: Settings, tmp_path: Path) -> Iterator[str]:
    with serving(replace(copied(settings, tmp_path), operator_token=TOKEN)) as found:
        yield found


@pytest.mark.parametrize("scripts", [True, False], ids=["scripts", "no-scripts"])
@pytest.mark.parametrize("width", [1280, 390])
def test_decide_and_undo(address: str, width: int, scripts: bool) -> None:
    with browsing(width, scripts) as (page, complaints):
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
