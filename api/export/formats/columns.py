"""The columns of table exports (CSV, XLSX): bibliography, state and labels, one record a row.

Several values of one cell are separated by `; `. Texts longer than an abstract stay in JSON Lines.
"""

from collections.abc import Callable
from typing import NamedTuple

from api.names import name_of
from api.patents.shapes import PartyShape, PatentAnswer
from store.messages import text

SEPARATOR = "; "


class Column(NamedTuple):
    code: str
    value: Callable[[PatentAnswer], str | None]

    @property
    def heading(self) -> str:
        """`申请号 application_number`: readable, and found by its API name in a program."""
        return f"{text(f'column_{self.code}')} {self.code}"


def grant_date(record: PatentAnswer) -> str | None:
    """The first date of a publication whose stage is a grant (interfaces §5)."""
    return min((one["date"] for one in record["publications"] if one["stage"] == "grant" and one["date"]), default=None)


def publication_date(record: PatentAnswer) -> str | None:
    """The latest date of a publication (interfaces §4)."""
    return max((one["date"] for one in record["publications"] if one["date"]), default=None)


def of_parties(parties: list[PartyShape], part: str) -> str:
    """One value of each party, in order; a party without it keeps its place empty, so that columns can be matched."""
    values = [party.get(part) for party in parties]
    return SEPARATOR.join(str(value or "") for value in values) if any(values) else ""


COLUMNS = (
    Column("id", lambda r: r["id"]),
    Column("type", lambda r: name_of("type", r["type"])),
    Column("title", lambda r: r["title"]),
    Column("application_number", lambda r: r["application_number"]),
    Column("application_date", lambda r: r["application_date"]),
    Column("publications", lambda r: SEPARATOR.join(one["number"] for one in r["publications"])),
    Column("publication_date", publication_date),
    Column("grant_date", grant_date),
    Column("applicants", lambda r: of_parties(r["applicants"], "name")),
    Column("applicant_kinds", lambda r: of_parties(r["applicants"], "kind")),
    Column("addresses", lambda r: of_parties(r["applicants"], "address")),
    Column("regions", lambda r: of_parties(r["applicants"], "region")),
    Column("region_names", lambda r: of_parties(r["applicants"], "region_name")),
    Column("patentees", lambda r: of_parties(r["patentees"], "name")),
    Column("inventors", lambda r: SEPARATOR.join(r["inventors"])),
    Column("agency", lambda r: (r["agency"] or {"name": ""})["name"]),
    Column("main_ipc", lambda r: r["ipc"][0]["symbol"] if r["ipc"] else None),
    Column("ipc", lambda r: SEPARATOR.join(one["symbol"] for one in r["ipc"])),
    Column("locarno", lambda r: SEPARATOR.join(r["locarno"])),
    Column("legal_state", lambda r: name_of("legal_state", r["legal"]["state"])),
    Column("legal_since", lambda r: r["legal"]["since"]),
    Column("labels", lambda r: SEPARATOR.join(f"{one['taxonomy']}/{one['node']} {one['name']}" for one in r["labels"])),
    Column("abstract", lambda r: r["abstract"]),
)
