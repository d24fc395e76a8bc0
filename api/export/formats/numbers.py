"""Numbers only: the id of each record, one a line, to be pasted into another system."""

from collections.abc import Iterable, Iterator

from api.patents.shapes import PatentAnswer


def write(records: Iterable[PatentAnswer]) -> Iterator[bytes]:
    for record in records:
        yield f"{record['id']}\n".encode()
