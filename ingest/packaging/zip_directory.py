"""The directory of a zip: where its entries stand, also in one that is split over several files.

Read here and not by `zipfile`, which knows no split archives, decodes Chinese names as CP437 and takes five times as
long. Layout: PKWARE's APPNOTE 6.3, sections 4.3.12 (entries), 4.3.14 to 4.3.16 (ends), 4.5.3 (Zip64).
"""

import stat
import struct
from collections import Counter
from dataclasses import dataclass, field
from typing import NamedTuple

from ingest.packaging.names import decoded, part_name
from ingest.packaging.window import Archive, Window
from ingest.rejects import Rejected
from store.settings import Limits

STORED, DEFLATED, BZIP2 = 0, 8, 12
_ENTRY = struct.Struct("<4s6H3L5H2L")
_END = struct.Struct("<4s4H2LH")
_LOCATOR = struct.Struct("<4sLQL")
_END64 = struct.Struct("<4sQ2H2L4Q")
_BEGINNINGS = (b"PK\x03\x04", b"PK\x07\x08", b"PK00")    # of an archive that nothing stands before
_SHORT, _LONG = 0xFFFF, 0xFFFFFFFF


class Entry(NamedTuple):
    """A file inside an archive. `name` is as it stands there; `offset` is of its header, in a tar of its data."""

    name: str
    size: int
    compress_size: int
    crc: int | None
    method: int
    encrypted: bool
    offset: int


@dataclass(slots=True)
class Directory:
    """What an archive holds. `skipped` counts links and devices; `damage` is why it could not be listed to its end."""

    entries: list[Entry] = field(default_factory=list)
    skipped: Counter[str] = field(default_factory=Counter)
    damage: Rejected | None = None


class _End(NamedTuple):
    """The end of a directory: on which disk the end and the start lie, how long it is, where it and the end begin."""

    disk: int
    start_disk: int
    entries: int
    size: int
    offset: int
    at: int


def read(window: Window, archive: Archive, limits: Limits) -> Directory:
    """The entries of a zip, folders left out.

    Raises Rejected: `corrupt_archive`, `split_incomplete` (a part of a split zip is missing or too short),
    `too_many_entries`, `archive_too_large`.
    """
    end = _find_end(window, archive)
    if end.entries > limits.entries or end.size > limits.entries * 512:    # an entry takes 46 bytes and its name
        raise Rejected("too_many_entries", str(end.entries))
    parts = len(archive.disks) or 1
    split = end.disk > 0
    if split and end.disk != parts - 1:
        raise _incomplete(archive, end.disk)
    starts = [disk.start for disk in archive.disks] if split else [0]
    if end.start_disk >= len(starts):
        raise Rejected("corrupt_archive", "directory on a disk that is not there")
    start = starts[end.start_disk] + end.offset
    shift = 0
    if not split:
        shift = end.at - end.size - start      # bytes before the archive, as in a self-extracting one
        if shift < 0 or (shift and window.read_at(0, 4) in _BEGINNINGS):
            raise _too_short(archive) if archive.disks else Rejected("corrupt_archive", "bytes are missing")
    data = window.read_at(start + shift, end.size)
    if len(data) < end.size or (end.size and data[:4] != b"PK\x01\x02"):
        raise _too_short(archive) if archive.disks else Rejected("corrupt_archive", "no directory where it should be")
    found = _entries(data, starts, shift, limits)
    if archive.disks:
        _check_layout(found.entries, archive, start + shift)
    return found


def _find_end(window: Window, archive: Archive) -> _End:
    tail_at = max(0, window.size - _END.size - _SHORT - 1)
    tail = window.read_at(tail_at, window.size - tail_at)
    at = tail.rfind(b"PK\x05\x06")
    while at >= 0 and not _ends(tail, at):      # the end of a zip stored inside one that is cut off is not its end
        at = tail.rfind(b"PK\x05\x06", 0, at)
    if at < 0:
        if archive.disks:
            raise Rejected("split_incomplete", archive.disks[-1].name + " (its end is missing)")
        raise Rejected("corrupt_archive", "no end of directory")
    _, disk, start_disk, _, entries, size, offset, _ = _END.unpack_from(tail, at)
    end = _End(disk, start_disk, entries, size, offset, tail_at + at)
    return _zip64(window, archive, end) or end


def _ends(tail: bytes, at: int) -> bool:
    """Whether the end of a directory that seems to begin at `at` is followed by its comment and nothing else."""
    if at + _END.size > len(tail):
        return False
    comment, = struct.unpack_from("<H", tail, at + 20)
    return not tail[at + _END.size + comment:].strip(b"\0\r\n") and at + _END.size + comment <= len(tail)


