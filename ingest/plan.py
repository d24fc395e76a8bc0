"""Paths → sources → tasks: what an ingest will read, in a stable order, without reading documents yet."""

import zipfile
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from tempfile import TemporaryDirectory

from ingest.packaging import Archive, Entry, OpenArchive, checksums, classify, entry_name, spool
from ingest.packaging.names import CONTAINERS, READ, SplitSet, doubts, split_sets
from ingest.packaging.walk import walk
from ingest.rejects import Rejected
from ingest.work import Result, Task
from store.deliveries import Refusal
from store.errors import BadCall
from store.settings import Limits

ENTRIES_AT_ONCE = 400       # documents of one task: small enough to share out, large enough to be worth a message
BYTES_AT_ONCE = 4 << 20     # and no more bytes than these, unless it is one document: results wait in memory


@dataclass(slots=True)
class Source:
    """What the ledger has one entry for: an archive (perhaps in several files), all loose documents of a batch, or
    the index files of a batch.

    `name` is the path in the ledger, relative to the delivery. `batch` is the folder whose index files list what is
    here, "" for none.
    """

    delivery: str
    name: str
    size: int = 0
    batch: str = ""
    archive: list[tuple[Path, str]] = field(default_factory=list)   # the file, or the parts in their order
    kind: str = ""                                                  # of the archive: zip, tar, gz
    stated: dict[str, int] = field(default_factory=dict)            # CRC-32 by name, from files beside the archive
    files: list[tuple[Path, str]] = field(default_factory=list)
    lists: list[tuple[Path, str]] = field(default_factory=list)
    refusals: list[Refusal] = field(default_factory=list)           # what can be refused without being opened
    skipped: Counter[str] = field(default_factory=Counter)          # what lies beside the loose files

    @property
    def opened(self) -> int:
        return len(self.archive) + len(self.files)

    @property
    def content(self) -> list[Path]:
        """Files that tell whether this was read before; loose documents are always read."""
        return [file for file, _ in self.archive or self.lists]


def sources(paths: Sequence[Path]) -> list[Source]:
    """Everything to read under the given paths.

    Raises BadCall: `path_missing`, `not_a_delivery` (a file that is neither archive nor document), `empty_delivery`.
    """
    found: list[Source] = []
    parts: set[Path] = set()        # of split archives already taken: all their files may have been given
    for path in paths:
        if not path.exists():
            raise BadCall("path_missing", path=str(path))
        if path.resolve() in parts:
            continue
        of_path = _Folder(path).sources()
        if not any(source.opened or source.refusals for source in of_path):
            raise BadCall("empty_delivery" if path.is_dir() else "not_a_delivery", path=str(path))
        parts.update(file.resolve() for source in of_path if len(source.archive) > 1 for file, _ in source.archive)
        found += of_path
    return found


