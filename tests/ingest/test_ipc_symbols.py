"""Every written form of a class symbol that the sources use becomes the one normal form."""

import json
import lzma
from itertools import islice
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ingest.ipc.symbols import normalise


@pytest.mark.parametrize(("written", "expected"), [
    ("G06F   13/12    (2006.01)", ("G06F13/12", "2006.01")),
    ("G06F13/12", ("G06F13/12", None)),
    ("G06F 13/12(2006.01)I", ("G06F13/12", "2006.01")),
    ("G06F 13/12 20060101", ("G06F13/12", "2006.01")),
    ("B03C0003090000", ("B03C3/09", None)),
    ("A61K0031095000", ("A61K31/095", None)),
    ("B03C0003000000", ("B03C3/00", None)),
    ("B03C 3/09 (4)", ("B03C3/09", "4")),
    ("H04W  84/    20            A I  ", ("H04W84/20", None)),
    ("A01B   1/00        20060101AFI20051220RMJP", ("A01B1/00", "2006.01")),
    ("h01m 0010/42", ("H01M10/42", None)),
    ("Ｈ０１Ｍ１０／４２（２００６．０１）", ("H01M10/42", "2006.01")),
    ("Y02E 60/10", ("Y02E60/10", None)),
    ("H01M", ("H01M", None)),
    ("H01M10", ("H01M10/00", None)),
])
def test_written_forms(written: str, expected: tuple[str, str | None]) -> None:
    assert normalise(written) == expected


@pytest.mark.parametrize("written", [
    "", "H01", "hello", "14-02", "H01M10/4", "H01M10/", "H01M10/42*", "H01M10/42;H01M10/44", "H01M10/1234567",
    "I01M10/42", "H01M0/42", "B03C0000090000", "H01M10/42 电池",
])
def test_what_is_no_symbol(written: str) -> None:
    assert normalise(written) is None


@given(st.from_regex(r"[A-H][0-9]{2}[A-Z][1-9][0-9]{0,2}/[0-9]{2}([0-9]{0,3}[1-9])?", fullmatch=True))
def test_all_forms_of_a_symbol_agree(symbol: str) -> None:
    group, subgroup = symbol.split("/")
    assert normalise(f"{group[:4]}{int(group[4:]):04}{subgroup:0<6}") == (symbol, None)
    assert normalise(f"{group[:4].lower()}  {group[4:]} / {subgroup} (2006.01)") == (symbol, "2006.01")
    assert normalise(symbol) == (symbol, None)


def test_symbols_of_real_records_stay_as_they_are(shared: Path) -> None:
    with lzma.open(shared / "data" / "patents.jsonl.xz", "rt", encoding="utf-8") as lines:
        symbols = {symbol for line in islice(lines, 5000) for symbol in json.loads(line).get("ipc") or ()}
    assert len(symbols) > 1000
    assert {symbol for symbol in symbols if normalise(symbol) != (symbol, None)} == set()
