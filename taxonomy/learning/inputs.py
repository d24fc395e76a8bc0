"""What a model reads of a record. Apart from `features`, so that what has no model to ask needs no scipy."""

from collections.abc import Mapping
from typing import Any, NamedTuple

from ingest.ipc import scheme
from ingest.record import Patent


class Input(NamedTuple):
    """What a model reads of a record; symbols in normal form, main one first."""

    title: str
    abstract: str
    applicants: tuple[str, ...] = ()
    symbols: tuple[str, ...] = ()

    def without_classes(self) -> "Input":
        return self._replace(symbols=())


def of_record(record: Patent) -> Input:
    """A design's classes are Locarno's, so it has no symbols here."""
    return Input(record["title"] or "", record["abstract"] or "",
                 tuple(one["name"] for one in record["applicants"]), tuple(one["symbol"] for one in record["ipc"]))


def of_line(line: Mapping[str, Any]) -> Input:
    """A line of `zhuanti label` or of a table: title, abstract, applicants and symbols in any written form."""
    written = [one if isinstance(one, str) else one["symbol"] for one in line.get("ipc") or ()]
    applicants = [one if isinstance(one, str) else one["name"] for one in line.get("applicants") or ()]
    return Input(line.get("title") or "", line.get("abstract") or "", tuple(applicants),
                 tuple(symbol for one in written if (symbol := scheme.normalise(one))))
