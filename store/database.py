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

HEAD = "0008"
"""Newest revision in store/migrations/versions; a test holds it to Alembic's own answer."""

_TURN = 0x7A68_7561_6E74_6900
"""The advisory lock of transactions that give row numbers; it ends with its transaction."""


_SERVER = {"connect_timeout": 10, "keepalives_idle": 30, "tcp_user_timeout": 30_000}
"""What we ask of PostgreSQL's client library where the URL says nothing: a host that vanished is noticed within 30
seconds instead of the system's quarter of an hour. Seconds, seconds, milliseconds."""

_CONNECTIONS = 20
"""Most connections of one process to a server, of whose usual 100 several processes want their part."""


class Store:
    """A pool of connections. `connect()` reads; `begin()` is one transaction, rolled back on any error.

    A server that went away and came back is noticed when a connection is next asked for, so nothing has to be
    restarted. `shown` is the URL as people may see it, without its password.
    """

    def __init__(self, url: str) -> None:
        parsed = sa.make_url(url)
        if parsed.drivername in ("postgresql", "postgres"):
            parsed = parsed.set(drivername="postgresql+psycopg")
        self.is_sqlite = parsed.get_backend_name() == "sqlite"
        self.shown = parsed.render_as_string(hide_password=True)
        if self.is_sqlite:
            self.engine = sa.create_engine(parsed, connect_args={"timeout": 60})
            event.listen(self.engine, "connect", _tune_sqlite)
        else:
            unsaid = {name: value for name, value in _SERVER.items() if name not in parsed.query}
            self.engine = sa.create_engine(
                parsed, pool_pre_ping=True, max_overflow=_CONNECTIONS - 5,
                connect_args=unsaid if parsed.get_backend_name() == "postgresql" else {})

    @contextmanager
    def connect(self) -> Iterator[sa.Connection]:
        with self._translated(), self.engine.connect() as connection:
            yield connection

    @contextmanager
    def begin(self) -> Iterator[sa.Connection]:
        with self._translated(), self.engine.begin() as connection:
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

    @contextmanager
    def _translated(self) -> Iterator[None]:
        """Trouble with the database as such becomes Unreachable, so that callers need not know SQLAlchemy."""
        try:
            yield
        except (sa.exc.OperationalError, sa.exc.InterfaceError) as error:
            cause = str(error.orig)
            code = "disk_full" if "disk is full" in cause or "No space" in cause else "store_unreachable"
            raise Unreachable(code, f"{self.shown}: {cause}") from error
        except sa.exc.TimeoutError as error:        # of the pool
            raise Unreachable("store_busy", self.shown) from error
        except sa.exc.DatabaseError as error:
            if "not a database" in str(error.orig):
                raise Refused("home_version", str(error.orig), found="?", expected=HEAD) from error
            raise

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
            raise Unreachable("store_unreachable", str(error)) from error
    try:
        store = Store(settings.database_url)
    except sa.exc.NoSuchModuleError as error:       # no such kind of database
        raise Unreachable("store_kind_unknown", str(error)) from error
    except ImportError as error:
        raise Unreachable("store_no_driver", str(error)) from error
    except sa.exc.ArgumentError as error:           # the text is no URL; it may hold a password, so it is not repeated
        raise Unreachable("store_kind_unknown") from error
    try:
        with store.connect() as connection:
            found = _revision(connection)
        if found != HEAD:
            _migrate(store, found)
    except sa.exc.ProgrammingError as error:        # an option of the URL that the client library does not know
        store.close()
        raise Unreachable("store_kind_unknown", str(error.orig)) from error
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
        "mmap_size=67108864",
    ):
        cursor.execute(f"PRAGMA {pragma}")
    cursor.close()
