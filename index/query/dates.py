"""Dates as queries write them: a short date is its whole period, as two YYYYMMDD integers (interfaces §5)."""

import datetime as dt
import re

_DAY = dt.timedelta(days=1)
_EARLIEST, _LATEST = 1000, 9998
_WRITTEN = re.compile(
    r"(?P<year>\d{4})(?:年)?"
    r"|(?P<y2>\d{4})(?P<m2>\d{2})(?P<d2>\d{2})?"
    r"|(?P<y3>\d{4})(?P<sep>[-./])(?P<m3>\d{1,2})(?:(?P=sep)(?P<d3>\d{1,2}))?"
    r"|(?P<y4>\d{4})年(?P<m4>\d{1,2})(?:月(?:(?P<d4>\d{1,2})日?)?)?"
)

Period = tuple[int, int]
"""First and last day, both included, as YYYYMMDD."""


def period(written: str) -> Period | None:
    """The period of a folded date: `2010`, `201003`, `20100305`, `2010-3-5`, `2010.03`, `2010/3`, `2010年3月5日`."""
    found = _WRITTEN.fullmatch(re.sub(r"\s+", "", written))
    if found is None:
        return None
    parts = found.groupdict()
    year, month, day = (next((int(parts[name]) for name in names if parts[name]), 0) for names in (
        ("year", "y2", "y3", "y4"), ("m2", "m3", "m4"), ("d2", "d3", "d4")))
    if not _EARLIEST <= year <= _LATEST or (found.lastgroup != "year" and not month):
        return None
    if any(parts[name] is not None for name in ("d2", "d3", "d4")) and not day:
        return None
    try:
        first = dt.date(year, month or 1, day or 1)
        if day:
            return _number(first), _number(first)
    except ValueError:
        return None
    following = dt.date(year + (month in (0, 12)), month % 12 + 1 if month else 1, 1)
    return _number(first), _number(following - _DAY)


def reach(sign: str, of: Period) -> tuple[int | None, int | None]:
    """First and last day, both included, that a sign and a period stand for; None = open."""
    first, last = of
    match sign:
        case ">":
            return _number(_date(last) + _DAY), None
        case ">=":
            return first, None
        case "<":
            return None, _number(_date(first) - _DAY)
        case "<=":
            return None, last
    return of


def written(first: int | None, last: int | None) -> str:
    """The shortest canonical form of a range, both ends alike: `2010`, `2010:2012`, `201003:201012`, `20100305:`."""
    for length in (4, 6, 8):
        low, high = _short(first, 0, length), _short(last, 1, length)
        if low is not None and high is not None:
            return low if low == high else f"{low}:{high}"
    raise ValueError(f"no dates: {first}, {last}")


def _short(day: int | None, side: int, length: int) -> str | None:
    """An end of a range in so many digits, '' for an open one; None where they do not say that day."""
    short = "" if day is None else str(day)[:length]
    whole = period(short)
    return short if day is None or (whole and whole[side] == day) else None


def _number(day: dt.date) -> int:
    return day.year * 10_000 + day.month * 100 + day.day


def _date(day: int) -> dt.date:
    return dt.date(day // 10_000, day // 100 % 100, day % 100)
