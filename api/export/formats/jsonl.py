"""JSON Lines: the whole record (interfaces §3), one a line; loses nothing and is read back record by record."""

from collections.abc import Iterable, Iterator

import orjson

from api.patents.shapes import PatentAnswer


def write(records: Iterable[PatentAnswer]) -> Iterator[bytes]:
    for record in records:
        yield orjson.dumps(record, option=orjson.OPT_APPEND_NEWLINE)
