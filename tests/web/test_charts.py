"""Charts: numbers become places that a reader can trust, and no text of the data becomes markup."""

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st
from lxml import etree

from web import charts, tiles
from web.charts import Series

SVG = "{http://www.w3.org/2000/svg}"


def parsed(markup: str) -> etree._Element:
    return etree.fromstring(f'<div xmlns="http://www.w3.org/2000/svg">{markup}</div>')


@given(st.integers(0, 10**7))
def test_ticks_begin_at_nought_and_reach_the_largest_count(most: int) -> None:
    marks = charts.ticks(most)
    assert marks[0] == 0
    assert marks[-1] >= most
    assert 2 <= len(marks) <= 6
    assert len({b - a for a, b in pairwise(marks)}) == 1


def test_a_trend_is_drawn_at_two_widths_with_title_and_description() -> None:
    drawn = parsed(charts.trend("tr", "标题", "说明", "未完整", range(2001, 2011), [Series("申请", range(10), 8)]))
    assert [svg.get("class") for svg in drawn.iter(f"{SVG}svg")] == ["wide", "narrow"]
    for svg in drawn.iter(f"{SVG}svg"):
        ids = svg.get("aria-labelledby", "").split()
        assert [svg.find(f".//*[@id='{one}']") is not None for one in ids] == [True, True]


def test_years_that_may_grow_are_dashed_and_banded() -> None:
    drawn = parsed(charts.trend("tr", "", "", "未完整", range(2001, 2006), [Series("申请", [1, 2, 3, 4, 1], 3)]))
    wide = next(drawn.iter(f"{SVG}svg"))
    lines = {line.get("class"): line.get("points", "").split() for line in wide.iter(f"{SVG}polyline")}
    assert len(lines["ln c1"]) == 3
    assert len(lines["ln c1 dash"]) == 3
    assert lines["ln c1"][-1] == lines["ln c1 dash"][0]
    assert [rect.get("class") for rect in wide.iter(f"{SVG}rect")] == ["late"]


@pytest.mark.parametrize("hostile", ["<script>", '"><b>', "a&b"])
def test_names_stay_text(hostile: str) -> None:
    drawn = parsed(charts.trend("tr", hostile, hostile, hostile, [2001, 2002], [Series(hostile, [1, 2], 2)])
                   + charts.histogram([(hostile, 1, hostile)], hostile))
    assert not list(drawn.iter(f"{SVG}script", f"{SVG}b"))
    assert drawn.findtext(f".//{SVG}title") == hostile


@given(st.lists(st.floats(0, 260), min_size=1, max_size=5))
def test_names_at_line_ends_do_not_overlap(heights: list[float]) -> None:
    placed = [at for at, _ in charts.spread(sorted((at, k) for k, at in enumerate(heights)), 258)]
    assert all(below - above >= charts.LABEL_GAP - 1e-9 for above, below in pairwise(placed))


def test_no_counts_draw_without_failing() -> None:
    parsed(charts.spark([]) + charts.spark([0, 0]) + charts.bar(0, 0) + charts.histogram([], "年"))


def test_every_tile_of_a_layout_has_its_own_place_and_division() -> None:
    for layout in tiles.layouts().values():
        assert len({(tile.column, tile.line) for tile in layout}) == len(layout) == len({tile.code for tile in layout})


def test_shades_grow_with_counts() -> None:
    shades = [tiles.shade(count, 30_000) for count in (0, 1, 40, 400, 2_000, 9_000, 30_000)]
    assert shades == sorted(shades)
    assert (shades[0], shades[-1]) == (0, 6)
    assert shades[1] > 0
