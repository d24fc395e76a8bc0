"""Which fields a document fills: counted for every document while it is read, shown in the quality report.

Workers note a pattern of truths for each document (a microsecond), and how often each pattern came; patterns are
few, so that they are added up by field once a task.
"""

from collections import Counter
from collections.abc import Mapping
from operator import itemgetter
from typing import TypeAlias

from ingest.record import Document

_OF_DOCUMENT = ("title", "abstract", "claims", "description", "applicants", "patentees", "inventors", "agency", "ipc",
                "locarno", "application_number", "application_date", "date")
_OF_FIRST_PARTY = ("address", "postcode")

FIELDS = (*_OF_DOCUMENT, *_OF_FIRST_PARTY)
"""Names as in the record; address and postcode of the first applicant, else patentee; `date` is the publication's."""

Pattern: TypeAlias = tuple[bool, ...]
"""For each of FIELDS whether it is filled."""

_values = itemgetter(*_OF_DOCUMENT)


def pattern(document: Document) -> Pattern:
    parties = document["applicants"] or document["patentees"]
    if parties:
        first = parties[0]
        return (*map(bool, _values(document)), bool(first["address"]), bool(first["postcode"]))
    return (*map(bool, _values(document)), False, False)


def counted(patterns: Mapping[Pattern, int]) -> Counter[str]:
    """How many documents fill each field."""
    found: Counter[str] = Counter(dict.fromkeys(FIELDS, 0))
    for one, count in patterns.items():
        for name, filled in zip(FIELDS, one, strict=True):
            if filled:
                found[name] += count
    return found
