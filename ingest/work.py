"""One task of a worker process: entries of an archive (or loose files) → packed documents, refusals and counts.

A task names what to read, never carries it; its result is small, because documents leave packed, and what one large
file holds is set aside piece by piece.
"""

import hashlib
import os
import pickle
import sys
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from itertools import count
from pathlib import Path

import orjson

from ingest import ahead
from ingest.ahead import Make, OpenMake, Single
from ingest.file_names import doubts
from ingest.filled import Pattern, pattern
from ingest.fold import Found
from ingest.garbage import collect_seldom
from ingest.lists import Listing, read_list
from ingest.orphans import end_with_parent
from ingest.packaging import Archive, OpenArchive, classify, entry_name
from ingest.packed import Packer, Stored, as_json
from ingest.readers.elements import Warn
from ingest.readers.reading import Reading
from ingest.recognise import reader_for
from ingest.record import Document, Event, is_event
from ingest.rejects import Rejected, Skipped
from store.deliveries import Refusal, storable
from store.documents import Incoming
from store.events import IncomingEvent
from store.settings import Limits

_DEFAULT = Limits()
_PIECE = 1_000      # of documents, events and refusals; several files of 200,000 at once would fill the memory


@dataclass(frozen=True, slots=True)
class Task:
    """Entries of an archive (by their place in it), or files of a folder: (path, path in the delivery)."""

    archive: Archive | None = None
    entries: tuple[int, ...] = ()
    files: tuple[tuple[Path, str], ...] = ()
    lists: bool = False     # what is named are index files, not documents


@dataclass(slots=True)
class Result:
    """What a task brought. `size` is in bytes as packed, for the progress."""

    size: int = 0
    documents: list[Incoming] = field(default_factory=list)
    events: list[IncomingEvent] = field(default_factory=list)
    refusals: list[Refusal] = field(default_factory=list)
    skipped: Counter[str] = field(default_factory=Counter)
    warnings: Counter[str] = field(default_factory=Counter)
    filled: Counter[Pattern] = field(default_factory=Counter)   # how many documents fill the same fields
    lists: list[Listing] = field(default_factory=list)
    spent: tuple[Path, ...] = ()        # unpacked archives of which nothing is left to read
    made: bytes = b""                   # of each document the index document made ahead, if any (ingest.ahead)
    aside: tuple[Path, ...] = ()        # files with what came before, see `pieces`


