"""Numbers: the table of written forms, check digits of real records, file names of real deliveries."""

import json
import lzma
from itertools import islice
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ingest.numbers import (
    check_digit,
    file_check,
    from_standard,
    parse_application,
    parse_file_name,
    parse_publication,
    stage_of,
    type_of,
)


@pytest.mark.parametrize(("digits", "check"), [
    ("201510163325", "6"), ("201010298420", "4"), ("98811333", "3"), ("95115608", "X"), ("200310100002", "X"),
    ("202120797205", "2"), ("200910190429", "0"), ("201910302430", "1"), ("89103229", "0"),
])
def test_check_digit(digits: str, check: str) -> None:
    assert check_digit(digits) == check


@pytest.mark.parametrize(("written", "text", "check_ok"), [
    ("CN201010298420.4", "CN201010298420.4", True),
    ("ZL201010298420.4", "CN201010298420.4", True),
    ("ZL 2010 1 0298420.4", "CN201010298420.4", True),
    ("CN 2010 1 0298420 . 4", "CN201010298420.4", True),
    ("2010102984204", "CN201010298420.4", True),
    ("201010298420", "CN201010298420.4", None),
    ("２０１０１０２９８４２０．４", "CN201010298420.4", True),
    ("申请号：201010298420.4", "CN201010298420.4", True),
    ("CN-201010298420-A", "CN201010298420.4", None),
    ("201010298420.7", "CN201010298420.4", False),
    ("95115608.x", "CN95115608.X", True),
    ("ｃｎ95115608ｘ", "CN95115608.X", True),
    ("98811333.3", "CN98811333.3", True),
    ("988113333", "CN98811333.3", True),
    ("85100312", "CN85100312", None),
    ("CN85100312.5", "CN85100312", None),
    ("89103229.2", "CN89103229.0", False),
    ("201110015412.89999", "CN201110015412.9", True),
    ("201510163325.60001", "CN201510163325.6", True),
    ("201510163325.43", "CN201510163325.6", None),
    ("102010000298420", "CN201010298420.4", None),
    ("101985000000312", "CN85100312", None),
    ("202021000797205", "CN202120797205.2", None),
    ("112018000093109", "CN201880093109.0", None),
    ("302016000002301", "CN201630002301.8", None),
    ("102003000102132", "CN200310102132.7", None),
])
def test_written_forms(written: str, text: str, check_ok: bool | None) -> None:
    number = parse_application(written)
    assert number is not None
    assert (number.text, number.check_ok) == (text, check_ok)


@pytest.mark.parametrize("text", [
    "", "0", "00000000", "电池", "CN101945314B", "101945314", "CN85100312A", "2557826", "201040298420.4",
    "199810298420.4", "84100312", "04123456", "2010102984", "20101029842044", "102010400298420X",
    "JP2013069782",
])
def test_no_application_number(text: str) -> None:
    assert parse_application(text) is None


def test_standard_form_of_2003_follows_the_date_then_the_serial() -> None:
    assert from_standard("10", "2003", "000012345", "2003-09-30") == "03112345"
    assert from_standard("10", "2003", "000012345", "20031001") == "200310012345"
    assert from_standard("10", "2003", "000012345") == "03112345"
    assert from_standard("10", "2003", "000100000") == "200310100000"
    dated = parse_application("102003000012345", "2003-12-01")
    assert dated is not None
    assert dated.key == "200310012345"


def test_type_and_year() -> None:
    written = ("02276170.5", "85100312", "201630002301.8", "201880093109.0")
    parsed = [parse_application(text) for text in written]
    assert [(number.type, number.year) for number in parsed if number] == [
        ("utility_model", 2002), ("invention", 1985), ("design", 2016), ("invention", 2018)]


@given(st.integers(2004, 2098), st.sampled_from("12389"), st.integers(0, 9_999_999))
def test_round_trip_of_long_numbers(year: int, kind: str, serial: int) -> None:
    key = f"{year}{kind}{serial:07}"
    number = parse_application(key)
    assert number is not None
    assert number.key == key
    for written in (number.text, number.text[2:], number.text.replace(".", ""), number.text.lower(),
                    number.text.replace(".", "．"), f"ZL {year} {kind} {number.text[7:]}"):
        again = parse_application(written)
        assert again is not None
        assert (again.key, again.text, again.check_ok) == (key, number.text, True)


