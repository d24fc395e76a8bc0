"""The reader of base/business XML on real files, and on single elements that those files do not show."""

from collections import Counter
from pathlib import Path

import pytest

from ingest.readers.business import read
from ingest.readers.xml import parse
from ingest.record import Document
from tests.ingest import made


def reading(data: bytes) -> tuple[Document, Counter[str]]:
    warnings: Counter[str] = Counter()

    def warn(code: str) -> None:
        warnings[code] += 1

    return read(parse(data, warn), warn), warnings


def real(shared: Path, pattern: str) -> Document:
    path = next(shared.glob(f"samples/xml/*/{pattern}"))
    document, warnings = reading(path.read_bytes())
    assert not warnings
    return document


def test_grant_of_2019(shared: Path) -> None:
    document = real(shared, "CN102010000298420*.XML")
    assert document["publication"] == "CN101945314B"
    assert document["application_number"] == "CN201010298420.4"
    assert (document["application_date"], document["date"], document["produced"]) == (
        "2010-10-02",
        "2019-08-02",
        "2019-07-27",
    )
    assert document["type"] == "invention"
    assert document["title"] == "一种耳机、相应的音源设备以及控制方法"
    assert document["ipc"] == [{"symbol": "G06F13/12", "version": "2006.01"}]
    assert [claim["number"] for claim in document["claims"]] == [1, 2, 3, 4, 5, 6, 7]
    assert document["claims"][1]["text"].startswith("2.如权利要求1所述的耳机")
    assert document["examiners"] == ["王欣"]
    assert document["citations"] == [{"number": "CN1719946A", "date": "2006-01-11", "text": None, "phase": "SEA"}]
    assert document["related"] == ["CN101945314A"]
    assert document["inventors"] == ["张沈平"]
    assert document["applicants"] == [
        {
            "name": "广州市智专信息科技有限公司",
            "address": "广东省广州高新技术开发区科学城科学大道101号1514房",
            "postcode": "510000",
            "country": "CN",
            "province": "广东省",
            "city": "广州市",
            "county": "天河区",
        }
    ]
    assert document["patentees"][0]["name"] == "广州市智专信息科技有限公司"
    # The headings are ordinary paragraphs in this file.
    assert [(part["section"], part["paragraphs"][0]) for part in document["description"]] == [
        ("technical_field", "技术领域"),
        ("background_art", "背景技术"),
        ("disclosure", "发明内容"),
        ("drawings_description", "附图说明"),
        ("mode", "具体实施方式"),
    ]


def test_application_of_2019_keeps_the_dashes_as_published(shared: Path) -> None:
    document = real(shared, "CN102019000302430*.XML")
    assert document["title"] == "一种基于BERT-BiGRU-CRF的中文命名实体识别方法"
    assert "BERT\u2011BiGRU\u2011CRF" in (document["abstract"] or "")
    assert document["agency"] == {"name": "武汉科皓知识产权代理事务所(特殊普通合伙)", "code": "42222"}
    assert document["agents"] == ["鲁力"]
    assert len(document["claims"]) == 4
    assert document["patentees"] == []


def test_sections_and_formulas_of_2011(shared: Path) -> None:
    document = real(shared, "CN102009000190429*.XML")
    assert [part["section"] for part in document["description"]] == [
        "technical_field",
        "background_art",
        "disclosure",
        "drawings_description",
        "mode",
    ]
    text = "\n".join(paragraph for part in document["description"] for paragraph in part["paragraphs"])
    assert "<math" not in text and "&" not in text.replace("&nbsp;", "&"), "formulas are text"
    assert "π" in text and "Ω" in text, "named entities of formulas are characters"


def test_file_of_1987(shared: Path) -> None:
    document = real(shared, "CN101985000000312*.XML")
    assert document["publication"] == "CN85100312A"
    assert document["application_number"] == "CN85100312", "numbers of 1985 to 1988 have no check digit"
    assert document["ipc"] == [{"symbol": symbol, "version": "4"} for symbol in ("B03C3/09", "F28F1/38", "F28G1/02")]
    assert [part["section"] for part in document["description"]] == [
        "technical_field",
        "disclosure",
        "background_art",
        "disclosure",
        "drawings_description",
        "mode",
        "disclosure",
    ]
    assert document["applicants"][0]["postcode"] is None
    assert all("\n" not in paragraph for part in document["description"] for paragraph in part["paragraphs"]), (
        "indentation around inline images is no text"
    )


