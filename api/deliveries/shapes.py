"""Shapes of the deliveries: rows of the ledger, and one delivery with its quality report and its files."""

from typing import Any

from typing_extensions import TypedDict


class LedgerRow(TypedDict):
    """A delivery: `files` is how many it has, `reading` how many of them are not read to their end."""

    name: str
    state: str
    first_run: str
    last_run: str
    withdrawn: str | None
    files: int
    reading: int
    size: int
    counts: dict[str, Any]


class DeliveriesAnswer(TypedDict):
    deliveries: list[LedgerRow]


class FieldShareShape(TypedDict):
    """How many of `of` documents fill a field; `share` is between 0 and 1, null where nothing was counted."""

    field: str
    filled: int
    of: int
    share: float | None
    share_before: float | None


class CodeCountShape(TypedDict):
    code: str
    message: str
    message_en: str
    count: int
    count_before: int | None


class IndexBalance(TypedDict):
    """Publications that the index files list, those of them that are absent, and those that came unlisted."""

    listed: int
    absent: int
    unlisted: int
    absent_examples: list[str]
    unlisted_examples: list[str]


class QualityShape(TypedDict):
    """`read` documents = `documents` different publications + `merged` further files of them."""

    read: int
    documents: int
    merged: int
    events: int
    before: str | None
    fields: list[FieldShareShape]
    rejected: list[CodeCountShape]
    warnings: list[CodeCountShape]
    skipped: list[CodeCountShape]
    index: IndexBalance | None


class FileShape(TypedDict):
    path: str
    size: int
    state: str
    finished: str | None
    counts: dict[str, Any]


class DeliveryAnswer(LedgerRow):
    quality: QualityShape
    contents: list[FileShape]
