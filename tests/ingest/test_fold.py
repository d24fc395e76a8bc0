"""How the files of one application become one record: corrections, other languages, split and doubtful files."""

import itertools
from hashlib import blake2b
from typing import Any

from ingest.enrich import enrich
from ingest.fold import Found, fold
from ingest.packed import Stored
from ingest.readers import business
from ingest.readers.xml import parse
from ingest.record import Patent
from tests.ingest import made


def file(text: str, entry: str = "x.XML", **changed: Any) -> Found:
    """A file as it lies in the store, with some fields changed."""
    document = {**business.read(parse(text.encode(), lambda _: None), lambda _: None), **changed}
    return Found(Stored(**document, archive=None, entry=entry), "d", blake2b(repr(document).encode()).digest())  # type: ignore[typeddict-item]


def folded(*found: Found) -> Patent:
    """The record, the same in every order."""
    records = [fold(1, "x", order, "2024-01-01") for order in itertools.permutations(found)]
    assert all(record == records[0] for record in records)
    return records[0]


def stages(record: Patent) -> list[tuple[str, str]]:
    return [(publication["number"], publication["stage"]) for publication in record["publications"]]


A = file(made.document(date="20200103", title="公布", claims=("1.公布。",), abstract="公布摘要。"))
A9 = file(made.document(kind="A9", date="20200703", title="公布更正", claims=("1.公布更正。",), abstract=""))
B = file(made.document(kind="B", date="20220103", title="授权", claims=("1.授权。",), abstract=""))
B8 = file(made.document(kind="B8", date="20220503", title="授权更正", abstract="", applicants=("更正有限公司",)))
B9 = file(made.document(kind="B9", date="20220703", title="", claims=("1.授权更正。",), abstract=""))


def test_a_correction_of_an_application_replaces_its_texts_and_yields_to_the_grant() -> None:
    record = folded(A, A9)
    assert stages(record) == [("CN199000001A", "application"), ("CN199000001A9", "correction")]
    assert (record["title"], record["claims"][0]["text"], record["abstract"]) == (
        "公布更正",
        "1.公布更正。",
        "公布摘要。",
    )
    assert folded(A, A9, B)["claims"][0]["text"] == "1.授权。"
    late = file(made.document(kind="A9", date="20230103", claims=("1.公布更正。",)))
    assert folded(A, late, B)["claims"][0]["text"] == "1.授权。", "texts from the grant, even before a later A9"


def test_a_correction_of_a_grant_counts_as_the_grant() -> None:
    record = folded(A, B, B8, B9)
    assert stages(record)[2:] == [("CN199000001B8", "correction"), ("CN199000001B9", "correction")]
    assert record["claims"][0]["text"] == "1.授权更正。"
    assert record["title"] == "授权更正", "B9 says nothing of the title, B8 is the newest that does"
    assert record["applicants"][0]["name"] == "示例有限公司", (
        "B9 states its applicants, which are newer than those of B8"
    )
    assert folded(A, B, B8)["applicants"][0]["name"] == "更正有限公司"
    assert record["legal"] == {"state": "in_force", "since": "2022-01-03", "because": "CN199000001B"}, (
        "granted on the day of B"
    )
    only = folded(A, B9)
    assert only["claims"][0]["text"] == "1.授权更正。"
    assert only["legal"] == {"state": "in_force", "since": None, "because": "CN199000001B9"}


def test_corrections_of_utility_models() -> None:
    u = file(made.document("299000001", "U", "20200103", title="旧", application="201829900001"))
    for kind in ("U8", "U9", "Y8"):
        corrected = file(made.document("299000001", kind, "20200603", title="新", application="201829900001"))
        record = folded(u, corrected)
        assert (record["title"], stages(record)[1][1], record["type"]) == ("新", "correction", "utility_model")


def test_a_correction_without_a_date_comes_after_what_it_corrects() -> None:
    undated = file(made.document(kind="A9", date="00000000", title="公布更正"))
    assert folded(A, undated)["title"] == "公布更正"
    assert folded(A, undated, B)["title"] == "授权"


def test_of_two_files_of_a_publication_the_later_production_wins_field_by_field() -> None:
    early = file(made.document(title="早", abstract="摘要。", produced="20200101"), "1.XML")
    late = file(made.document(title="晚", abstract="", produced="20200601"), "2.XML")
    record = folded(early, late)
    assert (record["title"], record["abstract"]) == ("晚", "摘要。")
    assert [publication["source"]["entry"] for publication in record["publications"]] == ["2.XML"]


def test_another_language_fills_gaps_only() -> None:
    english = file(
        made.document(kind="B", date="20220103", title="Example", abstract="Example abstract."),
        yields=["title", "abstract"],
    )
    assert folded(english)["title"] == "Example"
    record = folded(A, english)
    assert (record["title"], record["abstract"]) == ("公布", "公布摘要。")
    untitled = file(made.document(title="", abstract=""))
    assert folded(untitled, english)["title"] == "Example"


def test_a_patent_split_into_files_is_put_together() -> None:
    """Documents of the 1980s: the claims and the description in files of their own, without bibliography."""
    root = made.document("85100312", "A", "19870204", application="85100312", claims=("1.一种装置。",))
    start, _, rest = root.partition("<business:BibliographicData>")
    claims = start + rest.partition("</business:BibliographicData>")[2].replace("本发明公开了一种示例装置。", "")
    bibliography = made.document("85100312", "A", "19870204", application="85100312")
    record = folded(file(bibliography, "FUL.XML"), file(claims, "CLA.XML", application_number=None))
    assert record["claims"] == [{"number": 1, "text": "1.一种装置。"}]
    assert (record["title"], len(record["publications"])) == ("一种示例装置", 1)


def test_a_declassified_patent_is_a_grant_of_its_own_date() -> None:
    """Its number is of 2016, its date of 2008: out of step, and right."""
    record = folded(file(made.document("105990001", "B", "20080103", application="200610099001")))
    assert stages(record) == [("CN105990001B", "grant")]
    assert record["legal"] == {"state": "in_force", "since": "2008-01-03", "because": "CN105990001B"}
    assert record["application_number"] == "CN200610099001.1"


def test_enriching_again_changes_nothing() -> None:
    record = folded(A, B)
    assert enrich(dict(record), "2024-01-01") == record  # type: ignore[arg-type]
