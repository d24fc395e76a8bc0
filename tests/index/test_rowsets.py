"""Both ways in which the embedded engine answers, one Tantivy query and sets of rows, bring what the reference says.

A run of the slow test draws 2,000 trees. Each is compared on all records that either way brings and on a share of
the others that changes from tree to tree.
"""

from collections.abc import Iterator

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from tantivy import Query

from index.embedded.compiler import Compiler
from index.embedded.engine import EmbeddedEngine
from index.embedded.rows import count_of, rows_of
from index.embedded.rowsets import RowSets
from index.embedded.schema import schema
from index.embedded.snapshot import Snapshot
from index.embedded.words import is_exact, written
from index.query.reference import SearchView, matches
from index.query.tree import And, AtLeast, Classes, Everything, Gap, Node, Not, Or, Pattern, Units, Word, Xor
from ingest.record import Patent
from tests.index.conftest import SubclassLabels, write
from tests.index.trees import leaf, trees

IN_ANY_CASE = [HealthCheck.function_scoped_fixture, HealthCheck.too_slow, HealthCheck.data_too_large]
_OTHERS = 12        # one of so many records that neither way brings is looked at
_MOST_LOOKED_AT = 150


@pytest.fixture(scope="module")
def views(records: list[Patent]) -> dict[int, SearchView]:
    return {record["row"]: SearchView(record, above=SubclassLabels().ancestors) for record in records}


@pytest.fixture(scope="module")
def snapshot(records: list[Patent], tmp_path_factory: pytest.TempPathFactory) -> Iterator[Snapshot]:
    engine = EmbeddedEngine(tmp_path_factory.mktemp("rowsets") / "index")
    for part in range(3):
        write(engine, records[part::3], part)
    yield engine._snapshots.newest()
    engine.close()


def agree(snapshot: Snapshot, views: dict[int, SearchView], node: Node, turn: int) -> None:
    """Compares a tree; `turn` chooses the records that no way brings."""
    most = len(snapshot.columns.present)
    match = Compiler(snapshot, most).query(node)
    asked = rows_of(snapshot, match, count_of(snapshot, match)).tolist()
    worked_out = RowSets(snapshot, Compiler(snapshot, most), most).rows(node).to_array().tolist()
    assert worked_out == asked
    found = set(asked)
    first = turn % max(1, len(asked) // _MOST_LOOKED_AT)
    wrong = [row for row in asked[first::max(1, len(asked) // _MOST_LOOKED_AT)] if not matches(node, views[row])]
    missed = [row for row in list(views)[turn % _OTHERS::_OTHERS] if row not in found and matches(node, views[row])]
    assert not wrong and not missed


@given(data=st.data())
@settings(max_examples=60, deadline=None, suppress_health_check=IN_ANY_CASE, derandomize=True)
def test_trees(snapshot: Snapshot, views: dict[int, SearchView], records: list[Patent], data: st.DataObject) -> None:
    agree(snapshot, views, data.draw(trees(records, 12)), data.draw(st.integers(0, 1_000)))


@pytest.mark.slow
@given(data=st.data())
@settings(max_examples=2_000, deadline=None, suppress_health_check=IN_ANY_CASE, derandomize=True)
def test_two_thousand_trees(
    snapshot: Snapshot, views: dict[int, SearchView], records: list[Patent], data: st.DataObject
) -> None:
    agree(snapshot, views, data.draw(trees(records, 30)), data.draw(st.integers(0, 1_000)))


@given(data=st.data())
@settings(max_examples=40, deadline=None, suppress_health_check=IN_ANY_CASE, derandomize=True)
def test_lists_of_classes_beside_texts(
    snapshot: Snapshot, views: dict[int, SearchView], records: list[Patent], data: st.DataObject
) -> None:
    """The shape of real nodes: small ANDs of terms, truncated terms and lists of whole classes, in any part a NOT."""
    listed = Or(tuple(Classes("ipc", "prefix", symbol[:data.draw(st.sampled_from([1, 3, 4]))]) for symbol in data.draw(
        st.lists(st.sampled_from(["H01M", "G06F", "A61K", "F16H", "B60K", "C08L"]), min_size=1, max_size=4))))
    parts = [listed, *data.draw(st.lists(leaf(records), min_size=1, max_size=3))]
    for place in range(len(parts)):
        if data.draw(st.booleans()):
            parts[place] = Not(parts[place])
    agree(snapshot, views, And(tuple(data.draw(st.permutations(parts)))), data.draw(st.integers(0, 1_000)))


def test_words_that_no_automaton_holds(snapshot: Snapshot, views: dict[int, SearchView]) -> None:
    """Tantivy refuses automata of more than 1,000 states, which a gap counted behind an open one soon has."""
    for pieces in ((Gap(0, None), "e", Gap(2, 7)), (Gap(0, 64), "e"), (Gap(1, 1), "a", Gap(0, 40), "e"),
                   (Gap(0, None), "e" * 200)):
        word = Word(pieces)
        assert not is_exact(word)
        agree(snapshot, views, Pattern(("title", "abstract"), (word,)), 0)


@given(st.lists(st.tuples(st.integers(0, 16), st.sampled_from([0, 1, 2, 3, None]), st.sampled_from(
    ["e", "电", "led", "x" * 10, "电" * 40])), min_size=1, max_size=3))
def test_words_that_automata_hold(parts: list[tuple[int, int | None, str]]) -> None:
    word = Word(tuple(piece for least, more, text in parts
                      for piece in (Gap(least, None if more is None else least + more), text)))
    assert Query.regex_query(schema(), "title", written(word))


def test_everything_and_nothing(snapshot: Snapshot, views: dict[int, SearchView]) -> None:
    open_term = Pattern(("title",), ("一", "种"))
    subclass = Classes("ipc", "prefix", "H01M")
    for node in (Everything(), Not(Everything()), Not(subclass), Xor(subclass, Everything()),
                 And((Not(subclass), Not(open_term))), Or((subclass, Not(subclass))),
                 AtLeast(2, (subclass, Everything(), Units(("title",), ("囗", "囗")))), AtLeast(1, (subclass,))):
        for turn in range(_OTHERS):
            agree(snapshot, views, node, turn)
