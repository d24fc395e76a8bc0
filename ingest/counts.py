"""The counts of an ingest, for one file and for a whole run (interfaces §1: what each word counts)."""

from collections import Counter
from collections.abc import Iterable, Sequence
from typing import Any, TypedDict

from pyroaring import BitMap64

from ingest.filled import counted
from ingest.reconcile import IndexCounts, no_index
from ingest.work import Result
from store.deliveries import add_counts


class IngestReport(TypedDict):
    """`files` opened; `entries` = `documents` + `merged` + all `rejected`; `documents` = `kept` + `unchanged`."""

    files: int
    entries: int
    documents: int
    kept: int
    unchanged: int
    merged: int
    events: dict[str, int]          # legal events: new, known; they are no entries unless rejected
    rejected: dict[str, int]
    skipped: dict[str, int]
    warnings: dict[str, int]
    index: IndexCounts
    seconds: float


class Tally:
    """Counts a run. Publications are kept as numbers in a compressed set: a delivery's size costs no memory."""

    def __init__(self) -> None:
        self.files = 0
        self._seen, self._kept = BitMap64(), BitMap64()
        self._before = {"documents": 0, "merged": 0}        # of files that need not be read again
        self._of_before = BitMap64()                        # what these brought, as far as we were told
        self._merged = 0
        self._index = {"index": no_index()}
        self._codes: dict[str, Counter[str]] = {"rejected": Counter(), "skipped": Counter(), "warnings": Counter()}
        self._events = Counter(new=0, known=0)

    def count(self, result: Result, numbers: Sequence[int], news: Iterable[bool],
              new_events: Iterable[bool]) -> dict[str, Any]:
        """Add what a task brought; of each document `numbers` has the key (ingest.keys), `news` whether the store did
        not have it; `new_events` the same of each event.

        Returns its own counts.
        """
        documents = merged = 0
        for key, new in zip(numbers, news, strict=True):
            if key in self._seen or key in self._of_before:
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
        events = Counter("new" if new else "known" for new in new_events)
        self._events.update(events)
        return {"entries": documents + merged + rejected.total(), "documents": documents, "merged": merged,
                "events": dict(events), "rejected": dict(rejected), "skipped": dict(result.skipped),
                "warnings": dict(result.warnings), "filled": dict(counted(result.filled))}

    def see(self, numbers: Iterable[int]) -> None:
        """Publications of files that need not be read again, by their keys: when they come again they are merged."""
        self._of_before.update(numbers)

    def count_known(self, counts: dict[str, Any]) -> None:
        """Add a file whose content the ledger knows: its documents are unchanged."""
        for name in self._before:
            self._before[name] += counts.get(name, 0)
        for name, total in self._codes.items():
            total.update(counts.get(name, {}))
        self._events["known"] += sum(counts.get("events", {}).values())
        self.count_index(counts.get("index"))

    def count_index(self, found: IndexCounts | None) -> None:
        """Add the balance of a batch with its index files."""
        if found:
            add_counts(self._index, {"index": found})

    def report(self, seconds: float) -> IngestReport:
        documents = len(self._seen) + self._before["documents"]
        merged = self._merged + self._before["merged"]
        rejected = self._codes["rejected"]
        return IngestReport(
            files=self.files, entries=documents + merged + rejected.total(), documents=documents,
            kept=len(self._kept), unchanged=documents - len(self._kept), merged=merged, events=dict(self._events),
            rejected=dict(rejected), skipped=dict(self._codes["skipped"]), warnings=dict(self._codes["warnings"]),
            index=self._index["index"], seconds=round(seconds, 2))
