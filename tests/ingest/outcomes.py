"""What reading a path brings, without a store."""

from collections import Counter
from dataclasses import dataclass, field
from pathlib import Path

from ingest import plan
from ingest.work import Result, Task, Worker
from store.settings import Limits


@dataclass
class Outcome:
    publications: list[str] = field(default_factory=list)
    refusals: list[tuple[str, str, str]] = field(default_factory=list)  # archive, entry, code
    details: list[str] = field(default_factory=list)  # of the refusals
    skipped: Counter[str] = field(default_factory=Counter)
    warnings: Counter[str] = field(default_factory=Counter)


def read(path: Path, spool: Path, limits: Limits = Limits(), crcs: tuple[int, ...] = ()) -> Outcome:  # noqa: B008
    """Everything under a path. What is unpacked to `spool` must be gone when it was read."""
    worker = Worker(None, limits)
    before = set(spool.iterdir())
    found = Outcome()
    for source in plan.sources([path]):
        for item in plan.tasks(source, spool, limits, crcs):
            result = worker.run(item) if isinstance(item, Task) else item
            assert isinstance(result, Result)
            found.publications += [document.publication for document in result.documents]
            found.refusals += [refusal[:3] for refusal in result.refusals]
            found.details += [refusal.detail for refusal in result.refusals]
            found.skipped += result.skipped
            found.warnings += result.warnings
            for spent in result.spent:
                spent.unlink()
    worker.close()
    assert set(spool.iterdir()) == before, "unpacked archives are deleted after use"
    return found
