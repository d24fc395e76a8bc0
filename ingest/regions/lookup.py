"""From what a user writes for a region (地区=渝北区, 50, JP, 天津;12) to a division code."""

import re
from functools import cache

from ingest.regions import divisions
from ingest.regions.gazetteer import entries, hits

_CODED = re.compile(r"[^\d]*[;；,，(（\[]\s*(\d{2})\s*[)）\]]?")
_OF_CNIPA = {"85": "500000", "66": "460000"}    # 国省代码 that differ from the division codes (unverified)


@cache
def _by_english() -> dict[str, str]:
    codes = [*divisions.english(), *divisions.countries()]
    return {divisions.name(code, "en").lower(): code for code in codes}


def candidates(text: str) -> tuple[str, ...]:
    """All codes that a code or name may mean, () for none: 朝阳区 has two, 渝北区 and 重庆市渝北区 one.

    Accepted: six digits; two (province, or the office's 国省代码); `天津;12`; two letters; a name in full, in
    short or by its path (重庆渝北, 广东省深圳市); English names of provinces and countries. Where a short name
    is that of several levels, the highest one is meant (吉林, 朝阳); an official name comes before a former one.
    """
    text = text.strip()
    coded = _CODED.fullmatch(text)
    digits = coded[1] if coded else text
    if digits.isdecimal() and len(digits) == 2:
        digits = _OF_CNIPA.get(digits, digits + "0000")
    for code in (digits, text.upper()):
        if divisions.known(code):
            return (code,)
    english = _by_english().get(text.lower())
    if english:
        return (english,)
    meant = entries().get(text, ())
    if meant:
        surest = [entry for entry in meant if entry.how == meant[0].how]
        highest = min(divisions.level(entry.code) for entry in surest)
        return tuple(entry.code for entry in surest if divisions.level(entry.code) == highest)
    return _path(text)


def _path(text: str) -> tuple[str, ...]:
    """Codes whose names, from the upper to the lower, fill the whole text."""
    found = hits(text)
    reached: dict[int, set[str | None]] = {0: {None}}
    for start, end, meanings in found:
        for scope in reached.get(start, ()):
            below = {entry.code for entry in meanings if scope is None or scope in entry.chain}
            reached.setdefault(end, set()).update(below)
    codes = reached.get(len(text), set()) - {None} if text else set()
    return tuple(sorted(code for code in codes if code))


def lookup(text: str) -> str | None:
    """The code of a code or name; None when it is none or may mean several (see `candidates`)."""
    found = candidates(text)
    return found[0] if len(found) == 1 else None
