"""Readers on the real files that are public, few as they are (beside those of the office's own format)."""

from pathlib import Path

import pytest

from ingest.readers import docdb, st36, trs
from ingest.readers.reading import Reading
from ingest.recognise import reader_for
from ingest.record import Document, is_event
from ingest.rejects import Rejected, Skipped


def readings(data: bytes) -> list[Reading]:
    return list(reader_for(data)(data, lambda _: None))


def documents(found: list[Reading]) -> list[Document]:
    return [
        reading.content
        for reading in found
        if not isinstance(reading.content, (Rejected, Skipped)) and not is_event(reading.content)
    ]


def test_two_records_of_trs_text(shared: Path) -> None:
    data = (shared / "samples/xml/kapsterio__trsLoader/two_records.trs").read_bytes()
    for text in (data, data.decode().encode("gb18030"), data.replace(b"\n", b"\r\n"), "\ufeff".encode() + data):
        old, new = documents(list(trs.readings(text, lambda _: None)))
        assert (old["publication"], old["application_number"], old["date"]) == (
            "CN85100462A",
            "CN85100462",
            "1985-11-10",
        )
        assert "<" not in (old["abstract"] or "") and "催化氢化而合成(复盆子酮)的触媒" in (old["abstract"] or "")
        assert "CH=CH-CO-CH3" in old["claims"][0]["text"]
        assert [party["name"] for party in old["applicants"]] == ["南开大学"]
        assert (old["applicants"][0]["address"], old["applicants"][0]["province"]) == ("天津市南开区八里台", "天津")
        assert len(old["inventors"]) == 5 and old["ipc"][0]["symbol"] == "B01J23/44"
        assert new["pct"] == {
            "application_number": "PCT/JP98/01007",
            "application_date": "1998-03-11",
            "publication_number": "WO99/46424",
            "publication_date": "1999-09-16",
            "national_entry_date": "2000-05-19",
        }
        assert new["applicants"][0]["country"] == "JP" and new["application_number"] == "CN98811333.3"


def test_a_fragment_of_st36(shared: Path) -> None:
    data = (shared / "samples/xml/st36_fragments/application_body_fragment_abridged.xml").read_bytes()
    with pytest.raises(Rejected) as caught:
        readings(data)
    assert caught.value.code == "no_publication_number", "a body alone says nothing that could be filed"
    numbered = data.replace(
        b'<cn-patent-document lang="ZH"', b'<cn-patent-document doc-number="1999001" kind="A" lang="ZH"'
    )
    (document,) = documents(list(st36.readings(numbered, lambda _: None)))
    assert [part["section"] for part in document["description"]] == ["technical_field", "background_art"]
    assert document["description"][0]["paragraphs"] == ["技术领域", "本发明大体上…植物的收割机。"]
    assert document["claims"] == [{"number": 1, "text": "1.一种……"}]


def test_answers_of_ops(shared: Path) -> None:
    """Of another office: each document is refused, and read all the same where its office is made Chinese."""
    data = (shared / "samples/xml/patent-dev__epo-ops/ops_biblio_response.xml").read_bytes()
    refused = readings(data)
    assert [
        (reading.content.code, reading.content.detail) for reading in refused if isinstance(reading.content, Rejected)
    ] == [("foreign_office", "EP2400812A1")]
    chinese = data.replace(
        b'country="EP" doc-number="2400812" kind="A1"', b'country="CN" doc-number="102400812" kind="A"'
    )
    (document,) = documents(list(docdb.readings(chinese, lambda _: None)))
    assert (document["title"], document["yields"]) == (
        "BLUETOOTH NETWORKING",
        ["title", "abstract", "applicants", "inventors"],
    )
    assert document["date"] == "2011-12-28"
    assert [party["name"] for party in document["applicants"]] == ["9SOLUTIONS OY", "9Solutions Oy"], "format original"
    assert document["ipc"] == [{"symbol": "H04W84/20", "version": None}]
    assert document["cpc"] == ["H04W84/20", "H04W88/04"]
    assert len(document["citations"]) == 6 and document["citations"][0]["number"] == "WO02054790A2"


def test_register_data_holds_no_documents(shared: Path) -> None:
    with pytest.raises(Rejected) as caught:
        readings((shared / "samples/xml/patent-dev__epo-ops/ops_register_response_with_CN_priorities.xml").read_bytes())
    assert caught.value.code == "no_records"
