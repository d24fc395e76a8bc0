"""Finding elements by local name, whatever their prefix, and reading their text."""

from collections.abc import Callable, Collection, Iterator
from functools import cache

from lxml import etree

from ingest.readers.plain import local, plain

Element = etree._Element
Warn = Callable[[str], None]
"""Takes the code of an oddity that was met and mended."""

EMPTY = frozenset(("", "0", "00000", "0000000000", "00000000"))
"""Placeholders that mean "nothing" in numbers, codes, dates and parts of an address (never in running text)."""


def local_name(element: Element) -> str:
    return local(element.tag) if isinstance(element.tag, str) else ""


def child_of(element: Element, name: str) -> Element | None:
    return next(element.iterchildren(_in_any_space(name)), None)


def stated(element: Element | None, names: Collection[str]) -> dict[str, str]:
    """The first text of the children of each name, without placeholders that mean nothing (formats §1.4)."""
    found: dict[str, str] = {}
    if element is not None:
        for child in element:
            name = local_name(child)
            if name in names and (value := plain(child)) not in EMPTY:
                found.setdefault(name, value)
    return found


def descendants(element: Element, name: str) -> Iterator[Element]:
    """The element itself and its descendants that have a local name, in document order."""
    return element.iter(_in_any_space(name))


@cache
def _in_any_space(name: str) -> str:
    """What lxml takes for a local name in any namespace or none; it then makes no objects of other elements."""
    return "{*}" + name


def text_of(element: Element | None, name: str) -> str:
    """Text of a child; "" where it is missing or one of the placeholders that mean nothing (formats §1.4)."""
    child = child_of(element, name) if element is not None else None
    value = plain(child) if child is not None else ""
    return "" if value in EMPTY else value


def texts_of(element: Element, name: str) -> list[str]:
    return [text for text in (plain(child) for child in descendants(element, name)) if text]


def in_form(references: list[Element], form: str) -> Element | None:
    """The reference in one of its two forms; both are always there in real files, in either order."""
    return next((reference for reference in references if reference.get("dataFormat") == form), None)


def sequence(element: Element) -> int:
    return whole_number(element.get("sequence") or "", 1 << 30)


def whole_number(stated: str, otherwise: int) -> int:
    """A number as a source writes it; what is none, or has more than nine digits, is `otherwise`."""
    return int(stated) if stated.isdecimal() and len(stated) < 10 else otherwise


def listed(groups: list[Element], name: str) -> list[Element]:
    """Members of lists in the order of `sequence`; members without one keep their place at the end."""
    if not groups:      # as most lists of most documents
        return []
    found = [child for group in groups for child in group.iterchildren(_in_any_space(name))]
    return sorted(found, key=sequence) if len(found) > 1 else found
