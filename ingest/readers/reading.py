"""What a reader gives: for each record of a file a document, a legal event, or why it is not taken."""

from collections.abc import Callable, Iterator
from typing import NamedTuple

from ingest.readers.elements import Warn
from ingest.record import Document, Event
from ingest.rejects import Rejected, Skipped


class Reading(NamedTuple):
    """One record of a file. `raw` is what it was read from: a record with the same bytes need not be stored again.

    `part` is its place in a file of many, from 1; 0 where the file is one document.
    """

    content: Document | Event | Rejected | Skipped
    raw: bytes
    part: int = 0


Reader = Callable[[bytes, Warn], Iterator[Reading]]
"""Bytes of a file → its records. A file that is bad as a whole raises Rejected or Skipped."""