class _Folder:
    """One path that was given to ingest, sorted into sources."""

    def __init__(self, path: Path) -> None:
        self._delivery = path.resolve().name
        self._files = _with_other_parts(path) if path.is_file() else list(walk(path))
        self._kinds = [classify(name) for _, name in self._files]
        if path.is_file() and self._kinds[0] not in ("document", "part", *CONTAINERS) and zipfile.is_zipfile(path):
            self._kinds[0] = "zip"
        self._stated: dict[str, dict[str, int]] = {}
        self._batches: set[str] = set()
        for (file, name), kind in zip(self._files, self._kinds, strict=True):
            if kind == "index":
                self._batches.add(_folder(name))
            elif kind == "checksum" and checksums.names_crcs(name) and file.stat().st_size <= checksums.MAX_BYTES:
                self._stated.setdefault(_folder(name), {}).update(checksums.read(file.read_bytes()))

    def sources(self) -> list[Source]:
        """Batch by batch: archives, loose documents, index files, which are compared when the rest was read."""
        archives: dict[str, list[Source]] = {}
        loose: dict[str, Source] = {}
        lists: dict[str, Source] = {}
        sets = {place: found for found in split_sets([name for _, name in self._files]) for place in found.places}
        for place, ((file, name), kind) in enumerate(zip(self._files, self._kinds, strict=True)):
            batch = self._batch(name)
            of_batch = archives.setdefault(batch, [])
            if place in sets:
                if place == sets[place].places[-1]:
                    of_batch.append(self._split(sets[place], batch))
                continue
            if kind in CONTAINERS:
                of_batch.append(self._whole([(file, name)], name, kind, batch))
                continue
            source = loose.setdefault(batch, Source(self._delivery, batch or ".", batch=batch))
            if kind in READ:
                source.files.append((file, name))
                source.size += file.stat().st_size
            elif kind == "unsupported":
                source.refusals.append(Refusal("", name, "entry_unsupported", "", None))
            else:
                source.skipped[kind] += 1
                if kind == "index":
                    path = f"{batch}/INDEX".removeprefix("./")
                    own = lists.setdefault(batch, Source(self._delivery, path, batch=batch))
                    own.lists.append((file, name))
                    own.size += file.stat().st_size
        found: list[Source] = []
        for batch, of_batch in archives.items():
            found += of_batch
            found += [sources[batch] for sources in (loose, lists) if batch in sources]
        return found

    def _whole(self, files: list[tuple[Path, str]], name: str, kind: str, batch: str) -> Source:
        return Source(self._delivery, name, sum(file.stat().st_size for file, _ in files), batch, files, kind,
                      self._stated.get(_folder(name), {}))

    def _split(self, found: SplitSet, batch: str) -> Source:
        if found.missing:
            reason = Refusal(found.name, "", "split_incomplete", ", ".join(found.missing)[:500], None)
            return Source(self._delivery, found.name, batch=batch, refusals=[reason])
        return self._whole([self._files[place] for place in found.places], found.name, classify(found.name), batch)

    def _batch(self, name: str) -> str:
        """The nearest folder above a file that has index files; "" if none has."""
        folder = _folder(name)
        while folder and folder not in self._batches:
            folder = _folder(folder)
        return folder or "." if folder in self._batches else ""


def _folder(name: str) -> str:
    return name.rpartition("/")[0]


def _with_other_parts(path: Path) -> list[tuple[Path, str]]:
    """A file, with the other parts where it belongs to a split archive."""
    if classify(path.name) in ("zip", "part"):
        files = sorted(file for file in path.parent.iterdir() if file.is_file() and not file.is_symlink())
        names = [file.name for file in files]
        for found in split_sets(names):
            if path.name in [names[place] for place in found.places]:
                return [(files[place], names[place]) for place in found.places]
    return [(path, path.name)]


def tasks(source: Source, folder: Path, limits: Limits, crcs: Sequence[int] = ()) -> Iterator[Task | Result]:
    """Tasks of a source, and Results for what need not be read: skipped entries, archives that cannot be opened.

    Archives that cannot be read in place are unpacked into `folder`; `Result.spent` names them when all their tasks
    are out. `crcs` are the checksums of the source's files, compared with what the delivery states.
    """
    if source.archive:
        archive = Archive.of_files(source.name, source.archive, source.kind)
        wrong = sum(source.stated.get(name.rpartition("/")[2].lower(), crc) != crc
                    for (_, name), crc in zip(source.archive, crcs, strict=False))
        yield from _Walk(folder, limits).archive(archive, 1, wrong)
        return
    if source.skipped or source.refusals:
        yield Result(skipped=Counter(source.skipped), refusals=list(source.refusals))
    for files in _portions(source.files):
        yield Task(files=tuple(files))
    if source.lists:
        yield Task(files=tuple(source.lists), lists=True)


def _portions(files: Sequence[tuple[Path, str]]) -> Iterator[Sequence[tuple[Path, str]]]:
    """Loose files shared out to tasks."""
    start = held = 0
    for end, (path, _) in enumerate(files, 1):
        held += path.stat().st_size if path.exists() else 0
        if end - start == ENTRIES_AT_ONCE or held >= BYTES_AT_ONCE or end == len(files):
            yield files[start:end]
            start, held = end, 0


