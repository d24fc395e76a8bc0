"""Writing the embedded index: commits, crashes, other processes, generations."""

import multiprocessing
import os
import signal
from collections.abc import Callable
from pathlib import Path

import orjson
import pytest
import tantivy

from index.documents import build
from index.embedded import generations
from index.embedded.boundary import tantivy_errors
from index.embedded.engine import EmbeddedEngine
from index.embedded.schema import schema
from index.identity import identity
from index.query.tree import Everything, Keyword, Not, Units
from ingest.record import Patent
from store.errors import Unreachable
from tests.index.conftest import SubclassLabels, write

ABOVE = SubclassLabels().ancestors
TEXT = ("title", "abstract", "claims")


def state(engine: EmbeddedEngine) -> tuple[list[int], list[tuple[str, int]]]:
    """Rows by Tantivy and a facet by the columns: both must speak of the same commit."""
    page = engine.search(Everything(), size=1, facets=("application_year", "type"))
    counted = [(entry.value, entry.count) for facet in page.facets.values() for entry in facet]
    assert page.total == sum(entry.count for entry in page.facets["type"]) == engine.health().records
    return list(engine.rows(Everything())), counted


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return tmp_path / "index"


@pytest.fixture
def some(records: list[Patent]) -> list[Patent]:
    return records[::20]


def test_a_home_without_an_index_answers_nothing(folder: Path) -> None:
    engine = EmbeddedEngine(folder)
    page = engine.search(Units(TEXT, ("电", "池")), facets=("type",))
    assert (page.total, page.hits, list(page.facets["type"]), page.next) == (0, (), [], None)
    assert engine.count(Not(Everything())) == 0
    assert engine.health().ok
    assert not folder.exists()


def test_a_record_written_again_is_replaced(folder: Path, some: list[Patent]) -> None:
    engine = EmbeddedEngine(folder)
    write(engine, some)
    before = state(engine)
    write(engine, some)
    assert state(engine) == before
    changed = Patent(**{**some[3], "title": "囗囗新名称", "type": "design"})
    write(engine, [changed, changed])
    assert list(engine.rows(Units(("title",), ("囗", "囗", "新")))) == [changed["row"]]
    assert changed["row"] in list(engine.rows(Keyword("type", ("design",))))
    assert state(engine)[0] == before[0]


def test_deleted_records_are_gone_also_from_facets(folder: Path, some: list[Patent]) -> None:
    engine = EmbeddedEngine(folder)
    write(engine, some)
    with engine.write() as writer:
        writer.delete([some[0]["row"], some[1]["row"], 999_999])
        writer.upsert(some[1]["row"], build(some[1], ABOVE))
        writer.commit(2)
    rows, counted = state(engine)
    assert rows == sorted(record["row"] for record in some[1:])
    fresh = EmbeddedEngine(folder.with_name("fresh"))
    write(fresh, some[1:])
    assert state(fresh) == (rows, counted)


def test_what_is_not_committed_is_dropped(folder: Path, some: list[Patent]) -> None:
    engine = EmbeddedEngine(folder)
    write(engine, some[:10])
    before = state(engine)
    with pytest.raises(RuntimeError), engine.write() as writer:
        writer.delete([some[0]["row"]])
        writer.upsert(some[20]["row"], build(some[20], ABOVE))
        raise RuntimeError("the caller failed")
    assert state(engine) == before
    write(engine, some[10:])
    assert len(state(engine)[0]) == len(some)


def _killed_before_commit(folder: Path, records: list[Patent]) -> None:
    with EmbeddedEngine(folder).write() as writer:
        for record in records:
            writer.upsert(record["row"], build(record, ABOVE))
        os.kill(os.getpid(), signal.SIGKILL)


def _killed_between_columns_and_commit(folder: Path, records: list[Patent]) -> None:
    """The columns of the next commit stand already when the process dies."""
    import index.embedded.writer as module

    write_columns: Callable[..., Path] = module.column_file.write

    def write_and_die(*given: object) -> Path:
        write_columns(*given)
        os.kill(os.getpid(), signal.SIGKILL)
        return folder

    module.column_file.write = write_and_die    # type: ignore[assignment]
    write(EmbeddedEngine(folder), records)


