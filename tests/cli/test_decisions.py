"""`zhuanti taxonomy decisions`: files in two encodings, all or nothing, and what the labels then are."""

from pathlib import Path

import pytest

from store.settings import Settings
from tests.api.made_home import GRAPHENE, HEAT, HEAT_B, copied
from tests.cli.conftest import Run


@pytest.fixture
def own(settings: Settings, tmp_path: Path) -> Path:
    """A home of its own, which may be changed."""
    return copied(settings, tmp_path / "own").home


def sheet(tmp_path: Path, text: str, encoding: str = "utf-8") -> Path:
    path = tmp_path / "sheet.csv"
    path.write_bytes(text.encode(encoding))
    return path


def nodes(run: Run, home: Path, number: str) -> dict[str, str]:
    record = run("show", number, "--json", home=home).json()
    return {f"{one['taxonomy']}/{one['node']}": one["source"] for one in record["labels"]}


def count(run: Run, home: Path, query: str) -> int:
    return int(run("search", query, "--json", home=home).json()["total"])


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030"])
def test_decisions_change_labels_and_searches(run: Run, own: Path, tmp_path: Path, encoding: str) -> None:
    before = nodes(run, own, HEAT)
    assert before["33618/nev"] == "rule"
    lines = f"号码,节点,判定,备注\n{HEAT_B},nev,驳回,\"不是整车,是电池\"\n{GRAPHENE},nev,补充,\n{HEAT},gone,,\n"
    file = sheet(tmp_path, lines, encoding)
    ran = run("taxonomy", "decisions", "import", file, "--taxonomy", "33618", "--actor", "陶然", "--json", home=own)
    report = ran.json()
    assert (ran.code, report["kept"], report["blank"], report["unchanged"]) == (0, {"reject": 1, "add": 1}, 1, 0)
    assert "33618/nev" not in nodes(run, own, HEAT)
    assert nodes(run, own, GRAPHENE)["33618/nev"] == "human"
    assert count(run, own, "产业=33618/nev") == 1
    listed = run("taxonomy", "decisions", "list", "--number", HEAT, "--json", home=own).json()
    assert [(one["verdict"], one["actor"], one["note"], one["source"]) for one in listed] == [
        ("reject", "陶然", "不是整车,是电池", "rule")]
    again = run("taxonomy", "decisions", "import", file, "--taxonomy", "33618", "--actor", "陶然", "--json", home=own)
    assert (again.json()["kept"], again.json()["unchanged"], again.json()["batch"]) == ({}, 2, None)


def test_an_undo_gives_the_label_back(run: Run, own: Path, tmp_path: Path) -> None:
    file = sheet(tmp_path, f"number,node,verdict,actor\n{HEAT},33618/nev,reject,陶然\n")
    run("taxonomy", "decisions", "import", file, home=own)
    assert count(run, own, "产业=33618/nev") == 0
    assert run("taxonomy", "decisions", "undo", 1, home=own).code == 2, "who does it must be said"
    assert run("taxonomy", "decisions", "undo", 1, "--actor", "李四", home=own).code == 0
    assert count(run, own, "产业=33618/nev") == 1
    assert nodes(run, own, HEAT)["33618/nev"] == "rule"
    refused = run("taxonomy", "decisions", "undo", 1, "--actor", "李四", "--json", home=own)
    assert (refused.code, refused.json()["code"]) == (4, "decision_undone")
    unknown = run("taxonomy", "decisions", "undo", 99, "--actor", "李四", "--json", home=own)
    assert (unknown.code, unknown.json()["code"]) == (2, "decision_none")
    shown = run("taxonomy", "decisions", "list", home=own).out
    assert "undo" in shown and "已撤销" in shown


def test_what_was_exported_can_be_imported_elsewhere(
    run: Run, own: Path, settings: Settings, tmp_path: Path
) -> None:
    file = sheet(tmp_path, f"number,taxonomy,node,verdict,note,actor\n{HEAT},33618,nev,confirm,=1+1,陶然\n")
    run("taxonomy", "decisions", "import", file, home=own)
    assert "'=1+1" in run("taxonomy", "decisions", "export", home=own).out, "no spreadsheet runs a note"
    out = tmp_path / "out.csv"
    assert run("taxonomy", "decisions", "export", "-o", out, "--json", home=own).json()["decisions"] == 1
    other = copied(settings, tmp_path / "other").home
    report = run("taxonomy", "decisions", "import", out, "--json", home=other).json()
    assert report["kept"] == {"confirm": 1}
    listed, = run("taxonomy", "decisions", "list", "--json", home=other).json()
    assert (listed["note"], listed["actor"], listed["id"]) == ("=1+1", "陶然", HEAT)


