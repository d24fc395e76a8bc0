"""What class patterns match (interfaces §5), held to a plain reading of the hierarchy."""

import json
import lzma
from itertools import islice
from pathlib import Path

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from ingest.ipc import patterns, scheme
from ingest.ipc.patterns import covers, parse
from ingest.ipc.successors import retired

SYMBOLS = [
    "H01M2/10", "H01M10/42", "H01M10/44", "H01M10/4207", "H01M50/10", "H01M50/20", "G06F16/00", "G06F16/35",
    "G06F16/355", "G06F17/30", "G06F17/10", "H01L21/00", "H01L31/042", "H10F10/10", "H10D30/01", "H04L9/40",
    "H04L29/06", "H04L65/10", "H04L69/22", "H04L67/10", "A23K1/00", "A23K10/20", "A23K50/75", "G06K9/62",
    "G06V10/10", "G06F18/24", "F24J2/46", "F24S10/00", "A61B5/04", "A61B5/24", "G16Z99/00", "Y02E60/10",
    "H01M",
]
NODES = sorted({key for symbol in SYMBOLS for key in scheme.ancestor_keys(symbol)})


@pytest.mark.parametrize(("pattern", "symbol", "expected"), [
    ("H01M", "H01M10/42", True), ("H01M", "H01L21/00", False), ("H01", "H01M10/42", True),
    ("H01M10", "H01M10/42", True), ("H01M1", "H01M10/42", False), ("H01M10", "H01M100/00", False),
    ("H01M10/42", "H01M10/42", True), ("H01M10/42", "H01M10/44", False),
    ("H01M10/42*", "H01M10/44", True), ("H01M10/42*", "H01M10/42", True), ("H01M10/42*", "H01M10/04", False),
    ("h01m 10/42*", "H01M10/44", True), ("Ｈ０１Ｍ１０／４２＊", "H01M10/44", True),
    ("H01M10*", "H01M10/42", True), ("H01M10*", "H01M12/06", False),
    ("H01M10/4+", "H01M10/44", True), ("H01M10/4+", "H01M10/52", False), ("H01M1+", "H01M10/42", True),
    ("H01M8:H01M10", "H01M10/98", True), ("H01M8:H01M10", "H01M12/00", False),
    ("H01M8:H01M10", "H01M8/02", True),
    ("H01M8/10:H01M10/42", "H01M8/04", False), ("H01M8/10:H01M10/42", "H01M10/42", True),
    ("H01M8/10:H01M10/42", "H01M10/44", False), ("H01L:H01M", "H01M10/42", True),
    ("G06:H01", "H01M10/42", True),
    ("G06F16/00*", "G06F17/30", True), ("G06F16/35*", "G06F17/30", False), ("G06F17/30*", "G06F16/35", True),
    ("G06F17/30", "G06F16/35", False), ("H01L*", "H10D30/01", True), ("H01L", "H10D30/01", False),
    ("H04L29/06*", "H04L9/40", True), ("H04L29/06*", "H04L9/32", False),
    ("H01L31/042*", "H10F10/10", True), ("G06V*", "G06K9/62", False), ("G06*", "G06K9/62", True),
    ("不是", "H01M10/42", False), ("H01M10/42**", "H01M10/42", False), ("H01M:电池", "H01M10/42", False),
])
def test_what_a_pattern_matches(pattern: str, symbol: str, expected: bool) -> None:
    assert covers(pattern, symbol) is expected


@pytest.mark.parametrize(("written", "canonical"), [
    ("h01m 10/42 *", "H01M10/42*"), ("H01M10*", "H01M10/00*"), ("H01M0010/42", "H01M10/42"),
    ("H01M10", "H01M10"),
    ("H01M10/4+", "H01M10/4+"), ("h01m8：h01m10", "H01M8:H01M10"), ("H01L*", "H01L*"),
])
def test_canonical_writing(written: str, canonical: str) -> None:
    pattern = parse(written)
    assert str(pattern) == canonical
    assert parse(canonical) == pattern


def below(node: str, symbol: str) -> bool:
    """A plain climb from the symbol to the top."""
    place: str | None = symbol
    while place is not None and place != node:
        place = scheme.parent(place)
    return place == node


def holds(place: str, subtree: bool, symbol: str) -> bool:
    return below(place, symbol) if subtree else place == symbol


def plain_tree(node: str, symbol: str) -> bool:
    """The rule of `*`: the own tree, successors of retired symbols in it, symbols it succeeds as a whole."""
    if below(node, symbol):
        return True
    for entry in retired():
        in_tree = below(node, entry.place.symbol) or (entry.place.below and below(entry.place.symbol, node))
        if in_tree and any(holds(*successor, symbol) for successor in entry.successors):
            return True
        succeeds = all(below(node, successor.symbol) for successor in entry.successors)
        if succeeds and holds(*entry.place, symbol):
            return True
    return False


@given(st.sampled_from(NODES), st.sampled_from(SYMBOLS))
def test_tree_patterns_agree_with_the_rule(node: str, symbol: str) -> None:
    assert covers(f"{node}*", symbol) == plain_tree(node, symbol)


@given(st.sampled_from(NODES), st.sampled_from(SYMBOLS))
def test_the_terms_of_a_tree_answer_as_the_pattern_does(node: str, symbol: str) -> None:
    terms = patterns.tree(node)
    indexed = bool(set(terms.below) & set(scheme.ancestor_keys(symbol))) or symbol in terms.exact
    assert indexed == plain_tree(node, symbol)


@given(st.sampled_from(SYMBOLS), st.sampled_from(SYMBOLS), st.sampled_from(SYMBOLS))
def test_a_range_is_what_lies_between(first: str, last: str, symbol: str) -> None:
    assume(all("/" in end for end in (first, last)))
    key = scheme.order_key
    assert covers(f"{first}:{last}", symbol) == (key(first) <= key(symbol) <= key(last))


@given(st.sampled_from(SYMBOLS), st.integers(1, 12))
def test_a_prefix_matches_what_is_written_so(symbol: str, length: int) -> None:
    assume(length >= 4)
    assert covers(symbol[:length].rstrip("/") + "+", symbol)


def test_symbols_that_real_records_use_find_their_successors(shared: Path) -> None:
    with lzma.open(shared / "data" / "patents.jsonl.xz", "rt", encoding="utf-8") as lines:
        used = {symbol for line in islice(lines, 20_000) for symbol in json.loads(line).get("ipc") or ()}
    old = {symbol for symbol in used if symbol.startswith("H01M2/")}
    assert len(old) > 5
    assert all(covers("H01M50/00*", symbol) and covers("H01M2*", symbol) for symbol in old)
