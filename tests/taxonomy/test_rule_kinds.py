"""Every kind of rule: classes together, expressions, branches of other taxonomies, words alone; and their grades."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from store.errors import BadCall
from taxonomy.checking import check
from taxonomy.labeller import Labeller
from taxonomy.loading import load_file
from taxonomy.model import Taxonomy

ONE = """\
id: one
name: 一
version: "1"
nodes:
- {id: top, name: 顶}
- id: both
  parent: top
  name: 两类并见
  rules: [{ipc: [H01M*], with: [B60L*], exclude: ["H01M8/00*"]}]
- id: asked
  name: 检索式
  rules: [{expression: '名称=(电池 NOT 回收) AND IPC=H01M*'}]
- id: words
  parent: top
  name: 只看词
  rules: [{keywords: [石墨烯], keywords_exclude: [铅笔]}]
- id: near
  name: 邻近
  rules: [{expression: '摘要=(正极 5W 材料)', reading: derived}]
- id: lacking
  name: 否定
  rules: [{expression: 'NOT 关键词=电池', ipc: [A01B]}]
"""

TWO = """\
id: two
name: 二
version: "1"
nodes:
- id: built
  name: 据一
  rules: [{from: ["one:top"]}]
- id: narrowed
  name: 据一且有词
  rules: [{from: ["one:both"], keywords: [电动汽车]}]
- id: derived
  name: 推得
  rules: [{from: ["one:near"]}, {from: ["one:asked"], reading: derived}]
- id: again
  name: 据本表
  rules: [{from: ["two:built"]}]
"""


def loaded(folder: Path, *texts: str) -> dict[str, Taxonomy]:
    def each() -> Iterator[Taxonomy]:
        for number, text in enumerate(texts):
            path = folder / f"{number}.yaml"
            path.write_text(text, "utf-8")
            yield load_file(path)

    return {one.id: one for one in each()}


@pytest.mark.parametrize(("symbols", "title", "abstract", "expected"), [
    (["H01M10/42", "B60L50/60"], "一种装置", None, {"one/both": "rule", "two/built": "rule", "two/again": "rule"}),
    (["H01M10/42"], "一种装置", None, {}),
    (["H01M8/04", "B60L50/60"], "一种装置", None, {}),
    (["H01M10/42", "B60L50/60"], "一种电动汽车", None,
     {"one/both": "rule", "two/built": "rule", "two/narrowed": "rule", "two/again": "rule"}),
    (["H01M10/42"], "一种电池", None, {"one/asked": "rule", "two/derived": "rule_derived"}),
    (["H01M10/42"], "一种电池回收方法", None, {}),
    (["B60L50/60"], "一种电池", None, {}),
    ([], "石墨烯浆料", None, {"one/words": "rule", "two/built": "rule", "two/again": "rule"}),
    ([], "石墨烯铅笔", None, {}),
    ([], "一种方法", "正极活性材料。", {"one/near": "rule_derived", "two/derived": "rule_derived"}),
    ([], "一种方法", "材料。用于正极。", {}),
    (["A01B1/00"], "一种犁", None, {"one/lacking": "rule"}),
    (["A01B1/00"], "一种犁", "带电池。", {}),
])
def test_each_kind(tmp_path: Path, symbols: list[str], title: str, abstract: str | None,
                   expected: dict[str, str]) -> None:
    taxonomies = loaded(tmp_path, ONE, TWO)
    for reasons in (True, False):
        found = Labeller(taxonomies, reasons=reasons).labels(symbols, title, abstract)
        assert {f"{one['taxonomy']}/{one['node']}": one["source"] for one in found} == expected
        assert all(bool(one["reasons"]) == reasons for one in found)


def test_only_chosen_taxonomies_label_and_others_still_serve_them(tmp_path: Path) -> None:
    taxonomies = loaded(tmp_path, ONE, TWO)
    labeller = Labeller(taxonomies, ["two"])
    assert [one["node"] for one in labeller.labels([], "石墨烯", None)] == ["built", "again"]
    assert Labeller(taxonomies, ["one"]).fingerprint != labeller.fingerprint != Labeller(taxonomies).fingerprint


def test_reasons_of_a_built_label_lead_to_what_it_is_built_from(tmp_path: Path) -> None:
    (built, _) = Labeller(loaded(tmp_path, ONE, TWO), ["two"]).labels([], "石墨烯", None)
    assert built["reasons"] == [
        {"kind": "branch", "value": "one/words", "pattern": "one:top", "field": None, "origin": None},
        {"kind": "keyword", "value": "石墨烯", "pattern": "石墨烯", "field": "title", "origin": "proposed"},
    ]


def test_reasons_name_the_class_beside_and_the_expression(tmp_path: Path) -> None:
    labeller = Labeller(loaded(tmp_path, ONE))
    (both,) = labeller.labels(["H01M10/42", "B60L50/60"], "装置", None)
    assert [(one["value"], one["pattern"]) for one in both["reasons"]] == [
        ("H01M10/42", "H01M*"), ("B60L50/60", "B60L*")]
    (asked,) = labeller.labels(["H01M10/42"], "电池", None)
    assert [one["kind"] for one in asked["reasons"]] == ["expression"]


def test_a_branch_without_a_node_is_found(tmp_path: Path) -> None:
    taxonomies = loaded(tmp_path, ONE, TWO.replace("one:both", "one:gone"))
    (finding,) = check(taxonomies["two"], taxonomies)
    assert (finding["code"], finding["severity"], finding["pattern"]) == ("taxonomy_check_branch", "error", "one:gone")
    assert check(taxonomies["one"], taxonomies) == []


@pytest.mark.parametrize(("rule", "code"), [
    ("expression: '名称=('", "taxonomy_expression_invalid"),
    ("expression: '申请人=甲'", "taxonomy_expression_invalid"),
    ("expression: '产业=33618'", "taxonomy_expression_invalid"),
    ("from: [nothing]", "taxonomy_branch_invalid"),
    ("with: [H01M*]", "taxonomy_rule_empty"),
    ("keywords_exclude: [甲]", "taxonomy_rule_empty"),
])
def test_what_is_no_rule_is_refused(tmp_path: Path, rule: str, code: str) -> None:
    with pytest.raises(BadCall) as refused:
        loaded(tmp_path, ONE.replace("keywords: [石墨烯], keywords_exclude: [铅笔]", rule))
    assert refused.value.code == code
    assert refused.value.values["line"] == 16
