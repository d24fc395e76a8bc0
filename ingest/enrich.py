"""What is added to a record after its files were merged: kinds, regions and names of the parties, and the legal state.

Everything here is a pure function of the record, the data date and the node's file of former names; running it again
gives the same record.
"""

from ingest.aliases import NONE, Aliases
from ingest.applicants import kind_of, tidy_name
from ingest.legal import derive
from ingest.record import Party, Patent
from ingest.regions import locate


def enrich(record: Patent, data_date: str | None, aliases: Aliases = NONE) -> Patent:
    """Fill the derived fields of every party and `legal`, in place; the same record.

    `data_date` (YYYY-MM-DD) is the newest publication or event in the store; None = in this record.
    """
    for party in record["applicants"]:
        enrich_party(party, aliases)
    for party in record["patentees"]:
        enrich_party(party, aliases)
    record["legal"] = derive(record, data_date)
    return record


def enrich_party(party: Party, aliases: Aliases = NONE) -> None:
    """Fill the derived fields of one applicant or patentee, in place."""
    region = locate(party["address"], party.get("province"), party.get("city"), party.get("county"),
                    party["postcode"], party.get("country"))
    party["kind"] = kind_of(party["name"])
    party["region"], party["region_name"], party["region_confidence"] = region[:3]
    party["region_because"] = region.evidence or None
    party["known_as"], party["known_as_because"] = _known_as(party["name"], aliases)


def _known_as(name: str, aliases: Aliases) -> tuple[str | None, str | None]:
    """The name under which an applicant is counted, where it is not the published one, and the evidence."""
    alias = aliases.of(name)
    if alias:
        return alias.current, " ".join(filter(None, (f"{alias.former} → {alias.current}", alias.since, alias.source)))
    usual = tidy_name(name)
    return (None, None) if usual == name else (usual, "spelling")