@pytest.mark.parametrize(
    ("pattern", "publication"),
    [
        ("JP102014000263708*.XML", "JP2016123276A"),
        ("JP102014000526908*.XML", "JPWO2014017431A1"),
        ("JP102015000200883*.XML", "JP2016124782A"),
        ("JP102015000212867*.XML", "JP2016126001A"),
        ("JP102017000531339*.XML", "JP2018506135A5"),
        ("JP102019000547596*.XML", "JP2020516440A"),
        ("JP101991000153031*.XML", "JP特開平5-1099A"),
        ("JP101991000195479*.XML", "JP特許第3121868号(P3121868)B2"),
        ("US101992000996506*.XML", "USPP010744P"),
        ("US101994000372797*.XML", "US05857079A"),
        ("US101995000482080*.XML", "US06010849A"),
    ],
)
def test_files_of_other_offices_are_read(shared: Path, pattern: str, publication: str) -> None:
    document, _ = reading(next(shared.glob(f"samples/xml/*/{pattern}")).read_bytes())
    assert document["publication"] == publication
    assert document["date"]
    if publication != "JP2018506135A5":  # an amendment without title and text
        assert document["title"] and document["claims"] and document["description"] and document["inventors"]


def test_utility_model_without_prefixes(shared: Path) -> None:
    document, _ = reading(
        (shared / "samples/xml/guowei1123__patent-etl-nodejs/fixture_CN219801493U_abridged.xml").read_bytes()
    )
    assert (document["publication"], document["type"]) == ("CN219801493U", "utility_model")
    assert document["ipc"] == [{"symbol": "H01T23/00", "version": "2006.01"}], "some files have the text only"
    assert document["agency"] == {"name": "长沙星耀专利事务所(普通合伙)", "code": "43205"}


def test_priority_is_taken_once(shared: Path) -> None:
    path = shared / "samples/xml/guowei1123__patent-etl-nodejs/fixture_priority_details_abridged.xml"
    document, _ = reading(path.read_bytes())
    assert document["priorities"] == [{"country": "KR", "number": "10-2022-0100096", "date": "2022-08-10"}]


def test_names_that_are_not_to_be_published_are_not_stored() -> None:
    listed = (("3", "1", "秘密示例"), ("2", "0", "示例乙"), ("1", "0", "示例甲"), ("4", "0", "不公告发明人"))
    parties = "".join(
        f'<business:Inventor sequence="{sequence}" publicationMark="{mark}"><base:AddressBook>'
        f"<base:Name>{name}</base:Name></base:AddressBook></business:Inventor>"
        for sequence, mark, name in listed
    )
    parties = f"<business:InventorDetails>{parties}</business:InventorDetails>"
    document, _ = reading(made.document(parties=parties).encode())
    assert document["inventors"] == ["示例甲", "示例乙"], "in the order of sequence, withheld names left out"


def test_oddities_are_warnings() -> None:
    document, warnings = reading(
        made.document(
            date="20200300", application="201899000001.9", title="", symbols=("nonsense", "H01M 4/13 (2010.01)")
        ).encode()
    )
    assert document["date"] is None
    assert document["application_number"] == "CN201899000001.5"
    assert document["ipc"] == [{"symbol": "H01M4/13", "version": "2010.01"}]
    assert warnings == {"date_partial": 1, "check_digit_wrong": 1, "title_missing": 1, "ipc_invalid": 1}


def test_design_has_its_parties_outside_parties() -> None:
    text = (
        f"<business:PatentDocumentAndRelated {made.SPACES} country='CN'><business:DesignBibliographicData>"
        '<business:PublicationReference dataFormat="original"><base:DocumentID><base:WIPOST3Code>CN</base:WIPOST3Code>'
        "<base:DocNumber>399000001</base:DocNumber><base:Kind>S</base:Kind><base:Date>20220104</base:Date></base:DocumentID>"
        "</business:PublicationReference><business:DesignTitle>示例茶杯</business:DesignTitle>"
        "<business:ClassificationLocarno><base:EditionStatement>13</base:EditionStatement>"
        "<business:MainClassification>07-01</business:MainClassification></business:ClassificationLocarno>"
        '<business:ApplicantDetails><business:Applicant sequence="1"><base:AddressBook><base:Name>示例公司</base:Name>'
        "</base:AddressBook></business:Applicant></business:ApplicantDetails>"
        '<business:DesignerDetails><business:Designer sequence="1"><base:AddressBook><base:Name>示例甲</base:Name>'
        "</base:AddressBook></business:Designer></business:DesignerDetails></business:DesignBibliographicData>"
        "<business:DesignBriefExplanation><base:Paragraphs>1．名称：示例茶杯。</base:Paragraphs>"
        "<base:Paragraphs>2．用途：饮用。</base:Paragraphs></business:DesignBriefExplanation>"
        "</business:PatentDocumentAndRelated>"
    )
    document, _ = reading(text.encode())
    assert (document["type"], document["title"], document["locarno"]) == ("design", "示例茶杯", ["07-01"])
    assert (document["applicants"][0]["name"], document["inventors"]) == ("示例公司", ["示例甲"])
    assert document["abstract"] == "1．名称：示例茶杯。\n2．用途：饮用。"
