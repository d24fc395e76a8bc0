"""One task of a worker process: entries of an archive (or loose files) → packed documents, refusals and counts.

A task names what to read, never carries it; its result is small, because documents leave packed.
"""

import hashlib
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

from lxml import etree

from ingest.numbers import parse_application
from ingest.packaging import MAX_XML_BYTES, Archive, OpenArchive, entry_name
from ingest.packed import Packer, Stored, as_json
from ingest.readers import business
from ingest.readers.plain import local
from ingest.readers.xml import parse
from ingest.rejects import Rejected, Skipped
from store.deliveries import Refusal
from store.documents import Incoming

_VERDICTS = frozenset(("cn-patent-verdict", "PatentVerdictData"))
_FILINGS = frozenset(("cn-application-body",))


@dataclass(frozen=True, slots=True)
class Task:
    """Entries `start` to `stop` of an archive (by their place in it), or files of a folder: (path, path in the delivery)."""

    archive: Archive | None = None
    entries: tuple[int, ...] = ()
    files: tuple[tuple[Path, str], ...] = ()


@dataclass(slots=True)
class Result:
    """What a task brought. `size` is in bytes as packed, for the progress."""

    size: int = 0
    documents: list[Incoming] = field(default_factory=list)
    refusals: list[Refusal] = field(default_factory=list)
    skipped: Counter[str] = field(default_factory=Counter)
    warnings: Counter[str] = field(default_factory=Counter)


class Worker:
    """Reads tasks; keeps the archive of the last one open, since the next is likely to be of the same."""

    def __init__(self, dictionary: bytes | None) -> None:
        self._packer = Packer(dictionary)
        self._open: OpenArchive | None = None

    def run(self, task: Task) -> Result:
        result = Result()
        if task.archive:
            try:
                opened = self._opened(task.archive)
            except Rejected as reason:
                result.refusals.append(_refusal(task.archive.name, "", reason))
                return result
            for place in task.entries:
                info = opened.entries[place]
                result.size += info.compress_size
                self._take(result, task.archive.name, entry_name(info), lambda info=info: opened.read(info))  # type: ignore[misc]
        for path, name in task.files:
            result.size += path.stat().st_size if path.exists() else 0
            self._take(result, "", name, lambda path=path: _read_file(path))  # type: ignore[misc]
        return result

    def read(self, data: bytes, archive: str, entry: str, warnings: Counter[str]) -> Stored:
        """One file's bytes as a document. Raises Rejected or Skipped."""
        def warn(code: str) -> None:
            warnings[code] += 1

        root = parse(data, warn)
        name = local(root.tag)
        if name in business.ROOTS:
            document = business.read(root, warn)
        elif name in _VERDICTS:
            raise Skipped("verdict")
        elif name in _FILINGS:
            raise Skipped("filing_body")
        elif _is_index(root):
            raise Skipped("index")
        else:
            raise Rejected("unknown_format", f"<{name}>")
        if not document["publication"].startswith("CN"):
            raise Rejected("foreign_office", document["publication"])
        return Stored(**document, archive=archive or None, entry=entry)

    def close(self) -> None:
        if self._open:
            self._open.close()
            self._open = None

    def _opened(self, archive: Archive) -> OpenArchive:
        if self._open is None or self._open.archive != archive:
            self.close()
            self._open = OpenArchive(archive)
        return self._open

    def _take(self, result: Result, archive: str, entry: str, fetch: Callable[[], bytes]) -> None:
        try:
            data = fetch()
            document = self.read(data, archive, entry, result.warnings)
        except Rejected as reason:
            result.refusals.append(_refusal(archive, entry, reason))
        except Skipped as reason:
            result.skipped[reason.code] += 1
        else:
            number = document["application_number"]
            application = parse_application(number) if number else None
            result.documents.append(Incoming(
                publication=document["publication"], date=document["date"], type=document["type"],
                application=application.key if application else None,
                application_number=application.text if application else None,
                application_date=document["application_date"],
                hash=hashlib.blake2b(data, digest_size=16).digest(),
                body=self._packer.pack(as_json(document))))


def _refusal(archive: str, entry: str, reason: Rejected) -> Refusal:
    return Refusal(archive, entry, reason.code, reason.detail[:500], reason.line)


def _read_file(path: Path) -> bytes:
    try:
        if path.stat().st_size > MAX_XML_BYTES:
            raise Rejected("entry_too_large", str(path.stat().st_size))
        return path.read_bytes()
    except OSError as error:
        raise Rejected("unreadable", str(error)) from error


def _is_index(root: "etree._Element") -> bool:
    """Index files of deliveries: a root with DocList below it (formats §5.3)."""
    return any(isinstance(child.tag, str) and local(child.tag).lower() == "doclist" for child in root.iter())


# In a worker process there is one worker, made when the process starts.
_worker: Worker | None = None


def start(dictionary: bytes | None) -> None:
    global _worker
    _worker = Worker(dictionary)


def run(task: Task) -> Result:
    assert _worker is not None, "start() makes the worker"
    return _worker.run(task)
