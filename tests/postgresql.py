"""A PostgreSQL server of the tests' own, on a socket in a folder that is removed at the end; no network, no password.

The server refuses to run as root, so a root that runs the tests starts it under an unprivileged account.
"""

import getpass
import os
import pwd
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import suppress
from itertools import count
from pathlib import Path

import pytest
import sqlalchemy as sa

from store.settings import Settings, load
from tests.conftest import need

ACCOUNTS = ("postgres", "nobody")
USER = "zhuanti"


class Server:
    """A running server; `new_database()` gives the URL of an empty database."""

    def __init__(self, programs: Path) -> None:
        self._programs = programs
        self._folder = Path(tempfile.mkdtemp(prefix="pg-"))     # short: the path of a socket is limited to 107 bytes
        self._account = next((name for name in ACCOUNTS if _exists(name)), None) if os.geteuid() == 0 else None
        self._numbers = count(1)
        if self._account:
            shutil.chown(self._folder, self._account)
        self._run("initdb", "--pgdata", "data", "--username", USER, "--auth", "trust", "--encoding", "UTF8",
                  "--locale", "C", "--no-sync")
        self.start()

    def start(self) -> None:
        """Nothing for a server that runs."""
        if (self._folder / "data" / "postmaster.pid").exists():
            return
        self._run("pg_ctl", "start", "--pgdata", "data", "--wait", "--log", "log", "--options",
                  f"-k {self._folder} -c listen_addresses='' -c fsync=off")

    def kill(self) -> None:
        """As a crash would: no connection is ended in order. `start` brings the server back with its data."""
        self._run("pg_ctl", "stop", "--pgdata", "data", "--mode", "immediate")

    def new_database(self) -> str:
        name = f"test{next(self._numbers)}"
        engine = sa.create_engine(self._url("postgres"), isolation_level="AUTOCOMMIT")
        with engine.connect() as connection:
            connection.execute(sa.text(f"CREATE DATABASE {name}"))
        engine.dispose()
        return self._url(name)

    def stop(self) -> None:
        self.kill()
        shutil.rmtree(self._folder, ignore_errors=True)

    def _url(self, database: str) -> str:
        return f"postgresql+psycopg://{USER}@/{database}?host={self._folder}"

    def _run(self, program: str, *arguments: str) -> None:
        subprocess.run([self._programs / program, *arguments], check=True, cwd=self._folder, user=self._account,
                       group=pwd.getpwnam(self._account).pw_gid if self._account else None,
                       extra_groups=[] if self._account else None, stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL,
                       env={**os.environ, "LC_ALL": "C", "HOME": str(self._folder),
                            "USER": self._account or getpass.getuser()})


def programs() -> Path | None:
    """Where the server's programs are: beside `initdb` on the PATH, else the newest that Debian has installed."""
    found = shutil.which("initdb")
    if found:
        return Path(found).resolve().parent
    installed = sorted(Path("/usr/lib/postgresql").glob("*/bin/initdb"), key=lambda path: int(path.parts[-3]))
    return installed[-1].parent if installed else None


def _exists(account: str) -> bool:
    with suppress(KeyError):
        pwd.getpwnam(account)
        return True
    return False


@pytest.fixture(scope="session")
def postgresql() -> Iterator[Server]:
    """A server for the tests of this process."""
    where = programs()
    need(where is not None, "PostgreSQL")
    need(_has_driver(), "psycopg")
    assert where is not None
    server = Server(where)
    yield server
    server.stop()


def _has_driver() -> bool:
    with suppress(ImportError):
        import psycopg  # noqa: F401

        return True
    return False


@pytest.fixture
def mortal_postgresql() -> Iterator[Server]:
    """A server of one test, which may kill it."""
    where = programs()
    need(where is not None and _has_driver(), "PostgreSQL with psycopg")
    assert where is not None
    server = Server(where)
    yield server
    server.start()
    server.stop()


@pytest.fixture(params=["sqlite", pytest.param("postgresql", marks=pytest.mark.service)])
def node(request: pytest.FixtureRequest, tmp_path: Path) -> Settings:
    """Settings of an empty node, once on each database."""
    environment = {"ZHUANTI_HOME": str(tmp_path / "home")}
    if request.param == "postgresql":
        server: Server = request.getfixturevalue("postgresql")
        environment["ZHUANTI_DATABASE_URL"] = server.new_database()
    return load(environment)
