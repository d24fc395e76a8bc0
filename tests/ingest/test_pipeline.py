"""An ingest from paths to records: counts, ledger, quarantine, merging, repetition and interruption."""

import itertools
import random
from collections.abc import Mapping
from pathlib import Path

import pytest
from filelock import FileLock

from ingest.counts import IngestReport
from ingest.pipeline import ingest
from ingest.readers import business
from ingest.readers.elements import Element, Warn
from ingest.record import Document, Patent
from ingest.records import Records
from store import deliveries, documents, outbox
from store.database import open_store
from store.errors import Refused
from store.settings import Settings, load
from tests.ingest import made


@pytest.fixture
def settings(node: Settings) -> Settings:
    return node


def take_in(settings: Settings, folder: Path, entries: Mapping[str, str | bytes], name: str = "1.ZIP") -> IngestReport:
    return ingest(settings, [made.delivery(folder, entries, name)], workers=1)


def records(settings: Settings) -> list[Patent]:
    with open_store(settings) as store:
        return list(Records(store).stream())


def pending(settings: Settings) -> int:
    with open_store(settings) as store, store.connect() as connection:
        return outbox.pending(connection)


def without_source(record: Patent) -> dict[str, object]:
    return {**record, "row": 0, "publications": [publication["number"] for publication in record["publications"]]}


A = made.document(
    "199000001", "A", "20200103", title="一种装置（公布）", claims=("1.一种装置。",), abstract="公布摘要。"
)
B = made.document(
    "199000001",
    "B",
    "20220103",
    title="一种装置（授权）",
    claims=("1.一种装置，更好。",),
    abstract="",
    applicants=("示例有限公司", "示例大学"),
)


def test_counts_add_up(settings: Settings, tmp_path: Path) -> None:
    report = take_in(
        settings,
        tmp_path / "d",
        {
            "a.XML": A,
            "b.XML": B,
            "again.XML": A.replace("20200101", "20200201"),
            "bad.XML": A[:500],
            "us.XML": made.document("5123456", country="US"),
            "x.JPG": b"",
            "x-INDEX-001.TXT": b"",
        },
    )
    assert report["files"] == 1
    assert (report["documents"], report["kept"], report["unchanged"], report["merged"]) == (2, 2, 0, 1)
    assert report["rejected"] == {"xml_invalid": 1, "foreign_office": 1}
    assert report["skipped"] == {"image": 1, "index": 1}
    assert report["entries"] == report["documents"] + report["merged"] + sum(report["rejected"].values()) == 5


def test_publications_of_one_application_are_one_record(settings: Settings, tmp_path: Path) -> None:
    take_in(settings, tmp_path / "d", {"a.XML": A, "b.XML": B})
    (record,) = records(settings)
    assert record["id"] == "CN201899000001.5"
    assert [publication["number"] for publication in record["publications"]] == ["CN199000001A", "CN199000001B"]
    assert [publication["stage"] for publication in record["publications"]] == ["application", "grant"]
    assert record["title"] == "一种装置（授权）", "bibliographic data from the newest publication"
    assert [party["name"] for party in record["applicants"]] == ["示例有限公司", "示例大学"]
    assert record["claims"] == [{"number": 1, "text": "1.一种装置，更好。"}], "text from the grant"
    assert record["abstract"] == "公布摘要。", "what the grant leaves empty comes from the application"
    assert record["publications"][0]["source"] == {"delivery": "d", "archive": "1.ZIP", "entry": "a.XML"}


FILES = {
    "a.XML": A,
    "b.XML": B,
    "a-later.XML": made.document("199000001", "A", "20200103", title="一种装置（更正）", produced="20200401"),
    "unknown-application.XML": made.document("199000002", "A", "20200103", application=""),
    "its-application.XML": made.document("199000002", "B", "20210103", application="201899000002"),
    "both.XML": made.document("199000002", "A", "20200103", application="201899000002", produced="20200501"),
}


def test_the_order_of_files_does_not_matter(tmp_path: Path) -> None:
    """Every order of single deliveries ends with the same records."""
    found = set()
    for number, order in enumerate(itertools.permutations(FILES)):
        if number % 24:
            continue  # 30 of the 720 orders
        settings = load({"ZHUANTI_HOME": str(tmp_path / f"home{number}")})
        for place, name in enumerate(order):
            take_in(settings, tmp_path / f"d{number}" / str(place), {name: FILES[name]})
        found.add(
            repr(sorted((without_source(record) for record in records(settings)), key=lambda record: str(record["id"])))
        )
    assert len(found) == 1
    assert "（授权）" in found.pop()


