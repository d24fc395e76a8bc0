"""What lies in the paths given to ingest: folders, files, zips, zips in zips. Finds entries, never unpacks to disk by name.

An entry is named by where it stands (archive path and entry path, both relative to the delivery); names inside
archives are data, nothing is ever written under them, so absolute or `..` names cannot harm.
"""

import hashlib
import os
import shutil
import struct
import tempfile
import zipfile
import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import IO

from ingest.rejects import Rejected

MAX_DEPTH = 3                       # zip in zip in zip
MAX_ENTRIES = 2_000_000             # of one archive
MAX_XML_BYTES = 128 << 20           # of one document, unpacked
MAX_RATIO = 1_000                   # unpacked : packed, above which a document is taken for a bomb
_SMALL = 1 << 20                    # a ratio is judged only above this size

_SKIPPED_SUFFIXES = {
    "image": (".jpg", ".jpeg", ".tif", ".tiff", ".png", ".gif", ".bmp"),
    "checksum": ("-crc.txt", ".crc", ".md5"),
    "index": ("-index-001.txt",),
    "other": (".txt", ".doc", ".docx", ".pdf", ".xls", ".xlsx", ".csv", ".dtd", ".xsd", ".xsl", ".ent", ".log",
              ".ds_store", ".html", ".htm", ".json", ".db"),
}


@dataclass(frozen=True, slots=True)
class Archive:
    """A zip as a byte range of a real file (`start`, `size`), so that any process can open it again.

    `name` is its path inside the delivery: `data/20231003/20231003-1-001.ZIP`.
    """

    file: Path
    name: str
    start: int
    size: int


def classify(name: str) -> str:
    """"xml", "zip", or why an entry of this name is skipped: image, checksum, index, other."""
    lower = name.lower()
    if lower.endswith(".xml"):
        return "index" if "index" in lower.rpartition("/")[2].rpartition("\\")[2] else "xml"
    if lower.endswith(".zip"):
        return "zip"
    for reason, suffixes in _SKIPPED_SUFFIXES.items():
        if lower.endswith(suffixes):
            return "index" if reason == "other" and "index" in lower else reason
    return "other"


def walk(path: Path) -> Iterator[tuple[Path, str]]:
    """Files of a delivery in a stable order, each with its path relative to the delivery ("" for a single file).

    Links are not followed.
    """
    if path.is_file():
        yield path, ""
        return
    for folder, folders, files in os.walk(path, followlinks=False):
        folders.sort()
        for name in sorted(files):
            file = Path(folder) / name
            if file.is_file() and not file.is_symlink():
                yield file, file.relative_to(path).as_posix()


def fingerprint(path: Path) -> str:
    """SHA-256 of a file, hexadecimal."""
    with path.open("rb") as stream:
        return hashlib.file_digest(stream, "sha256").hexdigest()


