"""The indexer: whatever is in the outbox comes into the index, whenever it crashes and whoever does the work."""

import json
import os
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path

import pytest

from index.indexer import Indexer
from index.making import Loader
from index.open import open_engine
from index.query.tree import Everything, Industry
from ingest.record import Patent
from store import outbox
from store.database import Store, open_store
from store.errors import Unreachable
from store.schema import record as record_table
from store.settings import Settings
from store.settings import load as load_settings
from tests.index.conftest import SubclassLabels
from tests.index.places import Elastic, Embedded, Place


@contextmanager
def kept(settings: Settings) -> Iterator[Loader]:
    """Records from a file of the home, as a worker process opens them for itself; notes who asked."""
    by_row = {entry["row"]: entry for entry in json.loads((settings.home / "records.json").read_text())}

    def load(rows: Sequence[int]) -> list[Patent]:
        with (settings.home / "workers").open("a") as file:
            file.write(f"{os.getpid()}\n")
        return [by_row[row] for row in rows if row in by_row]

    yield load


@pytest.fixture
def settings(tmp_path: Path, place: Place) -> Settings:
    """A node's settings, once with each engine."""
    found = load_settings({"ZHUANTI_HOME": str(tmp_path)})
    return replace(found, engine="elasticsearch", elastic=place.settings) if isinstance(place, Elastic) else found


@pytest.fixture
def store(settings: Settings) -> Iterator[Store]:
    with open_store(settings) as opened:
        yield opened


@pytest.fixture
def some(records: list[Patent]) -> list[Patent]:
    return records[::30]


def keep(settings: Settings, store: Store, records: Sequence[Patent], marked: Sequence[Patent]) -> None:
    (settings.home / "records.json").write_text(json.dumps(list(records)))
    with store.begin() as connection:
        outbox.mark(connection, [record["row"] for record in marked])


def pending(store: Store) -> int:
    with store.connect() as connection:
        return outbox.pending(connection)


def indexed(settings: Settings) -> list[int]:
    return list(open_engine(settings).rows(Everything()))


def rows_of(records: Sequence[Patent]) -> list[int]:
    return sorted(record["row"] for record in records)


def test_a_drain_empties_the_outbox(settings: Settings, store: Store, some: list[Patent]) -> None:
    keep(settings, store, some, [*some, *some[:5]])
    indexer = Indexer(store, settings, SubclassLabels(), kept)
    assert indexer.drain() == len(some)
    assert pending(store) == 0
    assert indexed(settings) == rows_of(some)
    assert open_engine(settings).count(Industry("ipc", "H")) > 0
    assert indexer.drain() == 0


def test_nothing_pending_touches_nothing(settings: Settings, store: Store, place: Place) -> None:
    assert Indexer(store, settings, SubclassLabels(), kept).drain() == 0
    assert not (settings.home / "index").exists() and place.generations() == []


def test_rows_without_a_record_leave_the_index(settings: Settings, store: Store, some: list[Patent]) -> None:
    indexer = Indexer(store, settings, SubclassLabels(), kept)
    keep(settings, store, some, some)
    indexer.drain()
    keep(settings, store, some[5:], some[:10])
    assert indexer.drain() == 10
    assert indexed(settings) == rows_of(some[5:])


def test_a_crash_before_the_outbox_is_cleared_does_it_again(
    settings: Settings, store: Store, some: list[Patent], monkeypatch: pytest.MonkeyPatch
) -> None:
    keep(settings, store, some, some)
    indexer = Indexer(store, settings, SubclassLabels(), kept)
    with monkeypatch.context() as patched:
        patched.setattr(outbox, "clear", lambda *_: (_ for _ in ()).throw(KeyboardInterrupt))
        with pytest.raises(KeyboardInterrupt):
            indexer.drain()
    assert pending(store) == len(some)
    assert indexed(settings) == rows_of(some)
    assert indexer.drain() == len(some)
    assert pending(store) == 0
    assert indexed(settings) == rows_of(some)


def test_what_is_marked_meanwhile_is_not_forgotten(
    settings: Settings, store: Store, some: list[Patent]
) -> None:
    keep(settings, store, some, some[:10])

    @contextmanager
    def marking(given: Settings) -> Iterator[Loader]:
        with kept(given) as load:
            def loading(rows: Sequence[int]) -> list[Patent]:
                if some[0]["row"] in rows and pending(store) == 10:
                    with store.begin() as connection:
                        outbox.mark(connection, [some[0]["row"], some[20]["row"]])
                return load(rows)

            yield loading

    assert Indexer(store, settings, SubclassLabels(), marking).drain() == 12
    assert indexed(settings) == rows_of([*some[:10], some[20]])
    assert pending(store) == 0


