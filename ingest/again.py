"""What was refused, read again where it still lies: one entry to look at, or all of the quarantine to be taken in.

The ledger knows where a delivery lay and what its files' content was; a file that is gone or has changed is said to
be so and nothing is changed for it.
"""

from collections import Counter
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, suppress
from itertools import groupby
from operator import attrgetter
from pathlib import Path
from typing import NamedTuple, TypedDict

from ingest import plan, work
from ingest.alone import alone, reading, workplace
from ingest.belonging import Belonging
from ingest.filled import counted
from ingest.packaging import OpenArchive, entry_name
from ingest.packaging.walk import digest
from ingest.plan import Source
from ingest.rejects import Rejected
from ingest.work import Result, Task
from store import deliveries, documents, events
from store.database import Store, open_store
from store.deliveries import Quarantined, Refusal
from store.errors import BadCall
from store.settings import Limits, Settings

AROUND = 3              # lines before and after the offending one
MOST = 4_000            # characters that are shown
_LINE = 400             # characters of one line that are shown, from its beginning and its end


class RetryReport(TypedDict):
    """`tried` rows of the quarantine = `taken` + `refused` again + `gone` and `changed` files; what came of them."""

    tried: int
    taken: int
    refused: dict[str, int]
    gone: int
    changed: int
    documents: int
    events: int


class Excerpt(NamedTuple):
    """Lines of a file around the one where it went wrong: `first` is the number of the first line, from 1.

    Bytes that are not valid UTF-8 or GB18030 stand as `\\xNN`; None for lines where the file is not there any more or
    cannot be read, then `why` has the code gone, changed or that of the reject.
    """

    first: int
    lines: list[str] | None
    why: str


