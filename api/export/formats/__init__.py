"""The formats of an export, one small module each: `write(records) -> Iterator[bytes]` over public records.

`FORMATS` is the only list of them: name → (module's writer, media type, file ending).
"""

from collections.abc import Callable, Iterable, Iterator
from typing import NamedTuple

from api.export.formats import bibtex, csv, jsonl, numbers, ris, xlsx
from api.export.shapes import Format
from api.patents.shapes import PatentAnswer


class FileFormat(NamedTuple):
    write: Callable[[Iterable[PatentAnswer]], Iterator[bytes]]
    media_type: str
    ending: str


FORMATS: dict[Format, FileFormat] = {
    "jsonl": FileFormat(jsonl.write, "application/x-ndjson", "jsonl"),
    "csv": FileFormat(csv.write, "text/csv; charset=utf-8", "csv"),
    "xlsx": FileFormat(xlsx.write, "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet", "xlsx"),
    "ris": FileFormat(ris.write, "application/x-research-info-systems", "ris"),
    "bibtex": FileFormat(bibtex.write, "application/x-bibtex", "bib"),
    "numbers": FileFormat(numbers.write, "text/plain; charset=utf-8", "txt"),
}
