"""The run of an ingest: walk the deliveries, read in worker processes, store batch by batch, keep the ledger.

Every batch is one transaction: its documents, their outbox rows, its refusals, and (with the last batch of a
file) the ledger entry. Killed at any moment, the next run reads the unfinished file again and changes nothing twice.
"""

import multiprocessing
import os
import time
from collections import deque
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from contextlib import ExitStack
from dataclasses import dataclass, replace
from pathlib import Path
from tempfile import TemporaryDirectory

import sqlalchemy as sa

from ingest import ahead, keys, plan, work
from ingest.ahead import Made, Taker
from ingest.alone import alone, reading, workplace
from ingest.belonging import Belonging
from ingest.counts import IngestReport, Tally
from ingest.packaging.walk import Digest, digest
from ingest.packed import Unpacker, dictionary_id, train
from ingest.plan import Source
from ingest.progress import Progress, Silent
from ingest.reconcile import Batches
from ingest.work import Result, Task
from store import deliveries, documents, events, fresh
from store.database import Store, open_store
from store.errors import Unreachable
from store.settings import Limits, Settings

_INLINE_BELOW = 4 << 20     # bytes of sources; starting processes for less takes longer than the work
_SAMPLE = 1_500             # documents to train the compression dictionary with


@dataclass(slots=True)
class _Step:
    """A source begins (`result` None), brings something, or ends (`last`)."""

    source: Source
    sha256: str = ""
    result: Callable[[], Result] | None = None
    last: bool = False


def ingest(settings: Settings, paths: Sequence[Path], *, workers: int | None = None, dry_run: bool = False,
           wait: bool = False, progress: Progress | None = None, taker: Taker | None = None) -> IngestReport:
    """Read deliveries into the store; the index is brought up to date by its own indexer afterwards.

    To a `taker` the worker processes' index documents are handed as soon as their records are stored; what it has
    not taken stays in the outbox.

    Raises BadCall for paths that hold nothing to read, Refused(`ingest_running`) while another ingest writes to
    the same SQLite store (unless we `wait` for it), Unreachable when the store is or its disk is full. Whatever was
    committed stays.
    """
    found = plan.sources(paths)
    progress = progress or Silent()
    with ExitStack() as stack:
        if dry_run and not _has_store(settings):    # no empty one is left behind
            home = Path(stack.enter_context(TemporaryDirectory()))
            settings = replace(settings, home=home, database_url=f"sqlite:///{home / 'store.db'}")
        store = stack.enter_context(open_store(settings))
        if not dry_run:
            stack.enter_context(alone(store, settings, wait=wait))
            stack.enter_context(reading(store, (source.delivery for source in found)))
        spool = stack.enter_context(workplace(settings.home))
        stack.callback(progress.done)
        origins = {path.resolve().name: str(path.resolve()) for path in paths}
        run = _Run(store, found, origins, spool, settings.limits, progress, dry_run, None if dry_run else taker)
        return run.go(workers or os.cpu_count() or 1)


def _has_store(settings: Settings) -> bool:
    """Whether there is a store, as far as that can be told without making one."""
    file = settings.database_url.removeprefix("sqlite:///")
    return file == settings.database_url or Path(file).exists()


