"""The counts of an ingest, for one file and for a whole run (interfaces §1: what each word counts)."""

import hashlib
import re
from collections import Counter
from collections.abc import Iterable
from typing import Any, TypedDict

from pyroaring import BitMap64

from ingest.work import Result

_NUMBER = re.compile(r"CN(\d{1,12})([A-Z]\d?)")


class IngestReport(TypedDict):
    """`files` opened; `entries` = `documents` + `merged` + all `rejected`; `documents` = `kept` + `unchanged`."""

    files: int
    entries: int
    documents: int
    kept: int
    unchanged: int
    merged: int
    rejected: dict[str, int]
    skipped: dict[str, int]
    warnings: dict[str, int]
    seconds: float


class Tally:
    """Counts a run. Publications are kept as numbers in a compressed set, so that size of a delivery costs no memory."""

    def __init__(self) -> None:
        self.files = 0
        self._seen, self._kept = BitMap64(), BitMap64()
        self._before = {"documents": 0, "merged": 0}        # of files that need not be read again
        self._merged = 0
        self._codes: dict[str, Counter[str]] = {"rejected": Counter(), "skipped": Counter(), "warnings": Counter()}

    def count(self, result: Result, news: Iterable[bool]) -> dict[str, Any]:
        """Add what a task brought; `news` says of each document whether the store did not have it. Returns its own counts."""
        documents = merged = 0
        for item, new in zip(result.documents, news, strict=True):
            key = _key(item.publication)
            if key in self._seen:
                merged += 1
            else:
                documents += 1
                self._seen.add(key)
            if new:
                self._kept.add(key)
        self._merged += merged
        rejected = Counter(item.code for item in result.refusals)
        for name, more in (("rejected", rejected), ("skipped", result.skipped), ("warnings", result.warnings)):
            self._codes[name].update(more)
        return {"entries": documents + merged + rejected.total(), "documents": documents, "merged": merged,
                "rejected": dict(rejected), "skipped": dict(result.skipped), "warnings": dict(result.warnings)}

    def count_known(self, counts: dict[str, Any]) -> None:
        """Add a file whose content the ledger knows: its documents are unchanged."""
        for name in self._before:
            self._before[name] += counts.get(name, 0)
        for name, total in self._codes.items():
            total.update(counts.get(name, {}))

    def report(self, seconds: float) -> IngestReport:
        documents = len(self._seen) + self._before["documents"]
        merged = self._merged + self._before["merged"]
        rejected = self._codes["rejected"]
        return IngestReport(
            files=self.files, entries=documents + merged + rejected.total(), documents=documents,
            kept=len(self._kept), unchanged=documents - len(self._kept), merged=merged,
            rejected=dict(rejected), skipped=dict(self._codes["skipped"]), warnings=dict(self._codes["warnings"]),
            seconds=round(seconds, 2))


def _key(publication: str) -> int:
    """A number for a publication `CN` + digits + kind, near to those of its neighbours, as compressed sets like it."""
    found = _NUMBER.fullmatch(publication)
    if found is None:       # not a form that the office uses; any stable number will do
        return int.from_bytes(hashlib.blake2b(publication.encode(), digest_size=8).digest(), "big")
    return int(found[1]) << 16 | int.from_bytes(found[2].encode(), "big")
