"""The door: modes, simple search, filters, refusals, and the forms in which a query is shown."""

from collections.abc import Iterable, Sequence
from collections.abc import Set as AbstractSet
from itertools import product

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from index.fields import DEFAULT
from index.query import SearchView, highlights, matches, read
from index.query.build import all_of, any_of, negation, odd_of
from index.query.canonical import canonical
from index.query.highlight import ranges
from index.query.parser import parse
from index.query.sentence import joined, segments
from index.query.simple import needed
from index.query.tree import (
    And,
    AtLeast,
    Classes,
    Dates,
    Everything,
    Industry,
    Keyword,
    Node,
    Not,
    Number,
    Or,
    Region,
    Units,
    Xor,
)
from index.text import units
from store.errors import BadCall, BadQuery
from tests.index.made import patent


@pytest.mark.parametrize(("text", "mode"), [
    ("CN201010298420.4", "number"),
    ("ZL 2010 1 0298420.4", "number"),
    ("101945314", "number"),
    ("2010102984204", "number"),
    ("CN101945314B", "number"),
    ("电池", "simple"),
    ("电池 and 石墨烯", "simple"),
    ("电池 AND 石墨烯", "expert"),
    ("NOT 电池", "expert"),
    ("名称=电池", "expert"),
    ("名臣 = 电池", "expert"),
    ("申请日>2010", "expert"),
    ("温度>100的电池", "simple"),
    ("\"电池\"", "expert"),
    ("“电池”", "expert"),
    ("电池（锂）", "expert"),
    ("电池（锂", "expert"),
    ("ＡＮＤ 电池", "expert"),
    ("BRAND", "simple"),
    ("20100305", "simple"),
    ("新能源汽车电池：低温性能", "simple"),
])
def test_mode_auto(text: str, mode: str) -> None:
    try:
        assert read(text).mode == mode
    except BadQuery:
        assert mode == "expert"


def test_the_same_query_is_read_and_said_once() -> None:
    first, again = read("名称=(电池 OR 电芯)", ["申请日=2010"]), read("名称=(电池 OR 电芯)", ["申请日=2010"])
    assert again is first and first.segments() is first.segments()
    assert read("名称=(电池 OR 电芯)", ["申请日=2011"]).node != first.node


def test_a_wrong_check_digit_is_told() -> None:
    found = read(" 201010298420.5")
    assert found.node == Number("application_number", "201010298420")
    assert [(one.code, one.start, one.end) for one in found.diagnostics] == [("check_digit_wrong", 0, 15)]
    assert not read("201010298420.4").diagnostics and not read("CN101945314B").diagnostics


def test_a_number_finds_its_patent_by_either_reading() -> None:
    assert read("2010102984204").node == Number("application_number", "201010298420")
    assert read("CN101945314B").node == Number("publication_number", "101945314B")
    either = Number("application_number", "85100312"), Number("publication_number", "85100312")
    assert read("85100312").node == Or(either)


@pytest.mark.parametrize(("count", "enough"), [
    (1, 1), (2, 2), (3, 2), (4, 3), (5, 3), (6, 4), (7, 5), (8, 5), (9, 4), (10, 4), (11, 5), (20, 8),
])
def test_how_many_words_are_enough(count: int, enough: int) -> None:
    assert needed(count) == enough


def test_simple_search() -> None:
    query = read("一种新能源汽车电池的低温性能，电池")
    assert query.words == ("新能源", "汽车", "电池", "低温", "性能")
    leaves = tuple(Units(DEFAULT, tuple(units(word))) for word in query.words)
    assert query.node == AtLeast(3, leaves)
    relaxed = read(query.text, relaxed=True)
    assert (relaxed.node, relaxed.relaxed, query.relaxed) == (Or(leaves), True, False)
    assert read("电池 隔膜").node == parse("电池 AND 隔膜")[0]
    assert read("名称=电池", relaxed=True).relaxed is False


def test_words_of_simple_search_match_across_fields() -> None:
    node = read("电池 隔膜 涂层").node
    assert matches(node, SearchView(patent(title="电池", abstract="隔膜")))
    assert not matches(node, SearchView(patent(title="电池", abstract="电池")))


def test_filters_are_expressions_and_are_anded() -> None:
    query = read("电池", ["专利类型=发明", "NOT 名称=隔膜"])
    assert query.canonical == "电池 AND 专利类型=发明 NOT 名称=隔膜"
    assert query.mode == "simple"
    assert read(" ", ["专利类型=发明"]).node == Keyword("type", ("invention",))
    assert read("电池", [" "]).node == read("电池").node
    found = read("电池", ["题摘=A", "名称=甲 OR 名称=乙 名称=丙"]).diagnostics
    assert [(one.code, one.filter) for one in found] == [("operators_mixed", 1)]


