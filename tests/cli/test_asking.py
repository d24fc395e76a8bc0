"""`search`, `check`, `show`, `export`, `status`, `label`, `taxonomy`: what they print and with which exit code."""

import hashlib
import json
from datetime import datetime
from pathlib import Path

import pytest

from cli.texts import age
from tests.api.made_home import HEAT, MANY
from tests.cli.conftest import Run

PLACE_OF = {"search": ("石墨烯",), "show": (HEAT,), "status": (), "rejects": (), "taxonomy": ("list",)}


@pytest.mark.parametrize("command", list(PLACE_OF))
def test_json_is_the_only_thing_on_standard_output(run: Run, home: Path, command: str) -> None:
    ran = run(command, *PLACE_OF[command], "--json", home=home)
    assert ran.code == 0
    assert isinstance(ran.json(), dict | list)


def test_status_says_how_old_the_index_is(run: Run, home: Path) -> None:
    shown = run("status", home=home).out
    assert "embedded" in shown and "检索库更新于" in shown and "(0m ago)" in shown


@pytest.mark.parametrize(("since", "said"), [
    ("2026-01-01T11:59:30+00:00", "0m"), ("2026-01-01T10:20:00+00:00", "1h 40m"),
    ("2025-12-20T08:00:00+00:00", "12d 4h")])
def test_age(since: str, said: str) -> None:
    assert age(since, datetime.fromisoformat("2026-01-01T12:00:00+00:00")) == said


def test_search(run: Run, home: Path) -> None:
    options = ("--size", "3", "--sort", "id", "--filter", "申请日=2018")
    answer = run("search", "搅拌装置", *options, "--json", home=home).json()
    assert (answer["total"], len(answer["hits"])) == (MANY, 3)
    ran = run("search", "搅拌装置", "--size", "3", home=home)
    assert f"{MANY}" in ran.out and "搅拌" in ran.out


@pytest.mark.parametrize(("arguments", "code", "exit_code"), [
    (("search", " "), "empty_query", 2),
    (("search", "名称=(电池"), "parenthesis_unclosed", 2),
    (("search", "电池", "--sizes", "3"), "cli_usage", 2),
    (("search", "电池", "--size", "0"), "cli_usage", 2),
    (("show", "CN999999999A"), "patent_not_found", 2),
    (("export", "--format", "csv", "-o", "x.csv"), "cli_export_what", 2),
    (("export", "电池", "--all", "--format", "csv", "-o", "x.csv"), "cli_export_what", 2),
    (("export", "电池", "--format", "csv"), "cli_export_json_needs_output", 2),
    (("export", "电池", "--format", "csv", "-o", "missing/x.csv"), "cli_path_trouble", 2),
    (("taxonomy", "show", "nowhere"), "taxonomy_not_found", 2),
    (("label", "missing.jsonl", "--taxonomy", "33618"), "cli_path_trouble", 2),
    (("nothing",), "cli_usage", 2),
])
def test_wrong_calls(run: Run, home: Path, arguments: tuple[str, ...], code: str, exit_code: int) -> None:
    ran = run(*arguments, "--json", home=home)
    assert ran.code == exit_code
    error = ran.json()
    assert error["code"] == code
    assert error["message"] in ran.err and error["message_en"] in ran.err
    assert "Traceback" not in ran.err


def test_search_shows_where_a_query_is_wrong(run: Run, home: Path) -> None:
    ran = run("search", "名称=(电池", home=home)
    assert (ran.code, ran.out) == (2, "")
    assert "error parenthesis_unclosed" in ran.err


def test_check_of_a_file(run: Run, tmp_path: Path) -> None:
    (tmp_path / "fine.txt").write_text("名称=(电池 AND 石墨烯)\n", "utf-8")
    (tmp_path / "wrong.txt").write_text("名称=(电池", "utf-8")
    (tmp_path / "gbk.txt").write_bytes("名称=电池".encode("gb18030"))
    fine = run("check", tmp_path / "fine.txt", "--json")
    assert fine.code == 0 and fine.json()["ok"]
    wrong = run("check", tmp_path / "wrong.txt", "--json")
    assert wrong.code == 2 and wrong.json()["diagnostics"][0]["code"] == "parenthesis_unclosed"
    assert run("check", tmp_path / "gbk.txt", "--json").json()["code"] == "cli_not_utf8"


def test_check_shows_the_tree_and_marks_places(run: Run, tmp_path: Path) -> None:
    (tmp_path / "x.txt").write_text("名称=(电池 OR 电芯 AND 石墨烯) NOT 产业=33618/nev", "utf-8")
    ran = run("check", tmp_path / "x.txt")
    tree = ["  AND", "    OR", "      名称=电池", "      AND", "        名称=电芯", "        名称=石墨烯", "    NOT",
            "      产业=33618/nev"]
    assert ran.code == 0 and ran.out.splitlines()[-len(tree):] == tree
    assert "    名称=(【电池 OR 电芯 AND 石墨烯】) NOT 产业=33618/n…\n" in ran.err
    (tmp_path / "long.txt").write_text("电" * 100_000, "utf-8")
    assert "100000" in run("check", tmp_path / "long.txt").err


def test_check_counts_every_clause(run: Run, home: Path, tmp_path: Path) -> None:
    (tmp_path / "x.txt").write_text("名称=(搅拌装置 OR 饕餮)\nNOT 公开日=2022", "utf-8")
    tree = run("check", tmp_path / "x.txt", "--counts", "--json", home=home).json()["tree"]
    assert tree["count"] == MANY
    assert [one["count"] for one in tree["children"][0]["children"]] == [MANY, 0]
    lines = run("check", tmp_path / "x.txt", "--counts", home=home).out.splitlines()
    assert any(line.split() == ["0", "名称=饕餮"] for line in lines)


