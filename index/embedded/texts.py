"""The texts of all records as joined units, one side file: what Tantivy cannot say is looked up in them.

A file is only appended to; where each row's texts lie stands with the columns of a commit, so a reader of an older
commit finds its own. Frames are compressed with a dictionary made of the first texts (a third of the size at 5 µs a
record; Tantivy's own stored fields cost 15 µs each to read).

```
magic, length of the dictionary, dictionary, frame, frame, …
```
"""

import mmap
import os
from array import array
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import numpy.typing as npt
import zstandard

from index.documents import TRUTH_FIELDS

PREFIX = "texts-"
PARTS = (tuple(name for name in TRUTH_FIELDS if name != "description"), ("description",))
"""What is read together: a description is longer than all else and seldom asked for."""

NEXT_FIELD = "\x05"

_MAGIC = b"zhuanti texts 1\n\n\n"
_HEAD = len(_MAGIC) + 8
_TRAINED_WITH = 2_000
_DICTIONARY = 64 << 10
_LEVEL = 3
_ALIKE_ENOUGH = 1 << 20     # bytes of texts below which a dictionary is not worth its own size
_WASTE = 16 << 20


@dataclass(frozen=True)
class Places:
    """Where the texts of each row lie: arrays [part, row] into file `number`, whose first `end` bytes are in use."""

    number: int
    end: int
    offsets: npt.NDArray[np.uint64]
    lengths: npt.NDArray[np.uint32]

    @property
    def wasted(self) -> int:
        return self.end - int(self.lengths.sum(dtype=np.uint64))


NO_PLACES = Places(0, 0, np.zeros((2, 0), np.uint64), np.zeros((2, 0), np.uint32))


class Texts:
    """The texts of one commit. Not for several threads: `reader` gives each its own."""

    def __init__(self, folder: Path, places: Places) -> None:
        self._places = places
        self._data = memoryview(b"")
        dictionary = b""
        if places.end:
            with path_of(folder, places.number).open("rb") as file:
                self._data = memoryview(mmap.mmap(file.fileno(), places.end, access=mmap.ACCESS_READ))
            dictionary = bytes(self._data[_HEAD:_HEAD + _length_of(self._data)])
        self._dictionary = zstandard.ZstdCompressionDict(dictionary) if dictionary else None

    def read(self, rows: Sequence[int], part: int) -> Iterable[tuple[int, list[str]]]:
        """(row, the joined text of every field of the part) for each row that has one."""
        known = self._places.offsets.shape[1]
        decompress = zstandard.ZstdDecompressor(dict_data=self._dictionary).decompress
        data = self._data
        wanted = np.array([row for row in rows if row < known], np.int64)
        offsets, lengths = self._places.offsets[part, wanted].tolist(), self._places.lengths[part, wanted].tolist()
        for row, offset, length in zip(wanted.tolist(), offsets, lengths, strict=True):
            if length:
                yield row, decompress(data[offset:offset + length]).decode().split(NEXT_FIELD)


