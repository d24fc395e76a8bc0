"""Shipped taxonomies and those that a node adds or corrects."""

import csv
import re
from collections.abc import Iterable
from pathlib import Path

import pytest
import yaml

from store import settings
from store.errors import BadCall
from store.outbox import INCOMPLETE
from taxonomy import catalogue
from taxonomy.checking import check
from taxonomy.counting import counted_tree
from taxonomy.describing import detail, summary
from taxonomy.labeller import of_catalogue
from taxonomy.loading import load_file

OWN = 'id: {id}\nname: 本地\nversion: "1"\nnodes:\n- {{id: a, name: 甲, rules: [{{ipc: [H01M]}}]}}\n'


def home(folder: Path, **files: str) -> settings.Settings:
    (folder / "taxonomies").mkdir()
    for name, taxonomy in files.items():
        (folder / "taxonomies" / f"{name}.yaml").write_text(OWN.format(id=taxonomy), "utf-8")
    return settings.load({"ZHUANTI_HOME": str(folder)})


def test_a_node_adds_its_own(tmp_path: Path) -> None:
    loaded = catalogue.load(home(tmp_path, mine="mine"))
    assert loaded["mine"].name == "本地"
    assert set(catalogue.load()) == set(loaded) - {"mine"}


def test_a_node_replaces_a_shipped_one(tmp_path: Path) -> None:
    assert catalogue.load(home(tmp_path, corrected="33618"))["33618"].name == "本地"


def test_two_own_files_with_one_id_are_refused(tmp_path: Path) -> None:
    found = catalogue.read(home(tmp_path, one="mine", two="mine"))
    assert [(one.taxonomy, one.error.code) for one in found.broken] == [("mine", "taxonomy_doubled")]
    assert "mine" not in found.every


def test_a_broken_file_takes_only_its_own_taxonomy_away(tmp_path: Path) -> None:
    settings = home(tmp_path, mine="mine", other="other", corrected="33618")
    for name in ("mine", "corrected"):
        path = tmp_path / "taxonomies" / f"{name}.yaml"
        path.write_text(path.read_text("utf-8").replace("ipc: [H01M]", "ipc: [电池]"), "utf-8")
    found = catalogue.read(settings)
    assert {one.taxonomy: (one.error.code, one.error.values["file"], one.error.values["line"])
            for one in found.broken} == {
        "mine": ("taxonomy_pattern_invalid", "mine.yaml", 5),
        "33618": ("taxonomy_pattern_invalid", "corrected.yaml", 5)}
    assert set(found.every) == set(catalogue.load()) - {"33618"} | {"other"}
    assert of_catalogue(found).fingerprint.startswith(INCOMPLETE)
    assert not of_catalogue(catalogue.read()).fingerprint.startswith(INCOMPLETE)


def test_a_setting_chooses_what_records_are_labelled_with(tmp_path: Path) -> None:
    chosen = settings.load({"ZHUANTI_HOME": str(tmp_path), "ZHUANTI_TAXONOMIES": "gd20, wipo35"})
    found = catalogue.read(chosen)
    assert set(found.chosen) == {"gd20", "wipo35"} < set(found.every)
    labels = of_catalogue(found).labels(["H01M10/42"], "一种动力电池", None)
    assert {one["taxonomy"] for one in labels} <= {"gd20", "wipo35"}
    assert "gd20" in {one["taxonomy"] for one in labels}        # built from taxonomies that are not chosen
    with pytest.raises(BadCall) as refused:
        catalogue.read(settings.load({"ZHUANTI_HOME": str(tmp_path), "ZHUANTI_TAXONOMIES": "gd20,nothing"}))
    assert refused.value.code == "taxonomy_setting_unknown"


def test_33618_holds_the_facts_and_their_marks(shared: Path) -> None:
    facts = yaml.safe_load((shared / "facts" / "chongqing_33618.yaml").read_text("utf-8"))
    taxonomy = catalogue.load()["33618"]
    for cluster in facts["clusters"]:
        node = taxonomy.nodes[cluster["id"]]
        assert (node.name, node.name_en, node.parent) == (cluster["name"], cluster["name_en"], cluster["tier"])
        assert node.basis == "seen" or not node.verified
        assert not node.verified or cluster["name_status"].startswith("seen")
        assert [segment.name for segment in node.segments] == [one["name"] for one in cluster["sub_segments"]]
        literal = [rule for rule in node.rules if rule.reading == "literal"]
        patterns = {one.pattern.replace("/00*", "*"): one for rule in literal for one in rule.patterns}
        assert set(patterns) == {f"{one['p']}*" for one in cluster["ipc"]}
        assert {patterns[f"{one['p']}*"].origin for one in cluster["ipc"]} == {one["origin"] for one in cluster["ipc"]}
        assert set(literal[0].keywords) == set(cluster["keywords"])
        assert all(rule.keywords_exclude == tuple(cluster["keywords_exclude"]) for rule in node.rules)
    future = [node for node in taxonomy.nodes.values() if node.parent in ("F24a", "F24b")]
    assert [node.name for node in future] == [one["name"] for one in facts["future_industries_2024"]["items"]]
    assert taxonomy.nodes["tcm"].verified is False
    assert taxonomy.nodes["nev"].verified is True
    assert taxonomy.ancestors("battery") == ("T4a", "T4")
    assert [len(taxonomy.children(tier)) for tier in ("T1", "T2", "T3", "T4a", "T4b", "F24a", "F24b")] == [
        3, 3, 6, 12, 6, 6, 3]


