"""Decisions: nothing is ever deleted, the newest that was not undone stands, merged rows hand theirs on."""

from collections.abc import Iterator

import pytest
import sqlalchemy as sa

from store import decisions, outbox
from store.database import Store, open_store
from store.decisions import New
from store.schema import record
from store.settings import Settings


@pytest.fixture
def opened(node: Settings) -> Iterator[Store]:
    """A store with three records and an empty outbox."""
    with open_store(node) as found:
        with found.begin() as connection:
            connection.execute(record.insert(), [
                {"row": row, "id": f"CN2018990000{row:02}.0", "type": "invention"} for row in (1, 2, 3)])
        yield found


def new(row: int, verdict: str = "confirm", node: str = "nev", **given: str) -> New:
    return New(row, given.get("taxonomy", "33618"), node, "汽车", verdict, given.get("actor", "陶然"),
               given.get("note", ""), "2024", source="rule")


def keep(store: Store, *given: New) -> list[int]:
    with store.turn() as connection:
        return decisions.add(connection, decisions.open_batch(connection, "api", "", "陶然"), given)


def undo(store: Store, number: int) -> int:
    with store.turn() as connection:
        one = decisions.find(connection, number)
        assert one is not None
        return decisions.undo(connection, one.batch, one, "李四")


def standing(store: Store, *rows: int) -> dict[int, list[tuple[str, str]]]:
    with store.connect() as connection:
        return {row: [(one.node, one.verdict) for one in found]
                for row, found in decisions.standing(connection, rows).items()}


def test_a_decision_and_its_outbox_entry_are_one_commit(opened: Store) -> None:
    with pytest.raises(KeyboardInterrupt), opened.turn() as connection:
        batch = decisions.open_batch(connection, "api", "", "陶然")
        decisions.add(connection, batch, [new(1)])
        raise KeyboardInterrupt
    with opened.connect() as connection:
        assert outbox.pending(connection) == 0
        assert list(decisions.entries(connection)) == []
    keep(opened, new(1), new(2, "reject"), new(1, "add", "batteries"))
    with opened.connect() as connection:
        assert [row for _, row in outbox.take(connection, 9)] == [1, 2]


def test_the_newest_stands_and_an_undo_brings_back_the_one_before(opened: Store) -> None:
    first, = keep(opened, new(1))
    second, = keep(opened, new(1, "reject"))
    assert standing(opened, 1, 2) == {1: [("nev", "reject")]}
    undo(opened, second)
    assert standing(opened, 1) == {1: [("nev", "confirm")]}
    undo(opened, first)
    assert standing(opened, 1) == {}
    with opened.connect() as connection:
        found = list(decisions.entries(connection))
    assert [(one.verdict, one.undone) for one in found] == [
        ("undo", False), ("undo", False), ("reject", True), ("confirm", True)], "nothing is deleted"
    assert [one.undoes for one in found] == [first, second, None, None]


def test_an_undo_is_refused_twice_by_the_table(opened: Store) -> None:
    number, = keep(opened, new(1))
    undo(opened, number)
    with pytest.raises(sa.exc.IntegrityError):
        undo(opened, number)


def test_an_undo_marks_the_row(opened: Store) -> None:
    number, = keep(opened, new(2))
    with opened.begin() as connection:
        outbox.clear(connection, [seq for seq, _ in outbox.take(connection, 9)])
    undo(opened, number)
    with opened.connect() as connection:
        assert [row for _, row in outbox.take(connection, 9)] == [2]


def test_rows_that_were_merged_hand_their_decisions_on(opened: Store) -> None:
    keep(opened, new(1), new(3, "reject"))
    with opened.begin() as connection:
        connection.execute(record.update().where(record.c.row == 1).values(merged_into=3, id="row 1"))
    assert standing(opened, 3) == {3: [("nev", "reject")]}, "the newer of both stands"
    assert standing(opened, 1) == {}
    keep(opened, new(1, "add", "batteries"))
    assert standing(opened, 3) == {3: [("nev", "reject"), ("batteries", "add")]}
    with opened.connect() as connection:
        assert {one.row for one in decisions.all_standing(connection)} == {3}


def test_a_row_whose_delivery_was_withdrawn_keeps_its_decisions(opened: Store) -> None:
    keep(opened, new(2))
    with opened.begin() as connection:
        connection.execute(record.update().where(record.c.row == 2).values(merged_into=2))
    assert standing(opened, 2) == {2: [("nev", "confirm")]}


def test_all_that_stand_of_one_taxonomy(opened: Store) -> None:
    keep(opened, new(1), new(2, "reject"), new(2, taxonomy="wipo35", node="4"))
    keep(opened, new(1, "reject"))
    with opened.connect() as connection:
        found = decisions.all_standing(connection, "33618")
        assert [(one.row, one.verdict) for one in found] == [(2, "reject"), (1, "reject")]
        assert len(decisions.all_standing(connection)) == 3


def test_entries_are_found_by_what_they_speak_of(opened: Store) -> None:
    numbers = keep(opened, new(1), new(2, "reject"), new(2, "add", "batteries"))

    def found(**given: object) -> list[int]:
        with opened.connect() as connection:
            return [one.decision for one in decisions.entries(connection, **given)]     # type: ignore[arg-type]

    assert found() == numbers[::-1]
    assert found(row=2) == [numbers[2], numbers[1]]
    assert found(node="nev", verdict="reject") == [numbers[1]]
    assert found(before=numbers[2], limit=1) == [numbers[1]]
    assert found(taxonomy="wipo35") == []


def test_batches(opened: Store) -> None:
    keep(opened, new(1))
    with opened.turn() as connection:
        decisions.open_batch(connection, "page", "33618", "陶然")     # holds nothing yet
        name = decisions.open_batch(connection, "file", "sheet.csv", "李四")
        numbers = decisions.add(connection, name, [new(2), new(3, "reject", taxonomy="wipo35", node="4")])
    undo(opened, numbers[0])
    with opened.connect() as connection:
        assert [one.name for one in decisions.batches(connection, 9)] == ["sheet.csv", ""]
        assert [one.batch for one in decisions.batches(connection, 9, "wipo35")] == [name]
        assert [one.decision for one in decisions.of_batches(connection, [name])] == [numbers[1]]
        assert decisions.batch_of(connection, "page", "33618", "陶然", "2020") is not None
        assert decisions.batch_of(connection, "page", "33618", "陶然", "2999") is None
        assert decisions.batch_of(connection, "page", "33618", "李四", "2020") is None


def test_many_rows_are_asked_for_in_parts(opened: Store) -> None:
    keep(opened, new(3))
    assert standing(opened, *range(1, 2_500)) == {3: [("nev", "confirm")]}
