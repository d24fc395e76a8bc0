"""Tables that people write: CSV in UTF-8 with or without byte order mark, or in GB18030, as spreadsheets save it.

What stands most often in the heading parts the cells: commas, semicolons or tabs. Which columns there are and what a
cell means is the caller's.
"""

import csv
import io
from collections.abc import Iterator

PARTING = ",;\t"


class Unreadable(ValueError):
    """No table; `line` is where that shows, from 1."""

    def __init__(self, reason: str, line: int) -> None:
        super().__init__(reason)
        self.line = line


class UnknownEncoding(Unreadable):
    """Neither UTF-8 nor GB18030."""


def rows(data: bytes) -> Iterator[tuple[int, list[str]]]:
    """(line on which the row begins, cells), the heading first. Raises Unreadable, at once for an unknown encoding."""
    return _rows(_text(data))


def _text(data: bytes) -> str:
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError:
        pass
    try:
        return data.decode("gb18030")
    except UnicodeDecodeError as error:
        raise UnknownEncoding(str(error), data[:error.start].count(b"\n") + 1) from error


def _rows(text: str) -> Iterator[tuple[int, list[str]]]:
    heading = text.partition("\n")[0]
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=max(PARTING, key=heading.count), strict=True)
    line = 1
    try:
        for cells in reader:
            yield line, cells
            line = reader.line_num + 1
    except csv.Error as error:
        raise Unreadable(str(error), line) from error
