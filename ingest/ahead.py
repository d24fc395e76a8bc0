"""Index documents made ahead: a worker that has just read a new application's only publication makes them at once.

What it has in hand spares the index loading the record again. The outbox stays the truth: a document made ahead
counts only for a record that is new, consists of that publication, and has no events; whoever takes it clears the
outbox entry it answers, and nothing else. All that is not made, not taken or lost by a kill is drained as usual.
"""

import datetime as dt
import marshal
import re
from collections.abc import Callable, Iterable, Sequence
from typing import Any, NamedTuple, Protocol, TypeAlias

from ingest.dates import parse_date
from ingest.fold import Found

Single: TypeAlias = tuple[str, Found]
"""The id of a record and its only document, which may be changed."""

Make: TypeAlias = Callable[[Sequence[Single], str], list[dict[str, Any]]]
"""Records and data date → index documents, rows 0, of plain values.

Many at once, step by step: going through all steps with each record alone takes twice the time, since every step finds
the processor's caches full of the others'.
"""

OpenMake: TypeAlias = Callable[[], Make]
"""Picklable; each worker opens its own."""

MOST_BYTES = 8 << 20
"""Of what is read in one task; what goes beyond is left to the drain, so that memory stays bounded."""

_NAMED_DATE = re.compile(r"(?<!\d)(?:19|20)\d{6}(?!\d)")


class Made(NamedTuple):
    """A document made ahead and the outbox entry that it answers."""

    seq: int
    row: int
    document: dict[str, Any]


class Taker(Protocol):
    """Who takes documents made ahead; `open_make` is for the workers."""

    open_make: OpenMake

    def take(self, as_of: str, made: Sequence[Made]) -> None:
        """Documents of records whose transaction is committed; legal states are as of the data date `as_of`."""


def pack(documents: list[Any]) -> bytes:
    """For the way between two processes of one run, at half the time of pickle; never kept."""
    return marshal.dumps(documents)


def unpack(packed: bytes) -> list[dict[str, Any] | None]:
    found: list[dict[str, Any] | None] = marshal.loads(packed)  # noqa: S302  # made by our own worker
    return found


def named_date(names: Iterable[str]) -> str | None:
    """The newest day not after today that names of folders and archives hold (20240305-1-001.ZIP), YYYY-MM-DD."""
    today = dt.date.today().isoformat()
    days = (parse_date(found)[0] for name in names for found in _NAMED_DATE.findall(name))
    return max((day for day in days if day and day <= today), default=None)
