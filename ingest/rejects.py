"""Why a document is not taken: one exception with a reason code, which becomes a row of the quarantine.

The texts of all codes stand in store/messages/ingest.toml, what an operator does about each in docs/data.md.
"""

KINDS = {"rejected": "reject", "warnings": "warning", "skipped": "skipped"}
"""The counts by code in a report, and how the texts of their codes begin in the registry."""


class Rejected(Exception):
    """A document (or archive) is refused; `code` is `reject_…` in the message registry without the prefix."""

    def __init__(self, code: str, detail: str = "", line: int | None = None) -> None:
        super().__init__(code)
        self.code = code
        self.detail = detail
        self.line = line


class Skipped(Exception):
    """What was met is known not to be a patent publication: an index, a verdict, a filing body."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code
