"""Untrusted bytes → an element tree, without DTDs, entities or network, and with the defects of real files mended.

The fast way is libxml2 on the bytes as they are; only when that fails are they decoded and mended here
(encoding, control characters, undefined entities), and every mending is a warning. A file of many records is
cut into them first, and each is parsed alone: one that is broken costs nothing but itself, and memory holds one.
"""

import codecs
import html
import re
import sys
from collections.abc import Callable, Iterator
from html.entities import html5
from typing import NamedTuple

from lxml import etree

from ingest.readers.plain import local
from ingest.rejects import Rejected

# Possessive, and no pattern begins where another try did: a hostile file must not cost the square of its length.
_DOCTYPE = re.compile(r"<!DOCTYPE\s[^\[>]*+(\[[^\]]*+\])?+[^>]*+>")
_DOCTYPE_ANY = re.compile(_DOCTYPE.pattern.encode())
_DOCTYPE_BYTES = re.compile(rb"<!DOCTYPE\s[^\[>]*+(\[\s*+\])?+\s*+>")
_DECLARATION = re.compile(r"^\s*<\?xml[^>]*\?>")
_ENCODING = re.compile(rb"""^\s*<\?xml[^>]*?encoding\s*=\s*["']([A-Za-z0-9._-]+)["']""")
_CDATA_OR_REFERENCE = re.compile(
    r"<!\[CDATA\[.*?(?:\]\]>|\Z)|&(?:#(?:x([0-9A-Fa-f]{1,8})|([0-9]{1,8}))|([^\W\d][\w.:-]*));", re.S)
_PREDEFINED = frozenset(("lt", "gt", "amp", "quot", "apos"))
_NOT_XML = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")
MAX_DOCUMENT_BYTES = 32 << 20
"""Of one XML document or record: a tree takes some thirty times its file, and real documents stay below 5 MB."""

_COMMENT = re.compile(rb"<!--.*?-->", re.S)
_ENOUGH_TO_TELL = 64    # bytes that must fit an encoding before the first that do not
_AT_ONCE = 1 << 20  # bytes that are decoded together
_PREFIX_UNDECLARED = etree.ErrorTypes.NS_ERR_UNDEFINED_NAMESPACE
_NAMESPACE = re.compile(r"""\sxmlns(:[^\s=<>"']+)?\s*=\s*("[^"<]*"|'[^'<]*')""")
# What a file begins with, its encoding, and where its text begins: a byte order mark, or UTF-16 without one.
_BEGINNINGS = ((b"\xef\xbb\xbf", "utf-8", 3), (b"\xff\xfe", "utf-16-le", 2), (b"\xfe\xff", "utf-16-be", 2),
               (b"<\0", "utf-16-le", 0), (b"\0<", "utf-16-be", 0))


class Piece(NamedTuple):
    """A record cut out of a file: its element, or why it has none; `line` is where it begins in the file."""

    content: "etree._Element | Rejected"
    text: str
    line: int


def parse(data: bytes, warn: Callable[[str], None]) -> "etree._Element":
    """The root element of a file.

    `warn` is called with a code for each mending: encoding_wrong, control_characters, undefined_entity,
    prefix_undeclared.
    Raises Rejected: `empty_file`, `document_too_large`, `entity_declaration` (an internal subset that declares
    anything), `xml_invalid` with the line.
    """
    if not data.strip():
        raise Rejected("empty_file")
    if len(data) > MAX_DOCUMENT_BYTES:
        raise Rejected("document_too_large", str(len(data)))
    head = data[:4096]
    doctype = _DOCTYPE_BYTES.search(head)
    if b"<!DOCTYPE" not in head or doctype:
        # The external subset lies on CNIPA's own disks; without the DOCTYPE nobody looks for it.
        try:
            root = etree.fromstring(data[: doctype.start()] + data[doctype.end() :] if doctype else data, _parser())
            if root.getroottree().docinfo.internalDTD is None:
                return root
        except (etree.XMLSyntaxError, ValueError):
            pass  # mended below, or refused there with the line in the file as it stands
    return _parse_text(_without_doctype(decode(data, warn)), warn)