@pytest.mark.parametrize(("text", "filters", "code"), [
    ("", [], "empty_query"),
    (" \u200b\n", [], "empty_query"),
    ("", [""], "empty_query"),
    ("# 只有注释", [], "empty_query"),
    ("名臣=电池", [], "field_unknown"),
    ("电池", ["名臣=电池"], "field_unknown"),
    ("a" * 65_537, [], "query_too_long"),
    ("电池 AND (", [], "parenthesis_unclosed"),
    ("(" + "a " * 10_001 + ")", [], "query_too_many_terms"),
])
def test_refusals(text: str, filters: list[str], code: str) -> None:
    mode = "expert" if text.startswith("#") else "auto"
    with pytest.raises(BadQuery) as refused:
        read(text, filters, mode=mode)
    assert refused.value.code == code
    assert refused.value.http_status == 400
    assert refused.value.position is not None
    assert refused.value.message("zh") and refused.value.message("en")


def test_unknown_mode_and_dialect() -> None:
    with pytest.raises(BadCall):
        read("电池", mode="magic")
    with pytest.raises(BadQuery, match="cnipa、trs、cprs、incopat、patenthub"):
        read("电池", dialect="latin")


def test_mode_can_be_forced() -> None:
    assert read("CN101945314B", mode="simple").mode == "simple"
    assert read("电池 石墨烯", mode="expert").mode == "expert"
    assert read("名称=电池", mode="simple").words == ("名称", "电池")


# Canonical form

TERM = st.text("电池锂ab1.+#?\"'\\(:, ≥é\u0301-*/", min_size=1, max_size=8).map(
    lambda text: tuple(units(text))).filter(bool)
FIELDS = st.sampled_from([
    DEFAULT, ("title",), ("title", "abstract"), ("applicants",), ("title", "claims"), ("abstract", "agents")])
LEAF = st.one_of(
    st.builds(Units, FIELDS, TERM, st.booleans()),
    st.builds(Units, st.just(DEFAULT), st.sampled_from([
        ("and",), ("5", "w"), ("5w",), ("精", "or"), ("x", "y"), ("ti",), ("名", "称")])),
    st.sampled_from([
        Keyword("type", ("design",)), Keyword("legal_state", ("in_force",)), Keyword("postcode", ("4007",), True),
        Dates("application_date", 20100101, 20121231), Dates("publication_date", None, 20100305),
        Dates("grant_date", 20100228, None), Dates("application_date", 20100201, 20100228),
        Classes("ipc", "tree", "H01M10/42"), Classes("main_ipc", "prefix", "H01M"),
        Classes("ipc", "exact", "H01M10/42"), Classes("ipc", "range", "H01M8", "H01M10"),
        Classes("cpc", "prefix", "Y02E60/1+"), Classes("locarno", "exact", "14-02"),
        Number("application_number", "201010298420"), Number("publication_number", "101945314B"),
        Number("publication_number", "1019", True), Region("500112"), Region("JP"), Industry("33618", "nev"),
        Industry("416"),
    ]),
)


def combined(children: st.SearchStrategy[Node]) -> st.SearchStrategy[Node]:
    some = st.lists(children, min_size=2, max_size=4)
    at_least = some.flatmap(lambda nodes: st.integers(1, len(nodes)).map(lambda least: AtLeast(least, tuple(nodes))))
    return st.one_of(some.map(all_of), some.map(any_of), some.map(odd_of), children.map(negation), at_least)


TREES: st.SearchStrategy[Node] = st.recursive(LEAF, combined, max_leaves=12)



@settings(max_examples=300)
@given(TREES)
def test_canonical_form_reads_back_as_the_same_tree(node: Node) -> None:
    text = canonical(node)
    tree, remarks = parse(text)
    assert tree == node
    assert not remarks
    assert canonical(tree) == text


@settings(max_examples=100)
@given(TREES)
def test_every_tree_has_a_sentence(node: Node) -> None:
    for lang in ("zh", "en"):
        pieces = segments(node, lang)
        assert joined(pieces).endswith("。" if lang == "zh" else ".")
        assert any(emphasised for _, emphasised in pieces)
        assert not set(joined(pieces)) & {"\x02", "\x03"}


@given(st.text(st.sampled_from("电池ab ()\"=:,<>#*/'+-ANDORNOTXOR名称申请日=2010\n（）"), max_size=30))
def test_any_text_is_read_or_refused_with_a_remark(text: str) -> None:
    try:
        query = read(text)
    except BadQuery as refused:
        assert refused.code == "empty_query" or any(one.severity == "error" for one in refused.diagnostics)
    else:
        assert read(query.canonical, mode="expert").node == query.node


def test_everything_has_an_empty_canonical_form_and_a_sentence() -> None:
    assert canonical(Everything()) == ""
    assert joined(segments(Everything())) == "全部专利。"


# Sentence