class _Run:
    def __init__(self, store: Store, found: Sequence[Source], origins: dict[str, str], spool: Path, limits: Limits,
                 progress: Progress, dry_run: bool, taker: Taker | None) -> None:
        self._store, self._found, self._spool, self._limits = store, found, spool, limits
        self._origins, self._progress, self._dry_run = origins, progress, dry_run
        self._taker = taker
        self._newest: str | None = None         # newest date met while looking at a sample
        self._tally = Tally()
        self._belonging = Belonging()
        self._batches = Batches()
        self._read: set[str] = set()            # batches of which something is read in this run
        self._known: dict[str, list[str]] = {}  # of each batch the archives that need not be read again
        self._unseen: list[str] = []            # those whose publications the tally has not seen yet
        self._file: int | None = None           # the ledger's number of the source being stored
        self._counts = deliveries.empty_counts()

    def go(self, workers: int) -> IngestReport:
        began = time.monotonic()
        dictionary = self._dictionary()
        if workers == 1 or sum(source.size for source in self._found) < _INLINE_BELOW:
            worker = work.Worker(dictionary, self._limits, spool=self._spool)
            try:
                for step in self._steps(lambda task: lambda: worker.run(task)):
                    self._store_step(step)
            finally:
                worker.close()
        else:
            self._go_parallel(workers, dictionary)
        return self._tally.report(time.monotonic() - began)

    def _go_parallel(self, workers: int, dictionary: bytes | None) -> None:
        as_of = self._data_date_to_come() if self._taker else None
        open_make = self._taker.open_make if self._taker and as_of else None
        # spawn and not fork: the parent has threads (the progress display) whose locks a fork would copy.
        given = dictionary, self._limits, open_make, as_of, self._spool
        with ProcessPoolExecutor(workers, multiprocessing.get_context("spawn"), work.start, given) as pool:
            waiting: deque[_Step] = deque()
            try:
                for step in self._steps(lambda task: pool.submit(work.run, task).result):
                    waiting.append(step)
                    if len(waiting) > 3 * workers:      # as many results may lie in memory
                        self._store_step(waiting.popleft(), as_of)
                while waiting:
                    self._store_step(waiting.popleft(), as_of)
            except BrokenProcessPool as error:
                raise Unreachable("worker_died", str(error)) from error
            finally:
                pool.shutdown(cancel_futures=True)

    def _steps(self, submit: Callable[[Task], Callable[[], Result]]) -> Iterator[_Step]:
        """All steps in order; tasks are submitted as soon as they are known, results fetched when it is their turn."""
        for source in self._found:
            self._tally.files += source.opened
            sums = digest(source.content) if source.content else Digest("", ())
            known = self._counts_before(source, sums.sha256)
            if known is not None:
                self._known.setdefault(_batch(source), []).append(sums.sha256)
                self._unseen.append(sums.sha256)
                self._tally.count_known(known)
                self._progress.file(source.name, source.size)
                self._progress.advance(source.size, known["documents"], sum(known["rejected"].values()))
                continue
            self._read.add(_batch(source))
            self._see_known()
            yield _Step(source, sums.sha256)
            for item in plan.tasks(source, self._spool, self._limits, sums.crc32):
                yield _Step(source, result=submit(item) if isinstance(item, Task) else lambda item=item: item)  # type: ignore[misc]
            yield _Step(source, last=True)

    def _store_step(self, step: _Step, as_of: str | None = None) -> None:
        if step.last:
            self._reconcile(step.source)
            if self._file is not None:
                with self._store.turn() as connection:
                    deliveries.finish_file(connection, self._file, self._counts)
        elif step.result is None:
            self._counts = deliveries.empty_counts()
            self._progress.file(step.source.name, step.source.size)
            if not self._dry_run:
                with self._store.turn() as connection:
                    self._file = deliveries.begin_file(connection, self._open_delivery(connection, step.source),
                                                       step.source.name, step.source.size, step.sha256)
        else:
            for piece in work.pieces(step.result()):
                self._store_result(step.source, piece, as_of)

    def _store_result(self, source: Source, result: Result, as_of: str | None) -> None:
        if self._file is None:
            with self._store.connect() as connection:
                news = documents.unknown(connection, result.documents)
                new_events = events.unknown(connection, result.events)
        else:
            with self._store.turn() as connection:
                before = fresh.position(connection) if result.made else None
                news = documents.add(connection, self._file, result.documents, self._belonging)
                new_events = events.add(connection, self._file, result.events)
                deliveries.refuse(connection, self._file, result.refusals)
                made = _made_ahead(result, fresh.since(connection, before)) if before else []
            if made and self._taker and as_of:
                self._taker.take(as_of, made)
        numbers = [keys.key(item.publication) for item in result.documents]
        self._batches.add(_batch(source), result, numbers)
        for path in result.spent:
            path.unlink()
        deliveries.add_counts(self._counts, self._tally.count(result, numbers, news, new_events))
        self._progress.advance(result.size, len(result.documents), len(result.refusals))

    def _reconcile(self, source: Source) -> None:
        """At the end of a batch: compare what its index files list with what came."""
        if source.batch and not source.lists:
            return
        batch = _batch(source)
        with self._store.connect() as connection:
            known = self._known.pop(batch, [])
            if known:
                self._batches.add_present(batch, documents.brought(connection, known),
                                          deliveries.refused_entries(connection, known))
            found = self._batches.close(
                batch, lambda number: documents.row_of_publication(connection, number) is not None)
        if found:
            deliveries.add_counts(self._counts, {"index": found})
            self._tally.count_index(found)

    def _counts_before(self, source: Source, sha256: str) -> deliveries.Counts | None:
        """What the ledger has of a source that need not be read again: an archive of known content, or index files of
        known content when nothing of their batch is read in this run. Enters it also under its present name."""
        if not sha256 or (source.lists and _batch(source) in self._read):
            return None
        with self._store.turn() if not self._dry_run else self._store.connect() as connection:
            counts = deliveries.counts_of_read_file(connection, sha256, source.size)
            if counts is not None and not self._dry_run:
                delivery = self._open_delivery(connection, source)
                if not deliveries.has_read(connection, delivery, source.name, sha256):
                    file = deliveries.begin_file(connection, delivery, source.name, source.size, sha256)
                    deliveries.finish_file(connection, file, counts)
        return counts

    def _open_delivery(self, connection: sa.Connection, source: Source) -> int:
        return deliveries.open_delivery(connection, source.delivery, self._origins[source.delivery])

    def _see_known(self) -> None:
        """What files that are not read again had brought counts as merged when it comes once more, as it does in a run
        that reads them all; so a run that was killed and taken up ends with the same counts."""
        if self._unseen:
            with self._store.connect() as connection:
                self._tally.see(map(keys.key, documents.brought(connection, self._unseen)))
            self._unseen = []

    def _data_date_to_come(self) -> str | None:
        """The data date that the store will probably have when all is read: legal states are made ahead as of it.

        Wherever it turns out to be another, the drain looks again at the records that this makes a difference to.
        """
        with self._store.connect() as connection:
            held = documents.data_date(connection)
        named = ahead.named_date(name for source in self._found for name in (source.delivery, source.name))
        return max((date for date in (held, named, self._newest) if date), default=None)

    def _dictionary(self) -> bytes | None:
        """The newest compression dictionary; at the first ingest of enough documents one is trained on them."""
        with self._store.connect() as connection:
            held = documents.dictionaries(connection)
        if held or self._dry_run:
            return list(held.values())[-1] if held else None
        worker = work.Worker(None, self._limits, most=_SAMPLE)
        texts: list[bytes] = []
        unpacker = Unpacker({})
        for task in plan.sample(self._found, self._spool, self._limits, _SAMPLE):
            found = worker.run(task).documents
            texts += (unpacker.text(item.body) for item in found)
            self._newest = max((item.date for item in found if item.date), default=self._newest)
        worker.close()
        made = train(texts)
        if made:
            with self._store.turn() as connection:
                documents.add_dictionary(connection, dictionary_id(made), made)
        return made


def _made_ahead(result: Result, new: Sequence[fresh.Fresh]) -> list[Made]:
    """The index documents that a task made of what turned out to be new records of one document."""
    places = {(item.publication, item.hash): place for place, item in enumerate(result.documents)}
    documents_made = ahead.unpack(result.made)
    made = []
    for one in new:
        place = places.get((one.publication, one.hash))
        if place is None:
            continue
        item, document = result.documents[place], documents_made[place]
        if document is not None and one.id == (item.application_number or item.publication):
            made.append(Made(one.seq, one.row, document | {"row": one.row}))
    return made


def _batch(source: Source) -> str:
    """What a source is reconciled with: the batch of its folder, else itself."""
    return f"{source.delivery}/{source.batch}/" if source.batch else f"{source.delivery}/{source.name}"
