"""The scheme: where each symbol stands, what stands below it, what it is called.

The shipped table (`scheme.tsv.zst`) joins the CNIPA 2026.01 list with the dots of an edition of about 2023:
80,889 symbols, 1,404 newer ones directly under their main group. It is cut into one block a main group on
first use (about 30 ms, 6 MB) and a block is read when a symbol of it is asked for.

A subgroup never leaves its main group; a symbol that the table does not list stands directly under its main
group, a main group under its subclass, and so up, by the way it is written (interfaces §5).
"""

import hashlib
from functools import cache, lru_cache
from pathlib import Path
from typing import NamedTuple

import zstandard

from ingest.ipc import symbols

TABLE = Path(__file__).parent / "scheme.tsv.zst"
LARGEST = 1 << 26       # bytes; the table is 5.6 MB, more than ten times that is no table of ours


class Entry(NamedTuple):
    """A listed symbol: its parent's symbol and its titles (`None` where no source gives one)."""

    parent: str
    zh: str | None
    en: str | None


def normalise(text: str) -> str | None:
    """The normal form of any written form of a symbol, without its version; None when it is no symbol."""
    found = symbols.normalise(text)
    return found[0] if found else None


@cache
def edition() -> str:
    """What the index identity keeps of this scheme: the first digits of the table's hash."""
    return "ipc-2026.01-" + hashlib.sha256(TABLE.read_bytes()).hexdigest()[:12]


@cache
def _blocks() -> dict[str, bytes]:
    """{main group `H01M10`: its lines}; the block of sections, classes and subclasses under the key ''."""
    data = zstandard.ZstdDecompressor().decompress(TABLE.read_bytes(), max_output_size=LARGEST)
    head, *groups = data.split(b"\n\n")
    return {"": head} | {block[:block.index(b"\t")].decode(): block for block in groups}


@lru_cache(maxsize=2048)
def _block(group: str) -> dict[str, Entry]:
    """The listed symbols of one main group (or, for '', above the groups), in the order of the scheme."""
    block = _blocks().get(group)
    if block is None:
        return {}
    rows = [line.split("\t") for line in block.decode().splitlines()]
    if not group:
        return {code: Entry(_above(code), zh or None, en or None) for code, _, zh, en in rows}
    (_, listed, zh, en), *below = rows
    top = f"{group}/00"
    entries = {top: Entry(_above(top), zh or None, en or None)} if listed == "listed" else {}
    for subgroup, parent_subgroup, zh, en in below:
        entries[f"{group}/{subgroup}"] = Entry(f"{group}/{parent_subgroup or '00'}", zh or None, en or None)
    return entries


def _above(symbol: str) -> str:
    """The parent of a symbol by the way it is written; '' above a section."""
    group, slash, subgroup = symbol.partition("/")
    if slash:
        return f"{group}/00" if subgroup != "00" else group[:4]
    return symbol[:{4: 3, 3: 1}.get(len(symbol), 0)]


def _entry(symbol: str) -> Entry | None:
    group, slash, _ = symbol.partition("/")
    return _block(group if slash else "").get(symbol)


def listed(symbol: str) -> bool:
    """Whether the table lists the symbol."""
    return _entry(symbol) is not None


def parent(symbol: str) -> str | None:
    """The symbol one level up in the scheme; None above a section."""
    group, slash, subgroup = symbol.partition("/")
    if slash and subgroup != "00" and (block := _blocks().get(group)):
        # Looked for in the block as it is: labels ask for the parents of two symbols or three of a main group.
        line = f"\n{subgroup}\t".encode()
        if (at := block.find(line)) >= 0:
            start = at + len(line)
            above = block[start:block.index(b"\t", start)].decode()
            return f"{group}/{above or '00'}"
    return _above(symbol) or None


@lru_cache(maxsize=1 << 17)
def ancestor_keys(symbol: str) -> tuple[str, ...]:
    """The symbol and every ancestor, deepest first: the terms under which the symbol is indexed for `*`.

    >>> ancestor_keys("H01M10/44")
    ('H01M10/44', 'H01M10/42', 'H01M10/00', 'H01M', 'H01', 'H')
    """
    keys = [symbol]
    while (above := parent(keys[-1])) is not None:
        keys.append(above)
    return tuple(keys)


def ancestors(symbol: str) -> tuple[str, ...]:
    """Every ancestor, nearest first."""
    return ancestor_keys(symbol)[1:]


def children(symbol: str) -> tuple[str, ...]:
    """The listed symbols directly below, in the order of the scheme."""
    if "/" in symbol:
        block = _block(symbol.partition("/")[0])
        return tuple(code for code, entry in block.items() if entry.parent == symbol)
    if len(symbol) == 4:
        return tuple(f"{group}/00" for group in _groups().get(symbol, ()) if listed(f"{group}/00"))
    return tuple(code for code, entry in _block("").items() if entry.parent == symbol)


@cache
def _groups() -> dict[str, list[str]]:
    """{subclass: its main groups}."""
    groups: dict[str, list[str]] = {}
    for group in _blocks():
        groups.setdefault(group[:4], []).append(group)
    return groups


def depth(symbol: str) -> int:
    """Steps below the section: 0 a section, 1 class, 2 subclass, 3 main group, then one a dot."""
    return len(ancestor_keys(symbol)) - 1


@lru_cache(maxsize=1 << 17)
def order_key(symbol: str) -> str:
    """A string that sorts symbols in the order of the scheme (subgroups are read as decimals).

    >>> order_key("H01M10/42")
    'H01M0010/42'
    """
    group, slash, subgroup = symbol.partition("/")
    return group[:4] + group[4:].zfill(4) + slash + subgroup if len(group) > 4 else group


def titles(symbol: str) -> tuple[str | None, str | None]:
    """The Chinese and the English title; None where no source gives one."""
    entry = _entry(symbol)
    return (entry.zh, entry.en) if entry else (None, None)


def path(symbol: str) -> list[tuple[str, str | None, str | None]]:
    """From the section down to the symbol: (symbol, Chinese title, English title)."""
    return [(key, *titles(key)) for key in reversed(ancestor_keys(symbol))]
