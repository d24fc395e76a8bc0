"""Progress of a run on standard error: a bar on a terminal (`cli.bar`), now and then a plain line elsewhere.

The indexer reports under the name `index` and counts records where the pipeline counts bytes of a file.
"""

import sys
import time
from collections.abc import Callable
from pathlib import PurePath
from typing import Protocol

from cli.texts import both

INDEX = "index"
LINE_EVERY = 5.0        # seconds between two plain lines


class Reporter(Protocol):
    """A Progress that is also a context manager, so that the terminal is put in order on every way out."""

    def file(self, name: str, size: int) -> None: ...
    def advance(self, size: int, documents: int, rejects: int) -> None: ...
    def done(self) -> None: ...
    def __enter__(self) -> "Reporter": ...
    def __exit__(self, *failure: object) -> None: ...


class Counted:
    """What both forms count since the start: bytes, documents and rejects; then, afresh, records of the index."""

    def __init__(self) -> None:
        self.name = ""
        self.size, self.worked, self.documents, self.rejects = 0, 0, 0, 0
        self.began = time.monotonic()

    def begin(self, name: str, size: int) -> None:
        if name == INDEX and self.name != INDEX:
            self.documents, self.began = 0, time.monotonic()
        self.name, self.size = name, size

    def add(self, size: int, documents: int, rejects: int) -> None:
        self.worked += size
        self.documents += size if self.name == INDEX else documents
        self.rejects += rejects

    def title(self) -> str:
        if self.name == INDEX:
            return both("cli_progress_index", records=f"{self.size:,}")
        return both("cli_progress_file", name=PurePath(self.name).name, size=f"{self.size / 1e6:,.1f}")

    def said(self) -> str:
        rate = self.documents / max(time.monotonic() - self.began, 0.001)
        code = "cli_progress_indexed" if self.name == INDEX else "cli_progress"
        return both(code, worked=f"{self.worked / 1e6:,.1f}", documents=f"{self.documents:,}", rate=f"{rate:,.0f}",
                    rejects=f"{self.rejects:,}")


class Lines:
    """A line at the start, every few seconds and at the end, for logs and pipes."""

    def __init__(self) -> None:
        self.counted = Counted()
        self.last = float("-inf")

    def file(self, name: str, size: int) -> None:
        self.counted.begin(name, size)
        self.line(self.counted.title)

    def advance(self, size: int, documents: int, rejects: int) -> None:
        self.counted.add(size, documents, rejects)
        self.line(self.counted.said)

    def line(self, say: Callable[[], str]) -> None:
        if time.monotonic() - self.last >= LINE_EVERY:
            self.last = time.monotonic()
            print(say(), file=sys.stderr)

    def done(self) -> None:
        print(self.counted.said(), file=sys.stderr)

    def __enter__(self) -> "Lines":
        return self

    def __exit__(self, *failure: object) -> None:
        sys.stderr.flush()


def reporter() -> Reporter:
    """A bar where standard error is a terminal, else lines."""
    if not sys.stderr.isatty():
        return Lines()
    from cli.bar import Bar  # here, so that only who sees a bar waits for rich

    return Bar()
