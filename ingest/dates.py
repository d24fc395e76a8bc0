"""Dates of sources, as `YYYY-MM-DD`.

A date of which only the year or month is known becomes None with a note, never the first of January.
"""

import datetime as dt
import re
from functools import lru_cache
from typing import Literal

Note = Literal["partial", "invalid"]

# 20190802, 2019-8-2, 2019.08.02, 2019/8/2, 2019年8月2日; parts that are missing or zero make it partial.
_COMPACT = re.compile(r"(\d{4})(\d{2})(\d{2})")
_PARTS = re.compile(r"(\d{4})(?:[-./年](\d{1,2})(?:[-./月](\d{1,2})日?|月?)|年?)")
_YEAR_MONTH = re.compile(r"(\d{4})(0\d|1[0-2])()")
_EARLIEST, _LATEST = 1700, 2199    # cited foreign documents go back to the 18th century


@lru_cache(4096)     # a delivery holds few different ones
def parse_date(text: str | int | None) -> tuple[str | None, Note | None]:
    """A date of a source as (`YYYY-MM-DD` or None, note).

    None and zeros alone (`0`, `00000000`) mean that there is no date: (None, None). `19810300` is (None,
    "partial"), `20190231` (None, "invalid"); both deserve a warning.
    """
    value = str(text if text is not None else "").strip()
    if not value.strip("0-./"):
        return None, None
    found = _COMPACT.fullmatch(value) or _PARTS.fullmatch(value) or _YEAR_MONTH.fullmatch(value)
    if found is None:
        return None, "invalid"
    year, month, day = (int(part or 0) for part in found.groups())
    if not _EARLIEST <= year <= _LATEST or month > 12:
        return None, "invalid"
    if not month or not day:
        return None, "partial"
    try:
        return dt.date(year, month, day).isoformat(), None
    except ValueError:
        return None, "invalid"