def test_workers_make_the_same_index(
    settings: Settings, store: Store, some: list[Patent], monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setattr("index.making._SPREAD_FROM", 10)
    monkeypatch.setattr("index.making._BATCH", 7)
    keep(settings, store, some, some)
    assert Indexer(store, settings, SubclassLabels(), kept).drain() == len(some)
    assert str(os.getpid()) not in (settings.home / "workers").read_text().split()
    assert indexed(settings) == rows_of(some)
    page = open_engine(settings).search(Everything(), facets=("industry:ipc",))
    assert page.facets["industry:ipc"][0].count > 0


@contextmanager
def dying(settings: Settings) -> Iterator[Loader]:
    def load(rows: Sequence[int]) -> list[Patent]:
        os._exit(3)

    yield load


def test_a_worker_that_dies_leaves_the_outbox(
    settings: Settings, store: Store, some: list[Patent], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("index.making._SPREAD_FROM", 10)
    keep(settings, store, some, some)
    with pytest.raises(Unreachable) as refused:
        Indexer(store, settings, SubclassLabels(), dying).drain()
    assert refused.value.code == "index_failed"
    assert pending(store) == len(some)
    assert Indexer(store, settings, SubclassLabels(), kept).drain() == len(some)


def test_a_rebuild_holds_what_the_store_holds(
    settings: Settings, store: Store, some: list[Patent], place: Place
) -> None:
    indexer = Indexer(store, settings, SubclassLabels(), kept)
    keep(settings, store, some[:20], some[:20])
    indexer.drain()
    keep(settings, store, some[10:], some[15:18])
    with store.begin() as connection:
        connection.execute(record_table.insert(), [
            {"row": entry["row"], "id": entry["id"], "type": entry["type"]} for entry in some[10:]])
    told = indexer.reindex()
    assert told == {"identity": open_engine(settings).health().identity, "records": len(some) - 10}
    assert indexed(settings) == rows_of(some[10:])
    assert pending(store) == 0
    generations = open_place(settings, place).generations()
    assert len(generations) == 1 and generations[0].endswith("-000002")


def open_place(settings: Settings, place: Place) -> Place:
    return place if isinstance(place, Elastic) else Embedded(settings.home / "index")


def test_an_index_that_lost_its_place_catches_up(settings: Settings, store: Store, some: list[Patent]) -> None:
    """What one index has taken from the outbox another lacks: it takes all records once it drains."""
    indexer = Indexer(store, settings, SubclassLabels(), kept)
    keep(settings, store, some, some)
    with store.begin() as connection:
        connection.execute(record_table.insert(), [
            {"row": entry["row"], "id": entry["id"], "type": entry["type"]} for entry in some])
    indexer.drain()
    other = replace(settings, elastic=replace(settings.elastic, prefix=f"{settings.elastic.prefix}.other"))
    if settings.engine == "embedded":
        (settings.home / "index").rename(settings.home / "lost")
    try:
        again = Indexer(store, other, SubclassLabels(), kept)
        assert again.drain() == len(some)
        assert indexed(other) == rows_of(some)
        assert again.drain() == 0
    finally:
        if settings.engine == "elasticsearch":
            Elastic(other.elastic).remove()


class OtherLabels(SubclassLabels):
    fingerprint = "subclasses of another version"


def test_other_labels_come_all_at_once(
    settings: Settings, store: Store, some: list[Patent], monkeypatch: pytest.MonkeyPatch
) -> None:
    """What needs several commits is built beside, so that no reader meets old and new labels together."""
    with store.begin() as connection:
        rows = [connection.execute(record_table.insert().values(id=record["id"], type=record["type"])).lastrowid
                for record in some]
    kept_rows = [{**record, "row": row} for record, row in zip(some, rows, strict=True)]
    keep(settings, store, kept_rows, kept_rows)     # type: ignore[arg-type]
    Indexer(store, settings, SubclassLabels(), kept).drain()
    monkeypatch.setattr("index.indexer._COMMIT", 5)
    rebuilt: list[str | None] = []
    whole = Indexer.reindex
    monkeypatch.setattr(Indexer, "reindex", lambda self, *given: (rebuilt.append("beside"), whole(self, *given))[1])
    assert Indexer(store, settings, OtherLabels(), kept).drain() == len(rows)
    assert rebuilt == ["beside"]
    assert (pending(store), indexed(settings)) == (0, sorted(rows))


def test_nothing_is_relabelled_while_a_taxonomy_cannot_be_read(settings: Settings, store: Store) -> None:
    with store.begin() as connection:
        outbox.mark_relabelled(connection, "first")
        connection.execute(record_table.insert().values(id="CN1", type="invention"))
        assert not outbox.mark_relabelled(connection, f"{outbox.INCOMPLETE}second")
        assert outbox.pending(connection) == 0
        assert outbox.mark_relabelled(connection, "first"), "records that came meanwhile lack labels"
        assert outbox.pending(connection) == 1
