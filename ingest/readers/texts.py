"""Claims and description of the base/business format, in document order."""

from collections.abc import Iterator

from ingest.readers.elements import Element, local_name, texts_of, whole_number
from ingest.readers.plain import plain
from ingest.record import Claim, Section

_SECTIONS = {
    "TechnicalField": "technical_field", "BackgroundArt": "background_art", "Disclosure": "disclosure",
    "InventionSummary": "disclosure", "DrawingsDescription": "drawings_description", "InventionMode": "mode",
    "EmbodimentsDescription": "mode", "BestMode": "mode", "IndustrialApplicability": "industrial_applicability",
    "ReferenceSignsList": "reference_signs", "CitationList": "citation_list",
}
_HEADINGS = {
    "技术领域": "technical_field", "所属技术领域": "technical_field", "背景技术": "background_art",
    "发明内容": "disclosure",
    "实用新型内容": "disclosure", "附图说明": "drawings_description", "附图的简要说明": "drawings_description",
    "具体实施方式": "mode", "实施方式": "mode", "工业实用性": "industrial_applicability",
}
"""Files of about 2019 have no sections: these headings stand there as ordinary paragraphs."""


def claims(element: Element | None) -> list[Claim]:
    if element is None:
        return []
    claims = []
    for place, child in enumerate((child for child in element if local_name(child) == "Claim"), 1):
        lines = [text for text in (plain(line) for line in child if local_name(line) == "ClaimText") if text]
        text = "\n".join(lines) or plain(child)
        if text:
            claims.append(Claim(number=whole_number(child.get("num") or "", 0) or place, text=text))
    if not claims:      # some files have paragraphs instead
        claims = [Claim(number=place, text=text) for place, text in enumerate(texts_of(element, "Paragraphs"), 1)]
    return claims


def description(element: Element | None) -> list[Section]:
    """Sections in document order; what stands before any section or heading has none. Headings stay in the text."""
    sections: list[Section] = []
    flat = True     # whether the last section came from a heading, which paragraphs then go on with
    for child in element if element is not None else ():
        name = local_name(child)
        if not name or name == "InventionTitle":
            continue
        if name in ("Paragraphs", "Heading"):
            text = plain(child)
            paragraphs, section = [text], flat_section(text, sections[-1]["section"] if sections and flat else None)
            flat = True
        else:
            paragraphs, section, flat = list(_paragraphs(child)), _SECTIONS.get(name), False
        paragraphs = [text for text in paragraphs if text]
        if sections and sections[-1]["section"] == section:
            sections[-1]["paragraphs"] += paragraphs
        elif paragraphs:
            sections.append(Section(section=section, paragraphs=paragraphs))
    return sections


def flat_section(text: str, current: str | None) -> str | None:
    """The section that a paragraph outside sections belongs to: the one it is the heading of, else the current one."""
    return _HEADINGS.get(text.strip(" \u3000[]【】：:"), current)


def _paragraphs(element: Element) -> Iterator[str]:
    """Paragraphs and headings at any depth of a section, and the text that stands directly in it."""
    direct = (element.text or "").strip()
    if direct:
        yield direct
    for child in element:
        if local_name(child) in ("Paragraphs", "Heading"):
            yield plain(child)
        elif local_name(child) not in ("", "Image"):
            yield from _paragraphs(child)
        tail = (child.tail or "").strip()
        if tail:
            yield tail


def chinese_text(elements: list[Element]) -> str:
    """Text of the element in Chinese, else of the first: several languages may stand beside each other."""
    chosen = next((element for element in elements if (element.get("lang") or "").lower() in ("zh", "cn")), None)
    if chosen is None:
        chosen = elements[0] if elements else None
    return plain(chosen) if chosen is not None else ""
