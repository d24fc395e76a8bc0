"""Taking deliveries in: the pipeline into the store, then the indexer over what changed."""

import time
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from index.indexer import Indexer
from ingest.pipeline import ingest
from ingest.progress import Progress
from store.database import open_store
from store.errors import Unreachable
from store.settings import Settings
from taxonomy.indexing import indexer

_TURN = 1.0     # seconds between two tries at an index that another process is writing


def take_in(
    settings: Settings, paths: Sequence[Path], *, workers: int | None, dry_run: bool, index: bool, progress: Progress,
    wait: bool = False
) -> dict[str, Any]:
    """Counts of the run as the interfaces name them (§1).

    Raises BadCall for a path that is missing, empty or no delivery, Refused while another ingest runs (unless we
    `wait` for it), Unreachable on a full disk or without database or engine.
    """
    if not index or dry_run:
        return dict(ingest(settings, paths, workers=workers, dry_run=dry_run, wait=wait, progress=progress))
    with open_store(settings) as store:
        its = indexer(settings, store)
        with its.ahead() as ahead:
            report = ingest(settings, paths, workers=workers, wait=wait, progress=progress, taker=ahead)
        _drain(its, progress, wait=wait or not store.is_sqlite)
    return dict(report)


def bring_up_to_date(settings: Settings, progress: Progress, *, wait: bool = False) -> None:
    """Index what has changed. Where several processes may ingest at once, the one that comes second waits its turn.

    Raises Unreachable without engine, or (`index_busy`) while another process writes and we do not wait.
    """
    with open_store(settings) as store:
        _drain(indexer(settings, store), progress, wait=wait or not store.is_sqlite)


def _drain(its: Indexer, progress: Progress, *, wait: bool) -> None:
    while True:
        try:
            its.drain(progress)
        except Unreachable as error:
            if error.code != "index_busy" or not wait:
                raise
            time.sleep(_TURN)
        else:
            return


def rebuild(settings: Settings, progress: Progress, engine: str | None = None) -> dict[str, Any]:
    """Build the index anew beside the old one and switch: `{identity, records, seconds}`.

    Of another engine than the node's, which goes on serving until the settings name the other one.
    """
    began = time.monotonic()
    with open_store(settings) as store:
        report = indexer(settings, store).reindex(progress, engine)
    return dict(report) | {"seconds": round(time.monotonic() - began, 2)}
