"""`ingest --watch`: the watch of a folder on a terminal or as a service, until SIGINT or SIGTERM.

Both signals stop at once, also in the middle of a drop: what was committed is safe, and the next start goes on.
"""

import signal
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path
from types import FrameType
from typing import Any

from cli.counting import report_lines
from cli.ingesting import take_in
from cli.output import lines_of, note
from cli.progress import reporter
from cli.texts import both
from ingest.watching import watch
from store.database import open_store
from store.deliveries import ledger
from store.errors import ZhuantiError
from store.settings import Settings


def watch_folder(settings: Settings, folder: Path, *, interval: float, workers: int | None,
                 index: bool) -> dict[str, Any]:
    """Take in drops until a signal comes: `{drops: [{drop, report}], failed: [{drop, code}]}`."""
    told = _Told()

    def take(drop: Path) -> None:
        with reporter() as progress:
            told.report = take_in(settings, (drop,), workers=workers, dry_run=False, index=index, progress=progress,
                                  wait=True)

    def pause() -> bool:
        time.sleep(interval)
        return False

    note(both("operations_watching", folder=folder, interval=f"{interval:g}"))
    with _stopping():
        try:
            watch(folder, take, pause, told, lambda name, changed: _withdrawn(settings, name, changed))
        except KeyboardInterrupt:
            note(both("operations_watch_stopped", taken=len(told.taken_in), failed=len(told.failures)))
    return {"drops": told.taken_in, "failed": told.failures}


class _Told:
    """Says on standard error what the watch does, and keeps it for the end."""

    def __init__(self) -> None:
        self.report: dict[str, Any] = {}
        self.taken_in: list[dict[str, Any]] = []
        self.failures: list[dict[str, Any]] = []

    def found(self, drop: Path) -> None:
        note(both("operations_watch_found", name=drop.name))

    def taken(self, drop: Path) -> None:
        self.taken_in.append({"drop": drop.name, "report": self.report})
        for line in report_lines(self.report):
            note(line)

    def failed(self, drop: Path, error: ZhuantiError) -> None:
        from api.failures import error_shape

        self.failures.append({"drop": drop.name, "code": error.code})
        for line in (both("operations_watch_failed", name=drop.name), *lines_of(error_shape(error))):
            note(line)


def _withdrawn(settings: Settings, name: str, changed: float) -> bool:
    """Whether a delivery of this name was withdrawn after its files had last changed."""
    with open_store(settings) as store, store.connect() as connection:
        return any(entry["withdrawn"] and datetime.fromisoformat(entry["withdrawn"]).timestamp() >= int(changed)
                   for entry in ledger(connection, name=name))


@contextmanager
def _stopping() -> Iterator[None]:
    """SIGTERM ends the watch in the same way as Ctrl-C."""
    def stop(_number: int, _frame: FrameType | None) -> None:
        raise KeyboardInterrupt

    before = signal.signal(signal.SIGTERM, stop)
    try:
        yield
    finally:
        signal.signal(signal.SIGTERM, before)
