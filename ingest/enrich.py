"""What is added to a record after its files were merged: kinds and regions of the parties, and the legal state.

Everything here is a pure function of the record and the data date; running it again gives the same record.
"""

from ingest.applicants import kind_of
from ingest.legal import derive
from ingest.record import Party, Patent
from ingest.regions import locate


def enrich(record: Patent, data_date: str | None) -> Patent:
    """Fill kind, region, region_name and region_confidence of every party and `legal`, in place; the same record.

    `data_date` (YYYY-MM-DD) is the newest publication or event in the store; None = in this record.
    """
    for party in record["applicants"]:
        enrich_party(party)
    for party in record["patentees"]:
        enrich_party(party)
    record["legal"] = derive(record, data_date)
    return record


def enrich_party(party: Party) -> None:
    """Fill the derived fields of one applicant or patentee, in place."""
    region = locate(party["address"], party.get("province"), party.get("city"), party.get("county"),
                    party["postcode"], party.get("country"))
    party["kind"] = kind_of(party["name"])
    party["region"], party["region_name"], party["region_confidence"] = region[:3]
