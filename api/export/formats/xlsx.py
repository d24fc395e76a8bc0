"""Excel: the columns of the CSV on one sheet, every cell plain text, written row by row through a temporary file.

A sheet holds 1,048,576 rows and a cell 32,767 characters (Excel's specification); more rows are refused
before anything is written, a longer cell ends with a visible mark.
"""

import tempfile
from collections.abc import Iterable, Iterator
from pathlib import Path

from api.export.formats.columns import COLUMNS
from api.patents.shapes import PatentAnswer
from store.messages import text

MAX_ROWS = 1_048_575
MAX_CELL = 32_767
PIECE = 1 << 16
WIDE = {"title": 48, "abstract": 80, "applicants": 36, "publications": 30, "labels": 36}


def clipped(value: str) -> str:
    mark = text("export_cell_cut")
    return value if len(value) <= MAX_CELL else value[:MAX_CELL - len(mark)] + mark


def write(records: Iterable[PatentAnswer]) -> Iterator[bytes]:
    import xlsxwriter  # here, since `zhuanti show` writes the same columns and would wait 0.1 s for it

    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "export.xlsx"
        with xlsxwriter.Workbook(path, {"constant_memory": True, "strings_to_formulas": False,
                                        "strings_to_urls": False, "in_memory": False}) as book:
            sheet = book.add_worksheet(text("export_sheet"))
            bold = book.add_format({"bold": True})
            sheet.freeze_panes(1, 1)
            for at, column in enumerate(COLUMNS):
                sheet.set_column(at, at, WIDE.get(column.code, 18))
                sheet.write_string(0, at, column.heading, bold)
            for row, record in enumerate(records, start=1):
                for at, column in enumerate(COLUMNS):
                    sheet.write_string(row, at, clipped(column.value(record) or ""))
        with path.open("rb") as file:
            while piece := file.read(PIECE):
                yield piece
