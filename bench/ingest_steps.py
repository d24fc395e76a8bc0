"""CPU of a record by step of the ingest, in one process: where the time goes; reading and parsing alone is the first.

    python -m bench.ingest_steps DELIVERY [--limit N]

DELIVERY is a folder of zips (bench.real_delivery leaves one in its FOLDER). Every step runs over all records, the best
of two; symbols, names and addresses are known by then, as they are in a large delivery.
"""

import argparse
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any, TypeVar

import tantivy

from index.documents import build_many
from index.embedded.engine import EmbeddedEngine
from index.embedded.schema import schema
from index.embedded.writer import HEAP
from ingest import ahead, plan, work
from ingest.belonging import Belonging
from ingest.fold import Found, fold
from ingest.garbage import collect_seldom
from ingest.packed import Unpacker, dictionary_id, train
from ingest.plan import ENTRIES_AT_ONCE
from store import deliveries, documents, fresh
from store.database import Store, open_store
from store.settings import Limits, Settings, load
from taxonomy import catalogue
from taxonomy.labeller import of_catalogue

Made = TypeVar("Made")


class Steps:
    """Times what is done, by name, in µs of CPU a record."""

    def __init__(self) -> None:
        self.count = 1

    def time(self, name: str, act: Callable[[], Made], times: int = 2) -> Made:
        best = float("inf")
        for _ in range(times):
            began = time.process_time()
            made = act()
            best = min(best, time.process_time() - began)
        print(f"{name:34}{best / self.count * 1e6:8.0f}")
        return made


def main() -> None:
    arguments = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    arguments.add_argument("delivery", type=Path)
    arguments.add_argument("--limit", type=int, default=10_000)
    given = arguments.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        measure(tasks_of(given.delivery, Path(folder), given.limit), load({"ZHUANTI_HOME": folder}))


def tasks_of(delivery: Path, folder: Path, limit: int) -> list[work.Task]:
    """Tasks spread over the sources of a delivery."""
    sources = plan.sources([delivery])
    of_each = [[task for task in plan.tasks(source, folder, Limits()) if isinstance(task, work.Task) and not task.lists]
               for source in sources]
    wanted = max(1, limit // ENTRIES_AT_ONCE)
    found = [task for place in range(max(map(len, of_each))) for tasks in of_each for task in tasks[place:place + 1]]
    return found[::max(1, len(found) // wanted)][:wanted]


def measure(tasks: list[work.Task], settings: Settings) -> None:
    steps = Steps()
    plainly = work.Worker(None)
    sample = [Unpacker({}).text(item.body) for task in tasks[:4] for item in plainly.run(task).documents]
    dictionary = train(sample)
    collect_seldom()
    worker = work.Worker(dictionary)
    steps.count = sum(len(plainly.run(task).documents) for task in tasks)
    print(f"{steps.count} records; µs of CPU a record")
    results = steps.time("unzip, parse, read, pack", lambda: [worker.run(task) for task in tasks])
    unpacker = Unpacker({dictionary_id(dictionary): dictionary} if dictionary else {})
    found = [item for result in results for item in result.documents]
    stored = steps.time("unpack (only when drained)", lambda: [unpacker.unpack(item.body) for item in found])

    def folded() -> list[Any]:
        return [fold(row, item.application_number or item.publication, [Found(document, "", item.hash)], "2024-01-01")
                for row, (item, document) in enumerate(zip(found, stored, strict=True), 1)]

    records = steps.time("fold, enrich", folded)
    with open_store(settings) as store:
        labelling = of_catalogue(catalogue.read(settings), settings, reasons=False)

        parts = [records[at:at + ENTRIES_AT_ONCE] for at in range(0, len(records), ENTRIES_AT_ONCE)]

        def label() -> None:
            for part in parts:
                for record, labels in zip(part, labelling.label_many(part), strict=True):
                    record["labels"] = labels

        steps.time("labels, of all taxonomies", label)
        made = steps.time("cut, build", lambda: [
            document for part in parts for document in build_many(part, labelling.ancestors)])
        packed = steps.time("between processes: pack", lambda: [
            ahead.pack(made[at:at + ENTRIES_AT_ONCE]) for at in range(0, len(made), ENTRIES_AT_ONCE)])
        steps.time("between processes: unpack", lambda: [ahead.unpack(part) for part in packed])
        _write(steps, settings, made)
        _store(steps, store, results)


def _write(steps: Steps, settings: Settings, made: list[Any]) -> None:
    fields = schema()

    def tantivy_alone() -> None:
        with tempfile.TemporaryDirectory() as folder:
            writer = tantivy.Index(fields, folder).writer(HEAP, 1)
            for document in made:
                content = {name: value for name, value in document.items() if value and name not in ("facets", "runs")}
                writer.add_document(tantivy.Document.from_dict(content, fields))
            writer.commit()

    def engine() -> None:
        with tempfile.TemporaryDirectory() as folder, EmbeddedEngine(Path(folder)).write() as writer:
            for row, document in enumerate(made, 1):
                writer.upsert(row, document)
            writer.commit(1)

    steps.time("Tantivy, documents handed over", tantivy_alone)
    steps.time("the same with columns and texts", engine)


def _store(steps: Steps, store: Store, results: list[work.Result]) -> None:
    with store.turn() as connection:
        delivery = deliveries.open_delivery(connection, "bench", "")
        file = deliveries.begin_file(connection, delivery, "bench", 0, "")

    def stored() -> None:
        for result in results:
            with store.turn() as connection:
                before = fresh.position(connection)
                documents.add(connection, file, result.documents, Belonging())
                fresh.since(connection, before)

    steps.time("store, and what was new", stored, times=1)


if __name__ == "__main__":
    main()
