"""Addresses: one change at a time, and nothing of the old place in a list is kept with a new question."""

from hypothesis import given
from hypothesis import strategies as st

from web.links import Address, segment

HERE = Address("/search", (("q", "电池 & 热管理"), ("filter", "专利类型=发明"), ("filter", "地区=500000"),
                           ("cursor", "c1"), ("page", "3"), ("lang", "en")))
PAIRS = st.lists(st.tuples(st.sampled_from(["q", "filter", "sort"]), st.text(min_size=1)), unique=True)


def test_parameters_are_percent_encoded() -> None:
    assert str(Address("/search", (("q", "a&b=c #1"),))) == "/search?q=a%26b%3Dc%20%231"


def test_a_filter_is_added_once_and_the_place_is_left() -> None:
    added = HERE.add("filter", "法律状态=有效")
    assert added.all("filter") == ["专利类型=发明", "地区=500000", "法律状态=有效"]
    assert added.get("cursor") == added.get("page") == ""
    assert added.add("filter", "法律状态=有效") == added


def test_one_of_several_filters_is_removed() -> None:
    assert HERE.drop("filter", "专利类型=发明").all("filter") == ["地区=500000"]
    assert HERE.drop("filter").all("filter") == []


def test_next_page_replaces_the_cursor() -> None:
    following = HERE.at("c2", 4)
    assert (following.all("cursor"), following.all("page")) == (["c2"], ["4"])


def test_other_pages_keep_only_the_language() -> None:
    assert str(HERE.elsewhere("/patents/CN1", q=None)) == "/patents/CN1?lang=en"


def test_a_blank_value_removes_a_parameter() -> None:
    assert HERE.set(q="", lang=None).get("q", "gone") == "gone"


@given(st.text(min_size=1))
def test_a_segment_never_leaves_its_place(name: str) -> None:
    assert not set(segment(name)) & set("/?#& ")


@given(PAIRS, st.text(min_size=1))
def test_adding_and_dropping_a_filter_is_no_change(pairs: list[tuple[str, str]], value: str) -> None:
    here = Address("/search", tuple(pairs)).drop("filter", value)
    assert here.add("filter", value).drop("filter", value) == here
