"""The quality report of a delivery: what its documents fill, what was refused or doubtful, against the delivery before.

All counts are those of the ledger, gathered while the documents were read; only regions are looked up when the report
is asked for, on documents spread over the delivery, so that better rules show without a new ingest.
"""

from collections.abc import Mapping
from typing import Any, TypedDict

import sqlalchemy as sa

from ingest.filled import FIELDS
from ingest.packed import Unpacker
from ingest.reconcile import IndexCounts
from ingest.record import Party
from ingest.regions import divisions, locate
from ingest.rejects import KINDS
from store import deliveries, documents
from store.database import Store
from store.messages import text

REGION_SAMPLE = 2_000       # documents; all where a delivery has fewer
DISTRICT = 2                # level of districts and counties


class FieldShare(TypedDict):
    """How many of `of` documents fill a field; `region`: how many mainland addresses stand in a district.

    `share` is between 0 and 1; null where nothing was counted, `share_before` also without a delivery before.
    """

    field: str
    filled: int
    of: int
    share: float | None
    share_before: float | None


class CodeCount(TypedDict):
    """How often a reason code came, here and in the delivery before (null without one), and what it means."""

    code: str
    message: str
    message_en: str
    count: int
    count_before: int | None


class Quality(TypedDict):
    """`read` documents = `documents` different publications + `merged` further files of them; `events` are legal ones.

    `index` is the balance of the index files, null where there were none; `before` names the delivery compared with.
    """

    read: int
    documents: int
    merged: int
    events: int
    before: str | None
    fields: list[FieldShare]
    rejected: list[CodeCount]
    warnings: list[CodeCount]
    skipped: list[CodeCount]
    index: IndexCounts | None


class FileEntry(TypedDict):
    """A file of a delivery; `state` is reading, done or withdrawn."""

    path: str
    size: int
    state: str
    finished: str | None
    counts: dict[str, Any]


class DeliveryReport(TypedDict):
    """A row of the ledger (`store.deliveries.ledger`) with its quality and its files."""

    name: str
    state: str
    first_run: str
    last_run: str
    withdrawn: str | None
    files: int
    reading: int
    size: int
    counts: dict[str, Any]
    quality: Quality
    contents: list[FileEntry]


def report(store: Store, name: str) -> DeliveryReport:
    """All that is known of a delivery. Raises NotFound(`delivery_unknown`)."""
    with store.connect() as connection:
        entry = deliveries.entry_of(connection, name)
        contents = deliveries.files_of(connection, name)
    return {**entry, "quality": quality(store, name), "contents": contents}     # type: ignore[typeddict-item]


def quality(store: Store, name: str) -> Quality:
    """The report of a delivery. Raises NotFound(`delivery_unknown`)."""
    with store.connect() as connection:
        counts = deliveries.entry_of(connection, name)["counts"]
        before = deliveries.name_before(connection, name)
        earlier = deliveries.entry_of(connection, before)["counts"] if before else None
        fields = _shares(connection, name, counts)
        fields_before = _shares(connection, before, earlier) if before and earlier else {}
    return Quality(
        read=_read(counts), documents=counts["documents"], merged=counts["merged"],
        events=sum(counts.get("events", {}).values()), before=before,
        fields=[FieldShare(field=field, filled=filled, of=of, share=_share(filled, of),
                           share_before=_share(*fields_before.get(field, (0, 0))))
                for field, (filled, of) in fields.items()],
        rejected=_codes("rejected", counts, earlier), warnings=_codes("warnings", counts, earlier),
        skipped=_codes("skipped", counts, earlier), index=counts.get("index"))


def _read(counts: Mapping[str, Any]) -> int:
    return int(counts["documents"] + counts["merged"])


def _shares(connection: sa.Connection, name: str, counts: Mapping[str, Any]) -> dict[str, tuple[int, int]]:
    """For each field how many documents fill it, of how many."""
    filled = counts.get("filled", {})
    of = _read(counts) if filled else 0
    return {field: (filled.get(field, 0), of) for field in FIELDS} | {"region": _placed(connection, name)}


def _placed(connection: sa.Connection, name: str) -> tuple[int, int]:
    """Of the sampled documents with a mainland address, how many are placed in a district; and how many these are."""
    unpacker = Unpacker(documents.dictionaries(connection))
    placed = of = 0
    for body in documents.sample_of(connection, name, REGION_SAMPLE):
        document = unpacker.unpack(body)
        party: Party | None = next(iter((*document["applicants"], *document["patentees"])), None)
        if party is None or not (party["address"] or party.get("province")):
            continue
        code = locate(party["address"], party.get("province"), party.get("city"), party.get("county"),
                      party["postcode"], party.get("country")).code
        if code is None or code.isdecimal():
            of += 1
            placed += code is not None and divisions.level(code) == DISTRICT
    return placed, of


def _codes(kind: str, counts: Mapping[str, Any], earlier: Mapping[str, Any] | None) -> list[CodeCount]:
    """Codes of this delivery and of the one before, the most frequent first."""
    found, old = counts.get(kind, {}), (earlier or {}).get(kind, {})
    codes = sorted({**found, **old}, key=lambda code: (-found.get(code, 0), code))
    return [CodeCount(code=code, message=text(f"{KINDS[kind]}_{code}"), message_en=text(f"{KINDS[kind]}_{code}", "en"),
                      count=found.get(code, 0), count_before=None if earlier is None else old.get(code, 0))
            for code in codes]


def _share(filled: int, of: int) -> float | None:
    return round(filled / of, 4) if of else None
