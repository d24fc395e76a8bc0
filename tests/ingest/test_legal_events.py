"""Legal events from file to record: joined whichever comes first, replaced, taken back, counted, what they decide."""

import itertools
from collections.abc import Mapping
from pathlib import Path

import pytest

from ingest.counts import IngestReport
from ingest.pipeline import ingest
from ingest.readers.information import details
from ingest.record import Patent
from ingest.records import Records
from store import documents, outbox
from store.database import open_store
from store.settings import Settings, load
from store.totals import totals
from tests.ingest import made
from tests.ingest.made_events import record, status

GRANT = made.document("199000001", "B", "20200103")
END = record(information="未缴年费专利权终止\n终止日期:20200601")


@pytest.fixture
def settings(node: Settings) -> Settings:
    return node


def take_in(settings: Settings, folder: Path, entries: Mapping[str, str | bytes]) -> IngestReport:
    return ingest(settings, [made.delivery(folder, entries)], workers=1)


def the_record(settings: Settings) -> Patent:
    with open_store(settings) as store:
        (found,) = Records(store).stream()
    return found


def test_events_and_documents_come_in_any_order(tmp_path: Path) -> None:
    found = []
    for number, order in enumerate(itertools.permutations((("b.XML", GRANT), ("e.XML", status(END))))):
        settings = load({"ZHUANTI_HOME": str(tmp_path / f"home{number}")})
        for place, (name, text) in enumerate(order):
            take_in(settings, tmp_path / str(number) / str(place), {name: text})
        made_record = the_record(settings)
        found.append((made_record["legal"], made_record["legal_events"]))
    assert (
        found[0]
        == found[1]
        == (
            {"state": "lapsed", "since": "2020-06-01", "because": "CF01"},
            [{"date": "2021-01-05", "code": "CF01", "text": "专利权的终止\n未缴年费专利权终止\n终止日期:20200601"}],
        )
    )


def test_an_event_of_an_unknown_number_makes_no_record(settings: Settings, tmp_path: Path) -> None:
    report = take_in(settings, tmp_path / "1", {"e.XML": status(END)})
    assert report["events"] == {"new": 1, "known": 0}
    assert (report["entries"], report["documents"]) == (0, 0)
    with open_store(settings) as store, store.connect() as connection:
        assert totals(connection)["records"] == 0
        assert totals(connection)["data_date"] == documents.data_date(connection) == "2021-01-05", (
            "the data date counts events"
        )
        assert outbox.pending(connection) == 0
    take_in(settings, tmp_path / "2", {"b.XML": GRANT})
    assert the_record(settings)["legal"]["state"] == "lapsed"


def test_an_arriving_event_marks_its_record(settings: Settings, tmp_path: Path) -> None:
    take_in(
        settings, tmp_path / "1", {"b.XML": GRANT, "other.XML": made.document("199000002", application="201899000002")}
    )
    with open_store(settings) as store, store.begin() as connection:
        outbox.clear(connection, [seq for seq, _ in outbox.take(connection, 100)])
    take_in(settings, tmp_path / "2", {"e.XML": status(END)})
    with open_store(settings) as store, store.connect() as connection:
        row = Records(store).row_of("201899000001.5")
        assert {marked for _, marked in outbox.take(connection, 100)} == {row}


def test_the_same_event_again_is_known(settings: Settings, tmp_path: Path) -> None:
    first = take_in(settings, tmp_path / "1", {"b.XML": GRANT, "e.XML": status(END, END, produced="20210106")})
    assert first["events"] == {"new": 1, "known": 1}
    later = take_in(
        settings, tmp_path / "2", {"e.XML": status(END, record(code="PP01", name="专利权的保全"), produced="20210113")}
    )
    assert later["events"] == {"new": 1, "known": 1}
    again = take_in(settings, tmp_path / "3", {"b.XML": GRANT, "e.XML": status(END, END, produced="20210106")})
    assert again["events"] == {"new": 0, "known": 2}
    assert [event["code"] for event in the_record(settings)["legal_events"]] == ["CF01", "PP01"]


