"""The files of one application → its record. A pure function of the set of files: their order of arrival never matters.

Rules (interfaces §3, Merging): bibliographic fields come from the newest publication that fills them, texts from
the grant when there is one; of two files of one publication the later `dateProduced` wins, field by field.
"""

from collections.abc import Iterable, Sequence
from typing import Any

from ingest.enrich import enrich
from ingest.numbers import stage_of
from ingest.packed import Stored
from ingest.record import Patent, Publication, Source

class Found:
    """A stored document and the delivery that brought it."""

    __slots__ = ("delivery", "document")

    def __init__(self, document: Stored, delivery: str) -> None:
        self.document = document
        self.delivery = delivery


def fold(row: int, ident: str, found: Sequence[Found], data_date: str | None) -> Patent:
    """The record of the files of one application (at least one), enriched, as of the data date; without labels."""
    newest = sorted(found, key=_age, reverse=True)
    documents = [item.document for item in newest]
    granted = [document for document in documents if stage_of(document["kind"], document["date"]) == "grant"]
    texts = granted + [document for document in documents if document not in granted] if granted else documents
    publications = _publications(newest)
    numbers = {publication["number"] for publication in publications}
    record = Patent(
        row=row,
        id=ident,
        type=documents[0]["type"],
        application_number=_first(documents, "application_number"),
        application_date=_first(documents, "application_date"),
        publications=publications,
        title=_first(documents, "title"),
        abstract=_first(texts, "abstract"),
        claims=_first(texts, "claims"),
        description=_first(texts, "description"),
        applicants=_first(documents, "applicants"),
        patentees=_first(documents, "patentees"),
        inventors=_first(documents, "inventors"),
        agency=_first(documents, "agency"),
        agents=_first(documents, "agents"),
        examiners=_first(documents, "examiners"),
        ipc=_first(documents, "ipc"),
        locarno=_first(documents, "locarno"),
        cpc=_first(documents, "cpc"),
        priorities=_first(documents, "priorities"),
        pct=_first(documents, "pct"),
        citations=_first(documents, "citations"),
        related=_related(documents, numbers),
        legal={"state": "unknown", "since": None, "because": None},
        legal_events=[],
        labels=[],
    )
    enrich(record, data_date)
    return record


def _age(item: Found) -> tuple[str, str, str]:
    document = item.document
    return document["date"] or "", document["publication"], document["produced"] or ""


def _first(documents: Iterable[Stored], name: str) -> Any:
    """The first value that says anything; else the empty one that they all have."""
    value: Any = None
    for document in documents:
        value = document[name]  # type: ignore[literal-required]
        if value:
            break
    return value


def _publications(newest: Sequence[Found]) -> list[Publication]:
    """Every publication once, oldest first, with the newest of its files as its source."""
    chosen: dict[str, Publication] = {}
    for item in newest:
        document = item.document
        chosen.setdefault(document["publication"], Publication(
            number=document["publication"], kind=document["kind"], date=document["date"],
            stage=stage_of(document["kind"], document["date"]),
            source=Source(delivery=item.delivery, archive=document["archive"], entry=document["entry"])))
    return list(chosen.values())[::-1]


def _related(documents: Iterable[Stored], delivered: set[str]) -> list[str]:
    mentioned = (number for document in documents for number in document["related"] if number not in delivered)
    return list(dict.fromkeys(mentioned))


