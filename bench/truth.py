"""Holds what was ingested against the truth file that shared/tools/make_delivery.py writes beside a delivery."""

import hashlib
import json
import re
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import sqlalchemy as sa

from ingest.packed import Stored, Unpacker
from ingest.readers.parties import WITHHELD
from ingest.records import Records
from store import documents
from store.database import Store
from store.schema import document


def norm(text: str | None) -> str:
    return " ".join((text or "").split())


def digest(text: str) -> str | None:
    return hashlib.sha256(text.encode()).hexdigest() if text else None


def stated(found: Stored) -> dict[str, Any]:
    """A stored document in the words of the truth file."""
    abstract = norm(found["abstract"])
    claims = norm("\n".join(claim["text"] for claim in found["claims"]))
    first = found["applicants"][0] if found["applicants"] else None
    address = first and first["address"]
    return {
        "pub_number": found["publication"],
        "kind": found["kind"],
        "pub_date": found["date"],
        "app_number": found["application_number"],
        "app_date": found["application_date"],
        "title": found["title"],
        "abstract_length": len(abstract),
        "abstract_sha256": digest(abstract),
        "applicants": [norm(party["name"]) for party in found["applicants"]],
        "address": f"{first['postcode']} {address}" if first and first["postcode"] and address else address,
        "postcode": first and first["postcode"],
        "province": first and first.get("province"),
        "city": first and first.get("city"),
        "county": first and first.get("county"),
        "inventors": [norm(name) for name in found["inventors"]],
        "agency": found["agency"] and found["agency"]["name"],
        "agency_code": found["agency"] and found["agency"]["code"],
        "ipc": [symbol["symbol"] for symbol in found["ipc"]],
        "locarno": found["locarno"][0] if found["locarno"] else None,
        "claims": len(found["claims"]),
        "claims_sha256": digest(claims),
    }


def check(store: Store, truth: Path) -> tuple[Counter[str], list[str]]:
    """Outcome counts, and a line for each disagreement (none is what we want)."""
    counts: Counter[str] = Counter()
    wrong: list[str] = []
    expected: dict[str, dict[str, Any]] = {}
    records: list[dict[str, Any]] = []
    for line in truth.open(encoding="utf-8"):
        row = json.loads(line)
        if "record" in row:
            records.append(row["record"])
        elif "pub_number" in row:
            expected[row["pub_number"]] = row
    for number, found in _documents(store):
        row = expected.pop(number, None)
        if row is None:
            wrong.append(f"{number}: not in the truth file")
            continue
        counts["documents"] += 1
        if row["expect"] == "reject" and "keep" not in row.get("also_ok", []):
            wrong.append(f"{number}: must be refused")
        row["inventors"] = [name for name in row["inventors"] if name not in WITHHELD]  # they are left out
        for name, value in stated(found).items():
            accepted = [row[name], *row.get("accept", {}).get(name, [])]
            if name == "locarno" and row[name]:     # `14-03(10)`, `03-01;13-02`: a record has the classes alone
                accepted += re.findall(r"\d\d-\d\d", row[name])[:1]
            if value not in accepted:
                wrong.append(f"{number}: {name} is {value!r}, not {row[name]!r}")
        if any(text in json.dumps(found, ensure_ascii=False) for text in row.get("forbidden", [])):
            wrong.append(f"{number}: holds a forbidden string")
    for number, row in expected.items():
        if row["expect"] == "reject" or "reject" in row.get("also_ok", []):
            counts["refused"] += 1
        else:
            wrong.append(f"{number}: is not there")
    doors = Records(store)
    for row in records:
        counts["pairs"] += 1
        record = doors.get(row["publications"][0])
        shown = record and {
            "app_number": record["application_number"],
            "title": record["title"],
            "publications": [publication["number"] for publication in record["publications"]],
            "applicants": [norm(party["name"]) for party in record["applicants"]],
        }
        if shown != row:
            wrong.append(f"{row['publications']}: {shown} is not {row}")
    return counts, wrong


def _documents(store: Store) -> Iterator[tuple[str, Stored]]:
    """Every publication with the newest of its files, as the record shows it where nothing else is merged."""
    with store.connect() as connection:
        unpacker = Unpacker(documents.dictionaries(connection))
        query = sa.select(document.c.publication, document.c.body).order_by(document.c.publication)
        waiting: list[Stored] = []
        last = None
        for number, body in connection.execution_options(yield_per=1000).execute(query):
            if number != last and waiting:
                yield last or "", _joined(waiting)
                waiting = []
            last = number
            waiting.append(unpacker.unpack(body))
        if waiting:
            yield last or "", _joined(waiting)


def _joined(found: list[Stored]) -> Stored:
    """Files of one publication, joined field by field as records are: the later production first."""
    ordered = sorted(found, key=lambda item: item["produced"] or "", reverse=True)
    joined = dict(ordered[0])
    for item in ordered[1:]:
        joined |= {name: value for name, value in item.items() if value and not joined[name]}
    return joined  # type: ignore[return-value]
