"""An engine brings exactly the records that the reference says match, for random trees of real terms."""

from itertools import pairwise

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from pyroaring import BitMap

from index.engine import Engine
from index.query.reference import SearchView, matches
from index.query.tree import And, AtLeast, Everything, Node, Not, Or, Rows, Units, Xor
from index.text import units
from ingest.record import Patent
from tests.index.conftest import Sample, SubclassLabels
from tests.index.trees import leaf, trees

IN_ANY_CASE = [HealthCheck.function_scoped_fixture, HealthCheck.too_slow, HealthCheck.data_too_large]


@pytest.fixture(scope="session")
def views(records: list[Patent]) -> list[SearchView]:
    return Sample(SearchView(record, above=SubclassLabels().ancestors) for record in records)


def expected(node: Node, views: list[SearchView]) -> list[int]:
    return sorted(view.record["row"] for view in views if matches(node, view))


def agree(engine: Engine, views: list[SearchView], node: Node) -> None:
    """The engine and the reference agree on the records of the views, which may be a part of those indexed."""
    rows = list(engine.rows(node))
    looked_at = {view.record["row"] for view in views}
    assert [row for row in rows if row in looked_at] == expected(node, views)
    assert engine.count(node) == len(rows)


@given(data=st.data())
@settings(max_examples=100, deadline=None, suppress_health_check=IN_ANY_CASE, derandomize=True)
def test_leaves(engine: Engine, views: list[SearchView], records: list[Patent], data: st.DataObject) -> None:
    agree(engine, views[::3], data.draw(leaf(records)))


@given(data=st.data())
@settings(max_examples=30, deadline=None, suppress_health_check=IN_ANY_CASE, derandomize=True)
def test_trees(engine: Engine, views: list[SearchView], records: list[Patent], data: st.DataObject) -> None:
    node = data.draw(trees(records, 8))
    agree(engine, views[::10], node)
    page = engine.search(node, size=5, facets=("type",))
    assert page.total == engine.count(node) == sum(entry.count for entry in page.facets["type"])


@pytest.mark.slow
@given(data=st.data())
@settings(max_examples=300, deadline=None, suppress_health_check=IN_ANY_CASE, derandomize=True)
def test_large_trees(
    engine: Engine, views: list[SearchView], records: list[Patent], data: st.DataObject
) -> None:
    agree(engine, views, data.draw(trees(records, 40)))


def test_depth_and_number_of_leaves_kill_nothing(
    engine: Engine, views: list[SearchView], records: list[Patent]
) -> None:
    """Tantivy dies near 500 nested booleans, and an XOR doubles its operands; what a parser lets through passes."""
    device = Units(("title",), ("装", "置"))
    method = Units(("abstract",), ("方", "法"))
    chain: Node = device
    nested: Node = device
    for _ in range(64):
        chain = Xor(chain, method)
        nested = Not(Or((And((nested, Not(method))), Xor(method, device))))
    agree(engine, views, chain)
    agree(engine, views, nested)
    runs = {pair for record in records for pair in pairwise(units(record["title"] or ""))}
    wide = Or(tuple(Units(("title", "abstract", "claims"), run) for run in sorted(runs)[:10_000]))
    assert engine.count(wide) > len(records) * 0.9


def test_rows_of_more_than_are_there(engine: Engine, records: list[Patent]) -> None:
    assert engine.count(Rows(BitMap(range(10_000)))) == len(records)
    assert engine.count(Rows(BitMap())) == 0


def test_at_least_more_than_there_are(engine: Engine) -> None:
    assert engine.count(AtLeast(2, (Everything(),))) == 0


def test_signs_are_units(engine: Engine, views: list[SearchView]) -> None:
    """Single units become regular expressions: none of these may act as one."""
    for sign in ".()[]{}+*?|^$-#&~/\\\"'<>@%,;:":
        agree(engine, views, Units(("title", "abstract", "claims"), (sign,)))
    agree(engine, views, Or(tuple(Units(("abstract", "claims"), (sign,)) for sign in ".(|*")))