BAD = [
    ("CN201010298420.4,nev,confirm", "patent_not_found"), (f"{HEAT},gone,confirm", "node_not_found"),
    (f"{HEAT},gone/nev,confirm", "taxonomy_not_found"), (f"{HEAT},nev,perhaps", "decision_verdict"),
    ("nonsense,nev,confirm", "patent_not_found"),
]


@pytest.mark.parametrize(("line", "code"), BAD, ids=[code + str(at) for at, (_, code) in enumerate(BAD)])
def test_one_bad_line_changes_nothing(run: Run, own: Path, tmp_path: Path, line: str, code: str) -> None:
    file = sheet(tmp_path, f"number,node,verdict\n\n{HEAT},33618/nev,reject\n{line}\n")
    wanted = ("taxonomy", "decisions", "import", file, "--actor", "陶然", "--taxonomy", "33618")
    ran = run(*wanted, "--json", home=own)
    assert (ran.code, ran.json()["code"]) == (2, "decision_file")
    assert f"sheet.csv:4: {code}" in ran.json()["detail"] and "第 4 行" in ran.json()["message"]
    assert run("taxonomy", "decisions", "list", "--json", home=own).json() == []
    told = run(*wanted, "--skip-bad", "--json", home=own)
    assert (told.code, told.json()["kept"]) == (1, {"reject": 1})
    assert [(one["line"], one["code"]) for one in told.json()["problems"]] == [(4, code)]


def test_a_dry_run_keeps_nothing(run: Run, own: Path, tmp_path: Path) -> None:
    file = sheet(tmp_path, f"number,node,verdict,actor\n{HEAT},33618/nev,right,陶然\n")
    told = run("taxonomy", "decisions", "import", file, "--dry-run", "--json", home=own).json()
    assert (told["kept"], told["batch"], told["dry_run"]) == ({"confirm": 1}, None, True)
    assert run("taxonomy", "decisions", "list", "--json", home=own).json() == []


FILES = [
    ("number,node\nx,y\n", "decision_file_missing", 1), ("number,node,verdict,verdict\n", "decision_file_doubled", 1),
    ("number,node,verdikt\n", "decision_file_column", 1), ("", "decision_file_missing", 1),
    ('number,node,verdict\nCN1,"nev,confirm\n', "decision_file_csv", 2),
    ("number,node,verdict\nCN1,nev,confirm,a,b\n", "decision_file_cells", 2),
]


@pytest.mark.parametrize(("text", "code", "line"), FILES, ids=[code + str(at) for at, (_, code, _) in enumerate(FILES)])
def test_files_that_are_none(run: Run, home: Path, tmp_path: Path, text: str, code: str, line: int) -> None:
    ran = run("taxonomy", "decisions", "import", sheet(tmp_path, text), "--json", home=home)
    assert (ran.code, ran.json()["code"]) == (2, code)
    assert f"第 {line} 行" in ran.json()["message"] and "sheet.csv" in ran.json()["message_en"]


def test_a_file_of_no_encoding(run: Run, home: Path, tmp_path: Path) -> None:
    path = tmp_path / "sheet.csv"
    path.write_bytes(b"number,node,verdict\nCN1,nev,\xff\xff\n")
    ran = run("taxonomy", "decisions", "import", path, "--json", home=home)
    assert (ran.json()["code"], "第 2 行" in ran.json()["message"]) == ("decision_file_encoding", True)


def test_who_decides_must_be_said(run: Run, own: Path, tmp_path: Path) -> None:
    file = sheet(tmp_path, f"number,node,verdict\n{HEAT},33618/nev,confirm\n")
    ran = run("taxonomy", "decisions", "import", file, "--json", home=own)
    assert "sheet.csv:2: decision_actor" in ran.json()["detail"]


def test_tables_cut_by_tabs(run: Run, own: Path, tmp_path: Path) -> None:
    file = sheet(tmp_path, f"number\ttitle\tnode\tverdict\tactor\n{HEAT}\ta, b\t33618/nev\tconfirm\t陶然\n")
    assert run("taxonomy", "decisions", "import", file, "--json", home=own).json()["kept"] == {"confirm": 1}
