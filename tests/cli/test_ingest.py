"""`ingest`, `rejects`, `reindex`: counts, exit codes, and what a bad input is answered with."""

from pathlib import Path

import pytest
from filelock import FileLock

from store.database import open_store
from store.settings import load
from tests.cli.conftest import Run
from tests.ingest import made, made_events

COUNTS = {"files", "entries", "documents", "kept", "unchanged", "merged", "rejected", "skipped", "warnings", "seconds"}


@pytest.fixture
def delivery(tmp_path: Path) -> Path:
    return made.delivery(tmp_path / "delivery", {"a.XML": made.document(title="一种石墨烯电池")})


def test_ingest_search_again(run: Run, delivery: Path) -> None:
    first = run("ingest", delivery, "--workers", "1", "--json")
    assert first.code == 0 and set(first.json()) >= COUNTS
    assert first.json()["kept"] == 1
    assert run("search", "石墨烯", "--json").json()["total"] == 1
    again = run("ingest", delivery, "--workers", "1", "--json")
    assert (again.json()["kept"], again.json()["unchanged"]) == (0, 1)


def test_dry_run_writes_nothing(run: Run, delivery: Path) -> None:
    assert run("ingest", delivery, "--workers", "1", "--dry-run", "--json").json()["documents"] == 1
    assert run("status", "--json").json()["records"] == 0


def test_no_index_leaves_it_pending(run: Run, delivery: Path) -> None:
    run("ingest", delivery, "--workers", "1", "--no-index", "--json")
    assert run("status", "--json").json()["index"]["pending"] == 1
    report = run("reindex", "--json")
    assert report.code == 0 and set(report.json()) == {"identity", "records", "seconds"}
    assert report.json()["records"] == 1
    assert run("status", "--json").json()["index"]["pending"] == 0


def test_rejected_input_is_exit_code_one_and_listed(run: Run, tmp_path: Path) -> None:
    folder = made.delivery(tmp_path / "d", {"a.XML": made.document(), "us.XML": made.document("5123456", country="US")})
    ran = run("ingest", folder, "--workers", "1", "--json")
    assert (ran.code, ran.json()["rejected"]) == (1, {"foreign_office": 1})
    assert "zhuanti rejects" in ran.err
    listed = run("rejects", "--code", "foreign_office", "--json").json()
    assert [(one["code"], one["delivery"], one["entry"]) for one in listed] == [("foreign_office", "d", "us.XML")]
    assert listed[0]["message"]
    assert run("rejects", "--code", "other", "--json").json() == []


def test_what_is_no_delivery(run: Run, tmp_path: Path) -> None:
    (tmp_path / "empty").mkdir()
    (tmp_path / "notes.pdf").write_text("not a delivery")
    for name in ("missing", "empty", "notes.pdf"):
        ran = run("ingest", tmp_path / name, "--workers", "1", "--json")
        assert ran.code == 2, name
        assert ran.json()["message"] and ran.json()["message_en"]
    assert run("status", "--json").json()["records"] == 0


def test_second_ingest_at_the_same_time(run: Run, delivery: Path, tmp_path: Path) -> None:
    run("status", "--json")
    with FileLock(tmp_path / "home" / "ingest.lock"):
        ran = run("ingest", delivery, "--workers", "1", "--json")
    assert ran.code == 4
    assert ran.json()["message"] in ran.err


def test_home_of_another_version(run: Run, delivery: Path, tmp_path: Path) -> None:
    with open_store(load({"ZHUANTI_HOME": str(tmp_path / "home")})) as store, store.begin() as connection:
        connection.exec_driver_sql("UPDATE alembic_version SET version_num = '9999'")
    for arguments in (("ingest", delivery), ("status",), ("search", "电池"), ("serve",)):
        ran = run(*arguments, "--json")
        assert (ran.code, ran.json()["code"]) == (4, "home_version"), arguments


def test_home_that_cannot_be_made(run: Run, delivery: Path, tmp_path: Path) -> None:
    (tmp_path / "file").write_text("x")
    ran = run("ingest", delivery, "--json", home=tmp_path / "file" / "home")
    assert ran.code == 3 and ran.json()["message_en"]


def test_the_lines_of_an_ingest_say_what_its_json_says(run: Run, tmp_path: Path) -> None:
    listing = "".join(f'<doclist country="CN" docNumber="{number}" kind="A"/>' for number in ("199000001", "199000009"))
    folder = made.delivery(tmp_path / "d", {
        "a.XML": made.document(), "event.XML": made_events.status(made_events.record()), "bad.XML": "<",
        "INDEX-A-001.XML": f"<content>{listing}</content>", "note.md": "x"})
    ran = run("ingest", folder, "--workers", "1")
    assert ran.code == 1
    for line in ("法律事件：新增 1 条，已有 0 条。", "列出 2 件，缺 1 件，未列而有 0 件", "CN199000009A",
                 "xml_invalid: 1  XML 不完整或不合语法", "index: 1  索引文件", "other: 1  其他文件"):
        assert line in ran.out, line
    again = run("ingest", folder, "--workers", "1")
    assert "新增 0 条，已有 1 条" in again.out and "列出 2 件，缺 1 件" in again.out
    shown = run("deliveries", "show", "d").out
    assert "xml_invalid: 1  XML 不完整或不合语法" in shown and "CN199000009A" in shown
    assert "拒收记录删去 1" in run("deliveries", "withdraw", "d", "--yes").out


def test_former_names_serve_searches_and_facets_once_their_file_is_there(run: Run, tmp_path: Path) -> None:
    ran = run("ingest", made.delivery(tmp_path / "d", {
        "a.XML": made.document("199000001", applicants=("示例有限公司",)),
        "b.XML": made.document("199000002", application="201899000002", applicants=("新示例股份有限公司",))}), "--json")
    assert ran.code == 0
    assert run("search", "申请人=新示例", "--json").json()["total"] == 1
    aliases = tmp_path / "home" / "applicant_aliases.csv"
    aliases.write_text("former,current\n示例有限公司,新示例股份有限公司\n", "utf-8")
    assert run("ingest", tmp_path / "d", "--json").code == 0, "what the file changes goes into the index"
    for clause, total in (("申请人=新示例", 2), ("申请人==新示例股份有限公司", 2), ("申请人==示例有限公司", 1),
                          ("第一申请人=新示例", 2)):
        assert run("search", clause, "--json").json()["total"] == total, clause
    party, = run("show", "CN199000001A", "--json").json()["applicants"]
    assert (party["name"], party["known_as"]) == ("示例有限公司", "新示例股份有限公司")
    aliases.write_text("former,current\n示例有限公司\n", "utf-8")
    wrong = run("ingest", tmp_path / "d", "--json")
    assert wrong.code == 2 and "第 2 行" in wrong.err
