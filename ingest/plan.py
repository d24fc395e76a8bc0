"""Paths → sources → tasks: what an ingest will read, in a stable order, without reading documents yet."""

import zipfile
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from ingest.packaging import MAX_DEPTH, Archive, OpenArchive, classify, entry_name, walk
from ingest.rejects import Rejected
from ingest.work import Result, Task
from store.deliveries import Refusal
from store.errors import BadCall

ENTRIES_AT_ONCE = 400       # documents of one task: small enough to share out, large enough to be worth a message


@dataclass(slots=True)
class Source:
    """A file of a delivery that holds documents, or (`archive` None) all its loose XML files together.

    `name` is the path in the ledger, relative to the delivery.
    """

    delivery: str
    name: str
    size: int
    archive: Path | None = None
    files: list[tuple[Path, str]] = field(default_factory=list)
    skipped: Counter[str] = field(default_factory=Counter)      # what lies beside the loose files

    @property
    def opened(self) -> int:
        return 1 if self.archive else len(self.files)


def sources(paths: Sequence[Path]) -> list[Source]:
    """Everything to read under the given paths.

    Raises BadCall: `path_missing`, `not_a_delivery` (a file that is neither a zip nor XML), `empty_delivery`.
    """
    found: list[Source] = []
    for path in paths:
        if not path.exists():
            raise BadCall("path_missing", path=str(path))
        of_path = _sources_of(path)
        if not any(source.opened for source in of_path):
            raise BadCall("empty_delivery" if path.is_dir() else "not_a_delivery", path=str(path))
        found += of_path
    return found


def _sources_of(path: Path) -> list[Source]:
    delivery = path.resolve().name
    loose = Source(delivery, ".", 0)
    archives = []
    for file, name in walk(path):
        kind = classify(file.name)
        if kind == "zip" or (not name and kind != "xml" and zipfile.is_zipfile(file)):
            archives.append(Source(delivery, name or file.name, file.stat().st_size, archive=file))
        elif kind == "xml":
            loose.files.append((file, name or file.name))
            loose.size += file.stat().st_size
        else:
            loose.skipped[kind] += 1
    return [*archives, loose] if loose.files or loose.skipped else archives


def tasks(source: Source, spool: Path) -> Iterator[Task | Result]:
    """Tasks of a source, and Results for what need not be read: skipped entries, archives that cannot be opened."""
    if source.archive:
        yield from _tasks_of(Archive(source.archive, source.name, 0, source.size), spool, 1)
        return
    if source.skipped:
        yield Result(skipped=Counter(source.skipped))
    for start in range(0, len(source.files), ENTRIES_AT_ONCE):
        yield Task(files=tuple(source.files[start:start + ENTRIES_AT_ONCE]))


def _tasks_of(archive: Archive, spool: Path, depth: int) -> Iterator[Task | Result]:
    try:
        if depth > MAX_DEPTH:
            raise Rejected("too_deep")
        opened = OpenArchive(archive)
    except Rejected as reason:
        yield Result(size=archive.size, refusals=[Refusal(archive.name, "", reason.code, reason.detail[:500], None)])
        return
    with opened:
        places: list[int] = []
        aside = Result()
        for place, info in enumerate(opened.entries):
            kind = classify(info.filename)
            if kind == "xml":
                places.append(place)
                if len(places) == ENTRIES_AT_ONCE:
                    yield Task(archive, tuple(places))
                    places = []
            elif kind == "zip":
                try:
                    inner = opened.inner(info, spool)
                except Rejected as reason:
                    aside.refusals.append(Refusal(archive.name, entry_name(info), reason.code, reason.detail[:500], None))
                else:
                    yield from _tasks_of(inner, spool, depth + 1)
            else:
                aside.skipped[kind] += 1
        if places:
            yield Task(archive, tuple(places))
        if aside.skipped or aside.refusals:
            yield aside


def sample(found: Sequence[Source], spool: Path, wanted: int) -> Iterator[Task]:
    """Tasks over about `wanted` documents spread over the sources, to train a dictionary with."""
    chosen = found[::max(1, len(found) // 20)]
    share = max(20, wanted // max(1, len(chosen)))
    for source in chosen:
        task = next((item for item in tasks(source, spool) if isinstance(item, Task)), None)
        if task:
            yield Task(task.archive, task.entries[:share], task.files[:share])