@pytest.mark.parametrize(("name", "table", "branch"), [
    ("sei_2021", "sei_2021.csv", "branch_no"), ("new_three_2024", "new_three_2024.csv", "branch_no"),
    ("green_tech", "green_tech.csv", "branch_no"), ("key_digital_2023", "key_digital_2023.csv", "branch_no")])
def test_literal_rules_are_those_of_the_official_tables(shared: Path, name: str, table: str, branch: str) -> None:
    """Patterns, exclusions and keywords as the table has them; a row that takes in what it excludes takes it in."""
    taxonomy = catalogue.load()[name]
    literal = [(node, rule) for node, rule in taxonomy.rules() if rule.reading == "literal"]
    with (shared / "facts" / table).open(encoding="utf-8") as file:
        rows = list(csv.DictReader(file))
    assert len(literal) == len(rows)

    def written(patterns: Iterable[str]) -> set[str]:
        return {re.sub(r"/00(?=\*$)", "", one) for one in patterns}

    for (node, rule), row in zip(literal, rows, strict=True):
        ident = f"{row['subsystem']}-{row[branch]}" if "subsystem" in row else row[branch]
        assert (node.id, node.name) == (ident, row["branch"])
        inside = written(row["ipc_patterns"].split())
        assert written(one.pattern for one in rule.patterns) == inside
        assert written(one.pattern for one in rule.exclude) == (
            written(row.get("ipc_exclusions", "").split()) - set(row["ipc_patterns"].split()))
        keywords = [one.strip() for one in re.split("[;；]", row.get("keywords_official", "")) if one.strip()]
        assert list(rule.keywords) == keywords or keywords[0].startswith("同")
        assert all(one.origin == "official" for one in rule.patterns)


def test_what_is_not_official_says_so() -> None:
    """Names from memory and candidates are unverified; taxonomies without an official IPC column have derived rules."""
    every = catalogue.load()
    for name in ("416", "gd20", "sh36", "bj2441", "zj415x", "js13", "sc6", "hb51020", "lj33511", "digital_economy_2023",
                 "ip_intensive_2019"):
        for node, rule in every[name].rules():
            assert rule.reading == "derived", (name, node.id)
            assert not any(one.verified for one in (*rule.patterns, *rule.exclude))
    assert all(node.basis == "seen" or not node.verified for one in every.values() for node in one.nodes.values())
    assert [node.id for node in every["416"].children()] == ["H1", "H2", "H3", "H4"]
    assert sum(node.verified for node in every["416"].nodes.values() if node.parent) == 7


def test_derived_rules_stay_within_the_patterns_of_their_node() -> None:
    from ingest.ipc import patterns

    for node, rule in catalogue.load()["33618"].rules():
        if rule.reading == "literal":
            continue
        literal = [one.pattern for other in node.rules if other.reading == "literal" for one in other.patterns]
        for one in rule.patterns:
            symbol = one.pattern.removesuffix("*")
            assert any(patterns.covers(pattern, symbol) for pattern in literal), (node.id, one.pattern)


@pytest.mark.parametrize("name", sorted(catalogue.load()))
def test_no_shipped_taxonomy_has_a_pattern_of_no_class_or_a_branch_of_none(name: str) -> None:
    every = catalogue.load()
    assert [one for one in check(every[name], every) if one["severity"] == "error"] == []


def test_check_finds_what_is_doubtful(tmp_path: Path) -> None:
    text = OWN.format(id="mine").replace(
        "ipc: [H01M]", 'ipc: [H01M, "H01M10/42*", "F24J2/46", "H01Z*", "A01G13/999"], exclude: ["B60L*", "H01M4*"]')
    path = tmp_path / "mine.yaml"
    path.write_text(text, "utf-8")
    found = {(one["code"], one["pattern"]) for one in check(load_file(path))}
    assert found == {
        ("taxonomy_check_covered", "H01M10/42*"), ("taxonomy_check_retired", "F24J2/46"),
        ("taxonomy_check_unknown", "H01Z*"), ("taxonomy_check_unlisted", "A01G13/999"),
        ("taxonomy_check_excludes_nothing", "B60L*"),
    }


def test_counts_hang_on_the_tree() -> None:
    taxonomy = catalogue.load()["33618"]
    tree = counted_tree(taxonomy, {"T1": 5, "nev": 3})
    assert [one["node"] for one in tree] == ["T1", "T2", "T3", "T4", "F24"]
    assert tree[0]["count"] == 5
    assert tree[0]["children"][0] == {
        "node": "nev", "name": "智能网联新能源汽车", "name_en": "Intelligent connected new-energy vehicles",
        "verified": True, "count": 3, "children": []}
    assert counted_tree(taxonomy, {}, "T4")[0]["count"] == 0


def test_descriptions_keep_the_marks() -> None:
    taxonomy = catalogue.load()["33618"]
    assert summary(taxonomy)["unverified_nodes"] == len(taxonomy.unverified) > 15
    tier = detail(taxonomy)["tree"][0]
    nev = tier["children"][0]
    assert (nev["verified"], nev["basis"]) == (True, "seen")
    assert {"pattern": "B60H*", "origin": "proposed", "verified": False, "refs": ()} in nev["rules"][0]["patterns"]
