"""Whatever is sent in whatever dialect: a tree that can be written back, or errors with places; never a crash."""

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from index.query.build import leaves
from index.query.canonical import canonical
from index.query.dialects import FRONT_ENDS, expressions, parse
from index.query.parser import parse as parse_canonical
from index.query.tree import Everything, Node, Not
from store.settings import QueryLimits

PIECES = (
    "电池", "隔膜", "名称", "摘要", "TI", "ti=", "名称=", "名称,摘要+=", "/ti", "/ad", "/PIC", "AND", "OR", "NOT",
    "xor", "and/sen", "pre/10", "not/10", "adj", "(", ")", "（", "）", "'", '"', "“", ",", ":", "：", "=", "==",
    "<", ">", "<=", "%", "?", "*", "$", "+", "#", "-", "[", "]", "to", "TO", "2010", "20100305", "申请日=", "pd=",
    "ad:", "t:", "分类号=", "ipc:", "H01M", "H01M10/42", "b6%", "12-16", "申请号=", "CN201010298420.4", "地址=",
    "315%某市", "(2w)", "(s)", "(3f)", "5W", "S", "F", "XX", "<ADJ5>", "SS", "VDB:", "R=", "TREE@", "OPT", "PNC=CN",
    "公开国=", "HK", "CN", "公开国,名称=", "专利号,公开号=", "/pn,ti", "2011<=", ">=2013",
    "type:", "发明授权", "优先权=", "or", "精密or", "</SPAN>", "\\", "/*", "*/", "𠮷", "é",
    "BETWEEN[", ">=2(", " ", " ", " ", " ", "\n", "\u3000", "\u200b", "# ", "< /SPAN>", "\x00", "\ud800",
)

REPEATED = (
    "(", ")", "((a)/ti ", "'a%' ", "a/ti,", "/* ", "<p ", "'", '"', "a or ", "not ", "名称=(", "a (2w) ", "[",
    "ad:[", "(pd<", "2010<=pd<=2011 ", "分类号=(H01M 1/2 ", "a-b", "a/ti-", "电-", "公开国=HK ", "精密or", "F XX ",
    "申请号=(1 ",
)


@st.composite
def texts(draw: st.DrawFn) -> str:
    return "".join(draw(st.lists(st.sampled_from(PIECES) | st.text(max_size=3), max_size=30)))


def constant(node: Node) -> bool:
    return any(leaf == Everything() for leaf in leaves(node)) and node not in (Everything(), Not(Everything()))


@pytest.mark.parametrize("dialect", sorted(FRONT_ENDS))
@given(text=texts())
@settings(max_examples=300, deadline=None, suppress_health_check=[HealthCheck.too_slow])
def test_anything_is_read_or_refused(dialect: str, text: str) -> None:
    tree, remarks = parse(dialect, text)
    for one in remarks:
        assert 0 <= one.start <= one.end <= len(text)
        assert one.message("zh") and one.message("en")
    if tree is None or any(one.severity == "error" for one in remarks):
        return
    assert not constant(tree)
    assert tree != Everything() or any(one.code == "country_always" for one in remarks)
    written = canonical(tree)
    again, said = parse_canonical(written)
    if written:
        assert again == tree, written
        assert not any(one.severity == "error" for one in said), written


@pytest.mark.slow
@pytest.mark.parametrize("dialect", sorted(FRONT_ENDS))
@pytest.mark.parametrize("piece", REPEATED)
def test_long_repetitions_end_soon(dialect: str, piece: str) -> None:
    """65,536 characters of the same: a step that goes back to the beginning each time would take minutes."""
    text = (piece * (65_536 // len(piece) + 1))[:65_536]
    tree, remarks = parse(dialect, text)
    assert tree is not None or remarks


@pytest.mark.parametrize("dialect", sorted(FRONT_ENDS))
def test_nothing_but_comments_is_no_query(dialect: str) -> None:
    assert parse(dialect, "# 注释\n# 注释") == (None, [])


def test_caps_hold_in_every_dialect() -> None:
    for dialect in FRONT_ENDS:
        for text, code in (("电" * 65_537, "query_too_long"), ("a or " * 10_001 + "a", "query_too_many_terms")):
            assert code in {one.code for one in parse(dialect, text)[1]}
        small = QueryLimits(leaves=3)
        assert "query_too_many_terms" in {one.code for one in parse(dialect, "a or b or c or d or e", small)[1]}


@given(text=texts())
def test_expressions_of_a_file_keep_their_places(text: str) -> None:
    found = expressions(text)
    assert all(text[one.start:one.end] == one.text and one.text.strip() == one.text for one in found)
    assert [one.start for one in found] == sorted(one.start for one in found)
