"""Unpacking to nameless files in the node's own folder, for archives that cannot be read where they stand.

Files get random names, never that of an entry; whoever asked for one deletes it after use.
"""

import tempfile
import zlib
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path

from ingest.packaging.names import classify
from ingest.packaging.window import Archive, Segment, Window
from ingest.rejects import Rejected
from store.settings import Limits

SMALL = 1 << 20             # a ratio is judged only above this size, unpacked
_CHUNK = 1 << 20
_RAW, _GZIP = -15, 31       # zlib's wbits: deflate without a header, gzip with header and checksum


def chunks(window: Window) -> Iterator[bytes]:
    """The bytes from the start, in pieces."""
    window.seek(0)
    while data := window.read(_CHUNK):
        yield data


def crc32(window: Window) -> int:
    value = 0
    for data in chunks(window):
        value = zlib.crc32(data, value)
    return value


def inflate(packed: Window, size: int, folder: Path) -> Path:
    """A new file in `folder` with what deflated data unpacks to.

    Raises Rejected(`corrupt_archive`) unless that is `size` bytes.
    """
    def check(written: int) -> None:
        if written > size:
            raise Rejected("corrupt_archive", f"more than {size} bytes")

    path, written = _unpack(packed, _RAW, folder, check)
    if written != size:
        path.unlink()
        raise Rejected("corrupt_archive", f"{written} bytes instead of {size}")
    return path


def gunzip(archive: Archive, folder: Path, limits: Limits) -> Archive:
    """What a gz holds, as an archive in a new file: a tar or zip by its name, else a single document.

    Raises Rejected: `corrupt_archive`, `archive_too_large`, `entry_ratio`.
    """
    def check(written: int) -> None:
        if written > limits.unpacked_size:
            raise Rejected("archive_too_large", f"more than {limits.unpacked_size}")
        if written > SMALL and written > limits.ratio * archive.size:
            raise Rejected("entry_ratio", f"more than {written}:{archive.size}")

    window = Window(archive.segments)
    try:
        path, written = _unpack(window, _GZIP, folder, check)
    finally:
        window.close()
    kind = "tar" if archive.name.lower().endswith(".tgz") else classify(archive.name[:-3])
    kind = "single" if kind == "document" else kind
    return replace(archive, segments=(Segment(path, 0, written),), kind=kind, disks=())


def _unpack(packed: Window, form: int, folder: Path, check: Callable[[int], None]) -> tuple[Path, int]:
    """A new file and its size; `check` sees the size while it grows, and may refuse."""
    written = 0
    with tempfile.NamedTemporaryFile(dir=folder, delete=False) as target:
        path = Path(target.name)
        try:
            for data in _inflated(packed, form):
                written += target.write(data)
                check(written)
        except (Rejected, zlib.error, EOFError) as error:
            path.unlink()
            if isinstance(error, Rejected):
                raise
            raise Rejected("corrupt_archive", str(error)) from error
        except OSError:         # a full disk, most likely: not the archive's fault
            path.unlink()
            raise
    return path, written


def _inflated(packed: Window, form: int) -> Iterator[bytes]:
    """Unpacked pieces of bounded size. A gzip may have several members, and zeros after the last."""
    method = zlib.decompressobj(form)
    for data in chunks(packed):
        while data:
            yield method.decompress(data, _CHUNK)
            data = method.unconsumed_tail
            if method.eof:
                data = method.unused_data.lstrip(b"\0")
                if form == _RAW or not data:
                    break
                method = zlib.decompressobj(form)
    yield method.flush()
    if not method.eof:
        raise EOFError("the packed data ends early")
