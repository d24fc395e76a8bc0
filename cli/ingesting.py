"""Taking deliveries in: the pipeline into the store, then the indexer over what changed."""

from collections.abc import Sequence
from pathlib import Path
from typing import Any

from ingest.pipeline import ingest
from ingest.progress import Progress
from store.settings import Settings


def take_in(
    settings: Settings, paths: Sequence[Path], *, workers: int | None, dry_run: bool, index: bool, progress: Progress
) -> dict[str, Any]:
    """Counts of the run as the interfaces name them (§1).

    Raises BadCall for a path that is missing, empty or no delivery, Refused while another ingest runs,
    Unreachable on a full disk or without database or engine.
    """
    report = ingest(settings, paths, workers=workers, dry_run=dry_run, progress=progress)
    if index and not dry_run:
        bring_up_to_date(settings, progress)
    return dict(report)


def bring_up_to_date(settings: Settings, progress: Progress) -> int:
    """Drain the index's outbox; how many records went into the index."""
    raise NotImplementedError
