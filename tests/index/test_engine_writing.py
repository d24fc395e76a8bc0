"""Writing an index: commits, crashes, other processes, rebuilds; with each engine."""

import multiprocessing
import os
import signal

import pytest

from index.documents import build
from index.engine import Engine
from index.query.tree import Everything, Keyword, Not, Units
from ingest.record import Patent
from store.errors import Unreachable
from tests.index.conftest import SubclassLabels, write
from tests.index.places import Place

ABOVE = SubclassLabels().ancestors
TEXT = ("title", "abstract", "claims")


def state(engine: Engine) -> tuple[list[int], list[tuple[str, int]]]:
    """Rows and facets, which engines hold apart: both must speak of the same commit."""
    page = engine.search(Everything(), size=1, facets=("application_year", "type"))
    counted = [(entry.value, entry.count) for facet in page.facets.values() for entry in facet]
    assert page.total == sum(entry.count for entry in page.facets["type"]) == engine.health().records
    return list(engine.rows(Everything())), counted


@pytest.fixture
def some(records: list[Patent]) -> list[Patent]:
    return records[::20]


def test_a_home_without_an_index_answers_nothing(place: Place) -> None:
    engine = place.open()
    page = engine.search(Units(TEXT, ("电", "池")), facets=("type",))
    assert (page.total, page.hits, list(page.facets["type"]), page.next) == (0, (), [], None)
    assert engine.count(Not(Everything())) == 0
    assert engine.health().ok
    assert place.generations() == []


def test_a_record_written_again_is_replaced(place: Place, some: list[Patent]) -> None:
    engine = place.open()
    write(engine, some)
    before = state(engine)
    write(engine, some)
    assert state(engine) == before
    changed = Patent(**{**some[3], "title": "囗囗新名称", "type": "design"})
    write(engine, [changed, changed])
    assert list(engine.rows(Units(("title",), ("囗", "囗", "新")))) == [changed["row"]]
    assert changed["row"] in list(engine.rows(Keyword("type", ("design",))))
    assert state(engine)[0] == before[0]


def test_deleted_records_are_gone_also_from_facets(place: Place, some: list[Patent]) -> None:
    engine = place.open()
    write(engine, some)
    with engine.write() as writer:
        writer.delete([some[0]["row"], some[1]["row"], 999_999])
        writer.upsert(some[1]["row"], build(some[1], ABOVE))
        writer.commit(2)
    rows, counted = state(engine)
    assert rows == sorted(record["row"] for record in some[1:])
    fresh = place.beside("fresh").open()
    write(fresh, some[1:])
    assert state(fresh) == (rows, counted)


def test_what_is_not_committed_is_dropped(place: Place, some: list[Patent]) -> None:
    engine = place.open()
    write(engine, some[:10])
    before = state(engine)
    with pytest.raises(RuntimeError), engine.write() as writer:
        writer.delete([some[0]["row"]])
        writer.upsert(some[20]["row"], build(some[20], ABOVE))
        raise RuntimeError("the caller failed")
    assert state(engine) == before
    write(engine, some[10:])
    assert len(state(engine)[0]) == len(some)


def _killed_before_commit(place: Place, records: list[Patent]) -> None:
    with place.open().write() as writer:
        for record in records:
            writer.upsert(record["row"], build(record, ABOVE))
        os.kill(os.getpid(), signal.SIGKILL)


def test_a_killed_writer_leaves_the_last_commit(place: Place, some: list[Patent]) -> None:
    engine = place.open()
    write(engine, some[:10])
    before = state(engine)
    process = multiprocessing.get_context("spawn").Process(target=_killed_before_commit, args=(place, list(some[10:])))
    process.start()
    process.join(60)
    assert process.exitcode == -signal.SIGKILL
    assert state(engine) == before == state(place.open())
    write(engine, some[10:])
    assert len(state(engine)[0]) == len(some)


def _write_elsewhere(place: Place, records: list[Patent]) -> None:
    write(place.open(), records)


def test_a_reader_sees_commits_and_switches_of_another_process(place: Place, some: list[Patent]) -> None:
    engine = place.open()
    assert engine.count(Everything()) == 0
    for part in (some[:10], some[10:20]):
        process = multiprocessing.get_context("spawn").Process(target=_write_elsewhere, args=(place, list(part)))
        process.start()
        process.join(60)
        assert set(state(engine)[0]) >= {record["row"] for record in part}
    with place.open().rebuild() as writer:
        writer.upsert(some[0]["row"], build(some[0], ABOVE))
        writer.commit(9)
        assert len(state(engine)[0]) == 20
    assert state(engine)[0] == [some[0]["row"]]


def test_only_one_writes_at_a_time(place: Place, some: list[Patent], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("index.embedded.engine._LOCK_SECONDS", 0.05)
    monkeypatch.setattr("index.elastic.lease.LOCK_SECONDS", 0.05)
    engine = place.open()
    with engine.write(), pytest.raises(Unreachable) as refused, place.open().write():
        pass
    assert refused.value.code == "index_busy"
    write(engine, some)


def test_a_failed_rebuild_keeps_the_index_in_use(place: Place, some: list[Patent]) -> None:
    engine = place.open()
    write(engine, some)
    before = state(engine)
    with pytest.raises(RuntimeError), engine.rebuild() as writer:
        writer.upsert(some[0]["row"], build(some[0], ABOVE))
        writer.commit(1)
        raise RuntimeError("the caller failed")
    assert state(engine) == before
    assert len(place.generations()) == 1


def test_a_rebuilt_index_replaces_the_one_in_use(place: Place, some: list[Patent]) -> None:
    engine = place.open()
    write(engine, some)
    first = place.generations()
    with engine.rebuild() as writer:
        for record in some[5:]:
            writer.upsert(record["row"], build(record, ABOVE))
        writer.delete([some[6]["row"]])
        writer.commit(7)
        assert writer.records == len(some) - 6 and not writer.refused
    assert state(engine)[0] == sorted(record["row"] for record in (some[5], *some[7:]))
    assert len(place.generations()) == 1 and place.generations() != first
