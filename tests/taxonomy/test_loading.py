"""Taxonomy files: what the loader makes of them, and the line it names when it refuses one."""

from pathlib import Path

import pytest

from store.errors import BadCall
from taxonomy import catalogue
from taxonomy.checking import check
from taxonomy.loading import load_file

GOOD = """\
id: mine
name: 我的分类
version: "1"
origin: official
nodes:
- id: b
  parent: a
  name: 乙
  rules:
  - ipc: [H01M10, {p: "h01m 4*", origin: proposed, refs: ["x:1"]}]
    exclude: ["H01M10/42*"]
    keywords: [电池]
- {id: a, name: 甲, basis: seen, verified: true}
"""


def written(folder: Path, text: str) -> Path:
    path = folder / "mine.yaml"
    path.write_text(text, "utf-8")
    return path


def test_a_file_becomes_a_tree_with_parents_first(tmp_path: Path) -> None:
    taxonomy = load_file(written(tmp_path, GOOD))
    assert list(taxonomy.nodes) == ["a", "b"]
    assert [node.id for node in taxonomy.children()] == ["a"]
    assert [node.id for node in taxonomy.children("a")] == ["b"]
    assert taxonomy.ancestors("b") == ("a",)
    assert taxonomy.ancestors("nothing") == ()
    assert taxonomy.unverified == ("b",)
    (rule,) = taxonomy.nodes["b"].rules
    assert [(one.pattern, one.origin, one.line) for one in rule.patterns] == [
        ("H01M10", "official", 10), ("H01M4/00*", "proposed", 10)]
    assert rule.patterns[1].refs == ("x:1",)
    assert not rule.patterns[1].verified
    assert (rule.id, rule.keywords, rule.line) == ("1", ("电池",), 10)


def test_numbers_and_dates_stay_text(tmp_path: Path) -> None:
    taxonomy = load_file(written(tmp_path, GOOD.replace("id: mine", "id: 0210").replace('"1"', "2023-06-01")))
    assert (taxonomy.id, taxonomy.version) == ("0210", "2023-06-01")


def test_the_fingerprint_is_of_the_content(tmp_path: Path) -> None:
    first = load_file(written(tmp_path, GOOD)).fingerprint
    assert load_file(written(tmp_path, GOOD)).fingerprint == first
    assert load_file(written(tmp_path, GOOD.replace("电池", "电芯"))).fingerprint != first


@pytest.mark.parametrize(("old", "new", "code", "line"), [
    ("  name: 乙", "  nam: 乙", "taxonomy_field_unknown", 6),
    ("    keywords: [电池]", "    keyword: [电池]", "taxonomy_field_unknown", 10),
    ("  parent: a", "  parent: a\n  parent: a", "taxonomy_field_doubled", 8),
    ("  parent: a", "  parent: c", "taxonomy_parent_unknown", 6),
    ("{id: a,", "{id: a, parent: b,", "taxonomy_cycle", 6),
    ("{id: a,", "{id: b,", "taxonomy_node_doubled", 13),
    ("H01M10,", "H01M1x,", "taxonomy_pattern_invalid", 10),
    ("h01m 4*", "电池*", "taxonomy_pattern_invalid", 10),
    ("  - ipc: [H01M10, {p: \"h01m 4*\", origin: proposed, refs: [\"x:1\"]}]\n    exclude: [\"H01M10/42*\"]\n"
     "    keywords: [电池]", "  - note: 空", "taxonomy_rule_empty", 10),
    ("verified: true", "verified: 1", "taxonomy_field_type", 13),
    ("basis: seen", "basis: heard", "taxonomy_field_type", 13),
    ("id: b\n", "id: b/c\n", "taxonomy_field_type", 6),
    ("id: b\n", "id: b@c\n", "taxonomy_field_type", 6),
    ("id: mine\n", "id: mine.too\n", "taxonomy_field_type", 1),
    ("keywords: [电池]", "keywords: 电池", "taxonomy_field_type", 10),
    ("name: 我的分类\n", "", "taxonomy_field_missing", 1),
    ("version: \"1\"", "version: \"1", "taxonomy_yaml", 10),
    ("[电池]", "&words [电池]\n    keywords_exclude: *words", "taxonomy_yaml", 12),
])
def test_a_refusal_names_the_line(tmp_path: Path, old: str, new: str, code: str, line: int) -> None:
    assert GOOD.count(old) == 1
    with pytest.raises(BadCall) as refused:
        load_file(written(tmp_path, GOOD.replace(old, new)))
    assert refused.value.code == code
    assert refused.value.values["file"] == "mine.yaml"
    assert refused.value.values["line"] == line
    assert "mine.yaml" in refused.value.message("zh")
    assert str(refused.value.values["line"]) in refused.value.message("en")


@pytest.mark.parametrize("content", [b"\xff\xfe\x00", b"- a\n- b\n", b""])
def test_what_is_no_mapping_is_refused(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "bad.yaml"
    path.write_bytes(content)
    with pytest.raises(BadCall, match=r"bad\.yaml"):
        load_file(path)


def test_the_example_of_the_documentation_loads(tmp_path: Path) -> None:
    page = (Path(__file__).parents[2] / "docs" / "taxonomies.md").read_text("utf-8")
    example = page.split("```yaml\n")[1].split("```")[0]
    taxonomy = load_file(written(tmp_path, example))
    assert taxonomy.ancestors("battery") == ("energy",)
    assert taxonomy.nodes["battery"].rules[0].patterns[1].pattern == "H01M10/42*"
    assert check(taxonomy, catalogue.load()) == []
