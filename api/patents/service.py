"""One record, with its labels, by any written form of any of its numbers."""

from typing import cast

from api.patents.shapes import PartyShape, PatentAnswer
from api.services import Services
from ingest.ipc.successors import validity
from ingest.record import Party, Patent
from store.errors import NotFound

INTERNAL = ("row", "decisions")


def party(given: Party) -> PartyShape:
    """A party with exactly the keys of the interfaces: the parts of an address that a source states stay inside."""
    return {
        "name": given["name"], "kind": given.get("kind"), "address": given["address"],
        "postcode": given["postcode"], "region": given.get("region"),
        "region_name": given.get("region_name"), "region_confidence": given.get("region_confidence"),
        "region_because": given.get("region_because"),
        "known_as": given.get("known_as"), "known_as_because": given.get("known_as_because"),
    }


def public(record: Patent) -> PatentAnswer:
    """The record as users see it: every field of it, without what is internal."""
    shown = {name: value for name, value in record.items() if name not in INTERNAL}
    shown["applicants"] = [party(one) for one in record["applicants"]]
    shown["patentees"] = [party(one) for one in record["patentees"]]
    shown["ipc"] = [{**one, "validity": validity(one["symbol"])} for one in record["ipc"]]
    return cast(PatentAnswer, shown)


def held(services: Services, number: str) -> Patent:
    """The record of a number, not labelled; raises NotFound `patent_not_found` for a number that no record has."""
    record = services.records.get(number)
    if record is None:
        raise NotFound("patent_not_found", number=number)
    return record


def patent(services: Services, number: str) -> PatentAnswer:
    """The record of a number as users see it. Raises NotFound."""
    return public(services.labelled(held(services, number)))