def test_a_record_keeps_its_row_and_its_old_id(settings: Settings, tmp_path: Path) -> None:
    take_in(settings, tmp_path / "1", {"u.XML": FILES["unknown-application.XML"]})
    (before,) = records(settings)
    assert before["id"] == "CN199000002A"
    take_in(settings, tmp_path / "2", {"b.XML": FILES["both.XML"]})
    (after,) = records(settings)
    assert (after["row"], after["id"]) == (before["row"], "CN201899000002.X")
    with open_store(settings) as store:
        again = Records(store).get("CN199000002A")
    assert again is not None and again["row"] == before["row"]


def test_two_records_that_turn_out_to_be_one(settings: Settings, tmp_path: Path) -> None:
    take_in(settings, tmp_path / "1", {"u.XML": FILES["unknown-application.XML"]})
    take_in(settings, tmp_path / "2", {"i.XML": FILES["its-application.XML"]})
    assert len(records(settings)) == 2
    take_in(settings, tmp_path / "3", {"b.XML": FILES["both.XML"]})
    (record,) = records(settings)
    assert [publication["number"] for publication in record["publications"]] == ["CN199000002A", "CN199000002B"]


@pytest.mark.parametrize(
    "number",
    [
        "CN201899000001.5",
        "201899000001.5",
        "201899000001",
        "ZL 2018 9 9000001.5".replace("9 9000001", "99000001"),
        "CN199000001B",
        "CN199000001",
        "199000001",
        "cn199000001a",
        "ＣＮ199000001Ａ",
        "2018990000015",
    ],
)
def test_any_written_form_of_any_number(settings: Settings, tmp_path: Path, number: str) -> None:
    take_in(settings, tmp_path / "d", {"a.XML": A, "b.XML": B})
    with open_store(settings) as store:
        record = Records(store).get(number)
        assert Records(store).get("CN199999999B") is None
        assert Records(store).get("nonsense") is None
    assert record is not None and record["id"] == "CN201899000001.5"


def test_the_same_delivery_again_changes_nothing(settings: Settings, tmp_path: Path) -> None:
    entries = {"a.XML": A, "b.XML": B, "bad.XML": "<", "x.JPG": b""}
    first = take_in(settings, tmp_path / "d", entries)
    with open_store(settings) as store, store.begin() as connection:
        before = deliveries.rejects(connection)
        outbox.clear(connection, [seq for seq, _ in outbox.take(connection, 100)])
    again = take_in(settings, tmp_path / "d", entries)
    assert (again["kept"], again["unchanged"]) == (0, first["documents"])
    assert {name: again[name] for name in ("files", "entries", "documents", "merged", "rejected", "skipped")} == {
        name: first[name] for name in ("files", "entries", "documents", "merged", "rejected", "skipped")
    }
    renamed = take_in(settings, tmp_path / "elsewhere", entries, "2.ZIP")
    assert (renamed["kept"], renamed["unchanged"]) == (0, first["documents"]), "a file is known by its content"
    with open_store(settings) as store, store.connect() as connection:
        assert deliveries.rejects(connection) == before
        assert [entry["name"] for entry in deliveries.ledger(connection)] == ["elsewhere", "d"]
    assert pending(settings) == 0, "nothing for the index to do"


