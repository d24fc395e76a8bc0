"""Elements with mixed content → plain text: inline markup as its characters, formulas as text, images left out."""

import html
import re
from functools import lru_cache

from lxml import etree

# White space with a line break comes from indentation. It vanishes between Chinese characters and their
# punctuation and is one blank elsewhere (interfaces §3).
_CJK = (r"\u2e80-\u303f\u31c0-\u4dbf\u4e00-\u9fff\uf900-\ufaff\ufe30-\ufe4f\uff00-\uff65\u2018-\u201d\u2026\u2014"
        r"\U00020000-\U0003ffff")
# (?<![^\S\n]): a match begins where white space does; else a long run of blanks is scanned once for each of them.
_BREAK_IN_CJK = re.compile(rf"(?<=[{_CJK}])(?<![^\S\n])[^\S\n]*\n\s*(?=[{_CJK}])")
_BREAK = re.compile(r"(?<![^\S\n])[^\S\n]*\n\s*")
_TAG = re.compile(r"<[^<>]*>")
HAN = re.compile("[\u3400-\u9fff]")
"""A Chinese character: names and titles without one are in another language."""
_NO_TEXT = frozenset(("Image", "AbstractFigure", "Figure"))


@lru_cache(maxsize=4096)
def local(tag: str) -> str:
    """Local name of a tag; there are a few hundred different ones."""
    return tag.rpartition("}")[2] if tag[:1] == "{" else tag.rpartition(":")[2]


def squeeze(text: str) -> str:
    """Text without the white space of indentation at its ends and around its line breaks."""
    text = text.strip()
    return _BREAK.sub(" ", _BREAK_IN_CJK.sub("", text)) if "\n" in text else text


def plain(element: "etree._Element") -> str:
    """The text of an element, inline markup included."""
    if len(element) == 0:
        text = element.text or ""
        return squeeze(text) if "\n" in text else text.strip()     # the usual case, without another call
    return squeeze(raw(element))


def raw(element: "etree._Element") -> str:
    """The text of an element with its white space as it stands."""
    parts: list[str] = []
    _collect(element, parts)
    return "".join(parts)


def _collect(element: "etree._Element", parts: list[str]) -> None:
    if element.text:
        parts.append(element.text)
    for child in element:
        # An entity that nobody declared is a node of its own, with a function for a tag.
        name = local(child.tag) if isinstance(child.tag, str) else ""
        if name == "MathText":
            # MathML source inside CDATA, with entities of its own.
            parts.append(html.unescape(html.unescape(_TAG.sub("", child.text or ""))))
        elif name == "br":          # a hard break in mid sentence (ST.36) is no more than indentation
            parts.append("\n")
        elif name and name not in _NO_TEXT:
            _collect(child, parts)
        if child.tail:
            parts.append(child.tail)
