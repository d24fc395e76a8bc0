"""Rows → index documents: read the records, label them, cut their texts; in this process or in several workers.

This is most of the work of an ingest and needs no lock, so large batches are spread over processes, each with
its own connection to the store; the process that holds the index only writes.
"""

import atexit
import multiprocessing
import os
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import FIRST_COMPLETED, Future, ProcessPoolExecutor, wait
from concurrent.futures.process import BrokenProcessPool
from contextlib import AbstractContextManager, ExitStack, contextmanager
from types import TracebackType
from typing import Protocol, TypeAlias

from index.documents import build_many
from index.engine import IndexDocument
from ingest import aliases
from ingest.garbage import collect_seldom
from ingest.orphans import end_with_parent
from ingest.record import Label, Patent
from ingest.records import Records
from store.database import open_store
from store.errors import Unreachable
from store.settings import Settings

Loader: TypeAlias = Callable[[Sequence[int]], list[Patent]]
"""The records of rows; rows that hold none are left out."""

OpenLoader: TypeAlias = Callable[[Settings], AbstractContextManager[Loader]]
"""A function of a module, so that workers can be told its name; each opens a loader of its own."""

Made: TypeAlias = tuple[int, IndexDocument]

_SPREAD_FROM = 2_000
"""Rows from which on the start of the workers (a second each) is worth it."""

_BATCH = 100
_AHEAD = 3
"""Batches a worker has waiting; more would only fill the memory."""


class Labelling(Protocol):
    """Labels of records and what stands above a node; picklable. `fingerprint` changes whenever labels may."""

    def label(self, record: Patent) -> list[Label]: ...
    def label_many(self, records: Sequence[Patent]) -> list[list[Label]]: ...
    def ancestors(self, taxonomy: str, node: str) -> Sequence[str]: ...
    @property
    def fingerprint(self) -> str: ...


@contextmanager
def stored_records(settings: Settings) -> Iterator[Loader]:
    """The records of the settings' store."""
    with open_store(settings) as store:
        yield Records(store, aliases.load(settings.home)).by_rows


class Maker:
    """Makes index documents; rows without a record make none."""

    def __init__(self, load: Loader, labelling: Labelling) -> None:
        self._load = load
        self._labelling = labelling

    def make(self, rows: Sequence[int]) -> list[Made]:
        records = self._load(rows)
        for record, labels in zip(records, self._labelling.label_many(records), strict=True):
            record["labels"] = labels
        made = build_many(records, self._labelling.ancestors)
        return [(record["row"], document) for record, document in zip(records, made, strict=True)]


class Makers:
    """Makes documents of many rows; a context manager that keeps its workers until the end."""

    def __init__(self, settings: Settings, opener: OpenLoader, labelling: Labelling) -> None:
        self._given = (settings, opener, labelling)
        self._pool: ProcessPoolExecutor | None = None

    def made(self, rows: Sequence[int]) -> Iterator[list[Made]]:
        """The documents of the rows in batches, in no order. Raises Unreachable(`index_failed`) when a worker dies."""
        batches = (rows[start:start + _BATCH] for start in range(0, len(rows), _BATCH))
        if self._pool is None and len(rows) < _SPREAD_FROM:
            settings, opener, labelling = self._given
            with opener(settings) as load:
                yield from map(Maker(load, labelling).make, batches)
            return
        workers = max(2, os.cpu_count() or 1)
        if self._pool is None:
            context = multiprocessing.get_context("spawn")      # a fork would copy connections and threads half alive
            self._pool = ProcessPoolExecutor(workers, context, _start, self._given)
        try:
            yield from _spread(self._pool, batches, workers * _AHEAD)
        except BrokenProcessPool as error:
            raise Unreachable("index_failed", str(error)) from error

    def __enter__(self) -> "Makers":
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self._pool is not None:
            self._pool.shutdown(wait=kind is None, cancel_futures=True)


def _spread(pool: ProcessPoolExecutor, batches: Iterator[Sequence[int]], most: int) -> Iterator[list[Made]]:
    running: set[Future[list[Made]]] = set()
    for batch in batches:
        running.add(pool.submit(_make, batch))
        if len(running) >= most:
            done, running = wait(running, return_when=FIRST_COMPLETED)
            yield from (future.result() for future in done)
    yield from (future.result() for future in running)


_maker: Maker | None = None
"""The maker of a worker process."""


def _start(settings: Settings, opener: OpenLoader, labelling: Labelling) -> None:
    global _maker
    end_with_parent()
    collect_seldom()
    held = ExitStack()
    atexit.register(held.close)
    _maker = Maker(held.enter_context(opener(settings)), labelling)


def _make(rows: Sequence[int]) -> list[Made]:
    if _maker is None:
        raise RuntimeError("the worker was not started")
    return _maker.make(rows)
