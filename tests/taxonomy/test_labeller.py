"""Labels of real and made-up records: which nodes, why, and the same as a plain reading of the rules."""

import json
import lzma
import pickle
from functools import cache
from itertools import islice
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from index.text import units
from index.text.many import compact_many
from ingest.ipc import patterns, scheme
from ingest.ipc.successors import retired
from taxonomy import catalogue
from taxonomy.labeller import Labeller, label_line
from taxonomy.loading import load_file
from taxonomy.model import Rule, Taxonomy
from taxonomy.wording import Found, Keywords, Vocabulary, compact, texts_of


@pytest.fixture(scope="module")
def labeller() -> Labeller:
    return Labeller(catalogue.load())


def nodes(labels: list[Any], taxonomy: str = "33618") -> dict[str, str]:
    return {one["node"]: one["source"] for one in labels if one["taxonomy"] == taxonomy}


@pytest.mark.parametrize(("symbols", "title", "abstract", "expected"), [
    (["B60L11/18"], "一种电动汽车的整车电气系统", None, {"nev": "rule"}),
    (["B60L50/60"], "一种车辆", None, {"nev": "rule_derived", "battery": "rule_derived"}),
    (["H01M50/10"], "一种电池壳体", "本实用新型用于动力电池。", {"nev": "rule", "battery": "rule"}),
    (["H01M2/10"], "动力电池箱", None, {"nev": "rule", "battery": "rule"}),          # retired, H01M50 now
    (["H01M10/42"], "一种电池回收方法", None, {"battery": "rule"}),
    (["B60L50/60"], "一种电动自行车", None, {"battery": "rule_derived"}),            # an excluding keyword of nev
    (["G06K9/62"], "一种图像分类方法", None, {"ai_robot": "rule_derived", "ai": "rule_derived"}),   # succeeded jointly
    (["A61K36/185"], "一种治疗感冒的中药组合物", None, {"biomed": "rule", "tcm": "rule"}),
    (["B62J17/04"], "摩托车挡风衣", None, {"moto": "rule"}),
    (["F02D41/00"], "一种汽车发动机控制方法", None, {}),
    (["F02D41/00"], "一种摩托车发动机控制方法", None, {"moto": "rule"}),
    (["E04B1/00"], "一种电动汽车车库", None, {}),
    ([], "一种电动汽车", "动力电池", {}),
])
def test_known_titles(labeller: Labeller, symbols: list[str], title: str, abstract: str | None,
                      expected: dict[str, str]) -> None:
    assert nodes(labeller.labels(symbols, title, abstract)) == expected


def test_reasons_name_pattern_symbol_keyword_and_field(labeller: Labeller) -> None:
    (nev, _) = [one for one in labeller.labels(["H01M50/10", "G06F3/00"], "一种电池壳体", "用于动力電池。")
                if one["taxonomy"] == "33618"]
    assert (nev["node"], nev["name"], nev["score"]) == ("nev", "智能网联新能源汽车", None)
    assert nev["taxonomy_version"] == catalogue.load()["33618"].version
    assert nev["reasons"] == [
        {"kind": "ipc", "value": "H01M50/10", "pattern": "H01M50/00*", "field": "ipc", "origin": "official"},
        {"kind": "keyword", "value": "动力电池", "pattern": "动力电池", "field": "abstract", "origin": "proposed"},
    ]


def test_claims_are_read(labeller: Labeller) -> None:
    claims = ["1. 一种装置。", "2. 根据权利要求1所述的装置，用于新能源汽车。"]
    (label,) = [one for one in labeller.labels(["B60H1/00"], "一种装置", None, claims)
                if (one["taxonomy"], one["node"]) == ("33618", "nev")]
    assert label["reasons"][-1]["field"] == "claims"


def test_a_line_of_the_command_may_write_symbols_in_any_form(labeller: Labeller) -> None:
    line = {"id": "1", "title": "动力电池箱", "ipc": ["H01M   2/10    (2006.01)", "不是"]}
    assert nodes(label_line(labeller, line)) == {"nev": "rule", "battery": "rule"}


def test_a_labeller_survives_pickling(labeller: Labeller) -> None:
    copy = pickle.loads(pickle.dumps(labeller))
    assert copy.fingerprint == labeller.fingerprint
    assert copy.labels(["H01M2/10"], "动力电池箱", None) == labeller.labels(["H01M2/10"], "动力电池箱", None)


