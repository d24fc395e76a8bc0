"""Dates: written forms, placeholders, partial and impossible dates."""

import datetime as dt

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ingest.dates import parse_date


@pytest.mark.parametrize("text", [
    "20190802", "2019-08-02", "2019-8-2", "2019.08.02", "2019/8/2", "2019年8月2日", " 20190802\n", 20190802,
])
def test_whole_dates(text: str | int) -> None:
    assert parse_date(text) == ("2019-08-02", None)


@pytest.mark.parametrize("text", [None, "", "0", "00000000", 0, "  ", "0000-00-00"])
def test_placeholders_are_no_date(text: str | int | None) -> None:
    assert parse_date(text) == (None, None)


@pytest.mark.parametrize("text", [
    "19810300", "19810000", "1981", "1981-03", "1981年3月", "1981年", "198103", "1981.3.0",
])
def test_partial_dates(text: str) -> None:
    assert parse_date(text) == (None, "partial")


@pytest.mark.parametrize("text", [
    "20190231", "20191301", "2019-13-01", "99999999", "00010101", "yesterday", "2019080", "201908021",
    "20190800x",
])
def test_invalid_dates(text: str) -> None:
    assert parse_date(text) == (None, "invalid")


@given(st.dates(dt.date(1800, 1, 1), dt.date(2100, 1, 1)))
def test_round_trip(day: dt.date) -> None:
    assert parse_date(day.strftime("%Y%m%d")) == (day.isoformat(), None)
    assert parse_date(f"{day.year}.{day.month}.{day.day}") == (day.isoformat(), None)