def test_dialect_of_search_check_and_export(run: Run, home: Path, tmp_path: Path) -> None:
    (tmp_path / "x.txt").write_text("名称=(搅拌装置 or 饕餮) and 公开日=(20210101 to 20211231)", "utf-8")
    checked = run("check", tmp_path / "x.txt", "--dialect", "trs", "--json").json()
    assert checked["canonical"] == "名称=(搅拌装置 OR 饕餮) AND 公开日=2021"
    asked = ("搅拌装置 饕餮", "--dialect", "cnipa", "--filter", "申请人==示例1厂")
    assert run("search", *asked, "--json", home=home).json()["total"] == MANY // 3
    manifest = run("export", *asked, "--format", "numbers", "-o", tmp_path / "n.txt", "--json", home=home).json()
    assert manifest["count"] == MANY // 3
    assert run("search", "电池", "--dialect", "klingon", "--json", home=home).code == 2


def test_show_prints_the_record(run: Run, home: Path) -> None:
    record = run("show", "ZL 2018 1 9900001.7", "--json", home=home).json()
    assert record["id"] == HEAT and record["labels"]
    assert "新能源汽车电池热管理系统" in run("show", HEAT, home=home).out


def test_export_writes_file_and_manifest(run: Run, home: Path, tmp_path: Path) -> None:
    manifest = run("export", "搅拌装置", "--format", "csv", "-o", tmp_path / "x.csv", "--json", home=home).json()
    assert manifest["count"] == MANY
    assert hashlib.sha256((tmp_path / "x.csv").read_bytes()).hexdigest() == manifest["sha256"]
    assert json.loads((tmp_path / "x.csv.manifest.json").read_text("utf-8")) == manifest
    assert sorted(path.name for path in tmp_path.iterdir()) == ["x.csv", "x.csv.manifest.json"]


def test_export_of_everything_streams_records(run: Run, home: Path) -> None:
    ran = run("export", "--all", "--format", "jsonl", "--json", home=home)
    assert ran.out == run("export", "--all", "--format", "jsonl", home=home).out
    lines = [json.loads(line) for line in ran.out.splitlines()]
    assert len(lines) == MANY + 3
    assert next(line for line in lines if line["id"] == HEAT)["labels"]


def test_label_without_storing(run: Run, tmp_path: Path) -> None:
    lines = [{"id": "a", "title": "电动汽车的电池热管理系统", "abstract": "电动汽车动力电池。", "ipc": ["B60L 58/26"]},
             {"id": "b", "title": "=", "abstract": "", "claims": ["一种茶叶。"], "ipc": []}]
    (tmp_path / "in.jsonl").write_text("\n".join(map(json.dumps, lines)) + "\n", "utf-8")
    ran = run("label", tmp_path / "in.jsonl", "--taxonomy", "33618")
    found = {line["id"]: line["labels"] for line in map(json.loads, ran.out.splitlines())}
    assert "nev" in [one["node"] for one in found["a"]] and found["b"] == []
    assert run("label", tmp_path / "in.jsonl", "--taxonomy", "33618", "--json").out == ran.out
    (tmp_path / "bad.jsonl").write_text('{"id": "a", "ipc": "H01M"}\n', "utf-8")
    assert run("label", tmp_path / "bad.jsonl", "--taxonomy", "33618", "--json").json()["code"] == "cli_label_line"


def test_taxonomies(run: Run) -> None:
    assert "33618" in [one["taxonomy"] for one in run("taxonomy", "list", "--json").json()]
    assert run("taxonomy", "show", "33618", "--json").json()["tree"]
    checked = run("taxonomy", "check", "33618", "--json")
    assert checked.code == 0 and checked.json()["ok"]


def test_status_in_words(run: Run, home: Path) -> None:
    ran = run("status", home=home)
    assert ran.code == 0 and "2022-01-04" in ran.out


def test_a_broken_taxonomy_of_the_home_is_told_and_stops_nothing(run: Run, tmp_path: Path) -> None:
    (tmp_path / "taxonomies").mkdir()
    (tmp_path / "taxonomies" / "mine.yaml").write_text(
        'id: mine\nname: 本地\nversion: "1"\nnodes:\n- {id: a, name: 甲, rules: [{ipc: [电池]}]}\n', "utf-8")
    listed = run("taxonomy", "list", "--json", home=tmp_path)
    assert (listed.code, "mine.yaml" in listed.err) == (0, True)
    assert "mine" not in [one["taxonomy"] for one in listed.json()]
    assert run("taxonomy", "check", "33618", "416", home=tmp_path).code == 0
    checked = run("taxonomy", "check", "--json", home=tmp_path)
    assert checked.code == 2 and not checked.json()["ok"]
    (broken,) = [one for one in checked.json()["findings"] if one["severity"] == "error"]
    assert (broken["code"], broken["file"], broken["line"]) == ("taxonomy_pattern_invalid", "mine.yaml", 5)


def test_records_of_an_export_can_be_labelled(run: Run, tmp_path: Path) -> None:
    """Claims and symbols as texts or as in the record; the number under `id` or `number`."""
    (tmp_path / "in.jsonl").write_text(
        '{"number": "CN1", "title": "一种装置", "claims": [{"number": 1, "text": "用于新能源汽车"}],'
        ' "ipc": [{"symbol": "B60H1/00"}]}\n', "utf-8")
    (line,) = run("label", tmp_path / "in.jsonl", "--taxonomy", "lj33511").out.splitlines()
    assert '"id":"CN1"' in line and '"node":"nev"' in line and '"rule_derived"' in line
