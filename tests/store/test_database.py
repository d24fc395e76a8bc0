"""Opening the store: migrations, other versions, trouble with the disk."""

from pathlib import Path

import pytest
import sqlalchemy as sa
from alembic.autogenerate import compare_metadata
from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory

import store
from store.database import HEAD, Store, open_store
from store.errors import Refused, Unreachable
from store.schema import metadata
from store.settings import Settings, load
from tests.postgresql import Server


def test_migrations_make_the_tables_of_the_schema(node: Settings) -> None:
    with open_store(node) as opened, opened.connect() as connection:
        assert compare_metadata(MigrationContext.configure(connection), metadata) == []


def test_head_is_the_newest_migration() -> None:
    config = Config()
    config.set_main_option("script_location", str(Path(store.__file__).parent / "migrations"))
    assert ScriptDirectory.from_config(config).get_current_head() == HEAD


def test_opening_again_changes_nothing(node: Settings) -> None:
    for _ in range(2):
        with open_store(node) as opened, opened.connect() as connection:
            assert connection.execute(sa.text("SELECT version_num FROM alembic_version")).scalar() == HEAD


def test_database_of_a_newer_version_is_refused_and_kept(node: Settings) -> None:
    with open_store(node) as opened, opened.begin() as connection:
        connection.execute(sa.text("UPDATE alembic_version SET version_num = '9999'"))
    with pytest.raises(Refused) as caught:
        open_store(node)
    assert caught.value.code == "home_version"
    assert "9999" in caught.value.message("zh") and "9999" in caught.value.message("en")
    with Store(node.database_url) as opened, opened.connect() as connection:
        assert connection.execute(sa.text("SELECT version_num FROM alembic_version")).scalar() == "9999"


def test_tables_of_another_program_are_refused_and_kept(node: Settings) -> None:
    if node.database_url.startswith("sqlite"):
        node.home.mkdir(parents=True)
    with Store(node.database_url) as opened, opened.begin() as connection:
        connection.execute(sa.text("CREATE TABLE accounts (name TEXT)"))
    with pytest.raises(Refused) as caught:
        open_store(node)
    assert caught.value.code == "home_version"
    with Store(node.database_url) as opened, opened.connect() as connection:
        assert sa.inspect(connection).get_table_names() == ["accounts"]


def test_file_that_is_no_database_is_refused(tmp_path: Path) -> None:
    (tmp_path / "store.db").write_bytes(b"not a database at all, but long enough to be looked at" * 20)
    with pytest.raises(Refused):
        open_store(load({"ZHUANTI_HOME": str(tmp_path)}))


def test_home_that_cannot_be_made(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("x")
    with pytest.raises(Unreachable) as caught:
        open_store(load({"ZHUANTI_HOME": str(tmp_path / "file" / "home")}))
    assert caught.value.exit_code == 3


@pytest.mark.parametrize(("url", "code"), [
    ("nonsense-with-a-secret", "store_kind_unknown"), ("oracle+nothing://x:secret@h/y", "store_kind_unknown"),
    ("mysql+pymysql://x:secret@h/y", "store_no_driver"), ("sqlite:////nowhere/at/all.db", "store_unreachable"),
])
def test_database_that_cannot_be_opened(tmp_path: Path, url: str, code: str) -> None:
    with pytest.raises(Unreachable) as caught:
        open_store(load({"ZHUANTI_HOME": str(tmp_path), "ZHUANTI_DATABASE_URL": url}))
    assert caught.value.code == code
    assert "secret" not in str(caught.value)


@pytest.mark.service
@pytest.mark.parametrize(("change", "code"), [
    (("host=", "host=/nowhere"), "store_unreachable"), (("test", "absent"), "store_unreachable"),
    (("?host=", "?nonsense=1&host="), "store_kind_unknown"),
])
def test_address_of_a_server_that_is_wrong(
        tmp_path: Path, postgresql: Server, change: tuple[str, str], code: str) -> None:
    url = postgresql.new_database().replace("zhuanti@", "zhuanti:secret@").replace(*change)
    with pytest.raises(Unreachable) as caught:
        open_store(load({"ZHUANTI_HOME": str(tmp_path), "ZHUANTI_DATABASE_URL": url}))
    assert caught.value.code == code
    assert "secret" not in str(caught.value)


@pytest.mark.service
def test_short_name_of_postgresql_and_a_driver_that_is_named(tmp_path: Path, postgresql: Server) -> None:
    url = postgresql.new_database()
    for written in (url, url.replace("+psycopg", ""), url.replace("postgresql+psycopg", "postgres")):
        with open_store(load({"ZHUANTI_HOME": str(tmp_path), "ZHUANTI_DATABASE_URL": written})) as opened:
            assert opened.shown.startswith("postgresql+psycopg://zhuanti@")


def test_full_disk_is_said_so_and_leaves_what_was_committed(tmp_path: Path) -> None:
    settings = load({"ZHUANTI_HOME": str(tmp_path)})
    with open_store(settings) as opened:
        with opened.begin() as connection:
            connection.execute(sa.text("CREATE TABLE filler (x)"))
            connection.execute(sa.text("INSERT INTO filler VALUES (zeroblob(1000))"))
        with pytest.raises(Unreachable) as caught, opened.begin() as connection:
            pages = connection.execute(sa.text("PRAGMA page_count")).scalar_one()
            connection.execute(sa.text(f"PRAGMA max_page_count = {pages + 5}"))
            connection.execute(sa.text("INSERT INTO filler VALUES (zeroblob(10000000))"))
        assert caught.value.code == "disk_full"
        with opened.connect() as connection:
            assert connection.execute(sa.text("SELECT count(*) FROM filler")).scalar() == 1