class OpenArchive:
    """An archive open for reading entries by index. Close it, or use it as a context manager."""

    def __init__(self, archive: Archive) -> None:
        self.archive = archive
        self._stream = archive.file.open("rb")
        try:
            self._window: IO[bytes] = (self._stream if not archive.start and archive.size == os.fstat(self._stream.fileno()).st_size
                                       else _Window(self._stream, archive.start, archive.size))  # type: ignore[assignment]
            self.zip = zipfile.ZipFile(self._window)
            self.entries = [info for info in self.zip.infolist() if not info.is_dir()]
        except (zipfile.BadZipFile, EOFError, OSError, NotImplementedError, struct.error, ValueError) as error:
            self._stream.close()
            raise Rejected("corrupt_archive", str(error)) from error
        if len(self.entries) > MAX_ENTRIES:
            self.close()
            raise Rejected("too_many_entries", str(len(self.entries)))

    def read(self, info: zipfile.ZipInfo) -> bytes:
        """The bytes of an entry, its checksum verified.

        Raises Rejected: `entry_too_large`, `entry_ratio`, `entry_encrypted`, `entry_corrupt`.
        """
        if info.file_size > MAX_XML_BYTES:
            raise Rejected("entry_too_large", str(info.file_size))
        if info.file_size > _SMALL and info.file_size > MAX_RATIO * max(info.compress_size, 1):
            raise Rejected("entry_ratio", f"{info.file_size}:{info.compress_size}")
        if info.flag_bits & 1:
            raise Rejected("entry_encrypted")
        try:
            if info.compress_type not in (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED):
                return self.zip.read(info)
            packed = self._packed(info)
            # zipfile's own stream costs twice as much a document as inflating in one go.
            data = packed if info.compress_type == zipfile.ZIP_STORED else _inflate(packed, info.file_size)
        except (zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError, RuntimeError, struct.error) as error:
            raise Rejected("entry_corrupt", str(error)) from error
        if len(data) != info.file_size or zlib.crc32(data) != info.CRC:
            raise Rejected("entry_corrupt", "CRC")
        return data

    def inner(self, info: zipfile.ZipInfo, spool: Path) -> Archive:
        """A zip inside this one: in place when it is stored, else unpacked to a nameless file in `spool`."""
        name = f"{self.archive.name}/{entry_name(info)}" if self.archive.name else entry_name(info)
        if info.compress_type == zipfile.ZIP_STORED and not info.flag_bits & 1:
            start = self.archive.start + info.header_offset + self._header_size(info)
            return Archive(self.archive.file, name, start, info.file_size)
        if info.file_size > _SMALL and info.file_size > MAX_RATIO * max(info.compress_size, 1):
            raise Rejected("entry_ratio", f"{info.file_size}:{info.compress_size}")
        try:
            with tempfile.NamedTemporaryFile(dir=spool, suffix=".zip", delete=False) as target, self.zip.open(info) as source:
                shutil.copyfileobj(source, target, 1 << 20)
        except (zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError, RuntimeError) as error:
            raise Rejected("corrupt_archive", str(error)) from error
        return Archive(Path(target.name), name, 0, Path(target.name).stat().st_size)

    def close(self) -> None:
        self.zip.close()
        self._stream.close()

    def __enter__(self) -> "OpenArchive":
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def _header_size(self, info: zipfile.ZipInfo) -> int:
        self._window.seek(info.header_offset)
        header = self._window.read(30)
        if len(header) < 30 or header[:4] != b"PK\x03\x04":
            raise zipfile.BadZipFile("no local header")
        name, extra = struct.unpack_from("<2H", header, 26)
        return int(30 + name + extra)

    def _packed(self, info: zipfile.ZipInfo) -> bytes:
        # Most entries need one read: header, name and data lie together.
        self._window.seek(info.header_offset)
        head = 30 + len(info.orig_filename.encode("utf-8", "replace")) + 64
        block = self._window.read(head + info.compress_size)
        if block[:4] != b"PK\x03\x04" or len(block) < 30:
            raise zipfile.BadZipFile("no local header")
        start = 30 + sum(struct.unpack_from("<2H", block, 26))
        missing = start + info.compress_size - len(block)
        if missing > 0:
            block += self._window.read(missing)
        data = block[start:start + info.compress_size]
        if len(data) < info.compress_size:
            raise EOFError("entry ends early")
        return data


def entry_name(info: zipfile.ZipInfo) -> str:
    """The path of an entry with forward slashes and without a leading one."""
    return info.filename.replace("\\", "/").lstrip("/")


def _inflate(packed: bytes, size: int) -> bytes:
    # One byte more than stated shows a lying header without unpacking a bomb.
    return zlib.decompressobj(-15).decompress(packed, size + 1)


class _Window:
    """A byte range of an open file as a file of its own."""

    def __init__(self, stream: IO[bytes], start: int, size: int) -> None:
        self._stream, self._start, self._size, self._at = stream, start, size, 0

    def seekable(self) -> bool:
        return True

    def seek(self, offset: int, whence: int = 0) -> int:
        self._at = max(0, offset + (0, self._at, self._size)[whence])
        return self._at

    def tell(self) -> int:
        return self._at

    def read(self, size: int = -1) -> bytes:
        left = max(0, self._size - self._at)
        self._stream.seek(self._start + self._at)
        data = self._stream.read(left if size is None or size < 0 else min(size, left))
        self._at += len(data)
        return data
