"""Archives as byte ranges: one file, a part of a file, or parts of several files that are read as if joined.

Nothing is copied to join the files of a split zip, nor to open a zip that lies stored in another one.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import IO, NamedTuple


class Segment(NamedTuple):
    """`size` bytes of a file from `start`."""

    file: Path
    start: int
    size: int


class Disk(NamedTuple):
    """A part of a split archive (the zip format calls it a disk): its name, and where it begins in the joined bytes."""

    name: str
    start: int


@dataclass(frozen=True, slots=True)
class Archive:
    """Where an archive lies, so that any process can open it; small, and not open itself.

    `name` is its path inside the delivery: `data/20231003/20231003-1-001.ZIP`. `kind` is zip, tar, gz, or
    single (one document without a container). `disks` are the parts of a split archive, else empty.
    """

    name: str
    segments: tuple[Segment, ...]
    kind: str = "zip"
    disks: tuple[Disk, ...] = ()

    @classmethod
    def of_files(cls, name: str, files: "list[tuple[Path, str]]", kind: str) -> "Archive":
        """An archive of a whole file, or of the files of a split one in their order: (file, its name)."""
        segments = tuple(Segment(file, 0, file.stat().st_size) for file, _ in files)
        return cls(name, segments, kind, disks([part for _, part in files], [segment.size for segment in segments]))

    @property
    def size(self) -> int:
        return sum(segment.size for segment in self.segments)

    def cut(self, start: int, size: int) -> tuple[Segment, ...]:
        """The segments of a byte range of this archive."""
        found = []
        for segment in self.segments:
            begin, end = max(0, start), min(segment.size, start + size)
            if begin < end:
                found.append(Segment(segment.file, segment.start + begin, end - begin))
            start -= segment.size
        return tuple(found)


def disks(names: list[str], sizes: list[int]) -> tuple[Disk, ...]:
    """The parts of a split archive; none when there is but one part."""
    if len(names) == 1:
        return ()
    return tuple(Disk(name, sum(sizes[:place])) for place, name in enumerate(names))


class Window:
    """The bytes of segments as one file that can be read and sought. Files are opened when they are first needed."""

    def __init__(self, segments: tuple[Segment, ...]) -> None:
        self.size = sum(segment.size for segment in segments)
        self._segments = segments
        self._open: dict[Path, IO[bytes]] = {}
        self._at = 0

    def seekable(self) -> bool:
        return True

    def seek(self, offset: int, whence: int = 0) -> int:
        self._at = max(0, offset + (0, self._at, self.size)[whence])
        return self._at

    def tell(self) -> int:
        return self._at

    def read(self, size: int = -1) -> bytes:
        """Up to `size` bytes; fewer only at the end (or where a file has become shorter)."""
        left = max(0, self.size - self._at)
        wanted = left if size is None or size < 0 else min(size, left)
        data = b"".join(self._pieces(self._at, wanted))
        self._at += len(data)
        return data

    def read_at(self, offset: int, size: int) -> bytes:
        """As `seek` and `read`, the way documents are read."""
        self._at = offset
        if len(self._segments) > 1 or offset + size > self.size:
            return self.read(size)
        segment = self._segments[0]
        stream = self._open.get(segment.file) or self._opened(segment.file)
        stream.seek(segment.start + offset)
        data = stream.read(size)
        self._at += len(data)
        return data

    def close(self) -> None:
        for stream in self._open.values():
            stream.close()
        self._open.clear()

    def _opened(self, file: Path) -> IO[bytes]:
        stream = self._open[file] = file.open("rb")
        return stream

    def _pieces(self, start: int, size: int) -> Iterator[bytes]:
        for segment in self._segments:
            if size <= 0:
                return
            if start < segment.size:
                stream = self._open.get(segment.file) or self._opened(segment.file)
                stream.seek(segment.start + start)
                piece = stream.read(min(size, segment.size - start))
                yield piece
                size -= len(piece)
                start += len(piece)
                if start < segment.size:    # the file ends early: what follows would stand at a wrong place
                    return
            start -= segment.size
