"""Class symbols as sources write them, and where the base/business format has them.

IPC 8 stands there in parts or as text, IPC 1 to 7 in two forms, Locarno as text.
"""

import re
import unicodedata
from collections.abc import Iterable, Iterator
from functools import lru_cache

from ingest.ipc.symbols import normalise
from ingest.readers.elements import EMPTY, Element, Warn, listed, local_name, sequence, text_of
from ingest.readers.plain import plain
from ingest.record import Symbol

_LOCARNO = re.compile(r"(?<!\d)([0-3]\d)[-‐‑–—/ .]?(\d\d)(?!\d)")


@lru_cache(maxsize=65536)
def _symbol(text: str) -> tuple[str, str | None] | None:
    return normalise(text)


def ipc_symbols(children: dict[str, list[Element]], warn: Warn) -> list[Symbol]:
    return symbols(_stated_symbols(children), warn)


def symbols(stated_symbols: Iterable[tuple[str, str | None]], warn: Warn) -> list[Symbol]:
    """Symbols as any source writes them, with their version where it stands beside them; each once."""
    found: dict[str, Symbol] = {}
    for stated, version in stated_symbols:
        symbol = _symbol(stated)
        if symbol is None:
            warn("ipc_invalid")
        else:
            found.setdefault(symbol[0], Symbol(symbol=symbol[0], version=version or symbol[1]))
    return list(found.values())


def _stated_symbols(children: dict[str, list[Element]]) -> Iterator[tuple[str, str | None]]:
    """Symbols as written, with version: IPC 8 from its parts (else its text), older editions from either form."""
    for element in listed(children.get("ClassificationIPCRDetails", []), "ClassificationIPCR"):
        parts = {local_name(child): child.text or "" for child in element}
        if parts.get("Section") and parts.get("MainGroup"):
            version = parts.get("IPCVersionDate", "")
            yield (
                "{Section}{MainClass}{Subclass}{MainGroup}/{Subgroup}".format_map(_Blank(parts)),
                f"{version[:4]}.{version[4:6]}" if len(version) == 8 else None,
            )
        elif parts.get("Text"):
            yield parts["Text"], None
    for group in children.get("ClassificationIPC", []):
        edition = text_of(group, "EditionStatement") or None
        stated = False
        for name in ("MainClassification", "FurtherClassification"):
            members = [child for child in group if local_name(child) == name]
            originals = [child for child in members if child.get("dataFormat") != "standard"]
            for element in sorted(originals or members, key=sequence):
                if text := plain(element):
                    stated = True
                    yield text, edition
        if not stated and (text := text_of(group, "Text")):
            yield text, edition


class _Blank(dict[str, str]):
    def __missing__(self, key: str) -> str:
        return ""


def locarno_classes(groups: list[Element]) -> list[str]:
    return locarno(
        plain(child)
        for group in groups
        for child in group
        if local_name(child) in ("MainClassification", "FurtherClassification", "Text")
    )


def locarno(stated: Iterable[str]) -> list[str]:
    """Locarno classes as `10-05`, each once. Met are `14-03(10)` with the edition, `03-01;13-02`, `LOC(13)Cl. 1005`.

    What holds no class stays as it is.
    """
    classes: list[str] = []
    for value in stated:
        if value not in EMPTY:
            found = _LOCARNO.findall(unicodedata.normalize("NFKC", value))
            classes += [f"{main}-{sub}" for main, sub in found] or [value]
    return list(dict.fromkeys(classes))
