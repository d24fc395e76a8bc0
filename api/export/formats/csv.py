"""CSV (RFC 4180, CRLF) with a byte order mark, so that Excel reads it as UTF-8.

A cell that a spreadsheet would take for a formula gets a leading apostrophe (OWASP, CSV injection): record
texts come from outside.
"""

import csv
import io
from collections.abc import Iterable, Iterator

from api.export.formats.columns import COLUMNS
from api.patents.shapes import PatentAnswer

BATCH = 200
FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r", "＝", "＋", "－", "＠")


def guarded(value: str | None) -> str:
    """The cell as text that no spreadsheet runs."""
    cell = value or ""
    return f"'{cell}" if cell.startswith(FORMULA_STARTS) else cell


def write(records: Iterable[PatentAnswer]) -> Iterator[bytes]:
    buffer = io.StringIO()
    rows = csv.writer(buffer)
    buffer.write("\ufeff")
    rows.writerow(column.heading for column in COLUMNS)
    for number, record in enumerate(records, start=1):
        rows.writerow(guarded(column.value(record)) for column in COLUMNS)
        if number % BATCH == 0:
            yield buffer.getvalue().encode()
            buffer.seek(0)
            buffer.truncate()
    yield buffer.getvalue().encode()
