"""Several ingests at once: on PostgreSQL they take turns batch by batch, on SQLite the second waits when told to."""

import threading
from collections.abc import Callable, Sequence
from pathlib import Path

import pytest
from filelock import FileLock

from ingest.pipeline import ingest
from ingest.progress import Silent
from ingest.records import Records
from ingest.withdraw import withdraw
from store import deliveries, outbox
from store.database import open_store
from store.errors import Refused
from store.settings import Settings, load
from store.totals import totals
from tests.ingest import made
from tests.postgresql import Server

EACH = 900      # documents of a delivery: three batches


def folders(where: Path) -> list[Path]:
    """Three deliveries over the same applications: publications A, grants B, and A again, some without their number."""
    def document(i: int, kind: str, produced: str = "20200101", known: bool = True) -> str:
        return made.document(f"1990{i:05}", kind, "20200103" if kind == "A" else "20220103", produced=produced,
                             application=f"20189900{i:04}" if known else "", title=f"{kind}{i} {produced}")

    kinds = {
        "applications": {f"{i}.XML": document(i, "A", known=i % 7 > 0) for i in range(EACH)},
        "grants": {f"{i}.XML": document(i, "B") for i in range(EACH)} | {"bad.XML": "<"},
        "again": {f"{i}.XML": document(i, "A", "20210101") for i in range(EACH // 2)} | {
            f"{i}.XML": document(i, "A", known=i % 7 > 0) for i in range(EACH // 2, EACH)},
    }
    return [made.delivery(where / name, entries) for name, entries in kinds.items()]


def at_once(tasks: Sequence[Callable[[], object]]) -> None:
    """Run all in threads that start together; the first error is raised."""
    errors: list[BaseException] = []
    barrier = threading.Barrier(len(tasks))

    def run(task: Callable[[], object]) -> None:
        barrier.wait()
        try:
            task()
        except BaseException as error:
            errors.append(error)

    threads = [threading.Thread(target=run, args=(task,)) for task in tasks]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    if errors:
        raise errors[0]


def content(settings: Settings) -> list[str]:
    """Every record without row and sources, which depend on who comes first."""
    with open_store(settings) as store:
        found = []
        for record in Records(store).stream():
            for publication in record["publications"]:
                publication["source"] = {"delivery": "", "archive": None, "entry": ""}
            found.append(repr({**record, "row": 0}))
    return sorted(found)


@pytest.fixture
def shared_store(postgresql: Server, tmp_path: Path) -> list[Settings]:
    """Three machines, each with its home, one database."""
    url = postgresql.new_database()
    return [load({"ZHUANTI_HOME": str(tmp_path / f"machine{i}"), "ZHUANTI_DATABASE_URL": url}) for i in range(3)]


@pytest.mark.service
def test_nothing_is_lost_or_doubled(shared_store: list[Settings], tmp_path: Path) -> None:
    paths = folders(tmp_path / "deliveries")
    at_once([lambda settings=settings, path=path: ingest(settings, [path], workers=1)  # type: ignore[misc]
             for settings, path in zip(shared_store, paths, strict=True)])
    alone = load({"ZHUANTI_HOME": str(tmp_path / "alone")})
    for path in paths:
        ingest(alone, [path], workers=1)
    assert content(shared_store[0]) == content(alone)
    with open_store(shared_store[0]) as store, store.connect() as connection, open_store(alone) as expected:
        with expected.connect() as other:
            assert totals(connection) == totals(other)
        assert outbox.pending(connection) >= totals(connection)["records"] >= EACH
        assert {one["state"] for one in deliveries.ledger(connection)} == {"done"}
        assert len(deliveries.rejects(connection)) == 1


@pytest.mark.service
def test_the_same_delivery_on_all_machines(shared_store: list[Settings], tmp_path: Path) -> None:
    path = folders(tmp_path / "deliveries")[1]
    at_once([lambda settings=settings: ingest(settings, [path], workers=1) for settings in shared_store])  # type: ignore[misc]
    with open_store(shared_store[0]) as store, store.connect() as connection:
        assert totals(connection)["records"] == totals(connection)["publications"] == EACH
        assert len(deliveries.rejects(connection)) == 1
        assert deliveries.entry_of(connection, path.name)["counts"]["rejected"] == {"xml_invalid": 1}


@pytest.mark.service
def test_a_withdrawal_beside_an_ingest(shared_store: list[Settings], tmp_path: Path) -> None:
    applications, grants, again = folders(tmp_path / "deliveries")
    ingest(shared_store[0], [grants], workers=1)
    at_once([lambda: withdraw(shared_store[0], "grants"), lambda: ingest(shared_store[1], [applications], workers=1),
             lambda: ingest(shared_store[2], [again], workers=1)])
    alone = load({"ZHUANTI_HOME": str(tmp_path / "alone")})
    for path in (applications, again):
        ingest(alone, [path], workers=1)
    assert content(shared_store[0]) == content(alone)


class Held(Silent):
    """A progress that keeps an ingest in its middle until it may go on."""

    def __init__(self) -> None:
        self.reached, self.go_on = threading.Event(), threading.Event()

    def advance(self, size: int, documents: int, rejects: int) -> None:
        self.reached.set()
        assert self.go_on.wait(60)


@pytest.mark.service
def test_what_is_being_read_in_cannot_be_withdrawn(shared_store: list[Settings], tmp_path: Path) -> None:
    path, other = (made.delivery(tmp_path / name, {"a.XML": made.document(number)})
                   for name, number in (("d", "199000001"), ("other", "199000002")))
    ingest(shared_store[0], [other], workers=1)
    held = Held()
    reading = threading.Thread(target=ingest, args=(shared_store[0], [path]), kwargs={"workers": 1, "progress": held})
    reading.start()
    assert held.reached.wait(60)
    with pytest.raises(Refused) as caught:
        withdraw(shared_store[1], "d")
    assert caught.value.code == "delivery_being_read"
    assert withdraw(shared_store[1], "other")["documents"] == 1, "only the delivery itself is kept"
    waiting = threading.Thread(target=withdraw, args=(shared_store[1], "d"), kwargs={"wait": True})
    waiting.start()
    waiting.join(0.5)
    assert waiting.is_alive() and len(content(shared_store[2])) == 1
    held.go_on.set()
    for thread in (reading, waiting):
        thread.join(60)
    assert content(shared_store[2]) == [], "the withdrawal came after the whole of it"
    ingest(shared_store[2], [path], workers=1)
    assert len(content(shared_store[2])) == 1, "no lock is left behind"


def test_on_sqlite_nothing_is_withdrawn_while_something_is_read_in(tmp_path: Path) -> None:
    settings = load({"ZHUANTI_HOME": str(tmp_path / "home")})
    ingest(settings, [made.delivery(tmp_path / "d", {"a.XML": made.document()})], workers=1)
    with FileLock(settings.home / "ingest.lock"), pytest.raises(Refused) as caught:
        withdraw(settings, "d")
    assert caught.value.code == "ingest_running"
    assert withdraw(settings, "d")["documents"] == 1


def test_on_sqlite_the_second_waits_when_told_to(tmp_path: Path) -> None:
    settings = load({"ZHUANTI_HOME": str(tmp_path / "home")})
    path = made.delivery(tmp_path / "d", {"a.XML": made.document()})
    settings.home.mkdir()
    lock = FileLock(settings.home / "ingest.lock")
    lock.acquire()
    waiting = threading.Thread(target=ingest, args=(settings, [path]), kwargs={"workers": 1, "wait": True})
    waiting.start()
    waiting.join(0.3)
    assert waiting.is_alive()
    lock.release()
    waiting.join()
    assert len(content(settings)) == 1
