"""INDEX files: which publications a batch says that it holds (formats §5.3).

Their shapes vary, so they are read by the names of attributes and elements, in any case and at any depth; a path with
a file name of 52 characters counts too. A document split into several files is listed several times and counts once.
"""

import contextlib
import io
import re
from collections.abc import Iterator
from dataclasses import dataclass, field

from lxml import etree
from pyroaring import BitMap64

from ingest import keys
from ingest.readers.plain import local

_FILE = re.compile(r"CN\d{15}CN([0-9A-Z]{13})([0-9A-Z]{2})[A-Z]{3}[A-Z]{2}\d{8}", re.I)
_WRITTEN = re.compile(r"(?:CN)?0*([1-9]\d{5,11})\.?([A-Z]\d?)?", re.I)
_NUMBER_NAMES = ("publicationnum", "publicationnumber", "pno", "pns", "docnumber")
_KIND_NAMES = ("kind", "publicationkind", "kindcode")


@dataclass(slots=True)
class Listing:
    """What index files list: publications with their kind, and those of which they give only the digits."""

    publications: BitMap64 = field(default_factory=BitMap64)
    digits: BitMap64 = field(default_factory=BitMap64)

    def add(self, number: str, kind: str) -> None:
        if kind:
            self.publications.add(keys.key(f"CN{number}{kind}".upper()))
        else:
            self.digits.add(int(number))


def publication_of_path(path: str) -> tuple[str, str] | None:
    """Number and kind that the name of a file of a bulk delivery states (formats §1.7), the last name in a path."""
    found = _FILE.findall(path)
    if not found:
        return None
    number, kind = (part.lstrip("0") for part in found[-1])
    return (number, kind) if number.isdecimal() and kind[:1].isalpha() else None


def read_list(data: bytes, name: str) -> Listing:
    """What an index file lists; an XML that is cut off gives what comes before."""
    found = Listing()
    if name.lower().endswith(".xml"):
        with contextlib.suppress(etree.XMLSyntaxError):     # what came before the damage counts
            for number, kind in _of_xml(data):
                found.add(number, kind)
        return found
    text = data.decode("utf-16" if data[:2] in (b"\xff\xfe", b"\xfe\xff") else "latin-1", "replace")
    for line in text.splitlines():      # names of files are ASCII, whatever the folders are written in
        told = publication_of_path(line)
        if told:
            found.add(*told)
    return found


def _of_xml(data: bytes) -> Iterator[tuple[str, str]]:
    events = etree.iterparse(io.BytesIO(data), events=("end",), recover=True, resolve_entities=False, no_network=True,
                             load_dtd=False, huge_tree=False)
    for _, element in events:
        if not isinstance(element.tag, str):
            continue
        name = local(element.tag).lower()
        if name == "doclist" or any(attribute.lower() in _NUMBER_NAMES[:3] for attribute in element.attrib):
            told = _of_document(element)
            if told:
                yield told
            element.clear()
            # Documents that were read hang on as empty elements; without this a large index fills the memory.
            while element.getprevious() is not None:
                del element.getparent()[0]


def _of_document(element: "etree._Element") -> tuple[str, str] | None:
    """Number and kind of one listed document."""
    values: dict[str, str] = {}
    path = None
    reference = next((child for child in element.iter() if isinstance(child.tag, str)
                      and local(child.tag).lower() == "publicationreference"), element)
    for scope in dict.fromkeys((reference, element)):
        for child in scope.iter():
            if not isinstance(child.tag, str):
                continue
            for attribute, value in child.attrib.items():
                values.setdefault(local(str(attribute)).lower(), str(value))
            if child.text and child.text.strip():
                values.setdefault(local(child.tag).lower(), child.text.strip())
    if values.get("country", values.get("wipost3code", "CN")).upper() not in ("CN", ""):
        return None
    for value in values.values():
        path = publication_of_path(value) or path
    numbers = (_WRITTEN.fullmatch(values.get(name, "").strip()) for name in _NUMBER_NAMES)
    written = next(filter(None, numbers), None)
    if written is None:
        return path
    kind = written[2] or next((values[name].strip() for name in _KIND_NAMES if values.get(name)), "")
    if not kind and path and path[0] == written[1]:
        kind = path[1]
    return written[1], kind
