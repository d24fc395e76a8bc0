"""Moving a store: whole and verified, or not at all; between both databases, in every direction."""

import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
import sqlalchemy as sa

import store
from ingest.pipeline import ingest
from ingest.records import Records
from ingest.withdraw import withdraw
from store import outbox
from store.copying import TableCopy, copy_store, rows_of
from store.database import Store, open_store
from store.errors import Refused, Unreachable
from store.schema import dirty, document, expression, metadata, record
from store.settings import Settings, load
from tests.ingest import made
from tests.postgresql import Server

DOCUMENTS = 60


def silent(_table: str, _done: int, _total: int) -> None:
    pass


def delivery(where: Path, first: int = 0) -> Path:
    entries = {f"{i}.XML": made.document(f"1990{i:05}", application=f"20189900{i:04}", title=f"第{i}号电池")
               for i in range(first, first + DOCUMENTS)}
    return made.delivery(where, entries | {"bad.XML": "<"})


@pytest.fixture
def filled(node: Settings, tmp_path: Path) -> Settings:
    """A node with records, rejects, a withdrawn delivery, an outbox whose oldest entries are gone, an expression."""
    ingest(node, [delivery(tmp_path / "one"), made.delivery(tmp_path / "wrong", {"a.XML": made.document()})], workers=1)
    withdraw(node, "wrong")
    with open_store(node) as opened, opened.begin() as connection:
        connection.execute(dirty.delete())
        connection.execute(expression.insert().values(hash="0" * 32, text="名称=电池\n摘要=石墨烯", dialect="trs",
                                                      created="2026"))
    return node


