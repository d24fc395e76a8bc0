"""The main pages element by element on the small home: a change of markup or wording shows as a difference.

Written anew with ZHUANTI_GOLDEN=write; the difference is then read before it is committed.
"""

import os
import re
from pathlib import Path
from urllib.parse import quote

import lxml.html
import pytest

from tests.api.made_home import COMPANY, HEAT
from tests.web.conftest import HOSTILE, Reader

GOLDEN = Path(__file__).parent / "golden"
PAGES = {
    "home": "/", "results": "/search?q=电池", "results-en": "/search?q=电池&filter=专利类型%3D发明&lang=en",
    "empty": "/search?q=电池 AND 饕餮", "refused": "/search?q=名称%3D(电池",
    "patent": f"/patents/{HEAT}", "similar": f"/patents/{HEAT}/similar",
    "patent-hostile": f"/patents/{HOSTILE}", "applicant": f"/applicants/{quote(COMPANY)}", "industries": "/industries",
    "industry": "/industries/33618/nev", "facet": "/search/facets/applicant?q=搅拌",
    "numbers": "/search/numbers?q=石墨烯",
    "status": "/status", "delivery": "/status/delivery", "not-found": "/patents/CN201010298420.4",
    "expression": "/search?q=名称%3D(搅拌装置 OR 电池) NOT 摘要%3D水泵&mode=expert",
    "check": "/search/check?q=名称%3D(搅拌装置 OR 电池) AND 饕餮%0A精密or 无锡&counts=true",
    "advanced":
        "/search/advanced?field=title&value=电池 batter%2B&join=AND&type=发明&application_date_from=2015&do=show",
    "numberlist": f"/search/numberlist?numbers={HEAT},CN201010298420.4,电池",
}
CHANGING = (
    (re.compile(r"\?v=[0-9a-f]{8}"), "?v=HASH"), (re.compile(r"用时 \d+ 毫秒|\b\d+ ms\b"), "TIME"),
    (re.compile(r"\b20(?!1|2[01])\d\d-\d\d-\d\d\b"), "TODAY"), (re.compile(r"\b\d+-[0-9a-f]{8}\b"), "IDENTITY"),
)
ELSEWHERE = "//section[@aria-labelledby='rules'] | //nav[@id='tree']//ul | //option"
"""What follows the taxonomy files, not the pages: the rules of a node and the names in the tree."""


def outline(page: lxml.html.HtmlElement) -> str:
    """One line for each element of the body: its depth, name, attributes and own text."""
    for element in page.xpath(ELSEWHERE):
        element.drop_tree()
    lines: list[str] = []

    def write(element: lxml.html.HtmlElement, depth: int) -> None:
        attributes = "".join(f' {name}="{value}"' for name, value in element.attrib.items())
        text = " ".join((element.text or "").split())
        lines.append(f"{'  ' * depth}<{element.tag}{attributes}> {text}".rstrip())
        for child in element:
            write(child, depth + 1)
            tail = " ".join((child.tail or "").split())
            if tail:
                lines.append(f"{'  ' * (depth + 1)}{tail}")

    write(page.find(".//body"), 0)
    written = "\n".join(lines) + "\n"
    for pattern, name in CHANGING:
        written = pattern.sub(name, written)
    return written


@pytest.mark.parametrize("name", PAGES)
def test_page(reader: Reader, name: str) -> None:
    status = {"refused": 400, "not-found": 404}.get(name, 200)
    found = outline(reader.get(PAGES[name], status))
    path = GOLDEN / f"{name}.txt"
    if os.environ.get("ZHUANTI_GOLDEN") == "write":
        GOLDEN.mkdir(exist_ok=True)
        path.write_text(found, "utf-8")
    assert found.splitlines() == path.read_text("utf-8").splitlines()