def test_the_fingerprint_follows_the_files(tmp_path: Path) -> None:
    path = tmp_path / "one.yaml"
    path.write_text('id: one\nname: 一\nversion: "1"\nnodes: [{id: a, name: 甲, rules: [{ipc: [A]}]}]\n', "utf-8")
    first = Labeller({"one": load_file(path)}).fingerprint
    path.write_text(path.read_text("utf-8").replace("[A]", "[B]"), "utf-8")
    assert Labeller({"one": load_file(path)}).fingerprint != first


@cache
def spelled(text: str) -> str:
    """The units of a text, each between two bars."""
    return "".join(f"\x01{unit}" for unit in units(text)) + "\x01"


def has(word: str, values: list[str]) -> bool:
    return len(spelled(word)) > 1 and any(spelled(word) in value for value in values)


def inside(pattern: str, symbol: str) -> bool:
    """Whether a symbol lies in the tree that a pattern names, successors aside."""
    return pattern.removesuffix("*") in scheme.ancestor_keys(symbol)


def plainly(rule: Rule, symbols: list[str], values: list[str]) -> bool:
    """A rule word for word."""
    def matches(symbol: str) -> bool:
        if any(patterns.covers(one.pattern, symbol) for one in rule.patterns):
            return True
        trees = [one.pattern for one in rule.patterns if one.pattern.endswith("*")]
        for entry in retired():
            old = entry.place.symbol
            whole = all(any(inside(pattern, new.symbol) for pattern in trees) for new in entry.successors)
            if whole and (symbol == old or (entry.place.below and inside(old, symbol))):
                return True
        return False

    if rule.patterns and not any(
            matches(symbol) and not any(inside(one.pattern, symbol) for one in rule.exclude) for symbol in symbols):
        return False
    if rule.keywords and not any(has(word, values) for word in rule.keywords):
        return False
    return not any(has(word, values) for word in rule.keywords_exclude)


def test_real_records_are_labelled_as_the_rules_say(shared: Path, labeller: Labeller) -> None:
    taxonomy: Taxonomy = catalogue.load()["33618"]
    with lzma.open(shared / "data" / "patents.jsonl.xz", "rt", encoding="utf-8") as lines:
        records = [json.loads(line) for line in islice(lines, 120)]
    labelled = 0
    for record in records:
        symbols, claims = record.get("ipc") or [], record.get("claims") or []
        claims = [one if isinstance(one, str) else one["text"] for one in claims]
        texts = [record.get("title"), record.get("abstract"), *claims]
        values = [spelled(text) for text in texts if text]
        expected = {node.id for node, rule in taxonomy.rules() if plainly(rule, symbols, values)}
        found = labeller.labels(symbols, record.get("title"), record.get("abstract"), claims)
        assert set(nodes(found)) == expected, record.get("title")
        labelled += bool(expected)
    assert labelled > 30


CHARACTERS = "电池芯片电電ledo5AＬİſΣς -.。\n\t　²\u200b\x01é\u0301"


def search(words: list[str], *values: tuple[str, str]) -> list[Found]:
    keywords, texts = Keywords(words), texts_of([[], values, []])
    nothing, places, nothing_more = Vocabulary(keywords.forms).find(texts)
    assert nothing == nothing_more == {}
    return list(keywords.found(places, texts[1]))


@given(st.lists(st.text(CHARACTERS, min_size=1, max_size=4), min_size=1, max_size=6),
       st.lists(st.text(CHARACTERS, max_size=20), max_size=3))
def test_keywords_match_as_terms_do(words: list[str], texts: list[str]) -> None:
    found = {one.keyword: one for one in search(words, *((str(place), text) for place, text in enumerate(texts)))}
    for word in words:
        fields = [str(place) for place, text in enumerate(texts) if has(word, [spelled(text)])]
        assert (found[word].field if word in found else None) == (fields[0] if fields else None)
        assert word not in found or units(found[word].words) == units(word)


@given(st.text(CHARACTERS, max_size=20), st.text(CHARACTERS, max_size=20))
def test_compact_texts_agree_when_their_units_do(one: str, two: str) -> None:
    assert (compact(one) == compact(two)) == (units(one) == units(two))


@given(st.lists(st.text(CHARACTERS, max_size=20), max_size=5))
def test_many_texts_are_made_compact_as_each_alone(texts: list[str]) -> None:
    assert list(compact_many(texts)) == list(map(compact, texts))


def test_no_part_of_a_word_matches() -> None:
    assert search(["LED", "AR"], ("title", "一种OLED显示装置，carbon")) == []
    assert search(["LED", "AR"], ("title", "一种ＬＥＤ灯"), ("abstract", "AR 眼镜")) == [
        Found("LED", "led", "title"), Found("AR", "ar", "abstract")]