@pytest.fixture(params=["sqlite", pytest.param("postgresql", marks=pytest.mark.service)])
def other(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """The address of an empty database, once of each kind."""
    if request.param == "postgresql":
        server: Server = request.getfixturevalue("postgresql")
        return server.new_database()
    return f"sqlite:///{tmp_path / 'other.db'}"


def at(settings: Settings, url: str) -> Settings:
    return load({"ZHUANTI_HOME": str(settings.home), "ZHUANTI_DATABASE_URL": url})


def copied(settings: Settings, url: str, tell: Callable[[str, int, int], None] = silent) -> list[TableCopy]:
    with open_store(settings) as source:
        return copy_store(source, settings, url, tell)


def contents(settings: Settings) -> list[TableCopy]:
    with open_store(settings) as opened, opened.connect() as connection:
        return [rows_of(connection, table) for table in metadata.sorted_tables]


def test_every_table_arrives_as_it_was(filled: Settings, other: str) -> None:
    moved = copied(filled, other)
    assert moved == contents(filled) == contents(at(filled, other))
    counts = {one.name: one.rows for one in moved}
    assert counts["document"] == DOCUMENTS and counts["expression"] == counts["reject"] == 1
    assert set(counts) == set(metadata.tables)
    with open_store(filled) as first, open_store(at(filled, other)) as second:
        assert list(Records(first).stream()) == list(Records(second).stream())


def test_the_copy_goes_on_like_the_original(filled: Settings, other: str, tmp_path: Path) -> None:
    """New rows get the numbers that they would have got, also where the highest numbers were given to rows now gone."""
    copied(filled, other)
    more = delivery(tmp_path / "more", DOCUMENTS - 1)
    for settings in (filled, at(filled, other)):
        assert ingest(settings, [more], workers=1)["documents"] == DOCUMENTS

    def numbers(settings: Settings) -> list[object]:
        columns = (record.c.row, document.c.document, metadata.tables["delivery_file"].c.file, dirty.c.seq)
        with open_store(settings) as opened, opened.connect() as connection:
            return [connection.execute(sa.select(column).order_by(column)).scalars().all() for column in columns]

    assert numbers(at(filled, other))[0] == numbers(filled)[0]
    with open_store(filled) as opened, opened.connect() as connection:
        before = connection.execute(sa.select(sa.func.min(dirty.c.seq))).scalar_one()
    with open_store(at(filled, other)) as opened, opened.connect() as connection:
        assert outbox.take(connection, 1)[0][0] >= before > DOCUMENTS, "a seq is never given twice"


def test_and_back_again(filled: Settings, other: str, tmp_path: Path) -> None:
    copied(filled, other)
    back = f"sqlite:///{tmp_path / 'back.db'}"
    assert copied(at(filled, other), back) == contents(filled) == contents(at(filled, back))


def test_empty_store(node: Settings, other: str) -> None:
    assert {one.rows for one in copied(node, other)} == {0}


def test_target_that_holds_something_is_refused_and_kept(filled: Settings, other: str) -> None:
    with open_store(at(filled, other)) as target, target.begin() as connection:
        outbox.mark(connection, [7])
    with pytest.raises(Refused) as caught:
        copied(filled, other)
    assert (caught.value.code, caught.value.values["table"]) == ("store_copy_target_used", "dirty")
    assert sum(one.rows for one in contents(at(filled, other))) == 1


def test_onto_itself_is_refused(filled: Settings) -> None:
    before = contents(filled)
    with pytest.raises(Refused) as caught:
        copied(filled, filled.database_url)
    assert caught.value.code == "store_copy_target_used"
    assert contents(filled) == before


def test_target_of_another_program_is_refused_and_kept(filled: Settings, other: str) -> None:
    with Store(other) as target, target.begin() as connection:
        connection.execute(sa.text("CREATE TABLE accounts (name TEXT)"))
    with pytest.raises(Refused) as caught:
        copied(filled, other)
    assert caught.value.code == "store_copy_target_version"
    with Store(other) as target, target.connect() as connection:
        assert sa.inspect(connection).get_table_names() == ["accounts"]


def test_interrupted_leaves_the_target_empty_and_can_begin_again(filled: Settings, other: str) -> None:
    def stop(table: str, done: int, _total: int) -> None:
        if table == "document" and done:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        copied(filled, other, stop)
    assert {one.rows for one in contents(at(filled, other))} == {0}
    assert copied(filled, other) == contents(filled)


KILLED = """
import os, signal, sys
from store.copying import copy_store
from store.database import open_store
from store.settings import load

def tell(table, done, total):
    if table == "document" and done:
        os.kill(os.getpid(), signal.SIGKILL)

settings = load()
with open_store(settings) as source:
    copy_store(source, settings, sys.argv[1], tell)
"""


def test_killed_leaves_the_target_empty_and_can_begin_again(filled: Settings, other: str) -> None:
    environment = {**os.environ, "ZHUANTI_HOME": str(filled.home), "ZHUANTI_DATABASE_URL": filled.database_url}
    ran = subprocess.run([sys.executable, "-c", KILLED, other], env=environment, check=False,
                         cwd=Path(store.__file__).parents[1])
    assert ran.returncode == -9
    assert {one.rows for one in contents(at(filled, other))} == {0}
    assert copied(filled, other) == contents(filled)


def test_what_is_committed_meanwhile_is_not_half_there(filled: Settings, other: str) -> None:
    """The copy is of one moment: a change between two of its tables is in neither."""
    before = contents(filled)

    def change(table: str, done: int, _total: int) -> None:
        if table == "delivery" and not done:
            with open_store(filled) as opened, opened.begin() as connection:
                outbox.mark(connection, [1])

    assert copied(filled, other, change) == before == contents(at(filled, other))
    assert contents(filled) != before


def test_target_that_changes_what_it_stores_is_found_out(
        filled: Settings, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    url = f"sqlite:///{tmp_path / 'other.db'}"
    with open_store(at(filled, url)) as target, target.begin() as connection:
        connection.execute(sa.text(
            "CREATE TRIGGER twist AFTER INSERT ON record BEGIN UPDATE record SET type = 'design' "
            "WHERE row = new.row; END"))
    with pytest.raises(Unreachable) as caught:
        copied(filled, url)
    assert (caught.value.code, caught.value.values["table"]) == ("store_copy_differs", "record")
    assert {one.rows for one in contents(at(filled, url))} == {0}


@pytest.mark.service
def test_text_that_postgresql_cannot_hold(tmp_path: Path, postgresql: Server) -> None:
    settings = load({"ZHUANTI_HOME": str(tmp_path / "home")})
    with open_store(settings) as opened, opened.begin() as connection:
        connection.execute(expression.insert().values(hash="0" * 32, text="a\0b", dialect="trs", created="2026"))
    url = postgresql.new_database()
    with pytest.raises(Refused) as caught:
        copied(settings, url)
    assert (caught.value.code, caught.value.values["key"]) == ("store_copy_text", "0" * 32)
    assert {one.rows for one in contents(at(settings, url))} == {0}


@pytest.mark.parametrize("url", ["nonsense", "sqlite:////nowhere/at/all.db", "postgresql://zhuanti@/x?host=/nowhere"])
def test_target_that_cannot_be_reached(tmp_path: Path, url: str) -> None:
    with pytest.raises(Unreachable):
        copied(load({"ZHUANTI_HOME": str(tmp_path)}), url)
