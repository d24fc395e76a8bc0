"""Opens the node's database: SQLite under the home folder, or whatever `ZHUANTI_DATABASE_URL` names.

Opening also brings the tables to the version of this program; a database of a newer version is refused, never touched.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from types import TracebackType

import sqlalchemy as sa
from sqlalchemy import event

from store.errors import Refused, Unreachable
from store.settings import Settings

HEAD = "0006"
"""Newest revision in store/migrations/versions; a test holds it to Alembic's own answer."""

_TURN = 0x7A68_7561_6E74_6900
"""The advisory lock of transactions that give row numbers; it ends with its transaction."""


class Store:
    """A pool of connections. `connect()` reads; `begin()` is one transaction, rolled back on any error."""

    def __init__(self, url: str) -> None:
        self.url = url
        self.is_sqlite = url.startswith("sqlite")
        self.engine = sa.create_engine(url, connect_args={"timeout": 60} if self.is_sqlite else {})
        if self.is_sqlite:
            event.listen(self.engine, "connect", _tune_sqlite)

    @contextmanager
    def connect(self) -> Iterator[sa.Connection]:
        with _translated(), self.engine.connect() as connection:
            yield connection

    @contextmanager
    def begin(self) -> Iterator[sa.Connection]:
        with _translated(), self.engine.begin() as connection:
            yield connection

    @contextmanager
    def turn(self) -> Iterator[sa.Connection]:
        """A transaction that gives row numbers or notes what holds for all: on PostgreSQL only one at a time.

        On SQLite the lock of the ingest (`ingest.alone`) has the same effect for whole runs.
        """
        with self.begin() as connection:
            _take_turn(connection)
            yield connection

    def close(self) -> None:
        self.engine.dispose()

    def __enter__(self) -> "Store":
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()


def open_store(settings: Settings) -> Store:
    """The store of the settings, with its tables at this program's version.

    Raises Refused(`home_version`) for a database of another version, Unreachable(`store_unreachable`) when it
    cannot be opened (no rights, no server, no space).
    """
    if settings.database_url.startswith("sqlite"):
        try:
            settings.home.mkdir(parents=True, exist_ok=True)
        except OSError as error:
            raise Unreachable("store_unreachable", str(error), url=str(settings.home)) from error
    try:
        store = Store(settings.database_url)
    except (sa.exc.ArgumentError, ImportError) as error:    # no such kind of database, or its driver is not installed
        raise Unreachable("store_unreachable", str(error), url="") from error
    try:
        with store.connect() as connection:
            found = _revision(connection)
        if found != HEAD:
            _migrate(store, found)
    except BaseException:
        store.close()
        raise
    return store


def _revision(connection: sa.Connection) -> str | None:
    tables = sa.inspect(connection).get_table_names()
    if "alembic_version" not in tables:
        if tables:
            raise Refused("home_version", found="?", expected=HEAD)
        return None
    found = connection.execute(sa.text("SELECT version_num FROM alembic_version")).scalar()
    return None if found is None else str(found)


def _migrate(store: Store, found: str | None) -> None:
    from alembic import command
    from alembic.config import Config
    from alembic.script import ScriptDirectory
    from alembic.util import CommandError

    config = Config()
    config.set_main_option("script_location", str(Path(__file__).parent / "migrations"))
    try:
        if found is not None:
            ScriptDirectory.from_config(config).get_revision(found)
    except CommandError as error:
        raise Refused("home_version", found=found, expected=HEAD) from error
    with store.turn() as connection:     # another process may be opening the same new database
        config.attributes["connection"] = connection
        command.upgrade(config, "head")


def _take_turn(connection: sa.Connection) -> None:
    if connection.dialect.name == "postgresql":
        connection.execute(sa.select(sa.func.pg_advisory_xact_lock(_TURN)))


def _tune_sqlite(connection: sa.engine.interfaces.DBAPIConnection, _record: object) -> None:
    cursor = connection.cursor()
    for pragma in (
        "journal_mode=WAL",
        "synchronous=NORMAL",
        "foreign_keys=ON",
        "cache_size=-65536",
        "mmap_size=1073741824",
    ):
        cursor.execute(f"PRAGMA {pragma}")
    cursor.close()


@contextmanager
def _translated() -> Iterator[None]:
    """Trouble with the database as such becomes Unreachable, so that callers need not know SQLAlchemy."""
    try:
        yield
    except (sa.exc.OperationalError, sa.exc.InterfaceError) as error:
        cause = str(error.orig)
        code = "disk_full" if "full" in cause or "No space" in cause else "store_unreachable"
        raise Unreachable(code, cause, url="") from error
    except sa.exc.DatabaseError as error:
        if "not a database" in str(error.orig):
            raise Refused("home_version", str(error.orig), found="?", expected=HEAD) from error
        raise