def records(data: bytes, name: str, warn: Callable[[str], None]) -> Iterator[Piece]:
    """Every element of a local name, each parsed alone within the namespaces of the file; they may not be nested.

    What stands around them is not looked at, so a file that is cut off gives the records before. `warn` as for
    `parse`. Raises Rejected: `empty_file`, `encoding_unknown`, `entity_declaration`.
    """
    if not data.strip():
        raise Rejected("empty_file")
    encoding, start = encoding_of(data, warn, partly=True)
    if not _splits_at_ascii(encoding):
        data, encoding, start = data[start:].decode(encoding).encode(), "utf-8", 0
    if b"<!--" in data:  # else a record that is commented out would be taken
        end = data.rfind(b"-->") + 3    # what is opened behind it is closed nowhere
        data = _COMMENT.sub(lambda comment: b"\n" * comment[0].count(b"\n"), data[:end]) + data[end:]
    doctype = _DOCTYPE_ANY.search(data, start, 65536)
    if doctype and doctype[1] and doctype[1].strip(b"[] \t\r\n"):
        raise Rejected("entity_declaration", line=data.count(b"\n", 0, doctype.start()) + 1)
    opening = re.compile(rb"<((?:[^\s<>/:]+:)?%b)(?=[\s/>])" % name.encode())
    found = opening.search(data, doctype.end() if doctype else start)
    before = data[:found.start()].decode(encoding, "replace") if found else ""
    spaces = "".join({space[1]: space[0] for space in _NAMESPACE.finditer(before)}.values())
    line, counted = 1, 0
    while found:
        start = found.start()
        line += data.count(b"\n", counted, start)
        counted = start
        following = opening.search(data, found.end())
        limit = following.start() if following else len(data)
        closing = re.compile(rb"</%b\s*>" % re.escape(found[1])).search(data, start, limit)
        tag_end = data.find(b">", start, limit)
        if closing:
            limit = closing.end()
        elif data[tag_end - 1 : tag_end] == b"/":  # empty
            limit = tag_end + 1
        try:
            piece = data[start:limit].decode(encoding)
        except UnicodeDecodeError as error:
            damage = Rejected("encoding_unknown", f"{encoding}: {error.reason}", line)
            yield Piece(damage, data[start:limit].decode(encoding, "replace"), line)
        else:
            yield Piece(_parse_piece(f"<r{spaces}>{piece}</r>", line, warn), piece, line)
        found = following


def _parse_piece(text: str, line: int, warn: Callable[[str], None]) -> "etree._Element | Rejected":
    if len(text) > MAX_DOCUMENT_BYTES:
        return Rejected("document_too_large", str(len(text)), line)
    try:
        return _parse_text(text, warn)[0]
    except Rejected as reason:
        return Rejected(reason.code, reason.detail, line + (reason.line or 1) - 1)


def _parse_text(text: str, warn: Callable[[str], None]) -> "etree._Element":
    """The root of a text without DOCTYPE, mended where it must be."""
    mended = _NOT_XML.sub("", text)
    if mended != text:
        warn("control_characters")
    declaration = _DECLARATION.match(mended)
    if declaration:  # what it says of the encoding no longer holds
        mended = "\n" * declaration[0].count("\n") + mended[declaration.end() :]
    data = (_resolve(mended, warn) if "&" in mended else mended).encode()
    try:
        root = etree.fromstring(data, _parser())
    except (etree.XMLSyntaxError, ValueError) as error:
        if getattr(error, "code", None) != _PREFIX_UNDECLARED:
            raise Rejected("xml_invalid", str(error), line=getattr(error, "lineno", None)) from error
        root = _without_prefixes(data)
        warn("prefix_undeclared")
    if root.getroottree().docinfo.internalDTD is not None:
        raise Rejected("entity_declaration", "DOCTYPE")
    return root


def _without_prefixes(data: bytes) -> "etree._Element":
    """The root of a document whose only fault is that prefixes are not declared; they are left off."""
    parser = _parser(recover=True)
    root = etree.fromstring(data, parser)
    for error in parser.error_log:
        if error.type != _PREFIX_UNDECLARED:
            raise Rejected("xml_invalid", error.message, line=error.line)
    for element in root.iter(etree.Element):
        element.tag = local(element.tag)
    return root


def _without_doctype(text: str) -> str:
    found = _DOCTYPE.search(text[:65536])
    if not found:
        return text
    if found[1] and found[1].strip("[] \t\r\n"):
        raise Rejected("entity_declaration", line=text.count("\n", 0, found.start()) + 1)
    return text[: found.start()] + "\n" * found[0].count("\n") + text[found.end() :]


