"""An open archive: its entries, their bytes, and the archives inside it, with the limits that a hostile one meets."""

import struct
import zlib
from collections.abc import Callable
from pathlib import Path

from ingest.packaging import spool, tar_directory, zip_directory
from ingest.packaging.names import classify, entry_path
from ingest.packaging.window import Archive, Segment, Window, disks
from ingest.packaging.zip_directory import DEFLATED, STORED, Directory, Entry
from ingest.rejects import Rejected
from store.settings import Limits

_DEFAULT = Limits()


def _single(window: Window, archive: Archive, _: Limits) -> Directory:
    """One document without a container, as gunzip leaves it: named like the archive, without `.gz`."""
    name = archive.name.rpartition("/")[2][:-3]
    return Directory([Entry(name, window.size, window.size, None, STORED, False, 0)])


_DIRECTORIES: dict[str, Callable[[Window, Archive, Limits], Directory]] = {
    "zip": zip_directory.read, "tar": tar_directory.read, "single": _single}


class OpenArchive:
    """An archive open for reading entries by their place in it. Close it, or use it as a context manager.

    Raises Rejected when it is opened: `corrupt_archive`, `split_incomplete`, `too_many_entries`,
    `archive_too_large`, `unreadable`.
    """

    def __init__(self, archive: Archive, limits: Limits = _DEFAULT) -> None:
        self.archive, self._limits = archive, limits
        self._window = Window(archive.segments)
        try:
            self.directory = _DIRECTORIES[archive.kind](self._window, archive, limits)
        except (Rejected, OSError, struct.error) as error:
            self.close()
            if isinstance(error, Rejected):
                raise
            raise Rejected("unreadable" if isinstance(error, OSError) else "corrupt_archive", str(error)) from error
        self.entries = self.directory.entries

    def read(self, entry: Entry) -> bytes:
        """The bytes of an entry, its checksum verified.

        Raises Rejected: `entry_too_large`, `entry_ratio`, `entry_encrypted`, `entry_unsupported` (a method of
        compression that we do not read), `entry_corrupt`, `unreadable`.
        """
        if entry.size > self._limits.entry_size:
            raise Rejected("entry_too_large", str(entry.size))
        self._check(entry)
        try:
            packed = self._packed(entry)
            # One byte more than stated shows a lying header without unpacking a bomb. Inflating in one go takes half
            # the time of a stream.
            data = packed if entry.method == STORED else zlib.decompressobj(-15).decompress(packed, entry.size + 1)
        except (zlib.error, EOFError) as error:
            raise Rejected("entry_corrupt", str(error)) from error
        except OSError as error:
            raise Rejected("unreadable", str(error)) from error
        if len(data) != entry.size or (entry.crc is not None and zlib.crc32(data) != entry.crc):
            raise Rejected("entry_corrupt", "CRC")
        return data

    def inner(self, name: str, parts: list[Entry], folder: Path) -> Archive:
        """An archive inside this one, perhaps split into several entries: in place where they are stored, else
        unpacked to nameless files in `folder`.

        Raises Rejected: `entry_ratio`, `entry_encrypted`, `entry_unsupported`, `corrupt_archive`, `unreadable`.
        """
        segments: list[Segment] = []
        try:
            for entry in parts:
                self._check(entry)
                segments += self._segments(entry, folder)
        except EOFError as error:
            raise Rejected("corrupt_archive", str(error)) from error
        path = entry_path(name)
        return Archive(f"{self.archive.name}/{path}", tuple(segments), classify(path),
                       disks([entry_path(entry.name) for entry in parts], [entry.size for entry in parts]))

    def crc(self, entry: Entry) -> int:
        """CRC-32 of a stored or deflated entry: as the directory states it, else computed."""
        if entry.crc is not None:
            return entry.crc
        window = Window(self.archive.cut(self._data_start(entry), entry.size))
        try:
            return spool.crc32(window)
        finally:
            window.close()

    def close(self) -> None:
        self._window.close()

    def __enter__(self) -> "OpenArchive":
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def _check(self, entry: Entry) -> None:
        if entry.encrypted:
            raise Rejected("entry_encrypted")
        if entry.method not in (STORED, DEFLATED):
            raise Rejected("entry_unsupported", f"method {entry.method}")
        if entry.size > spool.SMALL and entry.size > self._limits.ratio * max(entry.compress_size, 1):
            raise Rejected("entry_ratio", f"{entry.size}:{entry.compress_size}")

    def _segments(self, entry: Entry, folder: Path) -> tuple[Segment, ...]:
        found = self.archive.cut(self._data_start(entry), entry.compress_size)
        if sum(segment.size for segment in found) < entry.compress_size:
            raise EOFError("entry ends early")
        if entry.method == STORED:
            return found
        window = Window(found)
        try:
            return (Segment(spool.inflate(window, entry.size, folder), 0, entry.size),)
        finally:
            window.close()

    def _data_start(self, entry: Entry) -> int:
        if self.archive.kind != "zip":
            return entry.offset
        return entry.offset + _header_size(self._window.read_at(entry.offset, 30))

    def _packed(self, entry: Entry) -> bytes:
        if self.archive.kind != "zip":
            data = self._window.read_at(entry.offset, entry.size)
        else:
            # Most entries need one read: header, name and data lie together.
            block = self._window.read_at(entry.offset, 94 + 2 * len(entry.name) + entry.compress_size)
            start = _header_size(block)
            missing = start + entry.compress_size - len(block)
            if missing > 0:
                block += self._window.read(missing)
            data = block[start:start + entry.compress_size]
        if len(data) < entry.compress_size:
            raise EOFError("entry ends early")
        return data


def _header_size(block: bytes) -> int:
    """Size of a zip entry's local header with its name and extra fields."""
    if len(block) < 30 or block[:4] != b"PK\x03\x04":
        raise EOFError("no local header")
    name, extra = struct.unpack_from("<2H", block, 26)
    return int(30 + name + extra)
