"""A training table of an outlet: CSV of labels and of the number of a known record or a text, one record a row.

Columns, in any order, Chinese or English: `label`; `number` (of a record in the store) or `text` or `title` and
`abstract`; `applicant` and `ipc` may stand beside a text. A row that cannot be used is refused with its line, and
nothing is trained: a table that is half understood gives a model that is half wrong.
"""

from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

from ingest.ipc import scheme
from ingest.records import Records
from store import delimited
from store.errors import BadCall
from taxonomy.learning.inputs import Input, of_record

LARGEST = 256 << 20
COLUMNS = {
    "label": "label", "标签": "label", "类别": "label", "分类": "label", "节点": "label", "node": "label",
    "number": "number", "号码": "number", "专利号": "number", "申请号": "number", "公开号": "number",
    "text": "text", "文本": "text", "title": "title", "名称": "title", "标题": "title", "abstract": "abstract",
    "摘要": "abstract", "applicant": "applicant", "assignee": "applicant", "申请人": "applicant", "ipc": "ipc",
}
PASSED_OVER = ("id", "note", "备注")
LEAST_OF_A_LABEL = 2


class Row(NamedTuple):
    """A row of a table; `group` keeps rows of one application in one fold."""

    line: int
    label: str
    group: str
    input: Input


def read(path: Path, records: Records | None) -> list[Row]:
    """The rows of a table. Raises BadCall `training_…` with file and line."""
    heading, lines = _lines(path)
    columns = _columns(path.name, heading)
    rows = []
    for line, cells in lines:
        if not any(cell.strip() for cell in cells):
            continue
        if len(cells) != len(columns):
            raise BadCall("training_cells", file=path.name, line=line, cells=len(cells), columns=len(columns))
        values = {name: cell.strip() for name, cell in zip(columns, cells, strict=True) if name}
        rows.append(_row(path.name, line, values, records))
    counts = Counter(row.label for row in rows)
    if len(counts) < 2:
        last = rows[-1].line if rows else 1
        raise BadCall("training_one_label", file=path.name, line=last, label=next(iter(counts), ""))
    for row in rows:
        if counts[row.label] < LEAST_OF_A_LABEL:
            raise BadCall("training_rare_label", file=path.name, line=row.line, label=row.label,
                          least=LEAST_OF_A_LABEL)
    return rows


def _row(file: str, line: int, values: dict[str, str], records: Records | None) -> Row:
    label = values.get("label", "")
    if not label:
        raise BadCall("training_no_label", file=file, line=line)
    if number := values.get("number", ""):
        record = records.get(number) if records else None
        if record is None:
            raise BadCall("training_number", file=file, line=line, number=number)
        return Row(line, label, record["id"], of_record(record))
    title, abstract = values.get("title") or values.get("text", ""), values.get("abstract", "")
    if values.get("text") and not values.get("title"):
        title, _, abstract = values["text"].partition("\n")
    if not (title or abstract):
        raise BadCall("training_no_text", file=file, line=line)
    written = values.get("ipc", "").replace("；", ";").replace("、", ";").split(";")
    applicants = values.get("applicant", "").replace("；", ";").split(";")
    symbols = tuple(symbol for one in written if one.strip() and (symbol := scheme.normalise(one.strip())))
    one = Input(title, abstract, tuple(name.strip() for name in applicants if name.strip()), symbols)
    return Row(line, label, f"{title}\n{abstract}", one)


def _lines(path: Path) -> tuple[list[str], Iterator[tuple[int, list[str]]]]:
    try:
        data = path.read_bytes()
    except OSError as error:
        raise BadCall("training_unreadable", str(error), file=path.name, line=1) from error
    if len(data) > LARGEST:
        raise BadCall("training_unreadable", f"{len(data)} B", file=path.name, line=1)
    lines = _parsed(path.name, data)
    return next(lines, (1, []))[1], lines


def _parsed(file: str, data: bytes) -> Iterator[tuple[int, list[str]]]:
    try:
        yield from delimited.rows(data)
    except delimited.Unreadable as error:
        raise BadCall("training_unreadable", str(error), file=file, line=error.line) from error


def _columns(file: str, heading: list[str]) -> list[str]:
    """The name of each column, blank for what is passed over."""
    columns = []
    for written in heading:
        name = written.strip().lower()
        if name not in COLUMNS and name not in PASSED_OVER:
            raise BadCall("training_column", file=file, line=1, column=written[:40],
                          known="、".join(dict.fromkeys(COLUMNS.values())))
        columns.append(COLUMNS.get(name, ""))
    doubled = [name for name, count in Counter(columns).items() if name and count > 1]
    if doubled:
        raise BadCall("training_column_doubled", file=file, line=1, column=doubled[0])
    if "label" not in columns or not {"number", "text", "title", "abstract"} & set(columns):
        raise BadCall("training_column_missing", file=file, line=1,
                      column="label" if "label" not in columns else "number, text, title")
    return columns
