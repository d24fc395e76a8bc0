"""INDEX files: which publications a batch says that it holds (formats §5.3).

Their shapes vary and they are large, so they are not parsed but searched: for file names of 52 characters, and for
numbers by the names of attributes and elements in any case. A document split into several files is listed several
times and counts once. (As trees they took a third of the time that reading the documents themselves takes.)
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import pairwise

from pyroaring import BitMap64

from ingest import keys

_FILE = re.compile(rb"CN\d{15}CN([0-9A-Z]{13})([0-9A-Z]{2})[A-Z]{5}\d{8}[A-Z]{2}\d\d[0-9A-Z#]\.(?:XML|xml)")
_NAME = re.compile(r"CN\d{15}CN([0-9A-Z]{13})([0-9A-Z]{2})[A-Z]{5}\d{8}[A-Z]{2}\d\d[0-9A-Z#]\.XML", re.I)
_DOCUMENT = re.compile(rb"<(?:[\w.-]+:)?doclist[\s>/]", re.I)
_OTHER = re.compile(rb"<[\w.:-]+\s[^<>]*?\b(?:publicationnum(?:ber)?|pno)\s*=", re.I)
_ATTRIBUTE = re.compile(
    rb"""\b(publicationnum(?:ber)?|pno|pns|docnumber|kind|country)\s*=\s*(?:"([^"<>]*)"|'([^'<>]*)')""", re.I)
_REFERENCE = re.compile(
    rb"<(?:[\w.-]+:)?publicationreference\b.{0,4000}?</(?:[\w.-]+:)?publicationreference", re.I | re.S)
_ELEMENT = re.compile(rb"<(?:[\w.-]+:)?(docnumber|kind|wipost3code)\b[^<>]*>([^<>]*)<", re.I)
_WRITTEN = re.compile(r"(?:CN)?0*([1-9]\d{5,11})\.?([A-Z]\d?)?", re.I)
_KIND = re.compile(r"[A-Z]\d?")


@dataclass(slots=True)
class Listing:
    """What an index file lists: keys of publications with their kind, and of those it gives without one."""

    publications: BitMap64 = field(default_factory=BitMap64)
    digits: BitMap64 = field(default_factory=BitMap64)


def publication_of_path(path: str) -> int | None:
    """Key of the publication that the name of a file of a bulk delivery states (formats §1.7), the last in a path."""
    found = _NAME.findall(path)
    return _key(*found[-1]) if found else None


def read_list(data: bytes, name: str) -> Listing:
    """What an index file lists; one that is cut off gives what comes before."""
    if data[:2] in (b"\xff\xfe", b"\xfe\xff"):
        data = data.decode("utf-16", "replace").encode()
    found = Listing()
    paths = _FILE.findall(data)
    if not name.lower().endswith(".xml") or 0 < len(_DOCUMENT.findall(data)) <= len(paths):
        found.publications.update(filter(None, (_key(*map(bytes.decode, path)) for path in paths)))
        return found
    for number, kind in filter(None, map(_of_document, _documents(data))):
        if _KIND.fullmatch(kind):
            found.publications.add(keys.kind_part(kind) | int(number))
        else:
            found.digits.add(int(number))
    return found


def _key(number: str, kind: str) -> int | None:
    """Key of a publication as a file name writes it: 0000101945314, 0B."""
    kind = kind.upper().lstrip("0")
    return keys.kind_part(kind) | int(number) if number.isdecimal() and _KIND.fullmatch(kind) else None


def _documents(data: bytes) -> Iterator[bytes]:
    """The text of each listed document: from one DocList to the next, else the tags that name a publication."""
    starts = [found.start() for found in _DOCUMENT.finditer(data)] or [found.start() for found in _OTHER.finditer(data)]
    for start, stop in pairwise([*starts, len(data)]):
        yield data[start:stop]


def _of_document(text: bytes) -> tuple[str, str] | None:
    """Number and kind ("" where there is none) of one listed document; None for other offices' documents."""
    values: dict[str, str] = {}
    reference = _REFERENCE.search(text)
    for name, value in _ELEMENT.findall(reference[0]) if reference else ():
        values.setdefault(name.decode().lower(), value.decode("ascii", "replace").strip())
    for name, double, single in _ATTRIBUTE.findall(text):
        values.setdefault(name.decode().lower(), (double or single).decode("ascii", "replace").strip())
    if (values.get("country") or values.get("wipost3code") or "CN").upper() != "CN":
        return None
    names = ("publicationnum", "publicationnumber", "pno", "pns", "docnumber")
    written = next(filter(None, (_WRITTEN.fullmatch(values.get(name, "")) for name in names)), None)
    if written is None:
        return None
    return written[1], (written[2] or values.get("kind", "")).upper()
