"""Who may write records: on SQLite one process at a time for its whole run; on PostgreSQL each transaction takes its turn.

The lock is the operating system's and falls with its process, however that ends.
"""

from collections.abc import Iterator
from contextlib import contextmanager

from filelock import FileLock, Timeout

from store.database import Store
from store.errors import Refused
from store.settings import Settings


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