def decode(data: bytes, warn: Callable[[str], None]) -> str:
    """Text of a file: byte order mark, else the declared encoding if the bytes fit it, else UTF-8, else GB18030."""
    encoding, start = encoding_of(data, warn)
    return data[start:].decode(encoding).removeprefix("\ufeff")


def lines(data: bytes, warn: Callable[[str], None]) -> Iterator[str]:
    """The lines of a file, decoded piece by piece, so that a large one is not held twice; `\\r` stays.

    Bytes that do not fit the encoding are halves of surrogate pairs (`surrogateescape`).
    """
    encoding, start = encoding_of(data, warn, partly=True)
    if not _splits_at_ascii(encoding):
        yield from data[start:].decode(encoding).removeprefix("\ufeff").split("\n")
        return
    mark = "\ufeff"
    while start <= len(data):
        end = data.find(b"\n", start + _AT_ONCE)
        end = len(data) if end < 0 else end
        yield from data[start:end].decode(encoding, "surrogateescape").removeprefix(mark).split("\n")
        start, mark = end + 1, ""


def encoding_of(data: bytes, warn: Callable[[str], None], *, partly: bool = False) -> tuple[str, int]:
    """The encoding of a file and where its text begins. Raises Rejected: `xml_invalid`, `encoding_unknown`.

    `partly`: of a file of many records, some of which may be damaged, the one that fits the longest beginning.
    """
    longest = (_ENOUGH_TO_TELL, "")
    for beginning, encoding, start in _BEGINNINGS:
        if data.startswith(beginning):
            try:
                _try(data, encoding, start)
            except UnicodeDecodeError:
                break
            return encoding, start
    declared = _ENCODING.match(data[:200])
    name = declared[1].decode().lower() if declared else ""
    for encoding in (name, "utf-8", "gb18030") if name else ("utf-8", "gb18030"):
        try:
            _try(data, encoding, 0)
        except UnicodeDecodeError as error:
            if not partly and encoding == "utf-8" and error.reason == "unexpected end of data":
                raise Rejected("xml_invalid", "the file ends inside a character") from error
            if partly and _splits_at_ascii(encoding):
                longest = max(longest, (error.start, encoding))
            continue
        except LookupError:
            continue
        break
    else:
        encoding = longest[1]
    if not encoding:
        raise Rejected("encoding_unknown")
    if encoding != (name or "utf-8"):
        warn("encoding_wrong")
    return encoding, 0


def _try(data: bytes, encoding: str, start: int) -> None:
    """Raises UnicodeDecodeError, with `start` as in the data, where the bytes do not fit an encoding, LookupError where
    there is none such."""
    if not _splits_at_ascii(encoding):
        data[start:].decode(encoding)
        return
    decoder = codecs.getincrementaldecoder(encoding)()
    for at in range(start, len(data), _AT_ONCE):
        try:
            decoder.decode(data[at : at + _AT_ONCE], at + _AT_ONCE >= len(data))
        except UnicodeDecodeError as error:
            error.start += at
            raise


def _splits_at_ascii(encoding: str) -> bool:
    """Whether line feeds and `<` are these bytes and no part of other characters, so that text can be cut there."""
    return encoding in ("utf-8", "gb18030", "gbk", "gb2312", "us-ascii", "ascii")


def _parser(recover: bool = False) -> "etree.XMLParser":
    # huge_tree stays off: libxml2 then refuses nesting over 256 and single texts over 10 MB.
    return etree.XMLParser(
        resolve_entities=False,
        no_network=True,
        load_dtd=False,
        huge_tree=False,
        recover=recover,
        remove_comments=True,
        remove_pis=True,
        collect_ids=False,
    )


def _resolve(text: str, warn: Callable[[str], None]) -> str:
    """Named character entities that the missing DTD would have declared become characters, unknown ones vanish; so
    do references to characters that XML does not allow."""

    def character(found: re.Match[str]) -> str:
        hexadecimal, decimal, name = found.groups()
        if name in _PREDEFINED or found[0][0] == "<":   # inside CDATA an ampersand is itself
            return found[0]
        if name:
            warn("undefined_entity")
            return html.escape(html5.get(name + ";", ""), quote=False)
        code = int(hexadecimal, 16) if hexadecimal else int(decimal)
        if code <= sys.maxunicode and not _NOT_XML.match(chr(code)):
            return found[0]
        warn("control_characters")
        return ""

    return _CDATA_OR_REFERENCE.sub(character, text)
