"""One small home for all tests of the pages, with a document that tries to be markup, and a client of them."""

from collections.abc import Iterator

import lxml.html
import pytest
from fastapi.testclient import TestClient

from cli.ingesting import take_in
from ingest.progress import Silent
from store.settings import Settings, load
from tests.api.made_home import PUBLICATIONS
from tests.ingest import made
from web.app import create_app

HOSTILE = "CN199000009A"
HOSTILE_APPLICANT = '"><img src=x onerror=alert(1)>公司'

HOSTILE_DOCUMENT = made.document(
    "199000009", "A", "20210707", application="201919900009", title="&lt;script&gt;alert(1)&lt;/script&gt;的电池",
    abstract="含 &lt;b&gt;标记&lt;/b&gt; 与 &amp;amp; 的电池。",
    claims=("1.一种&lt;i&gt;电池&lt;/i&gt;，包括壳体。", "2.根据权利要求1所述的电池，其特征在于还包括盖。",
            "3.一种车辆，包括权利要求1所述的电池。"),
    applicants=(HOSTILE_APPLICANT.replace("<", "&lt;").replace(">", "&gt;"),), symbols=("H01M  10/42  (2006.01)",))


@pytest.fixture(scope="session")
def settings(tmp_path_factory: pytest.TempPathFactory) -> Settings:
    folder = tmp_path_factory.mktemp("web")
    made_here = load({"ZHUANTI_HOME": str(folder / "home")})
    delivery = made.delivery(folder / "delivery", {**PUBLICATIONS, "hostile.XML": HOSTILE_DOCUMENT})
    take_in(made_here, (delivery,), workers=1, dry_run=False, index=True, progress=Silent())
    return made_here


@pytest.fixture(scope="session")
def client(settings: Settings) -> Iterator[TestClient]:
    with TestClient(create_app(settings), raise_server_exceptions=False) as opened:
        yield opened


class Reader:
    """Reads pages as trees; `get` holds the status and gives the document."""

    def __init__(self, client: TestClient) -> None:
        self.client = client

    def get(self, address: str, status: int = 200, **headers: str) -> lxml.html.HtmlElement:
        answer = self.client.get(address, headers=headers)
        assert answer.status_code == status, answer.text[:400]
        return lxml.html.document_fromstring(answer.text)


@pytest.fixture(scope="session")
def reader(client: TestClient) -> Reader:
    return Reader(client)


def words(element: lxml.html.HtmlElement) -> str:
    """The text of an element on one line."""
    return " ".join(element.text_content().split())
