"""What the index files of a batch list, against what came: which publications are absent, which are not listed.

A batch is a folder with index files and all below it, else a file of the delivery with everything inside it. Nothing
here is a reject: the operator learns which documents to ask for again.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from typing import TypedDict

from pyroaring import BitMap64

from ingest import keys
from ingest.lists import publication_of_path
from ingest.work import Result
from store.deliveries import EXAMPLES


class IndexCounts(TypedDict):
    """Publications that index files list; of these, absent from batch and store; and those that came unlisted."""

    listed: int
    absent: int
    unlisted: int
    absent_examples: list[str]
    unlisted_examples: list[str]


def no_index() -> IndexCounts:
    """The counts where nothing was listed."""
    return IndexCounts(listed=0, absent=0, unlisted=0, absent_examples=[], unlisted_examples=[])


@dataclass(slots=True)
class _Batch:
    publications: BitMap64 = field(default_factory=BitMap64)    # listed with their kind
    digits: BitMap64 = field(default_factory=BitMap64)          # listed without
    present: BitMap64 = field(default_factory=BitMap64)


class Batches:
    """The batches that are being read. Each is dropped when it is closed, so memory does not grow with the delivery."""

    def __init__(self) -> None:
        self._open: dict[str, _Batch] = {}

    def add(self, batch: str, result: Result, numbers: Iterable[int]) -> None:
        """Add what a task brought; `numbers` are the keys of its documents. What was refused is here, by its name."""
        found = self._open.setdefault(batch, _Batch())
        found.present.update(numbers)
        self.add_present(batch, (), (refusal.entry for refusal in result.refusals))
        for listing in result.lists:
            found.publications |= listing.publications
            found.digits |= listing.digits

    def add_present(self, batch: str, publications: Iterable[str], entries: Iterable[str]) -> None:
        """Add publications, and entries by their names."""
        found = self._open.setdefault(batch, _Batch())
        found.present.update(map(keys.key, publications))
        found.present.update(filter(None, map(publication_of_path, entries)))

    def close(self, batch: str, holds: Callable[[str], bool]) -> IndexCounts | None:
        """The balance of a batch, None if nothing was listed; `holds` says whether the store has a publication."""
        found = self._open.pop(batch, None)
        if found is None or not (found.publications or found.digits):
            return None
        with_kind = set(map(keys.without_kind, found.publications))
        present = set(map(keys.without_kind, found.present))
        digits = {number for number in found.digits if number not in with_kind}
        missing = [*(found.publications - found.present), *sorted(digits - present)]
        absent = [name for name in map(keys.publication, missing) if not holds(name)]
        unlisted = [keys.publication(number) for number in found.present - found.publications
                    if keys.without_kind(number) not in found.digits]
        return IndexCounts(
            listed=len(found.publications) + len(digits), absent=len(absent), unlisted=len(unlisted),
            absent_examples=absent[:EXAMPLES], unlisted_examples=unlisted[:EXAMPLES])
