"""What a run tells while it runs. The pipeline calls it; commands draw bars or lines, `Silent` nothing."""

from typing import Protocol


class Progress(Protocol):
    """One source after the other: `file`, any number of `advance`, `done` once at the end of the whole run."""

    def file(self, name: str, size: int) -> None:
        """A file of the delivery begins; `size` in bytes, 0 when it is not known."""

    def advance(self, size: int, documents: int, rejects: int) -> None:
        """Since the last call: bytes of the file worked through, documents read, documents rejected."""

    def done(self) -> None:
        """Everything is worked through, or the run ended early."""


class Silent:
    """Progress that tells nothing."""

    def file(self, name: str, size: int) -> None: ...
    def advance(self, size: int, documents: int, rejects: int) -> None: ...
    def done(self) -> None: ...
