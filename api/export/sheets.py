"""A sheet of drawn labels for people to check, as CSV or Excel; no cell is one that a spreadsheet would run."""

import csv
from pathlib import Path

import xlsxwriter

from api.export.formats.csv import guarded
from api.export.formats.xlsx import clipped
from api.services import Services
from store.errors import BadCall, NotFound
from taxonomy.learning.drawing import COLUMNS, MOST_SEARCHED, Drawn, draw, drawn_rows

WIDE = {"title": 48, "abstract": 80, "name": 24, "note": 36}


def write(services: Services, taxonomy: str, path: Path, *, per_node: int, source: str | None,
          seed: int) -> tuple[int, int]:
    """Writes a sheet; how many nodes and rows it has.

    Raises NotFound `taxonomy_not_found`, BadCall `cli_sheet_kind` for another ending than .csv and .xlsx.
    """
    if taxonomy not in services.taxonomies:
        raise NotFound("taxonomy_not_found", name=taxonomy, known="、".join(services.taxonomies))
    if path.suffix.lower() not in (".csv", ".xlsx"):
        raise BadCall("cli_sheet_kind", file=path.name)
    rows = drawn_rows(services.store, MOST_SEARCHED)
    drawn = draw(services.records, rows, services.labeller.label_many, taxonomy, per_node, seed, source)
    (_csv if path.suffix.lower() == ".csv" else _xlsx)(path, drawn)
    return len({one.label["node"] for one in drawn}), len(drawn)


def _csv(path: Path, drawn: list[Drawn]) -> None:
    with path.open("w", encoding="utf-8-sig", newline="") as file:
        rows = csv.writer(file)
        rows.writerow(COLUMNS)
        rows.writerows([guarded(cell) for cell in one.cells()] for one in drawn)


def _xlsx(path: Path, drawn: list[Drawn]) -> None:
    with xlsxwriter.Workbook(path, {"constant_memory": True, "strings_to_formulas": False,
                                    "strings_to_urls": False}) as book:
        sheet = book.add_worksheet()
        bold = book.add_format({"bold": True})
        sheet.freeze_panes(1, 1)
        for at, name in enumerate(COLUMNS):
            sheet.set_column(at, at, WIDE.get(name, 18))
            sheet.write_string(0, at, name, bold)
        for row, one in enumerate(drawn, start=1):
            for at, cell in enumerate(one.cells()):
                sheet.write_string(row, at, clipped(cell))
