"""Decisions as tables: the file that people fill in and hand back, and the one of all that stand.

Columns are `number, taxonomy, node, verdict, note, actor`, in any order, named in English or Chinese; `taxonomy` and
`actor` may be left out where the caller states them, as in the sheets of `zhuanti taxonomy sheet`. A line without
a verdict was not judged and is passed over. CSV in UTF-8 with or without byte order mark, or in GB18030, parted by
commas, semicolons or tabs, as spreadsheets save it; or the first sheet of an Excel workbook.
"""

import csv
import io
from collections.abc import Iterable, Iterator, Sequence
from difflib import get_close_matches
from pathlib import Path
from typing import NamedTuple

from api.decisions import workbook
from api.decisions.shapes import DecisionShape, Given
from api.export.formats.csv import guarded
from store import delimited
from store.errors import BadCall

MAX_BYTES = 32 << 20

COLUMNS = {
    "number": "number", "号码": "number", "专利号": "number", "申请号": "number", "公开号": "number", "id": "number",
    "taxonomy": "taxonomy", "产业分类": "taxonomy", "node": "node", "节点": "node",
    "verdict": "verdict", "判定": "verdict", "note": "note", "备注": "note", "actor": "actor", "判定人": "actor",
}
PASSED_OVER = frozenset((
    "title", "名称", "name", "节点名称", "abstract", "摘要", "ipc", "time", "source", "score", "reasons",
    "taxonomy_version", "decision", "applicants"))
"""Columns that a sheet may show and nobody decides by."""

WORDS = {
    "confirm": "confirm", "确认": "confirm", "right": "confirm", "对": "confirm", "正确": "confirm",
    "reject": "reject", "驳回": "reject", "wrong": "reject", "错": "reject", "错误": "reject",
    "add": "add", "补充": "add",
}
"""What a cell `verdict` may say; `right` and `wrong` are the words of a check of drawn records."""

EXPORTED = ("number", "taxonomy", "node", "name", "verdict", "note", "actor", "time", "source", "score",
            "taxonomy_version")


class Sheet(NamedTuple):
    """The decisions of a file, in order, by line; `blank` counts lines without a verdict."""

    decisions: list[Given]
    blank: int


def read(path: Path, taxonomy: str | None = None, actor: str | None = None) -> Sheet:
    """The decisions of a CSV file or workbook; `taxonomy` and `actor` hold where a line states none.

    Raises BadCall `decision_file…` with file and line for what is no table of decisions. Whether numbers, nodes and
    verdicts exist is not asked here (`service.check`).
    """
    if path.stat().st_size > MAX_BYTES:
        raise BadCall("decision_file_large", file=path.name, most=MAX_BYTES >> 20)
    with path.open("rb") as file:
        is_workbook = file.read(len(workbook.MAGIC)) == workbook.MAGIC
    rows = workbook.rows(path) if is_workbook else _rows(path)
    columns = _columns(path.name, next(rows, (1, []))[1], taxonomy)
    found, blank = [], 0
    for line, cells in rows:
        while cells and not cells[-1].strip():      # spreadsheets fill rows up
            cells.pop()
        if not cells:
            continue
        if len(cells) > len(columns):
            raise BadCall("decision_file_cells", file=path.name, line=line, cells=len(cells), columns=len(columns))
        values = {name: _cell(cell) for name, cell in zip(columns, cells, strict=False) if name}
        if not values.get("verdict"):
            blank += 1
            continue
        found.append(_given(line, values, taxonomy, actor))
    return Sheet(found, blank)


def _given(line: int, values: dict[str, str], taxonomy: str | None, actor: str | None) -> Given:
    node = values.get("node", "")
    of = values.get("taxonomy") or taxonomy or ""
    if not values.get("taxonomy") and "/" in node:      # as labels are written in queries: 33618/nev
        of, _, node = node.partition("/")
    verdict = values["verdict"]
    return Given(line, values.get("number", ""), of, node, WORDS.get(verdict.lower(), verdict),
                 values.get("actor") or actor or "", values.get("note", ""))


def _rows(path: Path) -> Iterator[tuple[int, list[str]]]:
    try:
        yield from delimited.rows(path.read_bytes())
    except delimited.Unreadable as error:
        code = "decision_file_encoding" if isinstance(error, delimited.UnknownEncoding) else "decision_file_csv"
        raise BadCall(code, str(error), file=path.name, line=error.line) from error


def _columns(file: str, heading: Sequence[str], taxonomy: str | None) -> list[str]:
    """The name of each column, blank for what is passed over."""
    columns = []
    for written in heading:
        name = written.strip().lower()
        if name not in COLUMNS and name not in PASSED_OVER and name:
            near = get_close_matches(name, COLUMNS, n=1)
            raise BadCall("decision_file_column", file=file, line=1, column=written[:40],
                          known="、".join(near or dict.fromkeys(COLUMNS.values())))
        columns.append(COLUMNS.get(name, ""))
    for name in ("number", "node", "verdict"):
        if columns.count(name) != 1:
            raise BadCall("decision_file_missing" if name not in columns else "decision_file_doubled",
                          file=file, line=1, column=name)
    return columns


def _cell(cell: str) -> str:
    """A cell without the apostrophe that keeps spreadsheets from running it (`guarded`)."""
    text = cell.strip()
    return text[1:] if text.startswith("'") and guarded(text[1:]) == text else text


def write(decisions: Iterable[DecisionShape]) -> bytes:
    """Decisions as CSV with a byte order mark; `read` takes the file back."""
    buffer = io.StringIO()
    rows = csv.writer(buffer)
    buffer.write("\ufeff")
    rows.writerow(EXPORTED)
    for one in decisions:
        values = {**one, "number": one["id"]}
        rows.writerow(guarded("" if values[name] is None else str(values[name])) for name in EXPORTED)
    return buffer.getvalue().encode()
