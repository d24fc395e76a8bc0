"""The one place where failures of Tantivy, and of the files beside it, are caught and become errors of ours.

A Rust panic arrives as `pyo3_runtime.PanicException`, which is a BaseException and cannot be imported: without
the catch here one bad document would end a server. Everything else that is no Exception passes.
"""

from collections.abc import Iterator
from contextlib import contextmanager

from store.errors import Unreachable

_NO_SPACE = ("No space left", "os error 28", "StorageFull")
_BUSY = ("LockBusy", "Failed to acquire index lock", "Lockfile")


@contextmanager
def tantivy_errors() -> Iterator[None]:
    """Raises Unreachable (`disk_full`, `index_busy` or `index_failed`) for whatever Tantivy throws in the block."""
    try:
        yield
    except (ValueError, OSError, SystemError) as error:
        raise _translated(str(error)) from error
    except BaseException as error:
        if type(error).__name__ != "PanicException":
            raise
        raise _translated(str(error)) from error


def _translated(cause: str) -> Unreachable:
    if any(sign in cause for sign in _NO_SPACE):
        return Unreachable("disk_full", cause)
    if any(sign in cause for sign in _BUSY):
        return Unreachable("index_busy", cause)
    return Unreachable("index_failed", cause)