class Gone(Exception):
    """A file of a delivery is not there any more (`gone`) or not what was read (`changed`)."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


def excerpt(settings: Settings, number: int) -> Excerpt:
    """The bytes of a refused document around the line that the refusal names, else its beginning.

    Raises NotFound(`no_such_reject`).
    """
    with open_store(settings) as store, store.connect() as connection:
        refused, = deliveries.quarantined(connection, number=number)
    with workplace(settings.home) as folder:
        try:
            source = _source(refused)
            for task in _narrowed(source, [refused.refusal], folder, settings.limits):
                data = _bytes(task, settings.limits)
                return _around(data, refused.refusal.line)
        except Gone as reason:
            return Excerpt(1, None, reason.code)
        except Rejected as reason:
            return Excerpt(1, None, reason.code)
    return Excerpt(1, None, refused.refusal.code)


def retry(settings: Settings, *, code: str | None = None, wait: bool = False) -> RetryReport:
    """Read the quarantine again (of a code, or all) and take in what passes now; the index is brought up to date by
    its own indexer afterwards.

    Raises Refused(`ingest_running`) while something else writes to the same SQLite store (unless we `wait` for it).
    """
    report = RetryReport(tried=0, taken=0, refused={}, gone=0, changed=0, documents=0, events=0)
    with ExitStack() as stack:
        store = stack.enter_context(open_store(settings))
        stack.enter_context(alone(store, settings, wait=wait))
        folder = stack.enter_context(workplace(settings.home))
        with store.connect() as connection:
            names = {one["delivery"] for one in deliveries.rejects(connection, code)}
        stack.enter_context(reading(store, names))
        with store.connect() as connection:
            found = deliveries.quarantined(connection, code=code)
            held = list(documents.dictionaries(connection).values())
        worker = work.Worker(held[-1] if held else None, settings.limits)
        try:
            for _, group in groupby(found, attrgetter("file")):
                _retry_file(store, worker, list(group), folder, settings.limits, report)
        finally:
            worker.close()
    return report


def _retry_file(store: Store, worker: work.Worker, found: list[Quarantined], folder: Path, limits: Limits,
                report: RetryReport) -> None:
    report["tried"] += len(found)
    try:
        source = _source(found[0])
    except Gone as reason:
        report["gone"] += len(found) * (reason.code == "gone")
        report["changed"] += len(found) * (reason.code == "changed")
        return
    results = [item if isinstance(item, Result) else worker.run(item)
               for item in _all(source, [item.refusal for item in found], folder, limits)]
    again = {(item.archive, item.entry): item for result in results for item in result.refusals}
    released = [item for item in found if again.get((item.refusal.archive, item.refusal.entry)) != item.refusal]
    before = {(item.refusal.archive, item.refusal.entry, item.refusal.code) for item in found} - {
        (item.refusal.archive, item.refusal.entry, item.refusal.code) for item in released}
    file = found[0].file
    counts = deliveries.empty_counts()
    with store.turn() as connection:
        for result in results:
            was_there = documents.brought_by(connection, file, result.documents)
            documents.add(connection, file, result.documents, Belonging())
            new_events = events.add(connection, file, result.events)
            deliveries.add_counts(counts, _counts(result, was_there))
            report["documents"] += was_there.count(False)
            report["events"] += sum(new_events)
        fresh = [item for place, item in again.items() if (*place, item.code) not in before]
        for item in released:
            counts["rejected"][item.refusal.code] = counts["rejected"].get(item.refusal.code, 0) - 1
        for new in fresh:
            counts["rejected"][new.code] = counts["rejected"].get(new.code, 0) + 1
        counts["entries"] = counts["documents"] + counts["merged"] + sum(counts["rejected"].values())
        deliveries.release(connection, file, [item.number for item in released], counts)
        deliveries.refuse(connection, file, fresh)
    still = Counter(again[place].code for item in found
                    if (place := (item.refusal.archive, item.refusal.entry)) in again)
    report["taken"] += len(found) - still.total()
    for reason_code, count in still.items():
        report["refused"][reason_code] = report["refused"].get(reason_code, 0) + count


def _counts(result: Result, was_there: Sequence[bool]) -> deliveries.Counts:
    """What the ledger has to add for an entry read again; of a file of many records most were counted before."""
    new = [item.publication for item, there in zip(result.documents, was_there, strict=True) if not there]
    known = {item.publication for item, there in zip(result.documents, was_there, strict=True) if there}
    merged = len(new) - len(set(new) - known)
    counts = deliveries.empty_counts() | {"documents": len(new) - merged, "merged": merged}
    if not known:
        counts |= {"warnings": dict(result.warnings), "skipped": dict(result.skipped), "filled": counted(result.filled)}
    return counts


def _source(refused: Quarantined) -> Source:
    """The file of a delivery in which something was refused, if it is still there with the same content."""
    if not refused.origin:
        raise Gone("gone")
    try:
        found = next((one for one in plan.sources([Path(refused.origin)]) if one.name == refused.path), None)
    except BadCall as error:
        raise Gone("gone") from error
    if found is None:
        raise Gone("gone")
    if refused.sha256 and digest(found.content).sha256 != refused.sha256:
        raise Gone("changed")
    return found


def _all(source: Source, refusals: Sequence[Refusal], folder: Path, limits: Limits) -> Iterator[Task | Result]:
    """What reads the refused entries again: tasks of one entry, and of refused archives all that is in them."""
    whole = {f"{item.archive}/{item.entry}" if item.entry else item.archive for item in refusals}
    for item in plan.tasks(source, folder, limits):
        if isinstance(item, Result):
            places = {(one.archive, one.entry) for one in refusals}
            kept = [one for one in item.refusals if (one.archive, one.entry) in places or _inside(one.archive, whole)]
            yield Result(refusals=kept)
        elif not item.lists:
            if item.archive and _inside(item.archive.name, whole):
                yield item
            else:
                yield from _entries(item, refusals, limits)


def _inside(archive: str, whole: set[str]) -> bool:
    return any(archive == path or archive.startswith(f"{path}/") for path in whole)


def _narrowed(source: Source, refusals: Sequence[Refusal], folder: Path, limits: Limits) -> Iterator[Task]:
    for item in plan.tasks(source, folder, limits):
        if isinstance(item, Task) and not item.lists:
            yield from _entries(item, refusals, limits)


def _entries(task: Task, refusals: Sequence[Refusal], limits: Limits) -> Iterator[Task]:
    """Of a task those entries that were refused, each as a task of its own."""
    if task.archive:
        wanted = {_file_of(item.entry) for item in refusals if item.archive == task.archive.name} | {
            item.entry for item in refusals if item.archive == task.archive.name}
        if wanted:
            with suppress(Rejected), OpenArchive(task.archive, limits) as opened:
                yield from (Task(task.archive, (place,)) for place in task.entries
                            if deliveries.place(entry_name(opened.entries[place])) in wanted)
    loose = {name for item in refusals if not item.archive for name in (item.entry, _file_of(item.entry))}
    yield from (Task(files=((path, name),)) for path, name in task.files if deliveries.place(name) in loose)


def _file_of(entry: str) -> str:
    """The entry of a file of many records: `a.trs#12` stands in `a.trs`."""
    name, mark, part = entry.rpartition("#")
    return name if mark and part.isdecimal() else entry


def _bytes(task: Task, limits: Limits) -> bytes:
    """The bytes of a task of one entry. Raises Rejected."""
    if task.archive:
        with OpenArchive(task.archive, limits) as opened:
            return opened.read(opened.entries[task.entries[0]])
    try:
        return task.files[0][0].read_bytes()
    except OSError as error:
        raise Rejected("unreadable", str(error)) from error


def _around(data: bytes, line: int | None) -> Excerpt:
    if data[:2] in (b"\xff\xfe", b"\xfe\xff"):
        data = data.decode("utf-16", "backslashreplace").encode("utf-8", "backslashreplace")
    lines = data.splitlines() or [b""]
    at = min(max(line or 1, 1), len(lines))
    first = max(1, at - AROUND)
    shown: list[str] = []
    for raw in lines[first - 1:at + AROUND]:
        if sum(map(len, shown)) > MOST:
            break
        text = _text(raw)
        shown.append(text if len(text) <= _LINE else f"{text[:_LINE // 2]} … {text[-_LINE // 2:]}")
    return Excerpt(first, shown, "")


def _text(raw: bytes) -> str:
    """A line as it can be printed: what is no text, and every control character, as its escape."""
    for encoding in ("utf-8", "gb18030"):
        with suppress(UnicodeDecodeError):
            text = raw.decode(encoding)
            break
    else:
        text = raw.decode("utf-8", "backslashreplace")
    return "".join(char if char.isprintable() else char.encode("unicode_escape").decode() for char in text)
