"""From an address to the deepest division that is certain, with a confidence and the words that decided.

An address is read from its start: province, city, district, each below the one before. What a source states
in parts (province, city, county) is read in the same way and compared with the text.
"""

import re
from functools import lru_cache
from typing import NamedTuple

from ingest.regions import divisions
from ingest.regions.gazetteer import Entry, How, hits

_FRONT = re.compile(r"[\s\d]*(?:中华人民共和国|中国|P\.?\s?R\.?\s?China)?[\s,，]*", re.I)
# After a short name these make it the name of a street, village or house: 重庆 in 重庆路, 上海 in 上海东路.
_NO_PLACE_AFTER = re.compile(
    "[东西南北中]?[一二三四五六]?(?:路|街|大街|大道|道|巷|弄|胡同|村|镇|乡|街道|大厦|大学|学院|广场|桥|山|湖|江|河)(?![区县市])")
# A district's stem right after its city counts only as the name of a zone: 昆山 in 昆山经济技术开发区.
_ZONE_AFTER = re.compile(
    "(?:国家级?|省级|[东西南北])?(?:(?:经济|高新|技术|产业|工业|科技|化工|综合|农业|现代|循环|保税|出口|加工|港|滨海)+)?"
    "(?:开发区|园区|高新区|经开区|工业区|工业园|产业园|科技园|集中区|示范区|新城区?|园)")
# An address that begins with a city's short name goes on like an address, a list of people does not.
_ADDRESS_AFTER = re.compile("[^;；]*[区县市镇乡村路街道号]")
# … or right before one of its towns or streets: 增城 in 增城新塘镇.
_TOWN_AFTER = re.compile("[一-龥]{2,4}(?:镇|乡|街道)(?![东西南北中]?[一二三四五六]?(?:路|街|大道))")
_COST = {How.OFFICIAL: 0.0, How.FORMER: 0.05, How.VARIANT: 0.05, How.ZONE: 0.05, How.SHORT: 0.1}
_CHINESE_AREAS = ("HK", "MO", "TW")
_GAP = 8                        # characters that may stand between two levels of an address
_EMPTY_PARTS = ("", "0", "市辖区", "县", "省直辖县级行政区划", "自治区直辖县级行政区划")
_POSTCODE = re.compile(r"\s*(\d{6})(?!\d)")


class Region(NamedTuple):
    """Where a party is. `code` is None when nothing is certain; confidence is 0 to 1."""

    code: str | None
    name: str | None
    confidence: float | None
    evidence: str               # the words that decided, levels joined by " > "


class _Reading(NamedTuple):
    code: str | None
    confidence: float
    evidence: str


_NOTHING = _Reading(None, 0.0, "")
NOWHERE = Region(None, None, None, "")


def _read(text: str) -> _Reading:
    """Read one text from its start. Confidence: 0.95 for official names in a row, less for each weaker step."""
    scope: str | None = None
    end, unclear, confidence = 0, -1, 0.95
    words: list[str] = []
    for start, stop, meanings in hits(text):
        if start < end or start == unclear:     # 朝阳区 that may be two districts is not the city 朝阳 either
            continue
        if scope is not None and (start - end > _GAP or not divisions.children(scope)):
            break
        fitting = [entry for entry in meanings if _fits(entry.how, entry.chain, entry.within, scope, start - end)]
        if not fitting:
            continue
        best = [entry for entry in fitting if entry.how == fitting[0].how]
        if best[0].how is How.SHORT:
            top = min(divisions.level(entry.code) for entry in best)
            best = [entry for entry in best
                    if divisions.level(entry.code) == top and _is_place(entry, text, stop, scope)]
        if len(best) != 1:
            unclear = start if len(best) > 1 else unclear
            continue
        entry = best[0]
        confidence -= _COST[entry.how] if entry.chain else 0.0
        confidence -= 0.1 if start > end else 0.0
        scope, end = entry.code, _repeated(entry.code, text, stop)
        words.append(text[start:stop])
    return _Reading(scope, round(confidence, 2), " > ".join(words)) if scope else _NOTHING


