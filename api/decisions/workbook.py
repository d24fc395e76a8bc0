"""The first sheet of an Excel workbook (.xlsx) as rows of text: checked sheets come back as people saved them.

Only texts are read, no formula is computed and no link followed; parts are unpacked up to a limit, and their XML is
read as that of deliveries is, without DTDs and entities. Layout: ECMA-376 part 1, §18.3, §18.4 and §18.8.
"""

import posixpath
import re
import zipfile
import zlib
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

from ingest.readers import xml
from ingest.rejects import Rejected
from store.errors import BadCall

MAGIC = b"PK\x03\x04"
MAX_COLUMNS = 256
_BOOK = "xl/workbook.xml"
_RELATION = "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}id"
_REFERENCE = re.compile(r"([A-Z]{1,3})[0-9]+")


def rows(path: Path) -> Iterator[tuple[int, list[str]]]:
    """(row as Excel numbers it, cells) of the first sheet, rows without a cell left out.

    Raises BadCall `decision_file_xlsx` for what is no workbook, or one of more than 32 MB a part or 256 columns.
    """
    try:
        with zipfile.ZipFile(path) as book:
            texts = _shared(book)
            for row in _local(_part(book, _first_sheet(book)), "row"):
                yield int(row.get("r")), _cells(row, texts)
    except (zipfile.BadZipFile, zlib.error, EOFError, OSError, RuntimeError, NotImplementedError, Rejected, KeyError,
            IndexError, ValueError, TypeError) as error:
        raise BadCall("decision_file_xlsx", str(error) or type(error).__name__, file=path.name) from error


def _part(book: zipfile.ZipFile, name: str) -> Any:
    with book.open(name) as file:
        return xml.parse(file.read(xml.MAX_DOCUMENT_BYTES + 1), lambda warning: None)


def _first_sheet(book: zipfile.ZipFile) -> str:
    """The name of the part that holds the first sheet."""
    wanted = next((one.get(_RELATION) for one in _local(_part(book, _BOOK), "sheet")), None)
    for one in _local(_part(book, "xl/_rels/workbook.xml.rels"), "Relationship"):
        if one.get("Id") == wanted:
            return posixpath.normpath(posixpath.join("/xl", one.get("Target")))[1:]
    raise KeyError("sheet")


def _shared(book: zipfile.ZipFile) -> list[str]:
    """The texts that cells refer to by number."""
    name = "xl/sharedStrings.xml"
    return [_text(one) for one in _local(_part(book, name), "si")] if name in book.namelist() else []


def _cells(row: Any, texts: list[str]) -> list[str]:
    found: list[str] = []
    for cell in _local(row, "c"):
        place = _column(cell.get("r")) if cell.get("r") else len(found)
        if place >= MAX_COLUMNS:
            raise ValueError(f"{place + 1} > {MAX_COLUMNS}")
        found += [""] * (place + 1 - len(found))
        found[place] = _value(cell.get("t", "n"), _text(cell), texts)
    return found


def _value(kind: str, written: str, texts: list[str]) -> str:
    """The value of a cell: a number as Excel shows it, 5.1 though the file has 5.0999999999999996."""
    if not written or kind not in ("s", "n"):
        return written
    return texts[int(written)] if kind == "s" else f"{float(written):.15g}"


def _column(reference: str) -> int:
    """0 for A, 26 for AA."""
    letters = _REFERENCE.fullmatch(reference)
    if letters is None:
        raise ValueError(reference)
    place = 0
    for letter in letters[1]:
        place = place * 26 + ord(letter) - ord("A") + 1
    return place - 1


def _text(element: Any) -> str:
    """The value or the text of a cell or a shared text; readings that stand above it (`rPh`) are none of it."""
    return "".join(one.text or "" for one in element.xpath(
        "descendant::*[local-name() = 'v' or local-name() = 't'][not(ancestor::*[local-name() = 'rPh'])]"))


def _local(element: Any, name: str) -> Iterator[Any]:
    found: Iterable[Any] = element.iter(f"{{*}}{name}")
    return iter(found)