class _Walk:
    """Goes through an archive and the archives in it."""

    def __init__(self, folder: Path, limits: Limits) -> None:
        self._folder, self._limits = folder, limits

    def archive(self, archive: Archive, depth: int, wrong_crcs: int = 0) -> Iterator[Task | Result]:
        try:
            plain = spool.gunzip(archive, self._folder, self._limits) if archive.kind == "gz" else archive
            opened = OpenArchive(plain, self._limits)
        except Rejected as reason:
            yield Result(size=archive.size, refusals=[_refusal(archive.name, "", reason)])
            return
        with opened:
            yield from self._opened(opened, depth, wrong_crcs)
        if plain is not archive:
            yield Result(spent=self._spooled(plain))

    def _opened(self, opened: OpenArchive, depth: int, wrong_crcs: int) -> Iterator[Task | Result]:
        archive, entries = opened.archive, opened.entries
        aside = Result(skipped=Counter(opened.directory.skipped), warnings=doubts(entry.name for entry in entries))
        if wrong_crcs:
            aside.warnings["archive_crc_mismatch"] += wrong_crcs
        if opened.directory.damage:
            aside.refusals.append(_refusal(archive.name, "", opened.directory.damage))
        names = [entry_name(entry) for entry in entries]
        kinds = [classify(name) for name in names]
        stated = self._stated(opened, kinds)
        sets = {place: found for found in split_sets(names) for place in found.places}
        documents: list[int] = []
        waiting = 0     # bytes of them
        lists: list[int] = []
        for place, (entry, kind) in enumerate(zip(entries, kinds, strict=True)):
            if place in sets:
                if place == sets[place].places[-1]:
                    found = sets[place]
                    parts = [entries[part] for part in found.places]
                    yield from self._inner(opened, found.name, parts, found.missing, depth, stated, aside)
            elif kind in READ or archive.kind == "single":
                documents.append(place)
                waiting += entry.size
                if len(documents) == ENTRIES_AT_ONCE or waiting >= BYTES_AT_ONCE:
                    yield Task(archive, tuple(documents))
                    documents, waiting = [], 0
            elif kind in CONTAINERS:
                yield from self._inner(opened, names[place], [entry], [], depth, stated, aside)
            elif kind == "unsupported":
                aside.refusals.append(Refusal(archive.name, names[place], "entry_unsupported", "", None))
            else:
                aside.skipped[kind] += 1
                if kind == "index":
                    lists.append(place)
        if documents:
            yield Task(archive, tuple(documents))
        if lists:
            yield Task(archive, tuple(lists), lists=True)
        if aside.skipped or aside.refusals or aside.warnings:
            yield aside

    def _inner(self, opened: OpenArchive, name: str, parts: list[Entry], missing: list[str], depth: int,
               stated: dict[str, int], aside: Result) -> Iterator[Task | Result]:
        """The tasks of an archive inside, which may be split over several entries."""
        try:
            if missing:
                raise Rejected("split_incomplete", ", ".join(missing))
            if depth == self._limits.depth:
                raise Rejected("too_deep")
            inner = opened.inner(name, parts, self._folder)
        except Rejected as reason:
            aside.refusals.append(_refusal(opened.archive.name, name, reason))
            return
        wrong = 0
        for entry in parts:
            crc = stated.get(entry_name(entry).lower())
            wrong += crc is not None and crc != opened.crc(entry)
        yield from self.archive(inner, depth + 1, wrong)
        spent = tuple(path for path in self._spooled(inner) if path not in self._spooled(opened.archive))
        if spent:
            yield Result(spent=spent)

    def _stated(self, opened: OpenArchive, kinds: Iterable[str]) -> dict[str, int]:
        """What the CRC files among the entries state, by path in lower case; one that cannot be read states nothing."""
        stated: dict[str, int] = {}
        for entry, kind in zip(opened.entries, kinds, strict=True):
            if kind == "checksum" and checksums.names_crcs(entry.name) and entry.size <= checksums.MAX_BYTES:
                path = entry_name(entry).lower()
                above = path[:path.rfind("/") + 1]
                with suppress(Rejected):
                    stated |= {above + name: crc for name, crc in checksums.read(opened.read(entry)).items()}
        return stated

    def _spooled(self, archive: Archive) -> tuple[Path, ...]:
        return tuple(dict.fromkeys(segment.file for segment in archive.segments if segment.file.parent == self._folder))


def _refusal(archive: str, entry: str, reason: Rejected) -> Refusal:
    return Refusal(archive, entry, reason.code, reason.detail[:500], reason.line)


def sample(found: Sequence[Source], folder: Path, limits: Limits, wanted: int) -> Iterator[Task]:
    """Tasks over about `wanted` documents spread over the sources, to train a dictionary with."""
    chosen = found[::max(1, len(found) // 20)]
    share = max(20, wanted // max(1, len(chosen)))
    for source in chosen:
        with TemporaryDirectory(dir=folder) as own:
            of_source = tasks(source, Path(own), limits)
            task = next((item for item in of_source if isinstance(item, Task) and not item.lists), None)
            if task:
                yield Task(task.archive, task.entries[:share], task.files[:share])
