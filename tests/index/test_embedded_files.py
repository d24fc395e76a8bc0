"""The files of the embedded index: a crash between two of them, another identity, damage, panics of Tantivy."""

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
from index.query.tree import Everything
from ingest.record import Patent
from store.errors import Unreachable
from tests.index.conftest import SubclassLabels, write
from tests.index.test_engine_writing import state

ABOVE = SubclassLabels().ancestors


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return tmp_path / "index"


@pytest.fixture
def some(records: list[Patent]) -> list[Patent]:
    return records[::20]


def test_a_home_without_an_index_gets_no_files(folder: Path) -> None:
    assert EmbeddedEngine(folder).count(Everything()) == 0
    assert not folder.exists()


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


def test_a_writer_killed_between_columns_and_commit_leaves_the_last_commit(folder: Path, some: list[Patent]) -> None:
    engine = EmbeddedEngine(folder)
    write(engine, some[:10])
    before = state(engine)
    process = multiprocessing.get_context("spawn").Process(
        target=_killed_between_columns_and_commit, args=(folder, list(some[10:])))
    process.start()
    process.join(60)
    assert process.exitcode == -signal.SIGKILL
    assert state(engine) == before == state(EmbeddedEngine(folder))
    write(engine, some[10:])
    assert len(state(engine)[0]) == len(some)


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
