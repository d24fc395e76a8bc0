"""Export without HTTP: `prepare` reads the request and finds the rows, the prepared export streams or writes them.

The rows are collected first, in the order of the search's sort; their records follow in batches, so that
memory holds one integer a hit and one batch of records, however large the result.
"""

import hashlib
from collections.abc import Iterator
from contextlib import suppress
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import BinaryIO

import orjson

from api.export.formats import FORMATS
from api.export.formats.xlsx import MAX_ROWS
from api.export.shapes import ExportRequest, Manifest
from api.patents.service import public
from api.patents.shapes import PatentAnswer
from api.search.service import limits_told, query_shape, read_final
from api.search.shapes import QueryShape
from api.services import Services
from store.errors import TooLarge
from store.totals import totals

PAGE = 1_000
BATCH = 200
HEADER_LENGTH = 1_000
"""Characters of a canonical expression that a header carries; the manifest has all of it."""


class Prepared:
    """An export that is ready to be written: what was asked, how it was read, and which rows it has.

    `rows` is None for the whole store, which streams in the order of its rows.
    """

    def __init__(
        self, services: Services, request: ExportRequest, query: QueryShape | None, rows: list[int] | None
    ) -> None:
        self.services = services
        self.request = request
        self.query = query
        self.rows = rows
        self.data_date = services.data_date()

    @property
    def canonical(self) -> str:
        return self.query["canonical"] if self.query else ""

    @property
    def remarks(self) -> list[str]:
        """Codes of what was remarked on the query, each once."""
        return list(dict.fromkeys(one["code"] for one in self.query["diagnostics"])) if self.query else []

    @property
    def count(self) -> int:
        if self.rows is not None:
            return len(self.rows)
        with self.services.store.connect() as connection:
            return totals(connection)["records"]

    def records(self) -> Iterator[PatentAnswer]:
        services = self.services
        if self.rows is None:
            for record in services.records.stream():
                yield public(services.labelled(record))
            return
        for start in range(0, len(self.rows), BATCH):
            for record in services.records.by_rows(self.rows[start:start + BATCH]):
                yield public(services.labelled(record))

    def stream(self) -> Iterator[bytes]:
        """The bytes of the file, piece by piece."""
        return FORMATS[self.request.format].write(self.records())

    def write(self, out: BinaryIO) -> Manifest:
        """Write the file to `out`; the manifest describes exactly the bytes written."""
        return self._run(out)

    def manifest(self) -> Manifest:
        """The manifest of the file without the file."""
        return self._run(None)

    def _run(self, out: BinaryIO | None) -> Manifest:
        digest, size, count = hashlib.sha256(), 0, 0

        def counted() -> Iterator[PatentAnswer]:
            nonlocal count
            for record in self.records():
                count += 1
                yield record

        for piece in FORMATS[self.request.format].write(counted()):
            digest.update(piece)
            size += len(piece)
            if out is not None:
                out.write(piece)
        query, search = self.query, self.request.search
        return {
            "format": self.request.format, "text": search.q, "filters": list(search.filters),
            "mode": query["mode"] if query else "all", "canonical": self.canonical,
            "sentence": query["sentence"] if query else "",
            "diagnostics": query["diagnostics"] if query else [], "count": count, "data_date": self.data_date,
            "versions": versions(self.services), "bytes": size, "sha256": digest.hexdigest(),
        }


def versions(services: Services) -> dict[str, str]:
    """Versions of everything that an export depends on: the program, the index, each taxonomy."""
    found = {"index": services.engine.health().identity}
    with suppress(PackageNotFoundError):        # a checkout that was never installed has no version
        found["zhuanti"] = version("zhuanti")
    return found | {f"taxonomy:{name}": one.version for name, one in services.taxonomies.items()}


def prepare(services: Services, request: ExportRequest) -> Prepared:
    """Read the request and find its rows. Raises what a search raises, TooLarge for more rows than a sheet holds."""
    if request.everything:
        prepared = Prepared(services, request, None, None)
    else:
        query = read_final(services, request.search)
        rows: list[int] = []
        cursor: str | None = None
        sort, words = request.search.sort, query.words
        while True:
            page = services.engine.search(query.node, size=PAGE, sort=sort, cursor=cursor, words=words)
            rows.extend(hit.row for hit in page.hits)
            cursor = page.next
            if cursor is None:
                query = limits_told(services, query, page)
                break
        prepared = Prepared(services, request, query_shape(query), rows)
    if request.format == "xlsx" and prepared.count > MAX_ROWS:
        raise TooLarge("export_too_large", count=prepared.count, most=MAX_ROWS)
    return prepared


def write_file(prepared: Prepared, path: Path) -> Manifest:
    """Write an export and, beside it, `<name>.manifest.json`; an older file stays until the new one is complete."""
    unfinished = path.with_name(f"{path.name}.part")
    try:
        with unfinished.open("wb") as out:
            manifest = prepared.write(out)
        unfinished.replace(path)
    except BaseException:       # a Ctrl-C, too, must not leave half a file
        unfinished.unlink(missing_ok=True)
        raise
    path.with_name(f"{path.name}.manifest.json").write_bytes(orjson.dumps(manifest, option=orjson.OPT_INDENT_2))
    return manifest
