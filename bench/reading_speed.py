"""Reading alone: entries of a delivery unzipped, parsed and made into documents, nothing packed or stored.

    python -m bench.reading_speed DELIVERY [--limit N]

Prints documents a second of one core (CPU time of this process, the best of three rounds).
"""

import argparse
import tempfile
import time
from pathlib import Path

from bench.ingest_steps import tasks_of
from ingest.garbage import collect_seldom
from ingest.packaging import OpenArchive
from ingest.recognise import reader_for
from ingest.rejects import Rejected, Skipped
from ingest.work import Task


def main() -> None:
    arguments = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    arguments.add_argument("delivery", type=Path)
    arguments.add_argument("--limit", type=int, default=10_000)
    given = arguments.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        tasks = [task for task in tasks_of(given.delivery, Path(folder), given.limit) if task.archive]
        collect_seldom()
        rounds = []
        for _ in range(3):
            began = time.process_time()
            documents, size = map(sum, zip(*map(_read, tasks), strict=True))
            rounds.append(time.process_time() - began)
    best = min(rounds)
    print(f"{documents} documents of {size / documents / 1000:.1f} kB: {best / documents * 1e6:.0f} µs each, "
          f"{documents / best:,.0f} a second and core")


def _read(task: Task) -> tuple[int, int]:
    """How many documents a task holds, and their bytes as unpacked."""
    documents = size = 0
    assert task.archive is not None
    with OpenArchive(task.archive) as opened:
        for place in task.entries:
            try:
                data = opened.read(opened.entries[place])
                documents += sum(not isinstance(one.content, Rejected | Skipped)
                                 for one in reader_for(data)(data, lambda _: None))
                size += len(data)
            except (Rejected, Skipped):
                continue
    return documents, size


if __name__ == "__main__":
    main()