class TextWriter:
    """Appends to the file of a commit, or begins a new one when there is none or too much of it is out of use."""

    def __init__(self, folder: Path, places: Places) -> None:
        self._folder = folder
        self._old = places
        self._waiting: list[tuple[int, int, bytes]] = []
        self._waiting_bytes = 0
        self._rows, self._parts, self._offsets, self._lengths = array("q"), array("B"), array("Q"), array("L")
        self._number, self._end = places.number, places.end
        self._compress: zstandard.ZstdCompressor | None = None
        if places.end:
            with path_of(folder, places.number).open("r+b") as file:
                file.truncate(places.end)       # what a broken writer left behind
                head = file.read(_HEAD)
                self._compress = _compressor(file.read(_length_of(head)))

    def add(self, row: int, runs: Mapping[str, str]) -> None:
        """The texts of a row, {field: joined units}, instead of any it had."""
        for part, fields in enumerate(PARTS):
            text = NEXT_FIELD.join(runs.get(field, "") for field in fields)
            data = text.encode() if text.strip(NEXT_FIELD) else b""
            self._waiting.append((row, part, data))
            self._waiting_bytes += len(data)
        if len(self._waiting) >= _TRAINED_WITH:
            self._flush()

    def commit(self, size: int, deleted: Iterable[int]) -> Places:
        """Everything added is in the file; the places of `size` rows. The next commit goes on from there."""
        self._flush()
        old = self._old
        offsets, lengths = np.zeros((2, size), np.uint64), np.zeros((2, size), np.uint32)
        known = min(size, old.offsets.shape[1])
        offsets[:, :known], lengths[:, :known] = old.offsets[:, :known], old.lengths[:, :known]
        at = np.array(self._parts), np.array(self._rows)
        offsets[at], lengths[at] = np.array(self._offsets), np.array(self._lengths)     # of repeated rows the last
        lengths[:, [row for row in deleted if row < size]] = 0
        self._rows, self._parts, self._offsets, self._lengths = array("q"), array("B"), array("Q"), array("L")
        self._old = Places(self._number, self._end, offsets, lengths)
        if self._old.wasted > max(_WASTE, self._old.end // 2):
            self._old = self._compacted(self._old)
            self._number, self._end = self._old.number, self._old.end
        return self._old

    def _flush(self) -> None:
        if not self._waiting:
            return
        if self._compress is None:
            self._begin()
        assert self._compress is not None
        with path_of(self._folder, self._number).open("r+b") as file:
            file.seek(self._end)
            for row, part, data in self._waiting:
                frame = self._compress.compress(data) if data else b""
                file.write(frame)
                self._rows.append(row)
                self._parts.append(part)
                self._offsets.append(self._end)
                self._lengths.append(len(frame))
                self._end += len(frame)
            file.flush()
            os.fsync(file.fileno())
        self._waiting, self._waiting_bytes = [], 0

    def _begin(self) -> None:
        """A new file whose dictionary is made of the texts that wait."""
        dictionary = b""
        if self._waiting_bytes > _ALIKE_ENOUGH:
            samples: list[bytes | bytearray | memoryview[int]] = [data for _, _, data in self._waiting if data]
            dictionary = zstandard.train_dictionary(_DICTIONARY, samples).as_bytes()
        self._number += 1
        self._end = _write_head(path_of(self._folder, self._number), dictionary)
        self._compress = _compressor(dictionary)

    def _compacted(self, places: Places) -> Places:
        """The same texts in a new file, without what no row refers to."""
        number = places.number + 1
        offsets = np.zeros_like(places.offsets)
        with path_of(self._folder, places.number).open("rb") as file, \
                mmap.mmap(file.fileno(), places.end, access=mmap.ACCESS_READ) as data:
            end = _write_head(path_of(self._folder, number), data[_HEAD:_HEAD + _length_of(data)])
            with path_of(self._folder, number).open("r+b") as target:
                target.seek(end)
                for part, row in np.argwhere(places.lengths).tolist():
                    offset, length = int(places.offsets[part, row]), int(places.lengths[part, row])
                    target.write(data[offset:offset + length])
                    offsets[part, row] = end
                    end += length
                target.flush()
                os.fsync(target.fileno())
        return Places(number, end, offsets, places.lengths)


def path_of(folder: Path, number: int) -> Path:
    return folder / f"{PREFIX}{number}"


def drop_others(folder: Path, keep: set[int]) -> None:
    """Removes the files of other commits; readers that hold them keep their map."""
    for path in folder.glob(f"{PREFIX}*"):
        if path.name.removeprefix(PREFIX) not in map(str, keep):
            path.unlink(missing_ok=True)


def _write_head(path: Path, dictionary: bytes) -> int:
    path.write_bytes(_MAGIC + len(dictionary).to_bytes(8, "little") + dictionary)
    return _HEAD + len(dictionary)


def _length_of(head: memoryview | bytes | mmap.mmap) -> int:
    return int.from_bytes(head[len(_MAGIC):_HEAD], "little")


def _compressor(dictionary: bytes) -> zstandard.ZstdCompressor:
    held = zstandard.ZstdCompressionDict(dictionary) if dictionary else None
    return zstandard.ZstdCompressor(level=_LEVEL, dict_data=held, write_content_size=True)