def _zip64(window: Window, archive: Archive, end: _End) -> _End | None:
    """The end in its long form, where the archive has one."""
    if end.at < _LOCATOR.size:
        return None
    mark, disk, offset, disks = _LOCATOR.unpack(window.read_at(end.at - _LOCATOR.size, _LOCATOR.size))
    if mark != b"PK\x06\x07":
        return None
    if disks > 1 and disks != len(archive.disks):
        raise _incomplete(archive, disks - 1)
    at = offset + (archive.disks[disk].start if disks > 1 and disk < len(archive.disks) else 0)
    for place in (at, end.at - _LOCATOR.size - _END64.size):   # the second where bytes stand before the archive
        data = window.read_at(place, _END64.size)
        if len(data) == _END64.size and data[:4] == b"PK\x06\x06":
            _, _, _, _, this_disk, start_disk, _, entries, size, start = _END64.unpack(data)
            return _End(this_disk, start_disk, entries, size, start, place)
    raise Rejected("corrupt_archive", "no Zip64 end of directory")


def _entries(data: bytes, starts: list[int], shift: int, limits: Limits) -> Directory:
    found = Directory()
    at = unpacked = 0
    while at < len(data):
        if len(data) - at < _ENTRY.size:
            raise Rejected("corrupt_archive", "the directory ends within an entry")
        (mark, made_by, _, flags, method, _, _, crc, packed, size, name_length, extra_length, comment_length, disk, _,
         attributes, offset) = _ENTRY.unpack_from(data, at)
        name_at = at + _ENTRY.size
        extra_at = name_at + name_length
        at = extra_at + extra_length + comment_length
        if mark != b"PK\x01\x02" or at > len(data):
            raise Rejected("corrupt_archive", "the directory is damaged")
        if _LONG in (packed, size, offset) or disk == _SHORT:
            extra = data[extra_at:extra_at + extra_length]
            size, packed, offset, disk = _long_fields(extra, size, packed, offset, disk)
        name = decoded(data[name_at:extra_at], bool(flags & 0x800))
        if name.endswith(("/", "\\")) and not size:
            continue
        if made_by >> 8 == 3 and stat.S_ISLNK(attributes >> 16):
            found.skipped["link"] += 1
            continue
        if len(starts) > 1:
            if disk >= len(starts):
                raise Rejected("corrupt_archive", "an entry on a disk that is not there")
            offset += starts[disk]
        found.entries.append(Entry(name, size, packed, crc, method, bool(flags & 1), offset + shift))
        unpacked += 0 if method == STORED else size
        if len(found.entries) > limits.entries:
            raise Rejected("too_many_entries", f"more than {limits.entries}")
    if unpacked > limits.unpacked_size:
        raise Rejected("archive_too_large", str(unpacked))
    return found


def _long_fields(extra: bytes, size: int, packed: int, offset: int, disk: int) -> tuple[int, int, int, int]:
    """Sizes, offset and disk from the Zip64 field, which holds only those that did not fit."""
    at = 0
    while at + 4 <= len(extra):
        ident, length = struct.unpack_from("<2H", extra, at)
        if ident == 1:
            try:
                place = at + 4
                values = []
                for value in (size, packed, offset):
                    if value == _LONG:
                        value, = struct.unpack_from("<Q", extra, place)
                        place += 8
                    values.append(value)
                if disk == _SHORT:
                    disk, = struct.unpack_from("<L", extra, place)
            except struct.error as error:
                raise Rejected("corrupt_archive", "a Zip64 field is too short") from error
            return values[0], values[1], values[2], disk
        at += 4 + length
    raise Rejected("corrupt_archive", "a Zip64 field is missing")


def _check_layout(entries: list[Entry], archive: Archive, directory: int) -> None:
    """A part that was cut off makes the entry that runs over its end collide with the next one."""
    ordered = sorted(entries, key=lambda entry: entry.offset)
    stops = [entry.offset for entry in ordered[1:]] + [directory]
    for entry, stop in zip(ordered, stops, strict=True):
        if entry.offset + 30 + entry.compress_size > stop:
            raise _too_short(archive, entry.offset, stop)


def _incomplete(archive: Archive, last: int) -> Rejected:
    """The directory says that the archive has parts up to number `last` (from 0) before its final one."""
    whole = archive.disks[-1].name if archive.disks else archive.name
    missing = [part_name(whole, number) for number in range(len(archive.disks) or 1, last + 1)]
    return Rejected("split_incomplete", ", ".join(missing) or f"{len(archive.disks)} parts, {last + 1} expected")


def _too_short(archive: Archive, start: int = 0, stop: int | None = None) -> Rejected:
    """Names the part that is cut off: the shortest that ends between two places, else of all but the final one."""
    ends = [disk.start for disk in archive.disks[1:]] + [archive.size]
    sizes = [(end - disk.start, end, disk) for disk, end in zip(archive.disks, ends, strict=True)]
    between = [one for one in sizes if stop is not None and start < one[1] <= stop]
    return Rejected("split_incomplete", min(between or sizes[:-1] or sizes)[2].name + " (it is too short)")
