"""Progress on a terminal. Apart from `cli.progress`, so that logs and pipes need no rich."""

from rich.console import Console
from rich.progress import BarColumn, Progress, TaskID, TextColumn, TimeRemainingColumn

from cli.progress import Counted


class Bar:
    """A live bar: bytes of the current file, records a second, rejects."""

    def __init__(self) -> None:
        self.counted = Counted()
        self.task: TaskID | None = None
        self.bar = Progress(TextColumn("{task.description}", markup=False), BarColumn(), TimeRemainingColumn(),
                            TextColumn("{task.fields[said]}", markup=False), console=Console(stderr=True))

    def file(self, name: str, size: int) -> None:
        self.counted.begin(name, size)
        if self.task is not None:
            self.bar.remove_task(self.task)
        self.task = self.bar.add_task(self.counted.title(), total=size or None, said="")

    def advance(self, size: int, documents: int, rejects: int) -> None:
        self.counted.add(size, documents, rejects)
        if self.task is not None:
            self.bar.update(self.task, advance=size, said=self.counted.said())

    def done(self) -> None:
        self.bar.refresh()

    def __enter__(self) -> "Bar":
        self.bar.start()
        return self

    def __exit__(self, *failure: object) -> None:
        self.bar.stop()
