"""Shipped taxonomies and those that a node adds or corrects."""

from pathlib import Path

import pytest
import yaml

from store import settings
from store.errors import BadCall
from taxonomy import catalogue
from taxonomy.checking import check
from taxonomy.counting import counted_tree
from taxonomy.describing import detail, summary

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
    with pytest.raises(BadCall) as refused:
        catalogue.load(home(tmp_path, one="mine", two="mine"))
    assert refused.value.code == "taxonomy_doubled"


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
def test_no_shipped_taxonomy_has_a_pattern_of_no_class(name: str) -> None:
    assert [one for one in check(catalogue.load()[name]) if one["severity"] == "error"] == []


def test_check_finds_what_is_doubtful(tmp_path: Path) -> None:
    text = OWN.format(id="mine").replace(
        "ipc: [H01M]", 'ipc: [H01M, "H01M10/42*", "F24J2/46", "H01Z*", "A01G13/999"], exclude: ["B60L*", "H01M4*"]')
    path = tmp_path / "mine.yaml"
    path.write_text(text, "utf-8")
    found = {(one["code"], one["pattern"]) for one in check(catalogue.load_file(path))}
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