def test_an_interrupted_run_is_taken_up(settings: Settings, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The store breaks down in the middle; what was committed stays, the next run ends as if nothing had happened."""
    entries = {f"{i:04}.XML": made.document(f"1990{i:05}", application=f"20189900{i:04}") for i in range(900)}
    entries["bad.XML"] = "<"
    genuine, calls = documents.add, iter(range(100))

    def failing(*arguments: object) -> list[bool]:
        if next(calls) == 2:
            raise KeyboardInterrupt
        return genuine(*arguments)  # type: ignore[arg-type]

    monkeypatch.setattr(documents, "add", failing)
    with pytest.raises(KeyboardInterrupt):
        take_in(settings, tmp_path / "d", entries)
    monkeypatch.setattr(documents, "add", genuine)
    assert len(records(settings)) == 800
    assert pending(settings) == 800, "the outbox was committed with the records"
    report = take_in(settings, tmp_path / "d", entries)
    assert (report["documents"], report["kept"], report["unchanged"]) == (900, 100, 800)
    assert len(records(settings)) == 900
    with open_store(settings) as store, store.connect() as connection:
        assert len(deliveries.rejects(connection)) == 1
        assert deliveries.ledger(connection)[0]["reading"] == 0


def test_quarantine_says_where_and_why(settings: Settings, tmp_path: Path) -> None:
    broken = "<PatentDocumentAndRelated>\n<b></PatentDocumentAndRelated>"
    take_in(settings, tmp_path / "d", {"1/x/x.XML": broken, "ok.XML": A}, "part/../1.ZIP".rpartition("/")[2])
    with open_store(settings) as store, store.connect() as connection:
        (found,) = deliveries.rejects(connection, "xml_invalid")
        assert deliveries.rejects(connection, "empty_file") == []
        assert deliveries.reject_counts(connection) == {"xml_invalid": 1}
    assert (found["delivery"], found["archive"], found["entry"], found["line"]) == ("d", "1.ZIP", "1/x/x.XML", 2)


def test_a_fault_of_a_reader_costs_only_its_file(
        settings: Settings, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    genuine = business.read

    def failing(root: Element, warn: Warn) -> Document:
        if root.get("docNumber") == "199000002":
            raise ValueError("nobody thought of this")
        return genuine(root, warn)

    monkeypatch.setattr(business, "read", failing)
    entries = {f"{n}.XML": made.document(f"19900000{n}", application="") for n in (1, 2, 3)}
    report = take_in(settings, tmp_path / "d", entries)
    assert (report["documents"], report["rejected"]) == (2, {"reader_failed": 1})
    with open_store(settings) as store, store.connect() as connection:
        (refused,) = deliveries.rejects(connection)
    assert (refused["entry"], refused["detail"]) == ("2.XML", "ValueError: nobody thought of this")


def test_names_and_numbers_without_end_break_no_store(settings: Settings, tmp_path: Path) -> None:
    """An index of PostgreSQL takes 2,700 bytes, and its texts no null character."""
    dice = random.Random(4)
    name, other, number = ("".join(chr(dice.randint(0x4E00, 0x9FA5)) for _ in range(3_000)) for _ in range(3))
    entries = {
        f"{name}.XML": A,
        f"{other}1.XML": "<",
        f"{other}2.XML": "<",
        "3.XML": made.document(number, "A"),
        "4.XML": made.document("199000004", "A", application=number),
        "5.XML": made.document("199000005", "A", country=f"CN{number}"),
        "6.JSON": '{"publication_number": "CN-1990\\u00000006-A"}',
    }
    report = take_in(settings, tmp_path / "d", entries)
    assert (report["documents"], report["rejected"]) == (2, {"xml_invalid": 2, "no_publication_number": 3})
    with open_store(settings) as store, store.connect() as connection:
        refused = [one["entry"] for one in deliveries.rejects(connection, "xml_invalid")]
    assert len(set(refused)) == 2 and all(entry.startswith(other[:300]) for entry in refused)


def test_a_dry_run_without_a_store_leaves_none(tmp_path: Path) -> None:
    settings = load({"ZHUANTI_HOME": str(tmp_path / "home")})
    folder = made.delivery(tmp_path / "d", {"a.XML": A})
    assert ingest(settings, [folder], workers=1, dry_run=True)["kept"] == 1
    assert not settings.home.exists()


def test_dry_run_writes_nothing(settings: Settings, tmp_path: Path) -> None:
    folder = made.delivery(tmp_path / "d", {"a.XML": A, "bad.XML": "<"})
    report = ingest(settings, [folder], workers=1, dry_run=True)
    assert (report["documents"], report["kept"], report["rejected"]) == (1, 1, {"xml_invalid": 1})
    assert records(settings) == []
    with open_store(settings) as store, store.connect() as connection:
        assert deliveries.ledger(connection) == []


def test_a_second_ingest_at_the_same_time_is_refused(tmp_path: Path) -> None:
    """On SQLite; on PostgreSQL they take turns (test_several_machines)."""
    settings = load({"ZHUANTI_HOME": str(tmp_path / "home")})
    settings.home.mkdir()
    with FileLock(settings.home / "ingest.lock"), pytest.raises(Refused) as caught:
        take_in(settings, tmp_path / "d", {"a.XML": A})
    assert caught.value.code == "ingest_running"
    assert take_in(settings, tmp_path / "d", {"a.XML": A})["kept"] == 1


def test_worker_processes_bring_the_same(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("ingest.pipeline._INLINE_BELOW", 0)
    entries = {f"{i:04}.XML": made.document(f"1990{i:05}", application=f"20189900{i:04}") for i in range(1_300)}
    found = []
    for workers in (1, 2):
        settings = load({"ZHUANTI_HOME": str(tmp_path / f"home{workers}")})
        report = ingest(settings, [made.delivery(tmp_path / f"d{workers}" / "d", entries)], workers=workers)
        assert report["kept"] == 1_300
        found.append(records(settings))
    assert found[0] == found[1], "rows included"
