"""Records made by hand for the tests of this room; real ones are the fixture `records`."""

from typing import Any

from ingest.record import Patent


def patent(**given: Any) -> Patent:
    """A record with the given fields; everything else is empty."""
    record: dict[str, Any] = {
        "row": 1, "id": "CN201010298420.4", "type": "invention", "application_number": "CN201010298420.4",
        "application_date": "2010-09-25", "publications": [], "title": None, "abstract": None, "claims": [],
        "description": [], "applicants": [], "patentees": [], "inventors": [], "agency": None, "agents": [],
        "examiners": [], "ipc": [], "locarno": [], "cpc": [], "priorities": [], "pct": None, "citations": [],
        "related": [], "legal": {"state": "pending", "since": None, "because": None}, "legal_events": [], "labels": [],
    }
    unknown = given.keys() - record.keys()
    assert not unknown, f"no fields of a record: {unknown}"
    return record | given      # type: ignore[return-value]


def publication(number: str, date: str | None, stage: str) -> dict[str, Any]:
    return {"number": number, "kind": number.lstrip("CN0123456789"), "date": date, "stage": stage,
            "source": {"delivery": "test", "archive": None, "entry": "1.xml"}}


def party(name: str, **given: Any) -> dict[str, Any]:
    return {"name": name, "address": None, "postcode": None} | given

