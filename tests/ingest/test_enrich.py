"""Enrichment: what is derived for the parties of a record, again and again the same."""

from copy import deepcopy

from ingest.enrich import enrich, enrich_party
from ingest.record import Party, Patent

PARTY = Party(name="重庆示例汽车有限公司", address="重庆市渝北区回兴街道", postcode="401120", country="CN",
              province="重庆市", city="市辖区", county="渝北区")
STRANGER = Party(name="安纳特思科", address=None, postcode=None)


def record() -> Patent:
    return Patent(
        row=1, id="CN202510298420.4", type="invention", application_number="CN202510298420.4",
        application_date="2025-03-01",
        publications=[{"number": "CN120000001A", "kind": "A", "date": "2025-09-02", "stage": "application",
                       "source": {"delivery": "d", "archive": None, "entry": "e"}}],
        title=None, abstract=None, claims=[], description=[], applicants=[deepcopy(PARTY)],
        patentees=[deepcopy(STRANGER)], inventors=[], agency=None, agents=[], examiners=[], ipc=[], locarno=[], cpc=[],
        priorities=[], pct=None, citations=[], related=[],
        legal={"state": "unknown", "since": None, "because": None}, legal_events=[], labels=[])


def test_parties_and_legal_state_are_filled_in_place() -> None:
    made = record()
    assert enrich(made, "2026-01-01") is made
    applicant, patentee = made["applicants"][0], made["patentees"][0]
    assert (applicant["kind"], applicant["region"], applicant["region_name"], applicant["region_confidence"]) == (
        "企业", "500112", "重庆市渝北区", 1.0)
    assert (applicant["region_because"], patentee["region_because"]) == ("重庆市 > 渝北区", None)
    assert (patentee["kind"], patentee["region"], patentee["region_name"], patentee["region_confidence"]) == (
        None, None, None, None)
    assert made["legal"] == {"state": "pending", "since": "2025-09-02", "because": "CN120000001A"}


def test_again_gives_the_same() -> None:
    once = enrich(record(), "2026-01-01")
    assert enrich(deepcopy(once), "2026-01-01") == once
    later = enrich(deepcopy(once), "2034-01-01")
    assert later["legal"]["state"] == "unknown"


def test_a_postcode_alone_tells_the_province() -> None:
    party = Party(name="王伟", address=None, postcode="401120")
    enrich_party(party)
    assert (party["kind"], party["region"], party["region_confidence"]) == ("个人", "500000", 0.5)
