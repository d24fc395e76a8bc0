"""Who may write records: on SQLite one process for its whole run; on PostgreSQL each transaction takes its turn.

The locks are the operating system's and fall with their process, however that ends.
"""

import shutil
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

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
def workplace(home: Path) -> Iterator[Path]:
    """A folder under the home for what must be unpacked; what killed processes have left of theirs is removed."""
    home.mkdir(parents=True, exist_ok=True)
    for left in home.glob(f"{_PREFIX}*/"):
        if time.time() - left.stat().st_mtime > _YOUNG:
            with suppress(Timeout), FileLock(left / ".lock", timeout=0):
                shutil.rmtree(left, ignore_errors=True)
    with tempfile.TemporaryDirectory(prefix=_PREFIX, dir=home) as made, FileLock(Path(made) / ".lock"):
        yield Path(made)
