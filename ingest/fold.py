"""The files and events of one application → its record. A pure function of both sets: order of arrival never matters.

Rules (docs/data.md, Merging): bibliographic fields come from the newest publication that fills them, texts from
the grant when there is one; of two files of one publication the later `dateProduced` wins, field by field. A
correction (A9, B8) counts as what it corrects, and being newer comes before it.
"""

from collections.abc import Callable, Iterable, Sequence
from typing import Any

from ingest.aliases import NONE, Aliases
from ingest.enrich import enrich
from ingest.numbers import stage_of
from ingest.packed import Stored
from ingest.readers.plain import HAN
from ingest.record import Event, LegalEvent, Patent, Publication, Source


class Found:
    """A stored document, the delivery that brought it, and the hash of the file's bytes."""

    __slots__ = ("delivery", "document", "hash")

    def __init__(self, document: Stored, delivery: str, digest: bytes) -> None:
        self.document = document
        self.delivery = delivery
        self.hash = digest


def fold(row: int, ident: str, found: Sequence[Found], data_date: str | None, events: Sequence[Event] = (),
         aliases: Aliases = NONE) -> Patent:
    """The record of the files of one application (at least one), enriched, as of the data date; without labels."""
    newest = newest_first(found)
    documents = [item.document for item in newest]
    # A stable sort: those of a grant and its corrections first, the newest first among them.
    texts = sorted(documents, key=lambda document: stage_of(document["kind"][0], document["date"]) != "grant")
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
        legal_events=legal_events(events) if events else [],
        labels=[],
    )
    enrich(record, data_date, aliases)
    return record


def newest_first(found: Sequence[Found]) -> list[Found]:
    """Files by the date and number of their publication, then by their production, the newest first.

    Of files produced on one day the one with a bibliography comes first; what is left to decide the bytes do, since
    neither places nor names of files mean anything.
    """
    return sorted(found, key=_age(found), reverse=True) if len(found) > 1 else list(found)


def _age(found: Sequence[Found]) -> Callable[[Found], tuple[str, str, str, bool, bytes]]:
    """The order of files in time. A correction without a date stands where what it corrects does, and after it."""
    dates: dict[str, str] = {}
    if any(item.document["date"] is None for item in found):
        for item in found:
            document = item.document
            corrected = document["publication"].removesuffix(document["kind"]) + document["kind"][0]
            dates[corrected] = max(dates.get(corrected, ""), document["date"] or "")

    def age(item: Found) -> tuple[str, str, str, bool, bytes]:
        document = item.document
        date = document["date"] or dates.get(
            document["publication"].removesuffix(document["kind"]) + document["kind"][0], ""
        )
        return date, document["publication"], document["produced"] or "", bool(document["title"]), item.hash

    return age


def _first(documents: Iterable[Stored], name: str) -> Any:
    """The first value that says anything, those that yield last; else the empty one that they all have."""
    value: Any = None
    yielding: Any = None
    for document in documents:
        value = document[name]  # type: ignore[literal-required]
        if value:
            if name not in document.get("yields", ()):
                return value
            yielding = yielding or value
    return yielding or value


def _publications(newest: Sequence[Found]) -> list[Publication]:
    """Every publication once, oldest first, with the newest of its files as its source."""
    chosen: dict[str, Publication] = {}
    for item in newest:
        document = item.document
        chosen.setdefault(
            document["publication"],
            Publication(
                number=document["publication"],
                kind=document["kind"],
                date=document["date"],
                stage=stage_of(document["kind"], document["date"]),
                source=Source(delivery=item.delivery, archive=document["archive"], entry=document["entry"]),
            ),
        )
    return list(chosen.values())[::-1]


def _related(documents: Iterable[Stored], delivered: set[str]) -> list[str]:
    mentioned = (number for document in documents for number in document["related"] if number not in delivered)
    return list(dict.fromkeys(mentioned))


def legal_events(events: Sequence[Event]) -> list[LegalEvent]:
    """Events as users see them, by date: what replaces or takes back another of the same key has done so.

    An event that a text source tells without its code is left out where the same one came with it, one that the EPO
    tells in English where the office's own of that day and code is there.
    """
    undoing = sorted((event for event in events if event["ident"] and event["action"] != "add"), key=_age_of)
    undone = {event["ident"]: _age_of(event) for event in undoing}  # by key of the source: all that came before goes
    standing = [
        event for event in events
        if event["action"] != "delete" and not (event["ident"] in undone and _age_of(event) < undone[event["ident"]])
    ]
    coded = {(event["date"], event["name"]) for event in standing if event["code"]}
    chinese = {(event["date"], event["code"]) for event in standing if event["name"] and not _is_foreign(event["name"])}
    shown = {
        (event["date"] or "", event["code"] or "", _text(event))
        for event in standing
        if (event["code"] or (event["date"], event["name"]) not in coded)
        and not (_is_foreign(event["name"]) and (event["date"], event["code"]) in chinese)
    }
    return [LegalEvent(date=date, code=code or None, text=text) for date, code, text in sorted(shown)]


def _is_foreign(name: str | None) -> bool:
    return bool(name) and not HAN.search(name or "")


_RANK = {"add": 0, "replace": 1, "delete": 2}


def _age_of(event: Event) -> tuple[str, int, str, str]:
    """Of two events of one key the greater is the newer."""
    return event["produced"] or "", _RANK[event["action"]], event["date"] or "", _text(event)


def _text(event: Event) -> str:
    return "\n".join(
        [event["name"] or "", *(f"{key}:{value}" if key else value for key, value in event["details"])]
    ).strip()
