"""A table of a page as CSV: the same rows, with a byte order mark for spreadsheets and cells that none of them runs."""

import csv as writer
import io
from collections.abc import Iterable, Sequence

from fastapi.responses import Response

from api.export.formats.csv import guarded


def csv(name: str, heading: Sequence[str], rows: Iterable[Sequence[object]]) -> Response:
    """The rows as a file to download; `name` becomes the file's name without its ending."""
    buffer = io.StringIO()
    buffer.write("\ufeff")
    lines = writer.writer(buffer)
    lines.writerow(heading)
    lines.writerows([cell if isinstance(cell, int | float) else guarded(str(cell)) for cell in row] for row in rows)
    safe = "".join(letter if letter.isascii() and (letter.isalnum() or letter in "._-") else "-" for letter in name)
    return Response(buffer.getvalue(), media_type="text/csv; charset=utf-8",
                    headers={"Content-Disposition": f'attachment; filename="{safe}.csv"'})