def test_a_bad_event_is_one_refusal_and_its_neighbours_are_kept(settings: Settings, tmp_path: Path) -> None:
    broken = END.replace("</business:PRSCode>", "")
    report = take_in(
        settings,
        tmp_path / "1",
        {
            "b.XML": GRANT,
            "e.XML": status(
                END,
                record(application="nonsense"),
                broken,
                record(date=""),
                record(code="", name=""),
                record(code="PD01", name=""),
            ),
        },
    )
    assert report["rejected"] == {"no_application_number": 1, "xml_invalid": 1, "no_event_date": 1, "no_event_code": 1}
    assert report["entries"] == report["documents"] + report["merged"] + sum(report["rejected"].values()) == 5
    assert [event["code"] for event in the_record(settings)["legal_events"]] == ["CF01", "PD01"]


def test_a_file_that_is_cut_off_gives_what_it_has(settings: Settings, tmp_path: Path) -> None:
    text = status(END, record(code="PD01", name=""))
    report = take_in(settings, tmp_path / "1", {"b.XML": GRANT, "e.XML": text[: text.rindex("<business:PRSCode>") + 3]})
    assert report["events"] == {"new": 1, "known": 0}
    assert report["rejected"] == {"xml_invalid": 1}


@pytest.mark.parametrize(
    ("files", "codes"),
    [
        pytest.param(
            [
                status(record(code="TR01", name="", ident="7"), produced="20210106"),
                status(record(code="CP01", name="", ident="7", status="R"), produced="20210113"),
            ],
            ["CP01"],
            id="replaced",
        ),
        pytest.param(
            [
                status(record(code="TR01", name="", ident="7")),
                status(record(code="CP01", name="", ident="7", status="replace", date="20201231")),
            ],
            ["CP01"],
            id="replaced, no dates of production",
        ),
        pytest.param(
            [
                status(record(code="TR01", name="", ident="7")),
                status(record(code="", name="", date="", ident="7", status="删除")),
            ],
            [],
            id="taken back",
        ),
        pytest.param(
            [
                status(record(code="TR01", name="", ident="7"), produced="20210106"),
                status(record(code="TR01", name="", ident="7", status="D"), produced="20210113"),
                status(record(code="CP01", name="", ident="7"), produced="20210120"),
            ],
            ["CP01"],
            id="taken back, then told anew",
        ),
        pytest.param(
            [
                status(record(code="TR01", name="", ident="7")),
                status(record(code="CP01", name="", ident="7", status="C")),
            ],
            ["CP01", "TR01"],
            id="the same key alone replaces nothing",
        ),
        pytest.param(
            [
                status(record(code="TR01", name="", ident="7")),
                status(record(code="CP01", name="", ident="8", status="D")),
            ],
            ["TR01"],
            id="another key",
        ),
        pytest.param(
            [status(record(code="TR01", name="")), status(record(code="CP01", name="", status="D"))],
            ["TR01"],
            id="no key",
        ),
    ],
)
def test_replacing_and_taking_back(tmp_path: Path, files: list[str], codes: list[str]) -> None:
    for number, order in enumerate(itertools.permutations(files)):
        settings = load({"ZHUANTI_HOME": str(tmp_path / f"home{number}")})
        take_in(settings, tmp_path / f"{number}/b", {"b.XML": GRANT})
        for place, text in enumerate(order):
            take_in(settings, tmp_path / f"{number}/{place}", {"e.XML": text})
        assert [event["code"] for event in the_record(settings)["legal_events"]] == codes


