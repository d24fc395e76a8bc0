"""The outbox: nothing that was marked is lost, nothing that was marked meanwhile is cleared."""

from collections.abc import Iterator, Sequence

import pytest
import sqlalchemy as sa

from store import outbox
from store.belonging import Group, Held
from store.database import Store, open_store
from store.documents import Incoming, add
from store.settings import Settings


@pytest.fixture
def opened(node: Settings) -> Iterator[Store]:
    with open_store(node) as found:
        yield found


def never(connection: sa.Connection, held: Sequence[Held]) -> list[Group]:
    """The rule for documents that contradict each other; these do not."""
    raise AssertionError(held)


def incoming(number: int, applied: str | None, date: str) -> Incoming:
    return Incoming(
        f"CN1990{number:05}A",
        date,
        "invention",
        f"20189900{number:04}",
        f"CN20189900{number:04}.0",
        applied,
        number.to_bytes(16, "big"),
        b"body",
    )


def test_entries_are_cleared_one_by_one(opened: Store) -> None:
    with opened.begin() as connection:
        outbox.mark(connection, [5, 6, 5])
    with opened.begin() as connection:
        taken = outbox.take(connection, 2)
        outbox.mark(connection, [5])  # changed again while the index was being written
        outbox.clear(connection, [seq for seq, _ in taken])
        assert [row for _, row in taken] == [5, 6]
        assert [row for _, row in outbox.take(connection, 10)] == [5, 5]
        assert outbox.pending(connection) == 1, "records, not entries"


def test_gaps_are_not_cleared(opened: Store) -> None:
    with opened.begin() as connection:
        outbox.mark(connection, [1, 2, 3])
        taken = outbox.take(connection, 10)
        outbox.clear(connection, [taken[0][0], taken[2][0]])
        assert [row for _, row in outbox.take(connection, 10)] == [2]
        assert outbox.take(connection, 10, after=taken[2][0]) == []


def test_a_seq_is_never_given_twice(opened: Store) -> None:
    with opened.begin() as connection:
        outbox.mark(connection, [1])
        first = outbox.take(connection, 1)[0][0]
        outbox.clear(connection, [first])
        outbox.mark(connection, [1])
        assert outbox.take(connection, 1)[0][0] > first


def test_what_ages_when_the_data_date_moves(opened: Store) -> None:
    """Terms of 10, 15 and 20 years and the 8 years of silence since a publication are looked at again when their day
    has come; a grant cannot fall silent."""
    with opened.begin() as connection:
        connection.execute(sa.text("INSERT INTO delivery VALUES (1, 'd', '', '', NULL, NULL)"))
        connection.execute(sa.text("INSERT INTO delivery_file VALUES (1, 1, '', 0, '', 'done', '{}', NULL)"))
        add(
            connection,
            1,
            [
                incoming(1, "2003-05-01", "2004-01-01"),
                incoming(2, "2013-05-01", "2014-01-01"),
                incoming(3, "2008-05-01", "2009-01-01"),
                incoming(4, "2014-01-01", "2015-05-01"),
                incoming(5, "2020-05-01", "2021-01-01"),
                incoming(6, "2014-01-01", "2015-05-01")._replace(publication="CN199000006U"),
                incoming(7, "2015-05-01", "2016-01-01"),
            ],
            never,
        )
        outbox.clear(connection, [seq for seq, _ in outbox.take(connection, 10)])
        outbox.mark_aged(connection, "2023-04-30", "2023-05-07")
        assert sorted(row for _, row in outbox.take(connection, 10)) == [1, 2, 3, 4]
        outbox.mark_aged(connection, "2023-05-07", "2023-05-07")
        outbox.mark_aged(connection, None, "2023-05-07")
        assert len(outbox.take(connection, 10)) == 4


def test_who_has_only_grown_older_is_looked_at_once_when_the_date_is_noted(opened: Store) -> None:
    with opened.begin() as connection:
        connection.execute(sa.text("INSERT INTO delivery VALUES (1, 'd', '', '', NULL, NULL)"))
        connection.execute(sa.text("INSERT INTO delivery_file VALUES (1, 1, '', 0, '', 'done', '{}', NULL)"))
        add(connection, 1, [incoming(1, "2003-05-01", "2023-04-01"), incoming(2, "2020-05-01", "2021-01-01")], never)
        outbox.clear(connection, [seq for seq, _ in outbox.take(connection, 10)])
        outbox.mark_relabelled(connection, "one")
        outbox.mark_dated(connection, "2023-04-01")
        assert outbox.pending(connection) == 0, "never noted: the outbox held them all"
        outbox.mark_dated(connection, "2023-05-05")
        outbox.mark_dated(connection, "2023-05-05")
        assert [row for _, row in outbox.take(connection, 10)] == [1]
        assert not outbox.mark_relabelled(connection, "one")
        outbox.mark_relabelled(connection, "two")
        outbox.clear(connection, [seq for seq, _ in outbox.take(connection, 10)])
        outbox.mark_dated(connection, "2023-04-02")
        assert [row for _, row in outbox.take(connection, 10)] == [1], "a withdrawal takes the date back"
        outbox.mark_dated(connection, None)
        assert outbox.pending(connection) == 1


def test_the_year_of_a_number_bounds_the_term_of_what_has_no_date(opened: Store) -> None:
    with opened.begin() as connection:
        connection.execute(sa.text("INSERT INTO delivery VALUES (1, 'd', '', '', NULL, NULL)"))
        connection.execute(sa.text("INSERT INTO delivery_file VALUES (1, 1, '', 0, '', 'done', '{}', NULL)"))
        add(connection, 1, [incoming(1, None, "2004-03-01"), incoming(2, "2020-05-01", "2021-01-01")], never)
        outbox.clear(connection, [seq for seq, _ in outbox.take(connection, 10)])
        outbox.mark_aged(connection, "2023-04-30", "2023-05-07")
        assert outbox.pending(connection) == 0
        outbox.mark_aged(connection, "2023-12-30", "2024-01-07")
        assert [row for _, row in outbox.take(connection, 10)] == [1]


def test_other_taxonomies_ask_for_every_record_once(opened: Store) -> None:
    with opened.begin() as connection:
        connection.execute(
            sa.text("INSERT INTO delivery (delivery, name, first_run, last_run) VALUES (1, 'd', '', '')")
        )
        connection.execute(
            sa.text(
                "INSERT INTO delivery_file (file, delivery, path, size, sha256, state, counts)"
                " VALUES (1, 1, '', 0, '', 'done', '{}')"
            )
        )
        add(connection, 1, [incoming(1, "2003-05-01", "2023-04-01"), incoming(2, "2020-05-01", "2021-01-01")], never)
        outbox.clear(connection, [seq for seq, _ in outbox.take(connection, 10)])
        assert not outbox.mark_relabelled(connection, "one"), "never labelled: the outbox held them all"
        assert outbox.pending(connection) == 0
        assert outbox.mark_relabelled(connection, "two")
        assert outbox.pending(connection) == 2
        assert not outbox.mark_relabelled(connection, "two")
