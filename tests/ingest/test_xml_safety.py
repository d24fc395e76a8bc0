"""Hostile XML against every reader of XML: nothing is fetched, nothing expands, nothing is taken in without end."""

from collections import Counter
from collections.abc import Callable
from pathlib import Path

import pytest

from ingest.readers import docdb, legal_status, st36
from ingest.readers.plain import squeeze
from ingest.readers.reading import Reader, Reading
from ingest.readers.xml import MAX_DOCUMENT_BYTES, parse, records
from ingest.recognise import reader_for
from ingest.rejects import Rejected
from tests.ingest import made
from tests.ingest.made_events import record, status

Build = Callable[[str, str], str]
"""A file of a format with a DOCTYPE and a title or name."""


def business(doctype: str, title: str) -> str:
    return made.document(doctype=doctype, title=title)


def st36_file(doctype: str, title: str) -> str:
    return (
        f'<?xml version="1.0"?>\n{doctype}\n<cn-patent-document lang="ZH" country="CN" doc-number="1999001" kind="A">'
        "<cn-bibliographic-data>"
        f"<invention-title>{title}</invention-title></cn-bibliographic-data></cn-patent-document>"
    )


def status_file(doctype: str, title: str) -> str:
    head, _, rest = status(record(name=title)).partition("\n")
    return f"{head}\n{doctype}\n{rest}"


def docdb_file(doctype: str, title: str) -> str:
    return (
        f'<?xml version="1.0"?>\n{doctype}\n<exchange-documents>'
        '<exchange-document country="CN" doc-number="114199001" kind="A">'
        f"<bibliographic-data><invention-title>{title}</invention-title></bibliographic-data></exchange-document></exchange-documents>"
    )


FORMATS: list[tuple[Build, str]] = [
    (business, "business:PatentDocumentAndRelated"),
    (st36_file, "cn-patent-document"),
    (status_file, "business:PRS"),
    (docdb_file, "exchange-documents"),
]
formats = pytest.mark.parametrize(("build", "root"), FORMATS, ids=[build.__name__ for build, _ in FORMATS])


def outcome(data: bytes) -> str:
    """The refusal of a file that must give nothing else."""
    try:
        found: list[Reading] = list(reader_for(data)(data, lambda _: None))
    except Rejected as reason:
        return reason.code
    codes = {reading.content.code for reading in found if isinstance(reading.content, Rejected)}
    assert len(found) == len(codes) == 1, found
    return codes.pop()


def test_every_reader_of_xml_is_tried() -> None:
    tried: set[Reader] = {reader_for(build("", "x").encode()) for build, _ in FORMATS}
    assert {legal_status.readings, docdb.readings, st36.readings} < tried and len(tried) == 4


@formats
def test_an_ordinary_file_is_read(build: Build, root: str) -> None:
    data = build(f'<!DOCTYPE {root} SYSTEM "/no/such/path.dtd"[]>', "示例").encode()
    found = list(reader_for(data)(data, lambda _: None))
    assert not isinstance(found[0].content, Rejected)


@formats
@pytest.mark.parametrize(
    "subset",
    [
        '<!ENTITY x SYSTEM "file:///etc/hostname">',
        '<!ENTITY x SYSTEM "http://127.0.0.1:9/">',
        '<!ENTITY % x SYSTEM "http://127.0.0.1:9/x.dtd"> %x;',
        "".join(f'<!ENTITY x{i} "{f"&x{i - 1};" * 10}">' for i in range(1, 12))
        + '<!ENTITY x0 "ha"><!ENTITY x "&x11;">',
        '<!ENTITY x "]">',
        '<!ATTLIST a b CDATA "default">',
    ],
)
def test_declarations_are_refused(build: Build, root: str, subset: str) -> None:
    text = build(f"<!DOCTYPE {root} [{subset}]>", "甲&x;乙")
    assert outcome(text.encode()) == "entity_declaration"
    assert outcome(text.replace('encoding="utf-8"', 'encoding="utf-16"').encode("utf-16")) == "entity_declaration"


@formats
def test_a_declaration_behind_a_long_comment_is_refused(build: Build, root: str) -> None:
    for length in (5_000, 70_000):
        text = build(f'<!-- {"x" * length} --><!DOCTYPE {root} [<!ENTITY x "{"ha" * 100}">]>', "甲&x;乙")
        assert outcome(text.encode()) in ("entity_declaration", "xml_invalid")


@formats
def test_an_external_entity_of_the_missing_dtd_is_never_fetched(build: Build, root: str, tmp_path: Path) -> None:
    secret = tmp_path / "secret.dtd"
    secret.write_text('<!ENTITY x "secret">')
    data = build(f'<!DOCTYPE {root} SYSTEM "{secret.as_uri()}">', "甲&x;乙").encode()
    assert "secret" not in str(next(reader_for(data)(data, lambda _: None)).content)


@formats
@pytest.mark.parametrize(
    "title",
    [
        pytest.param("<a>" * 300 + "</a>" * 300, id="deep nesting"),
        pytest.param("<a>" * 100_000, id="deep and never closed"),
        pytest.param(f'<a b="{"x" * 10_500_000}"/>', id="huge attribute"),
        pytest.param("x" * 10_500_000, id="huge text"),
        pytest.param(f"<{'a' * 60_000}/>", id="huge name"),
    ],
)
def test_limits(build: Build, root: str, title: str) -> None:
    assert outcome(build("", title).encode()) == "xml_invalid"


@formats
def test_a_document_that_would_need_too_much_memory_is_refused(build: Build, root: str) -> None:
    assert outcome(build("", "<a/>" * (MAX_DOCUMENT_BYTES // 4)).encode()) == "document_too_large"


def test_many_attributes_are_read_in_one_go() -> None:
    attributes = " ".join(f"a{i}=''" for i in range(50_000))
    data = f"<a {attributes}/>".encode()
    assert len(parse(data, lambda _: None).attrib) == 50_000


@pytest.mark.parametrize(
    "text", [" " * 300_000, "\n" * 300_000, "\u3000" * 300_000, "字" + " \n" * 150_000, "a\n" * 150_000]
)
def test_white_space_without_end_is_squeezed_in_one_pass(text: str) -> None:
    """A pattern that looks back over the run for each of its blanks would take minutes."""
    assert squeeze(f"甲{text}\n乙")[0] == "甲"


def test_records_in_comments_are_not_read_and_lines_are_kept() -> None:
    text = "<PRS>\n<!-- <PRSRecord>\n</PRSRecord> -->\n<PRSRecord a='1'/>\n<PRSRecord><PRSRecord>\n</PRSRecord></PRS>"
    pieces = list(records(text.encode(), "PRSRecord", lambda _: None))
    assert [piece.line for piece in pieces] == [4, 5, 5]
    assert [isinstance(piece.content, Rejected) for piece in pieces] == [False, True, False], (
        "nested: the outer one is refused"
    )


def test_records_are_mended_one_by_one() -> None:
    warnings: Counter[str] = Counter()

    def warn(code: str) -> None:
        warnings[code] += 1

    text = status(record(name="专利权\x0b的终止"), record(name="甲&CenterDot;乙"), record(name="丙"))
    pieces = list(records(text.encode("gb18030"), "PRSRecord", warn))
    assert ["".join(piece.content.itertext())[-3:] for piece in pieces if not isinstance(piece.content, Rejected)] == [
        "的终止",
        "甲·乙",
        "01丙",
    ]
    assert warnings == {"encoding_wrong": 1, "control_characters": 1, "undefined_entity": 1}
