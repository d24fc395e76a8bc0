"""Every name under which addresses mention a division, in one Aho-Corasick automaton (one pass over a text).

A name may stand for several divisions (朝阳区); the reader in `address` decides by what stands before it.
"""

import re
from enum import IntEnum
from functools import cache
from operator import attrgetter
from typing import NamedTuple

import ahocorasick

from ingest.regions import divisions

_ZONE = re.compile(r"(?:开发区|园区|新区|示范区|管理区|高新区|经开区|工业区|保税区|生态城)$")
_ZONE_FORMS = (
    (re.compile(r"高新技术产业开发区$"), ("高新技术产业开发区", "高新技术开发区", "高新开发区", "高新区")),
    (re.compile(r"经济技术开发区$|经济开发区$"), ("经济技术开发区", "经济开发区", "经开区", "开发区")),
)


class How(IntEnum):
    """How a name is a division's, the surest first."""

    OFFICIAL = 0                # current official name
    FORMER = 1                  # earlier name, from changes.csv: only below the division it belongs to
    VARIANT = 2                 # another suffix of the same stem (即墨市, now 即墨区): only below its parent
    ZONE = 3                    # a zone's name without its city: only right after the city
    SHORT = 4                   # stem alone (重庆): only at the start or right after the parent


class Entry(NamedTuple):
    code: str
    how: How
    chain: tuple[str, ...]      # ancestors of the code, nearest first
    within: tuple[str, ...]     # ZONE: the divisions that may stand right before


_SUREST = attrgetter("how", "code")

Hit = tuple[int, int, tuple[Entry, ...]]
"""Start, end, and the divisions that a name in a text may mean."""


def _zone_names(code: str, name: str) -> set[str]:
    """A zone's name without those of its province and city, and its usual short forms (高新区)."""
    rest = divisions.own_part(code)
    forms = {rest}
    for pattern, variants in _ZONE_FORMS:
        for base in (name, rest):
            if pattern.search(base):
                forms |= {pattern.sub(variant, base) for variant in variants}
    return {form for form in forms if len(form) > 2 and form != name}


@cache
def entries() -> dict[str, tuple[Entry, ...]]:
    """{name: divisions that it may mean}, surest first."""
    found: dict[str, dict[str, Entry]] = {}

    def add(name: str, code: str, how: How, *within: str) -> None:
        known = found.setdefault(name, {})
        before = known.get(code)
        if before is None or how < before.how:
            known[code] = Entry(code, how, divisions.ancestors(code), within)
        elif how is before.how:
            known[code] = before._replace(within=(*before.within, *within))

    table = divisions.table()
    taken: dict[str, set[str]] = {}     # names that had another meaning within a division
    for change in divisions.changes():
        taken.setdefault(change.name, set()).add(change.within)
    large = {name for code, name in table.items() if code.endswith("00")}
    for code, name in table.items():
        if code in divisions.provisional():
            continue
        add(name, code, How.OFFICIAL)
        above = divisions.ancestors(code)
        parent = above[0] if above else ""
        short = divisions.stem(name)
        if divisions.is_zone(code):
            for form in _zone_names(code, name):
                add(form, code, How.ZONE, parent)
        elif len(short) > 1:
            add(short, code, How.SHORT)
            if not code.endswith("0000"):
                for suffix in ("市", "县", "区", "地区") if code.endswith("00") else ("市", "县", "区", "旗"):
                    form = short + suffix
                    if form not in large and taken.get(form, frozenset()).isdisjoint(above):
                        add(form, code, How.VARIANT, parent)
    for unit in divisions.provisional().values():
        add(unit.name, unit.code, How.FORMER, unit.parent)
        for alias in unit.aliases:
            add(alias, unit.code, How.ZONE, unit.parent)
    for change in divisions.changes():
        below = How.ZONE if _ZONE.search(change.name) else How.FORMER
        add(change.name, change.code, below if change.within else How.OFFICIAL, change.within)
    for country in divisions.countries().values():
        for name in (country.zh, *country.aliases):
            add(name, country.code, How.SHORT)
    return {name: tuple(sorted(known.values(), key=_SUREST) if len(known) > 1 else known.values())
            for name, known in found.items()}


@cache
def automaton() -> ahocorasick.Automaton:
    machine = ahocorasick.Automaton()
    for name, meanings in entries().items():
        machine.add_word(name, (len(name), meanings))
    machine.make_automaton()
    return machine


def hits(text: str) -> list[Hit]:
    """Names of divisions in a text by their start, longest first; they may overlap."""
    found = [(end + 1 - length, end + 1, meanings) for end, (length, meanings) in automaton().iter(text)]
    found.sort(key=lambda hit: (hit[0], -hit[1]))
    return found