class Worker:
    """Reads tasks; keeps the archive of the last one open, since the next is likely to be of the same.

    With `make` it also makes index documents ahead, with legal states as of the data date `as_of`. `most` documents of
    a task are enough for who wants but a sample: one file may hold 200,000. In the folder `spool` is set aside what
    would be too much for one result; without it all stays in memory.
    """

    def __init__(self, dictionary: bytes | None, limits: Limits = _DEFAULT, make: Make | None = None,
                 as_of: str | None = None, most: int = sys.maxsize, spool: Path | None = None) -> None:
        self._packer = Packer(dictionary)
        self._limits = limits
        self._open: OpenArchive | None = None
        self._make, self._as_of, self._most = make, as_of, most
        self._spool = spool
        self._aside: list[Path] = []
        self._single: list[Single] = []     # the first documents of a task
        self._single_bytes = 0

    def run(self, task: Task) -> Result:
        self._aside = []
        result = self._read(task)
        self._make_ahead(result)
        result.aside = tuple(self._aside)
        return result

    def _make_ahead(self, result: Result) -> None:
        if self._make and self._as_of and self._single:
            made = self._make(self._single, self._as_of)
            result.made = ahead.pack([*made, *[None] * (len(result.documents) - len(made))])
        self._single, self._single_bytes = [], 0

    def _set_aside(self, result: Result, spool: Path) -> None:
        """Moves what a result holds into a file, unless the disk has no room: then it stays in memory."""
        self._make_ahead(result)
        path = spool / f"{os.getpid()}-{next(_numbers)}"
        try:
            path.write_bytes(pickle.dumps(result))
        except OSError:
            path.unlink(missing_ok=True)
            self._spool = self._make = None     # what is made must stay in step with the documents: the drain makes it
            result.made = b""
            return
        self._aside.append(path)
        result.size, result.made = 0, b""
        for held in (result.documents, result.events, result.refusals, result.lists, result.skipped, result.warnings,
                     result.filled):
            held.clear()

    def _read(self, task: Task) -> Result:
        result = Result()
        take = self._list if task.lists else self._take

        def warn(code: str) -> None:
            result.warnings[code] += 1

        if task.archive:
            try:
                opened = self._opened(task.archive)
            except Rejected as reason:
                result.refusals.append(_refusal(task.archive.name, "", reason))
                return result
            for place in task.entries:
                info = opened.entries[place]
                result.size += info.compress_size
                take(result, task.archive.name, entry_name(info), warn, lambda info=info: opened.read(info))  # type: ignore[misc]
        for path, name in task.files:
            result.size += path.stat().st_size if path.exists() else 0
            take(result, "", name, warn, lambda path=path: _read_file(path, self._limits))  # type: ignore[misc]
        return result

    def close(self) -> None:
        if self._open:
            self._open.close()
            self._open = None

    def _opened(self, archive: Archive) -> OpenArchive:
        if self._open is None or self._open.archive != archive:
            self.close()
            self._open = OpenArchive(archive, self._limits)
        return self._open

    def _list(self, result: Result, archive: str, entry: str, _: Warn, fetch: Callable[[], bytes]) -> None:
        """An index file; the plan has counted it as skipped, so one that cannot be read is a warning only."""
        try:
            result.lists.append(read_list(fetch(), entry))
        except Rejected:
            result.warnings["index_unreadable"] += 1

    def _take(self, result: Result, archive: str, entry: str, warn: Warn, fetch: Callable[[], bytes]) -> None:
        try:
            data = fetch()
            for reading in reader_for(data)(data, warn):
                if len(result.documents) >= self._most:
                    break
                self._keep(result, archive, f"{entry}#{reading.part}" if reading.part else entry, reading)
                if self._spool and len(result.documents) + len(result.events) + len(result.refusals) >= _PIECE:
                    self._set_aside(result, self._spool)
        except Rejected as reason:
            if reason.code in ("unknown_format", "empty_file") and classify(entry) == "note":
                result.skipped["other"] += 1
            else:
                result.refusals.append(_refusal(archive, entry, reason))
        except Skipped as reason:
            result.skipped[reason.code] += 1
        except Exception as error:      # a fault of ours: the file waits in the quarantine, its neighbours do not
            fault = Rejected("reader_failed", f"{type(error).__name__}: {error}")
            result.refusals.append(_refusal(archive, entry, fault))

    def _keep(self, result: Result, archive: str, entry: str, reading: Reading) -> None:
        content = reading.content
        if isinstance(content, Rejected):
            result.refusals.append(_refusal(archive, entry, content))
        elif isinstance(content, Skipped):
            result.skipped[content.code] += 1
        elif is_event(content):
            result.events.append(self._event(content))
        elif content["publication"].startswith("CN"):
            result.documents.append(self._document(content, archive, entry, reading.raw))
            result.filled[pattern(content)] += 1
            for code in doubts(entry, content["publication"], content["kind"]):
                result.warnings[code] += 1
        else:
            result.refusals.append(_refusal(archive, entry, Rejected("foreign_office", content["publication"])))

    def _document(self, document: Document, archive: str, entry: str, raw: bytes) -> Incoming:
        # Readers give the normal form, CN, digits, check digit: parsing it again would cost 3 µs.
        number = document["application_number"] or ""
        key = number[2:].partition(".")[0] if number.startswith("CN") else ""
        known = len(key) in (8, 12) and key.isdecimal()
        stored = Stored(**document, archive=archive or None, entry=entry)
        incoming = Incoming(
            publication=document["publication"], date=document["date"], type=document["type"],
            application=key if known else None,
            application_number=number if known else None,
            application_date=document["application_date"],
            hash=hashlib.blake2b(raw, digest_size=16).digest(),
            body=self._packer.pack(as_json(stored)),
            archive=archive or None, entry=storable(entry))
        if self._make and self._single_bytes <= ahead.MOST_BYTES:
            self._single_bytes += len(raw)
            self._single.append((incoming.application_number or incoming.publication, Found(stored, "", incoming.hash)))
        return incoming

    def _event(self, event: Event) -> IncomingEvent:
        # Known by what it says and not by its bytes: the same event comes in files of several formats and weeks.
        text = orjson.dumps({**event, "produced": None} if event["action"] == "add" else event)
        return IncomingEvent(application=event["application"], date=event["date"],
                             hash=hashlib.blake2b(text, digest_size=16).digest(),
                             body=self._packer.pack(orjson.dumps(event)))


def pieces(result: Result) -> Iterator[Result]:
    """What a task brought, in order, from its files and the rest; each file is removed when it has been read."""
    for path in result.aside:
        piece: Result = pickle.loads(path.read_bytes())     # noqa: S301  # made by our own worker
        yield piece
        path.unlink()
    yield result


def _refusal(archive: str, entry: str, reason: Rejected) -> Refusal:
    return Refusal(archive, entry, reason.code, reason.detail[:500], reason.line)


def _read_file(path: Path, limits: Limits) -> bytes:
    try:
        if path.stat().st_size > limits.entry_size:
            raise Rejected("entry_too_large", str(path.stat().st_size))
        return path.read_bytes()
    except OSError as error:
        raise Rejected("unreadable", str(error)) from error


_numbers = count()      # of the files set aside by this process

# In a worker process there is one worker, made when the process starts.
_worker: Worker | None = None


def start(dictionary: bytes | None, limits: Limits, open_make: OpenMake | None = None,
          as_of: str | None = None, spool: Path | None = None) -> None:
    global _worker
    end_with_parent()
    collect_seldom()
    _worker = Worker(dictionary, limits, open_make() if open_make else None, as_of, spool=spool)


def run(task: Task) -> Result:
    assert _worker is not None, "start() makes the worker"
    return _worker.run(task)