@pytest.mark.parametrize(("text", "zh", "en"), [
    ("题摘=(电池 OR 电芯 OR 电池包) AND IPC=H01M10/6+ NOT 名称=充电桩",
     "名称或摘要含电池、电芯、电池包之一；IPC以H01M10/6开头；名称不含充电桩。",
     "Title or abstract has one of 电池, 电芯, 电池包; IPC begins with H01M10/6; title does not have 充电桩."),
    ("题摘=(热管理 OR 液冷 OR (冷却 散热))", "名称或摘要含热管理、液冷之一，或者名称或摘要同时含冷却与散热。",
     "Title or abstract has one of 热管理, 液冷 or title or abstract has all of 冷却 and 散热."),
    ("新能源汽车电池", "名称、摘要或权利要求含新能源、汽车、电池中的至少 2 个。",
     "Title, abstract or claims has at least 2 of 新能源, 汽车, 电池."),
    ("地区=渝北区 AND 申请日=2019: AND 公开日=201003", "地区为重庆市渝北区；申请日在2019及以后；公开日为2010-03。",
     "Region is Yubei District, Chongqing; application date is 2019 or later; publication date is 2010-03."),
    ("申请人==\"machine learning\" AND IPC=H01M10/42*",
     "申请人为machine learning；IPC为H01M10/42或其下位（含旧版分类号）。",
     "Applicant is machine learning; IPC is H01M10/42 or below it (retired symbols included)."),
])
def test_sentence(text: str, zh: str, en: str) -> None:
    query = read(text)
    assert (query.sentence("zh"), query.sentence("en")) == (zh, en)


def _combinations(first: Iterable[Node], second: Iterable[Node]) -> set[Node]:
    return {made for pair in product(first, second) for made in (
        all_of(pair), any_of(pair), odd_of(pair), AtLeast(1, pair), AtLeast(2, pair), negation(all_of(pair)),
        negation(any_of(pair)), negation(odd_of(pair)), negation(AtLeast(2, pair)))}


def _meaning(node: Node, terms: Sequence[Node]) -> tuple[bool, ...]:
    """What a tree says of every record that holds some of the terms."""
    def holds(one: Node, held: AbstractSet[Node]) -> bool:
        match one:
            case And(children):
                return all(holds(child, held) for child in children)
            case Or(children):
                return any(holds(child, held) for child in children)
            case Xor(left, right):
                return holds(left, held) != holds(right, held)
            case Not(child):
                return not holds(child, held)
            case AtLeast(minimum, children):
                return sum(holds(child, held) for child in children) >= minimum
        return one in held

    return tuple(holds(node, {term for place, term in enumerate(terms) if number >> place & 1})
                 for number in range(1 << len(terms)))


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_one_sentence_has_one_meaning(lang: str) -> None:
    """All trees of two operators over three terms, and of three operators over some."""
    terms = [Units(("title",), ("甲",)), Units(("title",), ("乙",)), Units(("abstract",), ("丙",))]
    single = [*terms, Not(terms[0]), Not(terms[2])]
    pairs = _combinations(single, single)
    some = sorted(pairs, key=repr)
    trees = pairs | _combinations(pairs, single) | _combinations(some[::9], some[::7])
    said: dict[str, tuple[bool, ...]] = {}
    for tree in trees:
        meaning = _meaning(tree, terms)
        sentence = joined(segments(tree, lang))
        assert said.setdefault(sentence, meaning) == meaning, sentence


def test_signs_of_a_quoted_term_are_no_truncation() -> None:
    assert read('名称="C+"').sentence() == '名称含"c+"。'
    assert read("名称=batter+").sentence() == "名称含batter+。"


def test_sentence_sets_terms_apart() -> None:
    assert read("名称=(电池 OR 电芯)").segments() == (
        ("名称含", False), ("电池", True), ("、", False), ("电芯", True), ("之一。", False))


def test_long_lists_are_counted_not_listed() -> None:
    text = " OR ".join(f"词{place}" for place in range(500))
    assert read(f"名称=({text})").sentence().endswith("词11等 500 词之一。")


# Highlights

def test_highlights_are_ranges_of_the_original_text() -> None:
    record = patent(title="一种ＬＥＤ\u200b电池与锂\u200b電池组", abstract="电池组。\n池组合；led 电池")
    query = read("(led电池 OR 电池) AND 池组 NOT 一种")
    title, abstract = record["title"], record["abstract"]
    assert title is not None and abstract is not None
    marked = {field: [text[start:end] for start, end in highlights(query, record).get(field, [])]
              for field, text in (("title", title), ("abstract", abstract))}
    assert marked == {"title": ["ＬＥＤ\u200b电池", "電池组"], "abstract": ["电池组", "池组", "led 电池"]}


def test_highlights_of_another_field_or_of_nothing_are_left_out() -> None:
    record = patent(title="电池", abstract="隔膜")
    assert highlights(read("摘要=电池 OR 名称=隔膜"), record) == {}
    assert highlights(read("名称=电池"), record) == {"title": [[0, 2]]}
    assert highlights(read("NOT (NOT 电池 OR 隔膜)"), record) == {"title": [[0, 2]]}


def test_whole_values_are_marked_only_as_a_whole() -> None:
    node = read("摘要==隔膜").node
    assert ranges(node, "abstract", "隔膜组\n隔膜") == [[4, 6]]
