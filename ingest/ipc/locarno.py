"""Names of the Locarno classes for display: 32 classes from memory, 55 subclasses seen but shortened."""

from functools import cache
from pathlib import Path

TABLE = Path(__file__).parent / "locarno.tsv"


@cache
def _titles() -> dict[str, tuple[str | None, str | None]]:
    rows = [line.split("\t") for line in TABLE.read_text("utf-8").splitlines()[1:]]
    return {code: (zh or None, en or None) for code, zh, en, _ in rows}


def titles(code: str) -> tuple[str | None, str | None]:
    """The Chinese and the English title of a class (`14`) or subclass (`14-02`); a subclass without a title
    of its own has that of its class."""
    known = _titles()
    return known.get(code) or known.get(code.partition("-")[0]) or (None, None)
