"""The directory of an uncompressed tar, which has none: every header is visited once, no data is read."""

import tarfile
from typing import IO, cast

from ingest.packaging.names import decoded
from ingest.packaging.window import Archive, Window
from ingest.packaging.zip_directory import STORED, Directory, Entry
from ingest.rejects import Rejected
from store.settings import Limits

_UNREADABLE = -1        # no method: the entry is refused when it is read


def read(window: Window, archive: Archive, limits: Limits) -> Directory:
    """The entries of a tar; links and devices are counted, a tar that is cut off keeps what came before.

    Raises Rejected: `corrupt_archive`, `too_many_entries`.
    """
    found = Directory()
    window.seek(0)
    try:
        stream = cast("IO[bytes]", window)
        with tarfile.open(fileobj=stream, mode="r:", encoding="utf-8", errors="surrogateescape") as tar:
            for member in tar:
                if member.isreg():
                    name = decoded(member.name.encode("utf-8", "surrogateescape"), utf8=False)
                    method = _UNREADABLE if member.issparse() else STORED
                    found.entries.append(Entry(name, member.size, member.size, None, method, False, member.offset_data))
                    if len(found.entries) > limits.entries:
                        raise Rejected("too_many_entries", f"more than {limits.entries}")
                elif not member.isdir():
                    found.skipped["link" if member.issym() or member.islnk() else "device"] += 1
    except (tarfile.TarError, EOFError, ValueError) as error:
        damage = Rejected("corrupt_archive", str(error))
        if not found.entries:
            raise damage from error
        found.damage = damage
    return found
