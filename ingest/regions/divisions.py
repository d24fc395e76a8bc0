"""The tree of divisions: codes, names, parents, children; countries and areas outside as two-letter codes.

Codes are those of GB/T 2260 where the table has them; three units of Chongqing whose code is not published
have provisional ones (provisional.csv). A district that was abolished keeps its code and lies below its
successor, so 500105 江北区 is found under 两江新区. Rows and sources: docs/data.md.
"""

import csv
import re
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import NamedTuple

_PEOPLES = (
    "土家族|布依族|傈僳族|拉祜族|东乡族|纳西族|景颇族|达斡尔族|仫佬族|布朗族|撒拉族|毛南族|仡佬族|普米族|独龙族|裕固族|"
    "保安族|鄂温克族|朝鲜族|蒙古族|哈尼族|哈萨克族|柯尔克孜|哈萨克|塔吉克|蒙古|锡伯|各族|"
    "壮族|回族|满族|苗族|彝族|藏族|侗族|瑶族|白族|傣族|黎族|佤族|畲族|水族|羌族|土族|怒族|维吾尔")
_AUTONOMOUS = re.compile(rf"(?P<stem>.+?)(?:{_PEOPLES})*自治(?P<level>区|州|县|旗)$")
_OF_PEOPLES = re.compile(rf"(?P<stem>..+?)(?:{_PEOPLES})+区$")       # 管城 of 管城回族区
_SUFFIX = re.compile(r"(?P<stem>..+?)(?:省|市|地区|盟|特别行政区|林区|矿区|区|县|旗|州)$")
# Rows of the table that are no place: 市辖区 of a municipality, counties directly below a province.
_NO_PLACE = ("市辖区", "县", "省直辖县级行政区划", "自治区直辖县级行政区划")


class Country(NamedTuple):
    code: str
    zh: str
    en: str
    aliases: tuple[str, ...]


class Change(NamedTuple):
    """A name that addresses carry and the table of divisions does not, or no longer, hold as current."""

    name: str
    code: str                   # the division that the name stands for today
    within: str                 # the name counts only after this division; "" = at the start of an address
    valid_to: str               # last day of the name, where known
    successor: str              # set where the division itself, not only its name, was abolished


class Provisional(NamedTuple):
    code: str
    name: str
    parent: str
    aliases: tuple[str, ...]


def _rows(name: str) -> Iterator[dict[str, str]]:
    with (Path(__file__).parent / name).open(encoding="utf-8", newline="") as lines:
        yield from csv.DictReader(lines)


def _split(text: str) -> tuple[str, ...]:
    return tuple(part for part in text.split(";") if part)


@cache
def countries() -> dict[str, Country]:
    return {row["code"]: Country(row["code"], row["zh"], row["en"], _split(row["aliases"]))
            for row in _rows("countries.csv")}


@cache
def changes() -> tuple[Change, ...]:
    return tuple(Change(*(row[name] for name in Change._fields)) for row in _rows("changes.csv"))


@cache
def provisional() -> dict[str, Provisional]:
    return {row["code"]: Provisional(row["code"], row["name"], row["parent"], _split(row["aliases"]))
            for row in _rows("provisional.csv")}


@cache
def english() -> dict[str, str]:
    """English names of provinces and of the divisions of Chongqing; the other divisions have Chinese ones only."""
    return {row["code"]: row["en"] for row in _rows("english.csv")}


@cache
def postcodes() -> dict[str, str]:
    """{first two digits of a postcode: province}."""
    return {row["prefix"]: row["code"] for row in _rows("postcodes.csv")}


@cache
def table() -> dict[str, str]:
    """{code: name} of every division."""
    official = {row["code"]: row["name"] for row in _rows("divisions.csv") if row["name"] not in _NO_PLACE}
    return official | {row.code: row.name for row in provisional().values()}


