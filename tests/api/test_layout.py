"""Expressions in readable lines: the same tree, and no line wider than it must be."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from api.search.layout import lines, wide
from index.query import read

LONG = read(
    "名称,摘要=(" + " OR ".join(f"电池{n}" for n in range(60)) + ") AND (IPC=(H01M10/65+ OR B60L58/26) OR "
    'AB="a (b) AND c") NOT 名称=(充电枪 OR 充电桩 OR "液冷 OR 风冷") AND 公开日=2010:2020', mode="expert").canonical


def test_a_short_expression_stays_in_one_line() -> None:
    assert lines("名称=(电池 OR 电芯) NOT 摘要=玩具") == "名称=(电池 OR 电芯) NOT 摘要=玩具"


def test_operands_begin_lines_and_short_terms_share_them() -> None:
    found = lines(LONG).split("\n")
    assert [line for line in found if not line.startswith(" ")] == [
        "题摘=(", ")", "AND (IPC=H01M10/65+ OR IPC=B60L58/26 OR 摘要=\"a ( b ) and c\")",
        "NOT 名称=(充电枪 OR 充电桩 OR \"液冷or风冷\")", "AND 公开日=2010:2020"]
    assert all(wide(line) <= 96 for line in found)
    assert len(found) < 20


@pytest.mark.parametrize("width", [1, 20, 96])
def test_lines_mean_the_same(width: int) -> None:
    assert read(lines(LONG, width), mode="expert").node == read(LONG, mode="expert").node


CLAUSES = ("电池", "H#O", '"a (b) OR c\\""', "申请日=2010:", "名称=(A 5W B)", "IPC=H01M10/4+", ">=2(A, B OR C, D)")
OPERATORS = ("AND", "OR", "NOT", "XOR", "OR NOT")


@given(st.recursive(
    st.sampled_from(CLAUSES),
    lambda inner: st.builds("({} {} {})".format, inner, st.sampled_from(OPERATORS), inner), max_leaves=30),
    st.integers(1, 60))
@settings(max_examples=200, deadline=None)
def test_lines_of_any_expression_mean_the_same(text: str, width: int) -> None:
    query = read(text, mode="expert")
    assert read(lines(query.canonical, width), mode="expert").node == query.node
