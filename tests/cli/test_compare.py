"""`zhuanti taxonomy compare`: nodes, counts, moved records and lost decisions of two versions."""

from pathlib import Path

import pytest

from store.settings import Settings
from tests.api.made_home import HEAT, MANY, copied
from tests.cli.conftest import Run

ONE = """
id: mine
name: 本市产业
version: "1"
nodes:
- {id: all, name: 全部}
- id: mixing
  parent: all
  name: 搅拌
  rules: [{ipc: ["B01F*"]}]
- id: heat
  parent: all
  name: 热管理
  rules: [{keywords: [电池热管理]}]
- id: display
  name: 显示
  rules: [{ipc: ["G09G*"]}]
"""
TWO = ONE.replace('version: "1"', 'version: "2"').replace("name: 搅拌", "name: 搅拌装置").replace(
    '{ipc: ["B01F*"]}', '{ipc: ["B01F*"], keywords: [编号1]}').replace("""- id: display
  name: 显示
  rules: [{ipc: ["G09G*"]}]
""", """- id: screens
  parent: all
  name: 显示屏
  rules: [{ipc: ["G09G*"]}]
""")


@pytest.fixture
def own(settings: Settings, tmp_path: Path) -> Path:
    home = copied(settings, tmp_path / "own").home
    (home / "taxonomies").mkdir()
    (home / "taxonomies" / "mine.yaml").write_text(ONE, "utf-8")
    (tmp_path / "two.yaml").write_text(TWO, "utf-8")
    return home


def decided(tmp_path: Path, *lines: str) -> Path:
    path = tmp_path / "sheet.csv"
    path.write_text("\n".join(("number,node,verdict,actor", *(f"{line},陶然" for line in lines))), "utf-8")
    return path


def test_what_another_version_would_change(run: Run, own: Path, tmp_path: Path) -> None:
    sheet = decided(tmp_path, f"{HEAT},mine/display,add", f"{HEAT},mine/heat,confirm")
    assert run("taxonomy", "decisions", "import", sheet, home=own).code == 0
    found = run("taxonomy", "compare", "mine", tmp_path / "two.yaml", "--json", home=own).json()
    assert (found["a"]["version"], found["b"]["version"], found["b"]["nodes"]) == ("1", "2", 4)
    assert found["added"] == [{"node": "screens", "name": "显示屏"}]
    assert found["removed"] == [{"node": "display", "name": "显示"}]
    assert found["renamed"] == [{"node": "mixing", "before": "搅拌", "after": "搅拌装置"}]
    assert found["placed"] == []
    assert found["rules_changed"] == ["mixing"]
    records = found["records"]
    only = sum("编号1" in f"编号{number}的" and str(number) == "1" for number in range(MANY))
    assert records["compared"] == MANY + 3
    counts = {one["node"]: (one["before"], one["after"], one["gained"], one["lost"]) for one in records["nodes"]}
    assert counts["mixing"] == (MANY, only, 0, MANY - only)
    assert counts["all"] == (MANY + 1, only + 2, 1, MANY - only)
    assert counts["display"] == (2, 0, 0, 2), "one of them by a person"
    assert counts["heat"] == (1, 1, 0, 0)
    largest = records["moves"][0]
    assert (largest["lost"], largest["gained"], largest["count"], len(largest["examples"])) == (
        ["mixing"], [], MANY - only, 3)
    assert (["display"], ["screens"], 1) in [(one["lost"], one["gained"], one["count"]) for one in records["moves"]]
    lost, = found["decisions_lost"]
    assert (lost["node"], lost["name"], lost["verdict"], lost["id"]) == ("display", "显示", "add", HEAT)


def test_decisions_survive_the_new_version_and_those_without_a_node_are_listed(
    run: Run, own: Path, tmp_path: Path
) -> None:
    sheet = decided(tmp_path, f"{HEAT},mine/display,add", f"{HEAT},mine/heat,reject")
    run("taxonomy", "decisions", "import", sheet, home=own)
    (own / "taxonomies" / "mine.yaml").write_text(TWO, "utf-8")
    assert run("reindex", home=own).code == 0
    record = run("show", HEAT, "--json", home=own).json()
    assert [one["node"] for one in record["labels"] if one["taxonomy"] == "mine"] == []
    lost = run("taxonomy", "decisions", "list", "--unmapped", "--json", home=own).json()
    assert [(one["node"], one["taxonomy_version"]) for one in lost] == [("display", "1")]
    (own / "taxonomies" / "mine.yaml").write_text(ONE, "utf-8")
    record = run("show", HEAT, "--json", home=own).json()
    assert [(one["node"], one["source"]) for one in record["labels"] if one["taxonomy"] == "mine"] == [
        ("display", "human")], "what was kept counts again"


def test_a_shipped_version_and_the_text(run: Run, own: Path) -> None:
    said = run("taxonomy", "compare", "shipped:33618", "33618", "--no-records", home=own)
    assert said.code == 0 and "A 33618" in said.out and "不再对应的判定：0" in said.out
    found = run("taxonomy", "compare", "shipped:33618", "33618", "--no-records", "--json", home=own).json()
    assert found["records"] is None and found["rules_changed"] == found["added"] == found["removed"] == []


def test_the_version_of_the_labels_needs_no_keeping(run: Run, own: Path) -> None:
    """An operator overwrites the file; what the records were labelled with can still be compared with it."""
    assert run("taxonomy", "compare", "labelled:mine", "mine", home=own).code == 2, "nothing was labelled with it yet"
    assert run("reindex", home=own).code == 0
    (own / "taxonomies" / "mine.yaml").write_text(TWO, "utf-8")
    for before in ("labelled:mine", "mine@1"):
        found = run("taxonomy", "compare", before, "mine", "--json", home=own).json()
        assert (found["a"]["version"], found["b"]["version"]) == ("1", "2")
        assert found["added"] == [{"node": "screens", "name": "显示屏"}]
        assert next(one for one in found["records"]["nodes"] if one["node"] == "mixing")["before"] == MANY
    assert run("reindex", home=own).code == 0
    again = run("taxonomy", "compare", "labelled:mine", "mine", "--no-records", "--json", home=own).json()
    assert (again["a"]["version"], again["added"], again["rules_changed"]) == ("2", [], [])
    earlier = run("taxonomy", "compare", "mine@1", "mine", "--no-records", "--json", home=own).json()
    assert (earlier["a"]["version"], earlier["rules_changed"]) == ("1", ["mixing"])
    for unknown in ("mine@3", "@1", "mine@", "../mine@1", "labelled:none"):
        ran = run("taxonomy", "compare", unknown, "mine", "--json", home=own)
        assert (ran.code, ran.json()["code"]) == (2, "taxonomy_not_found"), unknown


@pytest.mark.parametrize("name", ["none", "shipped:none", "shipped:../loading", "none.yaml"])
def test_versions_that_are_not_there(run: Run, own: Path, name: str) -> None:
    ran = run("taxonomy", "compare", "33618", name, "--json", home=own)
    assert (ran.code, ran.json()["code"]) == (2, "taxonomy_not_found")


def test_a_broken_file_says_where(run: Run, own: Path, tmp_path: Path) -> None:
    (tmp_path / "two.yaml").write_text(TWO.replace("B01F*", "nonsense"), "utf-8")
    ran = run("taxonomy", "compare", "mine", tmp_path / "two.yaml", "--json", home=own)
    assert (ran.code, ran.json()["code"]) == (2, "taxonomy_pattern_invalid") and "two.yaml" in ran.json()["message"]
