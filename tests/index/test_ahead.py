"""Index documents made ahead: the index ends as if all had been drained, whatever comes between."""

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pytest

from index.ahead import Ahead
from index.documents import FACETS
from index.indexer import Indexer
from index.open import open_engine
from index.query.tree import Everything, Keyword, Node, Units
from ingest import pipeline
from ingest.ahead import Made, named_date
from ingest.pipeline import ingest
from store import outbox
from store.database import Store, open_store
from store.settings import Settings, load
from tests.index.conftest import SubclassLabels
from tests.ingest import made, made_events

EACH = 450      # more than one task
RECORDS = EACH + 20 + 1 + 2     # two grants do not say of which application


@pytest.fixture(scope="module")
def delivery(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Three zips: pairs in one task and across zips, events before and after their records, old and new."""
    def document(i: int, kind: str = "A", date: str = "20040103") -> str:
        return made.document(f"1990{i:05}", kind, date, title=f"{kind}{i}电池", abstract=f"一种{i}号电池。\n含隔膜",
                             application=f"20189900{i:04}" if i % 5 else "", claims=("一种电池",) * (i % 3),
                             applicants=(f"示例{i % 7}有限公司", "李四"),
                             symbols=("H01M10/42", "B60L 3/00")[:1 + i % 2])

    folder = tmp_path_factory.mktemp("ahead") / "week"
    made.delivery(folder, {f"{i}.XML": document(i) for i in range(EACH)} | {
        "3B.XML": document(EACH - 1, "B", "20060103"), "before.XML": made_events.status(
            made_events.record(f"20189900{EACH + 1:04}", "20200105"))}, "1.ZIP")
    made.delivery(folder, {f"{i}.XML": document(i, date="20120103") for i in range(EACH, EACH + 20)} | {
        f"{i}B.XML": document(i, "B", "20140103") for i in range(7, 20)} | {
        "after.XML": made_events.status(made_events.record("201899000021", "20150105"))}, "2.ZIP")
    made.delivery(folder, {"late.XML": document(EACH + 50, date="20240103")}, "3.ZIP")
    return folder


def settings_of(home: Path) -> Settings:
    return load({"ZHUANTI_HOME": str(home)})


@pytest.fixture(autouse=True)
def workers_always(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pipeline, "_INLINE_BELOW", 0)


def indexer(settings: Settings, store: Store) -> Indexer:
    return Indexer(store, settings, SubclassLabels())


def content(settings: Settings) -> list[Any]:
    """What searches show of an index: orders, facets, rows by state, by number and by text, and that nothing waits."""
    engine = open_engine(settings)
    with open_store(settings) as store, store.connect() as connection:
        waiting = outbox.pending(connection)
    asked: list[Node] = [
        *(Keyword("legal_state", (state,)) for state in ("pending", "in_force", "lapsed", "unknown")),
        Units(("title",), ("a", "7")), Units(("title", "abstract", "claims"), ("电", "池")),
        Units(("abstract",), ("隔", "膜")), Units(("applicants",), ("示", "例", "3")),
    ]
    page = engine.search(Everything(), size=2 * EACH, sort="-publication_date", facets=(*FACETS, "industry:ipc"))
    facets = {name: [(one.value, one.count) for one in values] for name, values in page.facets.items()}
    return [waiting, page.total, page.hits, facets, *(list(engine.rows(node)) for node in asked),
            [hit.row for hit in engine.search(asked[5], sort="id", size=30).hits]]


@pytest.fixture(scope="module")
def drained(delivery: Path, tmp_path_factory: pytest.TempPathFactory) -> list[Any]:
    settings = settings_of(tmp_path_factory.mktemp("drained"))
    ingest(settings, [delivery], workers=1)
    with open_store(settings) as store:
        indexer(settings, store).drain()
    return content(settings)


class Noting:
    """Notes what another takes."""

    def __init__(self, taker: Ahead, taken: list[Made]) -> None:
        self._taker, self._taken = taker, taken
        self.open_make = taker.open_make

    def take(self, as_of: str, made: Sequence[Made]) -> None:
        self._taken.extend(made)
        self._taker.take(as_of, made)


def run(settings: Settings, delivery: Path, taken: list[Made]) -> None:
    """An ingest whose index documents are made ahead, and the drain that follows."""
    with open_store(settings) as store:
        with indexer(settings, store).ahead() as ahead:
            ingest(settings, [delivery], workers=2, taker=Noting(ahead, taken))
        indexer(settings, store).drain()


def test_the_same_index_as_by_draining(delivery: Path, drained: list[Any], tmp_path: Path) -> None:
    taken: list[Made] = []
    run(settings_of(tmp_path), delivery, taken)
    assert content(settings_of(tmp_path)) == drained
    assert drained[:2] == [0, RECORDS]
    assert len(taken) == RECORDS - 2, "all but the pair of one task and what has an event already"
    run(settings_of(tmp_path), delivery, taken)
    assert content(settings_of(tmp_path)) == drained


@pytest.mark.parametrize("guess", ["1990-01-01", "2015-06-01", "2045-01-01"])
def test_a_wrong_guess_of_the_data_date_is_mended(
    delivery: Path, drained: list[Any], tmp_path: Path, monkeypatch: pytest.MonkeyPatch, guess: str
) -> None:
    monkeypatch.setattr(pipeline._Run, "_data_date_to_come", lambda _: guess)
    run(settings_of(tmp_path), delivery, [])
    assert content(settings_of(tmp_path)) == drained


@pytest.mark.parametrize("when", ["storing", "committed"])
def test_a_crash_leaves_the_outbox(
    delivery: Path, drained: list[Any], tmp_path: Path, monkeypatch: pytest.MonkeyPatch, when: str
) -> None:
    settings, calls = settings_of(tmp_path), []
    take = Ahead.take

    def crashing(self: Ahead, as_of: str, more: Sequence[Made]) -> None:
        take(self, as_of, more)
        calls.append(len(more))
        if when == "storing" and len(calls) == 2:
            raise KeyboardInterrupt

    with open_store(settings) as store:
        with monkeypatch.context() as patched:
            patched.setattr(Ahead, "take", crashing)
            if when == "committed":
                patched.setattr(outbox, "clear", lambda *_: (_ for _ in ()).throw(KeyboardInterrupt))
            with pytest.raises(KeyboardInterrupt), indexer(settings, store).ahead() as ahead:
                ingest(settings, [delivery], workers=2, taker=ahead)
        with store.connect() as connection:
            assert outbox.pending(connection) >= sum(calls) > 0
    run(settings, delivery, [])
    assert content(settings) == drained


def test_while_another_writes_the_index_nothing_is_taken(
    delivery: Path, drained: list[Any], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("index.embedded.engine._LOCK_SECONDS", 0.1)
    settings = settings_of(tmp_path)
    with open_store(settings) as store:
        with open_engine(settings).write(), indexer(settings, store).ahead() as ahead:
            ingest(settings, [delivery], workers=2, taker=ahead)
        with store.connect() as connection:
            assert outbox.pending(connection) == RECORDS
        indexer(settings, store).drain()
    assert content(settings) == drained


def test_days_in_names() -> None:
    assert named_date(["week/20240305-1-001.ZIP", "week/20240312/x.zip", "week/20991231.zip"]) == "2024-03-12"
    assert named_date(["20241399", "120240305", "week"]) is None