def stem(name: str) -> str:
    """重庆 of 重庆市, 石柱 of 石柱土家族自治县, 内蒙古 of 内蒙古自治区; the name itself where it has no suffix."""
    found = _AUTONOMOUS.fullmatch(name) or _OF_PEOPLES.fullmatch(name) or _SUFFIX.fullmatch(name)
    return found["stem"] if found else name


def is_zone(code: str) -> bool:
    """Development zones that the table lists beside the districts of a city, by the range of their codes."""
    return "71" <= code[4:] < "81" and table()[code].endswith(("开发区", "园区", "新区", "示范区", "管理区"))


def own_part(code: str) -> str:
    """A division's name without the names of its province and city, which zones repeat: 工业园区 of 苏州工业园区."""
    own = table()[code]
    if is_zone(code) or code in provisional():
        for upper in reversed(ancestors(code)):
            above = table()[upper]
            own = own.removeprefix(above).removeprefix(stem(above))
    return own if len(own) > 2 else table()[code]


@cache
def _parents() -> dict[str, str | None]:
    named = table()
    parents: dict[str, str | None] = {}
    for code in named:
        above = (code[:4] + "00", code[:2] + "0000")
        parents[code] = next((upper for upper in above if upper != code and upper in named), None)
    parents |= {row.code: row.parent for row in provisional().values()}
    return parents | {change.code: change.successor for change in changes() if change.successor}


@cache
def _chains() -> dict[str, tuple[str, ...]]:
    parents, chains = _parents(), {}
    for code in parents:
        chain: list[str] = []
        upper = parents[code]
        while upper is not None:
            chain.append(upper)
            upper = parents[upper]
        chains[code] = tuple(chain)
    return chains


@cache
def _children() -> dict[str | None, tuple[str, ...]]:
    below: dict[str | None, list[str]] = {}
    for code, parent in _parents().items():
        below.setdefault(parent, []).append(code)
    return {parent: tuple(sorted(codes)) for parent, codes in below.items()}


def known(code: str) -> bool:
    """Whether it is the code of a division, country or area."""
    return code in table() or code in countries()


def ancestors(code: str) -> tuple[str, ...]:
    """Codes of everything above a division, nearest first; () for provinces, countries and unknown codes."""
    return _chains().get(code, ())


def children(code: str | None = None) -> tuple[str, ...]:
    """Codes directly below a division; without a code, the provinces."""
    return _children().get(code, ())


def name(code: str, lang: str = "zh") -> str:
    """The division's own name (渝北区); a country's name; an unknown code comes back as it is."""
    if code in countries():
        return countries()[code].en if lang == "en" else countries()[code].zh
    if lang == "en" and code in english():
        return english()[code]
    return table().get(code, code)


def names(code: str, lang: str = "zh") -> tuple[str, ...]:
    """Names from the province down: ("重庆市", "渝北区"). Successors are not named: a district stays what it was."""
    official = [upper for upper in ancestors(code) if code not in _moved() or upper not in provisional()]
    return tuple(name(each, lang) for each in (*reversed(official), code))


def full_name(code: str, lang: str = "zh") -> str:
    """重庆市渝北区; in English from the smallest up, `Yubei District, Chongqing`."""
    parts = names(code, lang)
    if lang == "en" or code not in table():
        return ", ".join(reversed(parts))
    return "".join((*parts[:-1], own_part(code)))


def level(code: str) -> int:
    """0 for countries and provinces, 1 for cities, 2 for districts and counties, those of municipalities too."""
    return 0 if code not in table() or code.endswith("0000") else 1 if code.endswith("00") else 2


def abolished(code: str) -> str | None:
    """The last day (YYYY-MM-DD) of a division that no longer stands; None for the others. See `current`."""
    return next((change.valid_to for change in changes() if change.code == code and change.successor), None)


def current(code: str) -> str:
    """The division that stands today: the successor of an abolished one, else itself."""
    return _moved().get(code, code)


@cache
def _moved() -> dict[str, str]:
    return {change.code: change.successor for change in changes() if change.successor}
