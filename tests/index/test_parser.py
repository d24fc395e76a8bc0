"""The canonical dialect: what each form of interfaces §5 is read as, and what is said about it.

A row is (text, the same meaning in canonical form, codes of the remarks). Texts marked (pss) or (trs) are forms
that users of those systems write; the others are the examples of the interfaces.
"""

import pytest

from index.fields import FIELDS, bracketed_names, find, nearest
from index.query.canonical import canonical
from index.query.diagnostics import SEVERITY
from index.query.parser import parse
from index.query.read import DIALECTS
from index.query.remarks import MAX_REMARKS
from index.query.tree import Dates, Units
from store.messages import catalogue
from store.settings import QueryLimits

LIMITS = QueryLimits()

@pytest.mark.parametrize(("text", "first", "last"), [
    ("申请日=2010", 20100101, 20101231),
    ("申请日=201002", 20100201, 20100228),
    ("申请日=20100305", 20100305, 20100305),
    ("申请日=2010-3-5", 20100305, 20100305),
    ("申请日=2010.03", 20100301, 20100331),
    ("申请日=2010/3", 20100301, 20100331),
    ("申请日=2010年3月5日", 20100305, 20100305),
    ("申请日=2010:2012", 20100101, 20121231),
    ("申请日=:2012", None, 20121231),
    ("申请日=2010:", 20100101, None),
    ("申请日=２０１０：２０１２", 20100101, 20121231),
    ("申请日>2010", 20110101, None),
    ("申请日>=2010", 20100101, None),
    ("申请日<2010", None, 20091231),
    ("申请日<=2010.02", None, 20100228),
    ("申请日==2010", 20100101, 20101231),
    ("申请日 = 2010 : 2012", 20100101, 20121231),
])
def test_dates(text: str, first: int | None, last: int | None) -> None:
    tree, remarks = parse(text)
    assert not remarks
    assert tree == Dates("application_date", first, last)
    assert parse(canonical(tree)) == (tree, [])


def test_ranges_and_comparisons_stand_inside_groups_too() -> None:
    assert parse("申请日=(2010:2012 OR 2015)") == parse("申请日=2010:2012 OR 申请日=2015")
    assert parse("公开日=(>=2010 AND <2015)") == parse("公开日>=2010 AND 公开日<2015")


def test_positions_count_code_points_of_the_text_as_sent() -> None:
    text = "𠮷\u200b野 AND 名\u200b臣=x"
    assert [(one.start, one.end) for one in parse(text)[1]] == [(8, 11)]
    assert text[8:11] == "名\u200b臣"


def nested(levels: int) -> str:
    """So many parentheses, none of them redundant."""
    return "".join(f"a {('AND', 'OR')[level % 2]} (" for level in range(levels)) + "b OR c" + ")" * levels


def test_caps() -> None:
    assert [one.code for one in parse("a" * (LIMITS.characters + 1))[1]] == ["query_too_long"]
    assert parse("a" * LIMITS.characters)[1] == []
    assert [one.code for one in parse("a " * (LIMITS.leaves + 1))[1]] == ["query_too_many_terms"]
    assert parse("a " * LIMITS.leaves)[1] == []
    assert parse(nested(LIMITS.depth - 1))[1] == []
    assert [one.code for one in parse(nested(LIMITS.depth + 2))[1]] == ["query_too_deep"]
    assert [one.code for one in parse(nested(4_000))[1]] == ["query_too_deep"]


@pytest.mark.parametrize(("text", "code"), [
    ("电" + "?" * (LIMITS.signs + 1) + "池", "truncation_too_many"),
    (f"A {LIMITS.distance + 1}D B", "proximity_too_far"),
    ("A " + "9" * 5_000 + "W B", "proximity_too_far"),
])
def test_caps_of_one_term(text: str, code: str) -> None:
    assert [one.code for one in parse(text)[1]] == [code]


def test_caps_are_settings() -> None:
    few = QueryLimits(characters=20, leaves=4, depth=1, signs=2, distance=5)
    for text, code in [("a" * 21, "query_too_long"), ("a b c d e", "query_too_many_terms"),
                       ("a (b OR (c d))", "query_too_deep"), ("a+b+c+d", "truncation_too_many"),
                       ("a 6W b", "proximity_too_far")]:
        assert [one.code for one in parse(text, few)[1] if one.severity == "error"] == [code]
    assert parse("a 5W (b OR c+)", few)[1] == []


def test_redundant_parentheses_and_chains_do_not_count_as_depth() -> None:
    assert parse("(" * 30_000 + "a" + ")" * 30_000) == parse("a")
    assert parse("a AND (" * 500 + "b" + ")" * 500)[1] == []
    tree, remarks = parse("a XOR " * 9_999 + "b")
    assert not remarks and tree is not None and canonical(tree).count("XOR") == 9_999


def test_many_remarks_are_cut_with_a_count() -> None:
    remarks = parse("xx=a " * 1_000)[1]
    assert len(remarks) == MAX_REMARKS + 1
    assert remarks[-1].code == "remarks_left_out" and remarks[-1].values == {"count": 800}


def test_every_remark_has_its_texts() -> None:
    assert catalogue().keys() >= SEVERITY.keys()


def test_every_field_is_found_by_all_its_names() -> None:
    names = [(name, field) for field in FIELDS for name in (field.name, field.api, *field.aliases)]
    assert all(find(name) is field for name, field in names)
    assert len({field.api for field in FIELDS}) == len(FIELDS)
    for field in FIELDS:
        remarks = parse(field.example)[1]
        assert not remarks or field.kind == "collection"
    assert all("(" in name for name in bracketed_names())
    assert "申请人" in nearest("申请入")


def test_a_composite_is_one_leaf_over_its_fields() -> None:
    assert parse("题摘=A")[0] == Units(("title", "abstract"), ("a",))
    assert parse("A")[0] == Units(("title", "abstract", "claims"), ("a",))


@pytest.mark.parametrize("dialect", ["canonical", "trs", "cnipa", "incopat"])
@pytest.mark.parametrize("before", ["", "名称=", "名称,摘要=", "申请人==", "名称>", "IPC=", "地址=", "甲(", "甲 5W "])
@pytest.mark.parametrize("terms", [
    "电池 OR 石墨烯", "电池 OR 电池", "batter+ OR h#o OR +", "甲or乙 OR 精密or", "'a' OR '阿 以' OR \"a b\" OR \"\"",
    "5w OR 5W OR S", "重庆 OR 朝阳区 OR 2010 OR 315%宁波", "a*b OR b? OR c% OR ②", "CN201010298420 OR H01M10/42",
    "to OR AND"])
def test_lists_are_read_as_step_by_step(terms: str, before: str, dialect: str) -> None:
    """A last term in parentheses of its own makes no list of what stands before it."""
    closing = ")" * (before.count("(") + 1)
    listed, stepped = (
        DIALECTS[dialect](f"{before}({terms} OR {last}{closing}", LIMITS) for last in ("末", "(末)"))
    assert listed[0] == stepped[0]
    end = len(before) + len(terms)      # behind it a remark on the last term stands one place further
    assert [(one.code, min(one.start, end)) for one in listed[1]] == [
        (one.code, min(one.start, end)) for one in stepped[1]]
