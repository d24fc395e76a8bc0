"""Which reader a file is for, what is skipped, and what unknown files are called."""

import io
import zipfile
from pathlib import Path

import pytest

from ingest.recognise import reader_for
from ingest.rejects import Rejected, Skipped
from tests.ingest import made


def name_of(data: bytes) -> str:
    try:
        return reader_for(data).__module__.rpartition(".")[2]
    except (Rejected, Skipped) as reason:
        return " ".join(filter(None, (reason.code, getattr(reason, "detail", ""))))


BUSINESS = made.document()
XML = '<?xml version="1.0"?>\n'
LONG = "<!-- " + "x" * 9_000 + " -->"


@pytest.mark.parametrize(
    ("text", "name"),
    [
        (BUSINESS, "business"),
        ("\ufeff" + BUSINESS, "business"),
        (BUSINESS.replace("business:", "other:"), "business"),
        (BUSINESS.replace("business:", ""), "business"),
        (BUSINESS.replace("PatentDocumentAndRelated", "PatentVerdict"), "business"),
        (f"{XML}<business:PatentVerdict {made.SPACES}><business:Case/></business:PatentVerdict>", "verdict"),
        (f"{XML}{LONG}<cn-patent-document/>", "st36"),
        (f"{XML}<?a b?><!DOCTYPE cn-patent-document SYSTEM 'x'><cn-patent-document lang='ZH'/>", "st36"),
        ("<b:PRS/>", "legal_status"),
        ("<PRSRecord/>", "legal_status"),
        ("<exch:exchange-documents/>", "docdb"),
        ("<exchange-document/>", "docdb"),
        ("<ops:world-patent-data/>", "ops"),
        ("<cn-application-body lang='zh'/>", "filing_body"),
        ("<cn-patent-verdict/>", "verdict"),
        ("<content patcnt='3'>\n<doclist topic='x'/></content>", "index"),
        ("<x:Index><x:DocList/></x:Index>", "index"),
        ("<REC>\n<名称>=x", "trs"),
        ("\n <rec> \n<名称>=x", "trs"),
        ("<公开（公告）号>=CN1A", "trs"),
        ('{"publication_number":"CN-1-A"}', "google"),
        (' [{"kind_code":"A","publication_number":"CN-1-A"}]', "google"),
        ('{"abstract":"' + "x" * 9_000 + '","publication_number":"CN-1-A"}', "google"),
        ('{"name":"x"}', 'unknown_format {"name":"x"}'),
        ("<rss version='2.0'/>", "unknown_format <rss>"),
        ("<patent-document/>", "unknown_format <patent-document>"),
        ("申请号\t名称\n1\t2", "unknown_format 申请号 名称"),
        ("", "empty_file"),
        (" \r\n", "empty_file"),
        ("\ufeff", "empty_file"),
        ("<?xml version='1.0'?>", "xml_invalid no root element"),
        ("<PatentDoc", "xml_invalid no root element"),
    ],
)
def test_texts(text: str, name: str) -> None:
    assert name_of(text.encode()) == name
    if name in ("business", "st36", "docdb", "trs"):
        assert name_of(text.removeprefix("\ufeff").encode("utf-16")) == name
        assert name_of(text.removeprefix("\ufeff").encode("gb18030")) == name


def test_bytes_of_other_kinds_are_named() -> None:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        archive.writestr("x", "x")
    assert name_of(b"%PDF-1.4\n%\xe2\xe3") == "unknown_format PDF: %PDF-1.4"
    assert name_of(buffer.getvalue()).startswith("unknown_format zip: 504b0304")
    assert name_of(b"\x1f\x8b\x08\x00\xff\xff\xff\xff") == "unknown_format gzip: 1f8b0800ffffffff"
    assert name_of("专利数据说明，不是专利文献".encode("gb18030")) == "unknown_format 专利数据说明，不是专利文献"
    assert name_of(b"\x00\xff\x01\xfe\x02\xfd") == "unknown_format 00ff01fe02fd"


def test_real_files(shared: Path) -> None:
    expected = {
        "CN10": "business",
        "JP10": "business",
        "fixture_": "business",
        "application_body": "st36",
        "two_records": "trs",
        "ops_biblio": "ops",
        "ops_register": "ops",
        "abstract_fragments": "unknown_format <fragments>",
    }
    for path in sorted((shared / "samples/xml").glob("*/*.[xXt][MmRr][LlSs]")):
        name = next((value for start, value in expected.items() if path.name.startswith(start)), "business")
        assert name_of(path.read_bytes()) == name, path.name
