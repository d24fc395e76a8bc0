"""Watching a folder for weekly drops: what has stopped growing is taken in, each drop once, until told to stop.

A drop is a file or folder directly in the watched folder; the parts of a split archive are one drop. Nothing is moved
or deleted there. What was taken in is remembered by the ledger, so a restart costs one look.
"""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import NamedTuple, Protocol, TypeAlias

from ingest.packaging.names import CONTAINERS, classify, split_sets
from ingest.packaging.walk import walk
from store.errors import BadCall, ZhuantiError

_UNFINISHED = (".part", ".partial", ".tmp", ".temp", ".crdownload", ".download", ".filepart", ".aria2", ".swp", "~")
"""Ends of names under which programs write what is not complete yet."""

_FINISHED = ".done"
"""A file `DROP.done` beside a drop says that it is complete; then it is not waited for."""


class Look(NamedTuple):
    """How a drop looked: number of files, their bytes together, the newest change in nanoseconds."""

    files: int
    size: int
    changed: int


class Telling(Protocol):
    """What the watch tells; commands print it."""

    def found(self, drop: Path) -> None:
        """A drop is complete and will be taken in."""

    def taken(self, drop: Path) -> None:
        """A drop was taken in."""

    def failed(self, drop: Path, error: ZhuantiError) -> None:
        """A drop could not be taken in; the others go on. A bad drop is tried again when it has changed, any other
        at the next look."""


Skip: TypeAlias = Callable[[str, float], bool]
"""Whether a drop of this name, last changed at this time (seconds since 1970), is not to be taken in when it is first
seen: one that was withdrawn. When it changes it is another one."""


def skip_none(_name: str, _changed: float) -> bool:
    return False


@dataclass(slots=True)
class Watch:
    """The state of a watch."""

    folder: Path
    skip: Skip = skip_none
    _seen: dict[Path, Look] = field(default_factory=dict)
    _settled: dict[Path, Look] = field(default_factory=dict)

    def ready(self) -> list[Path]:
        """Look once: the drops that are complete and were not settled as they are now, in the order of their names.

        Complete is what looked the same at the last look, or has a `.done` beside it. Raises BadCall(`path_missing`).
        """
        if not self.folder.is_dir():
            raise BadCall("path_missing", path=str(self.folder))
        now = {drop: _look(files) for drop, files in _drops(self.folder)}
        before, self._seen = self._seen, now
        complete = [drop for drop, look in sorted(now.items())
                    if look.files and self._settled.get(drop) != look
                    and (before.get(drop) == look or drop.with_name(drop.name + _FINISHED).exists())]
        for drop in complete:
            if drop not in self._settled and self.skip(drop.name, now[drop].changed / 1e9):
                self.settle(drop)
        return [drop for drop in complete if self._settled.get(drop) != now[drop]]

    def settle(self, drop: Path) -> None:
        """This drop, as it looked when it was ready, needs nothing more."""
        self._settled[drop] = self._seen[drop]


def watch(folder: Path, take: Callable[[Path], None], pause: Callable[[], bool], tell: Telling,
          skip: Skip = skip_none) -> None:
    """Take in the drops of a folder one after the other until `pause` (called after each look) says to stop.

    `take` takes in one drop; of its errors a BadCall settles the drop until it changes, any other ZhuantiError or
    OSError leaves it for the next look. Raises BadCall(`path_missing`) when the folder is not there at the start.
    """
    state = Watch(folder, skip)
    state.ready()
    while not pause():
        try:
            drops = state.ready()
        except BadCall as error:        # a network folder that is away for a while
            tell.failed(folder, error)
            continue
        for drop in drops:
            tell.found(drop)
            try:
                take(drop)
            except BadCall as error:
                state.settle(drop)
                tell.failed(drop, error)
            except ZhuantiError as error:
                tell.failed(drop, error)
            except OSError as error:
                tell.failed(drop, BadCall("cli_path_trouble", str(error), path=str(drop)))
            else:
                state.settle(drop)
                tell.taken(drop)


def _drops(folder: Path) -> Iterator[tuple[Path, Sequence[Path]]]:
    """What lies in the folder, each drop with its files; a split archive under the name of its last part."""
    names, folders = [], []
    for entry in sorted(folder.iterdir()):
        if entry.name.startswith(".") or entry.name.lower().endswith(_UNFINISHED) or entry.is_symlink():
            continue
        if entry.is_dir():
            folders.append(entry)
        elif entry.is_file():
            names.append(entry.name)
    parts: set[str] = set()
    for found in split_sets(names):
        of_set = [names[place] for place in found.places]
        parts.update(of_set)
        if not found.missing:
            yield folder / of_set[-1], [folder / name for name in of_set]
    for name in names:
        if name not in parts and classify(name) in ("document", *CONTAINERS):
            yield folder / name, [folder / name]
    for inner in folders:
        files = [file for file, _ in walk(inner)]
        if not any(file.name.lower().endswith(_UNFINISHED) for file in files):
            yield inner, files


def _look(files: Sequence[Path]) -> Look:
    count = size = changed = 0
    for file in files:
        try:
            found = file.stat()
        except OSError:         # it went away meanwhile; the next look tells
            continue
        count, size, changed = count + 1, size + found.st_size, max(changed, found.st_mtime_ns)
    return Look(count, size, changed)
