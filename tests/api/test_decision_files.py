"""Files of decisions as spreadsheets save them, and workbooks that are none."""

import zipfile
from pathlib import Path

import openpyxl
import pytest
import xlsxwriter

from api.decisions import files, workbook
from api.decisions.shapes import Given
from store.errors import BadCall

HEADING = ("号码", "节点", "判定", "备注")
SHEET = '<worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main">{}</worksheet>'
BOOK = """<workbook xmlns:r="http://schemas.openxmlformats.org/officeDocument/2006/relationships"
xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><sheets><sheet r:id="rId1"/></sheets></workbook>"""
RELATIONS = """<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">
<Relationship Id="rId1" Target="worksheets/sheet1.xml"/></Relationships>"""


def book(path: Path, sheet: str, **parts: str) -> Path:
    """A workbook of raw parts."""
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as written:
        for name, text in ({"xl/workbook.xml": BOOK, "xl/_rels/workbook.xml.rels": RELATIONS,
                            "xl/worksheets/sheet1.xml": sheet} | parts).items():
            written.writestr(name, text)
    return path


@pytest.mark.parametrize("encoding", ["utf-8-sig", "gb18030"])
@pytest.mark.parametrize("between", [",", ";", "\t"])
def test_csv_as_spreadsheets_save_it(tmp_path: Path, encoding: str, between: str) -> None:
    lines = (HEADING, ("CN1", "nev", "对", '"甲,乙;丙"'), ("", "", "", ""), ("CN2", "nev", "", ""))
    path = tmp_path / "a.csv"
    path.write_bytes("\r\n".join(between.join((*line, "", "")) for line in lines).encode(encoding))
    found = files.read(path, "33618", "陶然")
    assert found == files.Sheet([Given(2, "CN1", "33618", "nev", "confirm", "陶然", "甲,乙;丙")], 1)


def test_a_workbook_of_any_writer_is_read_by_its_rows(tmp_path: Path) -> None:
    sparse = openpyxl.Workbook()
    for at, name in enumerate(HEADING, start=1):
        sparse.active.cell(1, at, name)
    sparse.active.cell(4, 1, "CN1")
    sparse.active.cell(4, 2, 11)        # a number where the node is one
    sparse.active.cell(4, 3, "驳回")
    sparse.active.cell(9, 4, "=1+1")
    sparse.create_sheet("更多").cell(1, 1, "not read")
    sparse.save(tmp_path / "one.xlsx")
    with xlsxwriter.Workbook(tmp_path / "two.xlsx", {"constant_memory": True}) as inline:
        sheet = inline.add_worksheet()
        for row, cells in ((0, HEADING), (3, ("CN1", "11", "驳回"))):
            for at, cell in enumerate(cells):
                sheet.write_string(row, at, cell)
    for name in ("one.xlsx", "two.xlsx"):
        found = files.read(tmp_path / name, "ipc_intensive_2019", "陶然")
        assert found.decisions == [Given(4, "CN1", "ipc_intensive_2019", "11", "reject", "陶然")]


def test_runs_of_a_text_are_joined_and_readings_left_out(tmp_path: Path) -> None:
    shared = "<sst><si><r><t>驳</t></r><r><t>回</t></r><rPh><t>bohui</t></rPh></si></sst>"
    path = book(tmp_path / "a.xlsx", SHEET.format(
        '<sheetData><row r="7"><c r="AB7" t="s"><v>0</v></c></row></sheetData>'), **{"xl/sharedStrings.xml": shared})
    assert list(workbook.rows(path)) == [(7, [""] * 27 + ["驳回"])]


def test_a_number_is_what_the_sheet_shows(tmp_path: Path) -> None:
    path = book(tmp_path / "a.xlsx", SHEET.format(
        '<row r="1"><c><v>5.0999999999999996</v></c><c t="n"><v>201910000001</v></c><c t="b"><v>1</v></c></row>'))
    assert list(workbook.rows(path)) == [(1, ["5.1", "201910000001", "1"])]


@pytest.mark.parametrize("sheet", [
    '<!DOCTYPE a [<!ENTITY b "c">]><worksheet><row r="1"><c r="A1" t="str"><v>&b;</v></c></row></worksheet>',
    SHEET.format('<row r="1"><c r="A1" t="s"><v>7</v></c></row>'),
    SHEET.format('<row r="1"><c r="ZZZ1"><v>7</v></c></row>'),
    SHEET.format('<row r="1"><c r="1A"><v>7</v></c></row>'),
    SHEET.format("<row><c><v>7</v></c></row>"),
    SHEET.format('<row r="1">'),
    SHEET.format(" " * (33 << 20)),
])
def test_a_hostile_or_broken_sheet_is_refused(tmp_path: Path, sheet: str) -> None:
    with pytest.raises(BadCall) as refused:
        files.read(book(tmp_path / "a.xlsx", sheet), "33618", "陶然")
    assert refused.value.code == "decision_file_xlsx" and "a.xlsx" in str(refused.value)


@pytest.mark.parametrize("data", [workbook.MAGIC, workbook.MAGIC + b"0" * 500])
def test_what_only_begins_like_a_workbook(tmp_path: Path, data: bytes) -> None:
    (tmp_path / "a.csv").write_bytes(data)
    with pytest.raises(BadCall) as refused:
        files.read(tmp_path / "a.csv", "33618", "陶然")
    assert refused.value.code == "decision_file_xlsx"


def test_a_workbook_of_something_else_is_refused(tmp_path: Path) -> None:
    path = book(tmp_path / "a.xlsx", SHEET.format(""), **{"xl/_rels/workbook.xml.rels": "<Relationships/>"})
    with pytest.raises(BadCall) as refused:
        files.read(path, "33618", "陶然")
    assert refused.value.code == "decision_file_xlsx"