@pytest.mark.parametrize("crash", [_killed_before_commit, _killed_between_columns_and_commit])
def test_a_killed_writer_leaves_the_last_commit(folder: Path, some: list[Patent], crash: Callable[..., None]) -> None:
    engine = EmbeddedEngine(folder)
    write(engine, some[:10])
    before = state(engine)
    process = multiprocessing.get_context("spawn").Process(target=crash, args=(folder, list(some[10:])))
    process.start()
    process.join(60)
    assert process.exitcode == -signal.SIGKILL
    assert state(engine) == before == state(EmbeddedEngine(folder))
    write(engine, some[10:])
    assert len(state(engine)[0]) == len(some)


def _write_elsewhere(folder: Path, records: list[Patent]) -> None:
    write(EmbeddedEngine(folder), records)


def test_a_reader_sees_commits_and_switches_of_another_process(folder: Path, some: list[Patent]) -> None:
    engine = EmbeddedEngine(folder)
    assert engine.count(Everything()) == 0
    for part in (some[:10], some[10:20]):
        process = multiprocessing.get_context("spawn").Process(target=_write_elsewhere, args=(folder, list(part)))
        process.start()
        process.join(60)
        assert set(state(engine)[0]) >= {record["row"] for record in part}
    with EmbeddedEngine(folder).rebuild() as writer:
        writer.upsert(some[0]["row"], build(some[0], ABOVE))
        writer.commit(9)
        assert len(state(engine)[0]) == 20
    assert state(engine)[0] == [some[0]["row"]]


def test_only_one_writes_at_a_time(folder: Path, some: list[Patent], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("index.embedded.engine._LOCK_SECONDS", 0.05)
    engine = EmbeddedEngine(folder)
    with engine.write(), pytest.raises(Unreachable) as refused, EmbeddedEngine(folder).write():
        pass
    assert refused.value.code == "index_busy"
    write(engine, some)


def test_a_failed_rebuild_keeps_the_index_in_use(folder: Path, some: list[Patent]) -> None:
    engine = EmbeddedEngine(folder)
    write(engine, some)
    before = state(engine)
    with pytest.raises(RuntimeError), engine.rebuild() as writer:
        writer.upsert(some[0]["row"], build(some[0], ABOVE))
        writer.commit(1)
        raise RuntimeError("the caller failed")
    assert state(engine) == before
    assert len(list(folder.glob("gen-*"))) == 1


def test_an_index_of_another_identity_says_so_until_it_is_rebuilt(folder: Path, some: list[Patent]) -> None:
    write(EmbeddedEngine(folder), some)
    used = generations.current(folder)
    assert used is not None
    (used.folder / "identity.json").write_bytes(orjson.dumps(identity() | {"schema": "0"}))
    engine = EmbeddedEngine(folder)
    health = engine.health()
    assert not health.ok and health.identity.startswith("0-")
    for act in (lambda: engine.count(Everything()), lambda: write(engine, some)):
        with pytest.raises(Unreachable) as refused:
            act()
        assert refused.value.code == "index_outdated"
    with engine.rebuild() as writer:
        for record in some:
            writer.upsert(record["row"], build(record, ABOVE))
        writer.commit(1)
    assert engine.health().ok
    assert len(state(engine)[0]) == len(some)


def test_damaged_files_are_an_error_with_a_code(folder: Path, some: list[Patent]) -> None:
    write(EmbeddedEngine(folder), some)
    used = generations.current(folder)
    assert used is not None
    for path in used.folder.glob("columns-*"):
        path.write_bytes(path.read_bytes()[:100])
    with pytest.raises(Unreachable) as refused:
        EmbeddedEngine(folder).count(Everything())
    assert refused.value.code == "index_damaged"
    for path in used.folder.glob("columns-*"):
        path.unlink()
    assert not EmbeddedEngine(folder).health().ok


def test_a_panic_becomes_an_error() -> None:
    """Tantivy panics when asked for no hits; a panic is no Exception and would otherwise end a server."""
    searcher = tantivy.Index(schema()).searcher()
    with pytest.raises(Unreachable) as refused, tantivy_errors():
        searcher.search(tantivy.Query.all_query(), limit=0)
    assert refused.value.code == "index_failed"


def test_other_errors_pass_the_boundary() -> None:
    for error in (KeyboardInterrupt, KeyError, AssertionError):
        with pytest.raises(error), tantivy_errors():
            raise error


@pytest.mark.parametrize(("cause", "code"), [
    ("An IO error occurred: 'No space left on device (os error 28)'", "disk_full"),
    ("Failed to acquire Lockfile: LockBusy.", "index_busy"),
    ("Schema error", "index_failed"),
])
def test_causes_have_codes(cause: str, code: str) -> None:
    with pytest.raises(Unreachable) as refused, tantivy_errors():
        raise ValueError(cause)
    assert refused.value.code == code
