"""Claims and description of the ST.36 format: text stands in paragraphs or directly in a section, claims may nest."""

from collections.abc import Iterator

from ingest.readers.elements import Element, local_name, whole_number
from ingest.readers.plain import plain, raw, squeeze
from ingest.readers.texts import flat_section
from ingest.record import Claim, Section

_SECTIONS = {
    "technical-field": "technical_field",
    "background-art": "background_art",
    "disclosure": "disclosure",
    "description-of-drawings": "drawings_description",
    "best-mode": "mode",
    "mode-for-invention": "mode",
    "industrial-applicability": "industrial_applicability",
    "sequence-list-text": "sequence_list",
}
_BLOCKS = frozenset(("p", "heading", "tech-problem", "tech-solution", "advantageous-effects", "doc-page", *_SECTIONS))
"""Elements that end a paragraph; all others are part of a line."""


def claims(element: Element | None) -> list[Claim]:
    found = []
    for place, child in enumerate(
        (child for child in element if local_name(child) == "claim") if element is not None else (), 1
    ):
        text = "\n".join(line for line in _lines(child, frozenset(("claim-text",))) if line)
        if text:
            found.append(Claim(number=whole_number(child.get("num") or "", 0) or place, text=text))
    return found


def description(element: Element | None) -> list[Section]:
    """Sections in document order; headings stay in the text."""
    sections: list[Section] = []
    section: str | None
    flat = True
    for child in element if element is not None else ():
        name = local_name(child)
        if not name or name == "invention-title":
            continue
        if name in _SECTIONS:
            section, flat = _SECTIONS[name], False
            paragraphs = [text for text in _lines(child, _BLOCKS) if text]
        else:
            text = plain(child)
            paragraphs = [text] if text else []
            section = flat_section(text, sections[-1]["section"] if sections and flat else None)
            flat = True
        if sections and sections[-1]["section"] == section:
            sections[-1]["paragraphs"] += paragraphs
        elif paragraphs:
            sections.append(Section(section=section, paragraphs=paragraphs))
    return sections


def _lines(element: Element, blocks: frozenset[str]) -> Iterator[str]:
    """The text of an element, one line for each block in it and for what stands between them."""
    line = [element.text or ""]
    for child in element:
        if local_name(child) in blocks:
            yield squeeze("".join(line))
            line = []
            yield from _lines(child, blocks)
        else:
            line.append("\n" if local_name(child) == "br" else raw(child))
        line.append(child.tail or "")
    yield squeeze("".join(line))
