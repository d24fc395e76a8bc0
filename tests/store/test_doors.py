"""The ledger, the quarantine, documents, events and totals, straight at their doors, on both databases."""

from collections.abc import Iterator

import pytest
import sqlalchemy as sa

from store import deliveries, documents, events, outbox
from store.database import Store, open_store
from store.deliveries import Refusal
from store.errors import NotFound
from store.events import IncomingEvent
from store.inserts import insert_new
from store.schema import expression
from store.settings import Settings
from store.totals import totals
from tests.store.test_outbox import incoming, never

REFUSALS = [Refusal("a.zip", "x.XML", "xml_invalid", "line\0 one \ud800", 3),
            Refusal("a.zip", "y.XML", "no_number", "", None)]


@pytest.fixture
def opened(node: Settings) -> Iterator[Store]:
    with open_store(node) as found:
        yield found


def begun(connection: sa.Connection, name: str = "week", path: str = "1.ZIP") -> int:
    return deliveries.begin_file(connection, deliveries.open_delivery(connection, name, "/data/week"), path, 10, "abc")


def test_a_file_is_known_once_it_was_read_to_its_end(opened: Store) -> None:
    counts = deliveries.empty_counts() | {"entries": 3, "rejected": {"xml_invalid": 1}}
    with opened.begin() as connection:
        file = begun(connection)
        assert deliveries.counts_of_read_file(connection, "abc", 10) is None
        assert deliveries.ledger(connection)[0]["state"] == "reading"
        assert begun(connection) == file, "the same entry again after a broken run"
        deliveries.finish_file(connection, file, counts)
    with opened.connect() as connection:
        assert deliveries.counts_of_read_file(connection, "abc", 10) == counts
        assert deliveries.counts_of_read_file(connection, "abc", 11) is None
        entry = deliveries.entry_of(connection, "week")
        assert (entry["state"], entry["files"], entry["size"], entry["counts"]) == ("done", 1, 10, counts)
        with pytest.raises(NotFound):
            deliveries.entry_of(connection, "never")


def test_quarantine_takes_any_text_and_each_place_once(opened: Store) -> None:
    with opened.begin() as connection:
        file = begun(connection)
        for _ in range(2):
            deliveries.refuse(connection, file, REFUSALS)
        deliveries.finish_file(connection, file, deliveries.empty_counts() | {"rejected": {"xml_invalid": 1}})
    with opened.begin() as connection:
        assert deliveries.reject_counts(connection) == {"no_number": 1, "xml_invalid": 1}
        (one,) = deliveries.rejects(connection, "xml_invalid")
        assert (one["delivery"], one["entry"], one["line"], one["detail"]) == ("week", "x.XML", 3, "line one \\ud800")
        deliveries.release(connection, file, [one["number"]], {"rejected": {"xml_invalid": -1}})
        assert deliveries.reject_counts(connection) == {"no_number": 1}
        assert deliveries.entry_of(connection, "week")["counts"]["rejected"] == {}


def test_documents_of_one_application_are_one_record(opened: Store) -> None:
    first, second = incoming(1, "2003-05-01", "2004-01-01"), incoming(2, "2013-05-01", "2014-01-01")
    grant = first._replace(publication="CN199000001B", date="2006-01-01", hash=b"g" * 16)
    with opened.turn() as connection:
        file = begun(connection)
        assert documents.unknown(connection, [first, first]) == [True, True]
        assert documents.add(connection, file, [first, second, grant, first], never) == [True, True, True, False]
        assert documents.unknown(connection, [first]) == [False]
    with opened.connect() as connection:
        held = totals(connection)
        assert (held["records"], held["publications"], held["by_type"]) == (2, 3, {"invention": 2})
        assert (held["application_dates"], held["data_date"]) == (["2003-05-01", "2013-05-01"], "2014-01-01")
        row = documents.row_of_application(connection, str(first.application))
        assert row == documents.row_of_publication(connection, "CN199000001B")
        assert row is not None and len(list(documents.of_rows(connection, [row]))) == 2
        assert outbox.pending(connection) == 2


def test_events_wait_for_their_record_and_come_once(opened: Store) -> None:
    of = incoming(1, "2003-05-01", "2004-01-01")
    event = IncomingEvent(str(of.application), "2020-02-02", b"e" * 16, b"body")
    with opened.turn() as connection:
        file = begun(connection)
        assert events.add(connection, file, [event, event]) == [True, False]
        assert outbox.pending(connection) == 0, "no record yet"
        documents.add(connection, file, [of], never)
        assert events.unknown(connection, [event]) == [False]
        row = documents.row_of_application(connection, str(of.application))
        assert row is not None and list(events.of_rows(connection, [row])) == [(row, b"body")]
        assert documents.data_date(connection) == "2020-02-02"


def test_only_what_is_new_is_inserted(opened: Store) -> None:
    row = {"hash": "a" * 32, "text": "名称=电池", "dialect": "trs", "created": "2026"}
    with opened.begin() as connection:
        insert_new(connection, expression, [])
        insert_new(connection, expression, [row, row | {"text": "other"}])
        insert_new(connection, expression, [row | {"text": "another"}, row | {"hash": "b" * 32}])
        found = connection.execute(sa.select(expression.c.hash, expression.c.text).order_by(expression.c.hash))
        assert [tuple(one) for one in found] == [("a" * 32, "名称=电池"), ("b" * 32, "名称=电池")]
