"""Exports: every format holds every hit in the order of the search; nothing in them runs in a spreadsheet."""

import csv
import hashlib
import io
import json

import openpyxl
import pytest
from fastapi.testclient import TestClient

from api.export.formats import bibtex, ris, xlsx
from api.export.formats.columns import COLUMNS
from api.export.formats.csv import guarded
from api.export.service import prepare
from api.export.shapes import FORMATS, ExportRequest
from api.patents.service import patent
from api.search.shapes import SearchRequest
from api.services import Services
from store.errors import TooLarge
from tests.api.made_home import HEAT, HEAT_B, MANY

ALL = {"q": "", "filter": "申请日=2018:", "sort": "id"}


def exported(client: TestClient, file_format: str, **parameters: str) -> bytes:
    response = client.get("/api/v1/export", params={**ALL, **parameters, "format": file_format})
    assert response.status_code == 200, response.text
    assert response.headers["X-Zhuanti-Count"] == str(MANY + 3)
    return response.content


def in_order(client: TestClient) -> list[str]:
    return [hit["id"] for hit in client.get("/api/v1/search", params={**ALL, "size": 100}).json()["hits"]]


def test_numbers_are_the_hits_in_order(client: TestClient) -> None:
    assert exported(client, "numbers").decode().split() == in_order(client)


def test_jsonl_is_the_record(client: TestClient) -> None:
    lines = [json.loads(line) for line in exported(client, "jsonl").splitlines()]
    assert [line["id"] for line in lines] == in_order(client)
    record = next(line for line in lines if line["id"] == HEAT)
    assert record == client.get(f"/api/v1/patents/{HEAT}").json()


def test_csv_has_every_column_and_no_formula(client: TestClient) -> None:
    content = exported(client, "csv")
    assert content.startswith(b"\xef\xbb\xbf")
    rows = list(csv.reader(io.StringIO(content.decode("utf-8-sig"))))
    assert rows[0] == [column.heading for column in COLUMNS]
    assert [row[0] for row in rows[1:]] == in_order(client)
    assert not [cell for row in rows[1:] for cell in row if cell.startswith(("=", "+", "-", "@"))]
    assert any(row[2] == "'=HYPERLINK(1)的显示方法" for row in rows)


@pytest.mark.parametrize("cell", ["=1+1", "+1", "-1", "@a", "\t=1", "\r=1", "＝1"])
def test_cell_that_would_run_is_guarded(cell: str) -> None:
    assert guarded(cell) == f"'{cell}"


def test_ordinary_cells_stay(client: TestClient) -> None:
    assert (guarded("电池=1"), guarded(None)) == ("电池=1", "")


def test_xlsx_holds_text_only(client: TestClient) -> None:
    sheet = openpyxl.load_workbook(io.BytesIO(exported(client, "xlsx"))).active
    assert sheet is not None
    rows = list(sheet.iter_rows(min_row=2))
    assert [row[0].value for row in rows] == in_order(client)
    assert {cell.data_type for row in rows for cell in row if cell.value} == {"s"}


def test_rows_over_a_sheet_are_refused(services: Services, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("api.export.service.MAX_ROWS", 3)
    with pytest.raises(TooLarge) as caught:
        prepare(services, ExportRequest("xlsx", SearchRequest("搅拌装置")))
    assert caught.value.code == "export_too_large"


def test_long_cell_is_cut_with_a_mark() -> None:
    cut = xlsx.clipped("字" * 40_000)
    assert len(cut) == xlsx.MAX_CELL and not cut.endswith("字")


def test_ris(services: Services) -> None:
    text = b"".join(ris.write([patent(services, HEAT)])).decode()
    lines = text.split("\r\n")
    assert lines[0] == "TY  - PAT"
    assert "TI  - 新能源汽车电池热管理系统" in lines
    assert f"M1  - {HEAT_B}" in lines and f"IP  - {HEAT}" in lines
    assert lines[-3:] == ["ER  - ", "", ""]


def test_bibtex_escapes(services: Services) -> None:
    record = patent(services, HEAT) | {"title": "50%_的{气体}$&#~^\\"}
    text = b"".join(bibtex.write([record])).decode()
    assert text.startswith(f"@patent{{{HEAT},\n")
    assert r"50\%\_的\{气体\}\$\&\#\textasciitilde{}\textasciicircum{}\textbackslash{}" in text


@pytest.mark.parametrize("file_format", FORMATS)
def test_manifest_describes_the_file(client: TestClient, file_format: str) -> None:
    manifest = client.get("/api/v1/export/manifest", params={**ALL, "format": file_format}).json()
    assert manifest["count"] == MANY + 3
    assert manifest["canonical"] and manifest["data_date"] == "2022-01-04"
    assert "taxonomy:33618" in manifest["versions"] and "index" in manifest["versions"]
    if file_format != "xlsx":       # a workbook holds the time it was made
        content = exported(client, file_format)
        assert manifest["sha256"] == hashlib.sha256(content).hexdigest()
        assert manifest["bytes"] == len(content)


def test_everything_streams_every_record(services: Services) -> None:
    lines = b"".join(prepare(services, ExportRequest("jsonl", everything=True)).stream()).splitlines()
    assert len(lines) == MANY + 3


def test_export_needs_a_format(client: TestClient) -> None:
    response = client.get("/api/v1/export", params=ALL)
    assert (response.status_code, response.json()["code"]) == (422, "parameter_missing")
    assert client.get("/api/v1/export", params={**ALL, "format": "doc"}).status_code == 422
    assert client.get("/api/v1/export", params={"format": "csv"}).json()["code"] == "empty_query"
