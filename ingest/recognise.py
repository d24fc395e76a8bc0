"""Which reader a file is for: by its first 4 KiB, never by its name.

The root's local name, lines of TRS text, or JSON with a publication number decide; what is none of them is
refused by name or by its first bytes, never guessed.
"""

import codecs
import re

from ingest.readers import business, docdb, google, legal_status, ops, st36, trs
from ingest.readers.reading import Reader
from ingest.rejects import Rejected, Skipped

HEAD = 4096  # bytes that decide; after a longer prolog, and of the names in an object, as many as LONGEST_PROLOG
LONGEST_PROLOG = 65536

_READERS: dict[str, Reader] = {
    "PatentDocumentAndRelated": business.readings,
    "PatentVerdict": business.readings,  # some old files have this root around an ordinary publication
    "cn-patent-document": st36.readings,
    "PRS": legal_status.readings,
    "PRSRecord": legal_status.readings,
    "exchange-documents": docdb.readings,
    "exchange-document": docdb.readings,
    "world-patent-data": ops.readings,
}
_SKIPPED = {"cn-patent-verdict": "verdict", "PatentVerdictData": "verdict", "cn-application-body": "filing_body"}
_PARTS_OF_A_PUBLICATION = re.compile(
    rb"[<:](?:BibliographicData|DesignBibliographicData|Description|Claims|Abstract)[\s>]"
)

# Nearly every document of a delivery begins so; asked first, because it takes a third of the time.
_USUAL = re.compile(
    rb"(?:\xef\xbb\xbf)?<\?xml [^<>]*\?>\s*<!DOCTYPE [^<>\[]*\[\]>\s*<(?:\w+:)?PatentDocumentAndRelated\s"
)
_PROLOG = re.compile(rb"(?:\s+|<\?.*?\?>|<!--.*?-->|<!DOCTYPE[^>\[]*+(?:\[[^\]]*+\])?+[^>]*+>)*", re.S)
_ROOT = re.compile(rb"<(?:[^\s<>/:=!?]+:)?([^\s<>/:=!?]+)(?=[\s/>])")
_INDEX = re.compile(rb"<(?:[^\s<>/:]+:)?doclist[\s/>]", re.I)
_TRS = re.compile(rb"\s*(?:<REC>\s*[\r\n]|<[^<>=\r\n]{1,80}>=)", re.I)
_JSON = re.compile(rb"\s*[\[{]")
_FOREIGN_BYTES = (
    (b"%PDF", "PDF"),
    (b"PK\x03\x04", "zip"),
    (b"\x1f\x8b", "gzip"),
    (b"7z\xbc\xaf", "7z"),
    (b"Rar!", "RAR"),
    (b"BZh", "bzip2"),
    (b"\xfd7zXZ", "xz"),
    (b"\xd0\xcf\x11\xe0", "OLE"),
    (b"\xff\xd8\xff", "JPEG"),
    (b"\x89PNG", "PNG"),
    (b"GIF8", "GIF"),
    (b"II*\x00", "TIFF"),
    (b"MM\x00*", "TIFF"),
    (b"{\\rtf", "RTF"),
    (b"SQLite format 3", "SQLite"),
    (b"\x28\xb5\x2f\xfd", "zstd"),
)


def reader_for(data: bytes) -> Reader:
    """The reader of a file.

    Raises Rejected: `empty_file`, `xml_invalid` (XML without a root), `entity_declaration`, `unknown_format` with what
    was seen; Skipped for what is known not to be a publication: `verdict`, `filing_body`, `index`.
    """
    if _USUAL.match(data):
        return business.readings
    head = _ascii_compatible(data[:HEAD])
    name = _root(head)
    if name is None and len(data) > HEAD and head.lstrip().startswith(b"<"):
        name = _root(_ascii_compatible(data[:LONGEST_PROLOG]))
    reader = _READERS.get(name or "")
    if reader is not None:
        if name == "PatentVerdict" and not _PARTS_OF_A_PUBLICATION.search(_ascii_compatible(data)):
            raise Skipped("verdict")
        return reader
    if not head.strip(b"\0 \t\r\n"):
        raise Rejected("empty_file")
    if _TRS.match(head):
        return trs.readings
    if name in _SKIPPED:
        raise Skipped(_SKIPPED[name])
    if _INDEX.search(head):
        raise Skipped("index")
    if _JSON.match(head) and b'"publication_number"' in _ascii_compatible(data[:LONGEST_PROLOG]):
        return google.readings
    if name is None and b"<!ENTITY" in head:
        raise Rejected("entity_declaration")
    if name is None and head.lstrip().startswith(b"<"):
        raise Rejected("xml_invalid", "no root element")
    raise Rejected("unknown_format", f"<{name}>" if name else describe(data))


def _ascii_compatible(head: bytes) -> bytes:
    """Bytes such that markup is ASCII: without byte order mark, UTF-16 as UTF-8."""
    if head.startswith(b"\xef\xbb\xbf"):
        return head[3:]
    for bom, bare, encoding in ((b"\xff\xfe", b"<\0", "utf-16-le"), (b"\xfe\xff", b"\0<", "utf-16-be")):
        if head.startswith((bom, bare)):
            return head.removeprefix(bom).decode(encoding, "ignore").encode("utf-8", "ignore")
    return head


def _root(head: bytes) -> str | None:
    prolog = _PROLOG.match(head)
    found = _ROOT.match(head, prolog.end() if prolog else 0)
    if found is None or head.startswith(b"=", found.end() + 1):  # `<REC>=`: a field of TRS text
        return None
    return found[1].decode("utf-8", "replace")


def describe(data: bytes) -> str:
    """What the first bytes look like: `PDF: %PDF-1.4`, `gzip: 1f8b0800…`, or the first line of text."""
    kind = next((f"{name}: " for magic, name in _FOREIGN_BYTES if data.startswith(magic)), "")
    for encoding in ("utf-8", "gb18030"):
        try:
            text = codecs.getincrementaldecoder(encoding)().decode(data[:60])
        except UnicodeDecodeError:
            continue
        line = text.strip().splitlines()[0].replace("\t", " ").rstrip() if text.strip() else ""
        if line.isprintable() and line:
            return kind + line
    return kind + data[:8].hex()
