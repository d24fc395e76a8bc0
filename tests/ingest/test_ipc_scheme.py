"""The place and the titles of symbols, listed and not listed."""

import pytest

from ingest.ipc import locarno, scheme, successors


def test_the_dots_and_not_the_digits_decide() -> None:
    assert scheme.ancestor_keys("H01M10/44") == ("H01M10/44", "H01M10/42", "H01M10/00", "H01M", "H01", "H")
    assert "H01M10/44" in scheme.children("H01M10/42")
    assert scheme.parent("H01M10/42") == "H01M10/00"
    assert scheme.depth("H01M10/44") == 5


@pytest.mark.parametrize(("symbol", "ancestors"), [
    ("G06F17/30", ("G06F17/00", "G06F", "G06", "G")),       # retired, directly under its main group
    ("F24J2/46", ("F24J2/00", "F24J", "F24", "F")),         # its subclass is not listed either
    ("Y02E60/10", ("Y02E60/00", "Y02E", "Y02", "Y")),       # CPC only
    ("H01M", ("H01", "H")),
    ("H", ()),
])
def test_a_symbol_not_listed_stands_under_its_main_group(symbol: str, ancestors: tuple[str, ...]) -> None:
    assert scheme.ancestors(symbol) == ancestors


def every_symbol() -> list[str]:
    found, todo = [], list("ABCDEFGH")
    while todo:
        symbol = todo.pop()
        found.append(symbol)
        todo.extend(scheme.children(symbol))
    return found


def test_the_table_is_one_tree() -> None:
    found = every_symbol()
    assert len(found) == len(set(found)) > 80_000
    assert all(scheme.listed(symbol) for symbol in found)
    assert all(scheme.parent(below) == symbol for symbol in found for below in scheme.children(symbol))
    strays = [symbol for symbol in found if "/" in symbol
              and scheme.parent(symbol) not in (symbol[:4], f"{symbol.partition('/')[0]}/00")
              and (scheme.parent(symbol) or "").partition("/")[0] != symbol.partition("/")[0]]
    assert strays == []


def test_children_are_in_the_order_of_the_scheme() -> None:
    for symbol in ("H", "H01", "H01M", "H01M10/00", "A61K31/00"):
        below = scheme.children(symbol)
        assert list(below) == sorted(below, key=scheme.order_key)
    assert scheme.order_key("A61K9/00") < scheme.order_key("A61K31/00") < scheme.order_key("A61K31/095")
    assert scheme.order_key("A61K31/095") < scheme.order_key("A61K31/10")


def test_titles_in_both_languages() -> None:
    zh, en = scheme.titles("H01M10/44")
    assert zh is not None and "充电" in zh
    assert en is not None and "charging" in en.lower()
    assert scheme.titles("H01M10/9999") == (None, None)
    way = [symbol for symbol, _, _ in scheme.path("H01M10/44")]
    assert way == ["H", "H01", "H01M", "H01M10/00", "H01M10/42", "H01M10/44"]


@pytest.mark.parametrize(("symbol", "validity"), [
    ("H01M10/42", "current"), ("H01M", "current"),
    ("G06F17/30", "retired"), ("F24J2/46", "retired"),      # one symbol, and one within a retired subtree
    ("H01M10/9999", "unlisted"), ("Y02E60/10", "unlisted"),
])
def test_validity(symbol: str, validity: str) -> None:
    assert successors.validity(symbol) == validity


def test_locarno_names() -> None:
    assert locarno.titles("01")[0] == "食品"
    assert locarno.titles("01-99") == locarno.titles("01")
    assert locarno.titles("99-01") == (None, None)