def _repeated(code: str, text: str, stop: int) -> int:
    """Where the next level may begin: after a city named twice (合肥市合肥市高新区, 杭州市杭州经开区)."""
    if divisions.level(code) == 1:
        own = divisions.name(code)
        for again in (own, divisions.stem(own)):
            if text.startswith(again, stop) and _ZONE_AFTER.match(text, stop + len(again)):
                return stop + len(again)
    return stop


def _fits(how: How, chain: tuple[str, ...], within: tuple[str, ...], scope: str | None, gap: int) -> bool:
    """Whether a name can be the next step below `scope`, `gap` characters after the step before."""
    if scope is None:
        return how is How.OFFICIAL or (how is How.SHORT and gap == 0 and len(chain) < 2)
    if scope not in chain:
        return False
    return how < How.ZONE or (gap == 0 and (how is How.SHORT or scope in within))


def _is_place(entry: Entry, text: str, stop: int, scope: str | None) -> bool:
    """Whether a short name that ends at `stop` is that of the place, and not part of another name."""
    if entry.code.isalpha():
        return entry.code not in _CHINESE_AREAS or not _NO_PLACE_AFTER.match(text, stop)
    if not entry.code.endswith("00"):
        city, own = (divisions.stem(divisions.name(code)) for code in (entry.chain[0], entry.code))
        return city != own and bool(_ZONE_AFTER.match(text, stop) or _TOWN_AFTER.match(text, stop))
    if scope is None and entry.chain and not _ADDRESS_AFTER.match(text, stop):
        return False
    return not _NO_PLACE_AFTER.match(text, stop)


@lru_cache(maxsize=1 << 17)
def locate(
    text: str | None,
    province: str | None = None,
    city: str | None = None,
    county: str | None = None,
    postcode: str | None = None,
    country: str | None = None,
) -> Region:
    """The deepest division that an address tells for certain.

    `text` may begin with its postcode. Parts are as the source states them (`0` and 市辖区 are empty).
    `country` is an ST.3 code; another one than CN decides alone. Confidence: 1.0 where text and parts agree,
    0.95 for official names in their order, less for short or former names and for gaps, 0.6 for the common
    ancestor of parts and text that contradict each other, 0.5 for a province told by the postcode alone.
    """
    if country and country != "CN" and country.isascii() and len(country) == 2 and country.isalpha():
        code = country.upper()
        return Region(code, divisions.name(code), 0.95, country)
    front = _FRONT.match(text or "")
    told = _read(text[front.end():]) if text and front else _NOTHING
    parts = "".join(part for part in (province, city, county) if part and part not in _EMPTY_PARTS)
    stated = _read(parts) if parts else _NOTHING
    read = _combine(told, stated)
    if read.code is None:
        return _by_postcode(postcode or text or "")
    return Region(read.code, divisions.full_name(read.code), read.confidence, read.evidence)


def _combine(told: _Reading, stated: _Reading) -> _Reading:
    if told.code is None or stated.code is None:
        return stated if told.code is None else told
    if told.code == stated.code:
        return told._replace(confidence=1.0)
    below_told, below_stated = divisions.ancestors(stated.code), divisions.ancestors(told.code)
    if stated.code in below_stated:
        return told
    if told.code in below_told:
        return stated
    common = next((code for code in below_stated if code in below_told), None)
    evidence = f"{told.evidence} ≠ {stated.evidence}"
    return _Reading(common, 0.6, evidence) if common else told._replace(confidence=0.5, evidence=evidence)


def _by_postcode(text: str) -> Region:
    found = _POSTCODE.match(text)
    code = divisions.postcodes().get(found[1][:2]) if found else None
    return Region(code, divisions.full_name(code), 0.5, found[1]) if found and code else NOWHERE
