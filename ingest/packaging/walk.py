"""The files of a delivery, and what identifies their content."""

import hashlib
import os
import zlib
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import NamedTuple


class Digest(NamedTuple):
    """SHA-256 (hexadecimal) of files as if joined, and the CRC-32 of each."""

    sha256: str
    crc32: tuple[int, ...]


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


def digest(files: Sequence[Path]) -> Digest:
    """Both sums in one pass over the files."""
    whole, crcs = hashlib.sha256(), []
    for file in files:
        crc = 0
        with file.open("rb") as stream:
            while data := stream.read(1 << 20):
                whole.update(data)
                crc = zlib.crc32(data, crc)
        crcs.append(crc)
    return Digest(whole.hexdigest(), tuple(crcs))
