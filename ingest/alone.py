"""Who may write records: on SQLite one process for its whole run; on PostgreSQL each transaction takes its turn.

A delivery that is being read in, on whatever machine, cannot be withdrawn meanwhile. The locks are the operating
system's and the database session's: they fall with their process, however that ends.
"""

import shutil
import tempfile
import time
from collections.abc import Iterable, Iterator
from contextlib import contextmanager, suppress
from hashlib import blake2b
from pathlib import Path

import sqlalchemy as sa
from filelock import FileLock, Timeout

from store.database import Store
from store.errors import Refused
from store.settings import Settings

_PREFIX = "ingest-"
_YOUNG = 60.0       # seconds in which a folder may not have its lock yet


@contextmanager
def alone(store: Store, settings: Settings, *, wait: bool = False) -> Iterator[None]:
    """Hold the right to write while the block runs.

    Raises Refused(`ingest_running`) when another process has it and we are not to `wait`.
    """
    settings.home.mkdir(parents=True, exist_ok=True)
    if not store.is_sqlite:
        yield
        return
    lock = FileLock(settings.home / "ingest.lock", timeout=-1 if wait else 0)
    try:
        lock.acquire()
    except Timeout as error:
        raise Refused("ingest_running", home=str(settings.home)) from error
    try:
        yield
    finally:
        lock.release()


@contextmanager
def reading(store: Store, names: Iterable[str]) -> Iterator[None]:
    """Deliveries, by name, that cannot be withdrawn while the block runs; any number of processes may read the same.

    Waits while one of them is being withdrawn, which is one transaction. Within `alone`, which does it all on SQLite.
    """
    if store.is_sqlite:
        yield
        return
    with _session(store) as session:
        for key in sorted(map(_key, set(names))):
            session.execute(sa.select(sa.func.pg_advisory_lock_shared(key)))
        yield


@contextmanager
def withdrawing(store: Store, name: str, *, wait: bool = False) -> Iterator[None]:
    """A delivery that nobody reads in while the block runs. Within `alone`, which does it all on SQLite.

    Raises Refused(`delivery_being_read`) when a process reads it in and we are not to `wait` for it.
    """
    if store.is_sqlite:
        yield
        return
    with _session(store) as session:
        if wait:
            session.execute(sa.select(sa.func.pg_advisory_lock(_key(name))))
        elif not session.execute(sa.select(sa.func.pg_try_advisory_lock(_key(name)))).scalar():
            raise Refused("delivery_being_read", name=name)
        yield


@contextmanager
def _session(store: Store) -> Iterator[sa.Connection]:
    """A connection of its own outside any transaction; its session, and so its locks, end with it."""
    with store.connect() as connection:
        session = connection.execution_options(isolation_level="AUTOCOMMIT")
        try:
            yield session
        finally:
            connection.invalidate()     # back in the pool it would keep its locks


def _key(name: str) -> int:
    """The advisory lock of a delivery: 64 bits of its name."""
    return int.from_bytes(blake2b(f"zhuanti delivery {name}".encode(), digest_size=8).digest(), "big", signed=True)


@contextmanager
def workplace(home: Path) -> Iterator[Path]:
    """A folder under the home for what must be unpacked; what killed processes have left of theirs is removed."""
    home.mkdir(parents=True, exist_ok=True)
    for left in home.glob(f"{_PREFIX}*/"):
        if time.time() - left.stat().st_mtime > _YOUNG:
            with suppress(Timeout), FileLock(left / ".lock", timeout=0):
                shutil.rmtree(left, ignore_errors=True)
    with tempfile.TemporaryDirectory(prefix=_PREFIX, dir=home) as made, FileLock(Path(made) / ".lock"):
        yield Path(made)
