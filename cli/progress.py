"""Progress of a run on standard error: a bar on a terminal, now and then a plain line elsewhere."""

import sys
import time
from typing import Protocol

from rich.console import Console
from rich.progress import (
    BarColumn,
    DownloadColumn,
    Progress,
    TaskID,
    TextColumn,
    TimeRemainingColumn,
)

from cli.texts import both

LINE_EVERY = 5.0        # seconds between two plain lines


class Reporter(Protocol):
    """A Progress that is also a context manager, so that the terminal is put in order on every way out."""

    def file(self, name: str, size: int) -> None: ...
    def advance(self, size: int, documents: int, rejects: int) -> None: ...
    def done(self) -> None: ...
    def __enter__(self) -> "Reporter": ...
    def __exit__(self, *failure: object) -> None: ...


class Counted:
    """What both forms count: documents and rejects since the start, and documents a second."""

    def __init__(self) -> None:
        self.documents = 0
        self.rejects = 0
        self.began = time.monotonic()

    def add(self, documents: int, rejects: int) -> None:
        self.documents += documents
        self.rejects += rejects

    def said(self) -> str:
        rate = self.documents / max(time.monotonic() - self.began, 0.001)
        return both("cli_progress", documents=f"{self.documents:,}", rate=f"{rate:,.0f}", rejects=f"{self.rejects:,}")


class Bar:
    """A live bar: bytes of the current file, records a second, rejects."""

    def __init__(self) -> None:
        self.counted = Counted()
        self.task: TaskID | None = None
        self.bar = Progress(TextColumn("{task.description}"), BarColumn(), DownloadColumn(), TimeRemainingColumn(),
                            TextColumn("{task.fields[said]}"), console=Console(stderr=True), transient=False)

    def file(self, name: str, size: int) -> None:
        if self.task is not None:
            self.bar.remove_task(self.task)
        self.task = self.bar.add_task(name, total=size or None, said="")

    def advance(self, size: int, documents: int, rejects: int) -> None:
        self.counted.add(documents, rejects)
        if self.task is not None:
            self.bar.update(self.task, advance=size, said=self.counted.said())

    def done(self) -> None:
        self.bar.stop()

    def __enter__(self) -> "Bar":
        self.bar.start()
        return self

    def __exit__(self, *failure: object) -> None:
        self.bar.stop()


class Lines:
    """A line when a file begins and every few seconds, for logs and pipes."""

    def __init__(self) -> None:
        self.counted = Counted()
        self.last = time.monotonic()

    def file(self, name: str, size: int) -> None:
        print(both("cli_progress_file", name=name, size=f"{size / 1e6:,.1f}"), file=sys.stderr)

    def advance(self, size: int, documents: int, rejects: int) -> None:
        self.counted.add(documents, rejects)
        if time.monotonic() - self.last >= LINE_EVERY:
            self.last = time.monotonic()
            print(self.counted.said(), file=sys.stderr)

    def done(self) -> None:
        print(self.counted.said(), file=sys.stderr)

    def __enter__(self) -> "Lines":
        return self

    def __exit__(self, *failure: object) -> None:
        sys.stderr.flush()


def reporter() -> Reporter:
    """A bar where standard error is a terminal, else lines."""
    return Bar() if sys.stderr.isatty() else Lines()