@given(st.text("0123456789", min_size=12, max_size=12), st.integers(0, 11), st.integers(1, 9))
def test_one_wrong_digit_changes_the_check_digit(digits: str, place: int, more: int) -> None:
    """Every weight is prime to 11, so no single wrong digit goes unnoticed."""
    wrong = digits[:place] + str((int(digits[place]) + more) % 10) + digits[place + 1:]
    assert check_digit(wrong) != check_digit(digits)


@pytest.mark.parametrize(("written", "text"), [
    ("CN101945314B", "CN101945314B"), ("101945314", "CN101945314"), ("cn 1719946 a", "CN1719946A"),
    ("CN-103831460-A", "CN103831460A"),
    ("ＣＮ１０１９４５３１４Ｂ", "CN101945314B"), ("CN111070356B8", "CN111070356B8"),
    ("CN85100312A", "CN85100312A"), ("85100312", "CN85100312"), ("CN1030001", "CN1030001"),
    ("授权公告号 CN219801493U", "CN219801493U"),
])
def test_publication_forms(written: str, text: str) -> None:
    number = parse_publication(written)
    assert number is not None
    assert number.text == text


@pytest.mark.parametrize("text", ["", "0", "98811333.3", "988113333", "98811333", "95115608X", "201010298420",
                                  "JP2013069782", "电池", "12345", "1234567890"])
def test_no_publication_number(text: str) -> None:
    assert parse_publication(text) is None


@pytest.mark.parametrize(("kind", "date", "stage"), [
    ("A", "2011-01-12", "application"), ("B", "1992-12-30", "examined"), ("B", "2011-01-12", "grant"),
    ("B", None, "grant"), ("C", "1999-01-01", "grant"), ("U", "1990-01-01", "grant"),
    ("Y", "2008-09-24", "grant"),
    ("S", "2020-01-01", "grant"), ("D", "1999-12-22", "grant"), ("A8", None, "correction"),
    ("B9", "2020-01-01", "correction"), ("C1", "2005-01-01", "grant"),
])
def test_stage(kind: str, date: str | None, stage: str) -> None:
    assert stage_of(kind, date) == stage


def test_type_of_kind_then_application_type_then_number() -> None:
    assert type_of("Y", "10", None) == "utility_model"
    assert type_of(None, "11", None) == "invention"
    assert type_of("T", None, "305256921") == "design"
    assert type_of(None, None, "201880093109") == "invention"
    assert type_of(None, None, "02276170") == "utility_model"
    assert type_of("T", None, None) is None


@pytest.mark.parametrize("name", [
    "CN102015000163325CN00001047518250BFULZH20231003CN00Q",
    "CN101985000000312CN00000851003120AFULZH19870204CN00Z",
    "CN102004000029258CN00001056598440BFULZH20050921CN00#",
])
def test_file_check(name: str) -> None:
    assert file_check(name[:51]) == name[51]
    parsed = parse_file_name(name + ".XML")
    assert parsed is not None
    assert parsed.check_ok
    spoiled = parse_file_name(name[:20] + "9" + name[21:])
    assert spoiled is not None
    assert not spoiled.check_ok


def test_file_name_parts() -> None:
    name = parse_file_name("CN102010000298420CN00001019453140BFULZH20190802CN00D.xml")
    assert name is not None
    assert name.application is not None
    assert name.publication is not None
    assert (name.application.text, name.publication.text) == ("CN201010298420.4", "CN101945314B")
    assert (name.country, name.content, name.date) == ("CN", "FUL", "20190802")
    assert parse_file_name("20231003-INDEX-B-001.XML") is None


def test_real_file_names(shared: Path) -> None:
    listing = shared / "samples/xml/donaldjohn__mySQLDebugFiles/doc_file_names_297.txt"
    names = [parse_file_name(line) for line in listing.read_text("utf-8").split()]
    assert len(names) == 297
    assert all(name is not None and name.check_ok for name in names)


def test_real_numbers(shared: Path) -> None:
    """Numbers of 20,000 real records come back as they are; only those of 1985 to 1988 lose a check digit."""
    with lzma.open(shared / "data/patents.jsonl.xz", "rt", encoding="utf-8") as lines:
        records = [json.loads(line) for line in islice(lines, 20_000)]
    for record in records:
        if written := record.get("app_number"):
            number = parse_application(written)
            assert number is not None
            assert number.text == (written if number.check else written[:10])
            assert number.check_ok is (True if number.check else None)
        if written := record.get("pub_number"):
            publication = parse_publication(written)
            assert publication is not None
            assert publication.text == written
