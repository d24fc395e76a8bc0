"""Clauses that facets write: the query language reads them as meant, and chips take them apart again."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from index.query import read
from index.query.tree import Units
from index.text import units
from web import clauses, trends
from web.clauses import of_facet, take_apart

LETTERS = st.characters(exclude_categories=("C", "Z")) | st.sampled_from('电池公司"\\()（）,:=<> +?#AND')
NAMES = st.text(LETTERS, min_size=1, max_size=30)


@given(NAMES)
@settings(deadline=None)       # the first reading loads the tables
def test_any_name_of_an_applicant_is_one_whole_term(name: str) -> None:
    wanted = tuple(units(name))
    if wanted:
        node = read("", (of_facet("applicant", name),)).node
        assert node == Units(("applicants",), wanted, whole=True)


@given(NAMES)
def test_a_chip_says_what_the_facet_said(name: str) -> None:
    assert take_apart(of_facet("applicant", name)) == (False, "申请人", name)
    assert take_apart(clauses.excluding(of_facet("applicant", name))) == (True, "申请人", name)


@pytest.mark.parametrize(("facet", "value", "written"), [
    ("type", "utility_model", "专利类型=实用新型"), ("legal_state", "in_force", "法律状态=有效"),
    ("application_year", "2019", "申请日=2019"),
    ("ipc_subclass", "H01M", "IPC=H01M"),
    ("region", "500000", "地区=500000"), ("applicant_kind", "高校", "申请人类型=高校"),
    ("industry:33618", "nev", "产业=33618/nev"),
    ("applicant", "A(B)有限公司", '申请人=="A(B)有限公司"'),
])
def test_facets_write_clauses_that_can_be_read(facet: str, value: str, written: str) -> None:
    assert of_facet(facet, value) == written
    assert not read("", (written,)).diagnostics


@pytest.mark.parametrize("filtered", [
    "电池 AND 石墨", "名称=(电池 OR 电芯)", "专利类型=发明 AND 电池", '名称="a" AND "b"'])
def test_other_filters_are_shown_as_written(filtered: str) -> None:
    assert clauses.spoken(filtered, "zh", lambda field, value: value) == ("", filtered)


def test_ids_of_both_kinds_make_one_expression() -> None:
    text = clauses.of_numbers(["CN201819900001.7", "CN199000002A"])
    assert text == "申请号=(CN201819900001.7) OR 公开号=(CN199000002A)"
    assert read(text, mode="expert").canonical


@pytest.mark.parametrize(("data_date", "first"), [
    ("2026-11-20", 2025), ("2026-06-30", 2025), ("2026-06-29", 2024), ("2026-01-02", 2024), (None, 9999),
])
def test_years_within_eighteen_months_are_incomplete(data_date: str | None, first: int) -> None:
    assert trends.first_incomplete_year(data_date) == first