def test_an_event_told_by_two_formats_is_listed_once(settings: Settings, tmp_path: Path) -> None:
    text = (
        "<REC>\n<申请号>=CN201899000001.5\n<法律状态公告日>=2021.01.05\n"
        "<法律状态>=专利权的终止\n<法律状态信息>=终止日期:20200601\n"
    )
    take_in(settings, tmp_path / "1", {"b.XML": GRANT, "e.trs": text.encode("gb18030")})
    alone = the_record(settings)
    assert alone["legal"] == {"state": "lapsed", "since": "2020-06-01", "because": "专利权的终止"}, (
        "its name, for want of a code"
    )
    assert alone["legal_events"][0]["code"] is None
    take_in(settings, tmp_path / "2", {"e.XML": status(END)})
    assert [event["code"] for event in the_record(settings)["legal_events"]] == ["CF01"]


@pytest.mark.parametrize(
    ("events", "state", "because"),
    [
        ([record(code="RJ01", name="发明专利申请公布后的驳回")], "lapsed", "RJ01"),
        ([record(code="WD01", name="发明专利申请公布后的视为撤回")], "lapsed", "WD01"),
        (
            [record(code="IP01", name="专利权的无效、部分无效宣告", information="审查结论:宣告专利权部分无效")],
            "in_force",
            "CN199000001B",
        ),
        (
            [record(code="IW01", name="专利权的无效、部分无效宣告", information="审查结论:宣告专利权全部无效")],
            "lapsed",
            "IW01",
        ),
        ([record(code="AV01", name="专利权的主动放弃", information="放弃生效日:20201201")], "lapsed", "AV01"),
        (
            [END, record(date="20210302", code="RR01", name="专利权的恢复", information="原决定名称:专利权的终止")],
            "in_force",
            "RR01",
        ),
        ([record(code="TR01", name="专利权的转移", information="登记生效日:20201201")], "in_force", "CN199000001B"),
    ],
)
def test_what_events_decide(settings: Settings, tmp_path: Path, events: list[str], state: str, because: str) -> None:
    take_in(settings, tmp_path / "1", {"b.XML": GRANT, "e.XML": status(*events)})
    legal = the_record(settings)["legal"]
    assert (legal["state"], legal["because"]) == (state, because)


def test_a_dry_run_counts_events(settings: Settings, tmp_path: Path) -> None:
    report = ingest(settings, [made.delivery(tmp_path / "1", {"e.XML": status(END, END)})], workers=1, dry_run=True)
    assert report["events"] == {"new": 1, "known": 1}
    assert take_in(settings, tmp_path / "2", {"e.XML": status(END)})["events"] == {"new": 1, "known": 0}


def test_the_information_of_a_real_event(shared: Path) -> None:
    name, pairs = details(
        (shared / "samples/xml/donaldjohn__mySQLDebugFiles/prs_information_example.txt").read_text("utf-8")
    )
    assert name == "专利权人的姓名或者名称、地址的变更"
    assert [key for key, _ in pairs] == ["主分类号", "变更事项", "变更前", "变更后", "变更事项", "变更前", "变更后"]
    assert pairs[5][1].startswith("518000 广东省")


def test_events_of_the_epo_decide_and_yield_to_the_offices_own(settings: Settings, tmp_path: Path) -> None:
    answer = (Path(__file__).parent / "golden/ops_legal.xml").read_text("utf-8")
    take_in(settings, tmp_path / "ops", {"b.XML": GRANT, "answer.xml": answer})
    found = the_record(settings)
    assert [event["code"] for event in found["legal_events"]] == ["GR01", "CF01"]
    assert found["legal"] == {"state": "lapsed", "since": "2024-01-05", "because": "CF01"}
    own = record(code="CF01", name="专利权的终止", date="20240105", information="未缴年费专利权终止\n终止日期:20230601")
    take_in(settings, tmp_path / "own", {"own.XML": status(own)})
    found = the_record(settings)
    assert [event["text"].partition("\n")[0] for event in found["legal_events"]] == ["PATENT GRANT", "专利权的终止"]
    assert found["legal"]["since"] == "2023-06-01"
