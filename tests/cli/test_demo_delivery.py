"""The made-up delivery: fictional throughout, the same for one seed, and exactly what its facts say."""

import re
import zipfile
from collections import Counter
from collections.abc import Iterator
from io import BytesIO
from pathlib import Path

import pytest
from lxml import etree

from cli.demo import DemoFacts, write_demo
from cli.demo.applications import LAST_DAY, clusters, draw, gazette_day
from ingest.applicants import kind_of
from ingest.numbers import parse_application, parse_file_name
from ingest.pipeline import ingest
from ingest.progress import Silent
from store.settings import load
from taxonomy.catalogue import load as load_taxonomies

RECORDS = 240
CHINESE = re.compile("[\u4e00-\u9fff]")


@pytest.fixture(scope="module")
def facts(tmp_path_factory: pytest.TempPathFactory) -> DemoFacts:
    return write_demo(tmp_path_factory.mktemp("demo") / "delivery", RECORDS, seed=7)


def files(archive: bytes) -> Iterator[tuple[str, bytes]]:
    """Entries of a zip, through zips inside it."""
    with zipfile.ZipFile(BytesIO(archive)) as opened:
        for info in opened.infolist():
            data = opened.read(info)
            if info.filename.upper().endswith(".ZIP"):
                yield from files(data)
            else:
                yield info.filename, data


def documents(folder: Path) -> list[tuple[str, bytes]]:
    inner = [entry for path in sorted(folder.rglob("*")) if path.suffix.upper() == ".ZIP"
             for entry in files(path.read_bytes())]
    return [(name, data) for name, data in inner if "/" in name]


def whole(folder: Path) -> Iterator[tuple[str, etree._Element]]:
    for name, data in documents(folder):
        try:
            yield name, etree.fromstring(data, etree.XMLParser(resolve_entities=False, load_dtd=False))
        except etree.XMLSyntaxError:
            continue


def test_one_seed_gives_the_same_bytes(facts: DemoFacts, tmp_path: Path) -> None:
    again = write_demo(tmp_path / "again", RECORDS, seed=7)
    assert [(path.relative_to(facts.folder), path.read_bytes()) for path in sorted(facts.folder.rglob("*.*"))] == [
        (path.relative_to(again.folder), path.read_bytes()) for path in sorted(again.folder.rglob("*.*"))]
    other = write_demo(tmp_path / "again", RECORDS, seed=8)
    assert other.entries == len(documents(other.folder)) != 0
    assert [a.text.abstract for a in draw(20, 7)] != [a.text.abstract for a in draw(20, 8)]


def test_the_facts_are_what_an_ingest_finds(facts: DemoFacts, tmp_path: Path) -> None:
    report = ingest(load({"ZHUANTI_HOME": str(tmp_path)}), (facts.folder,), workers=1, progress=Silent())
    assert report["entries"] == facts.entries == len(documents(facts.folder))
    assert report["documents"] == report["kept"] == sum(facts.publications.values())
    assert report["merged"] == facts.duplicates == 1
    assert report["rejected"] == {"xml_invalid": facts.truncated, "foreign_office": facts.foreign}
    assert report["warnings"] == {"check_digit_wrong": facts.wrong_check_digits}
    assert report["entries"] == report["documents"] + report["merged"] + sum(report["rejected"].values())


def test_names_of_files_and_numbers_are_right_and_fictional(facts: DemoFacts) -> None:
    for name, root in whole(facts.folder):
        parsed = parse_file_name(name.rsplit("/", 1)[1])
        assert parsed is not None
        assert parsed.check_ok
        assert parsed.application is not None
        assert parsed.publication is not None
        assert re.fullmatch(r"\d{5}99\d{5}", parsed.application.key)
        assert parsed.publication.digits[1:3] == "99"
        assert root.get("file") == f"{name.rsplit('/', 1)[1]}"
        assert root.get("docNumber") == parsed.publication.digits


def test_every_name_is_fictional(facts: DemoFacts) -> None:
    names = [element.text or "" for _, root in whole(facts.folder)
             for element in root.iter("{*}Name", "{*}OrganizationName")]
    assert len(names) > 1000
    assert all("示例" in name for name in names)


def test_the_shape_of_a_grant(facts: DemoFacts) -> None:
    grants = [root for name, root in whole(facts.folder) if root.get("kind") == "B"]
    assert grants
    for root in grants:
        for name in ("PublicationReference", "ApplicationReference"):
            forms = [one.get("dataFormat") for one in root[0].iterchildren(f"{{*}}{name}")]
            assert forms == ["original", "standard"]
        assert root.xpath("count(.//*[local-name()='Examiner'])") == 1
        assert root.xpath("count(.//*[local-name()='Assignee'])") >= 1
        assert root.xpath("count(.//*[local-name()='Parties']//*[local-name()='Assignee'])") == 0
        standard = root.xpath("string(*[1]/*[local-name()='ApplicationReference'][2]//*[local-name()='DocNumber'])")
        original = root.xpath("string(*[1]/*[local-name()='ApplicationReference'][1]//*[local-name()='DocNumber'])")
        one, other = parse_application(str(standard)), parse_application(str(original))
        assert one is not None
        assert other is not None
        assert one.key == other.key
        assert [child.tag.rpartition("}")[2] for child in root] == [
            "BibliographicData", "Abstract", "Description", "Claims"]


def test_designs_hold_their_parties_directly(facts: DemoFacts) -> None:
    designs = [root for _, root in whole(facts.folder) if root.get("kind") == "S"]
    assert len(designs) == facts.publications["S"] > 0
    for root in designs:
        assert root[0].tag.endswith("}DesignBibliographicData")
        assert root.xpath("count(*[1]/*[local-name()='Parties'])") == 0
        assert re.fullmatch(r"\d\d-\d\d", str(root.xpath("string(.//*[local-name()='MainClassification'])")))


def test_every_leaf_of_the_clusters_has_subjects() -> None:
    """The clusters of 2023 and what the list of 2024 adds under new ids; doubles of it share their classes."""
    nodes = load_taxonomies()["33618"].nodes
    named = {cluster.id for cluster in clusters()}
    assert named <= set(nodes)
    assert {node for node, one in nodes.items() if one.rules} - named == {"biomfg24", "frontmat24", "ai"}


def test_applications_are_varied_and_dated_in_order() -> None:
    applications = draw(600, 3)
    assert len({one.key for one in applications}) == 600
    assert len({one.text.abstract for one in applications if one.type_digit != "3"}) > 500
    for one in applications:
        dates = [published.date for published in one.publications]
        assert one.date < dates[0]
        assert dates == sorted(dates)
        assert dates[-1] <= LAST_DAY
        assert all(date.weekday() in (1, 4) for date in dates)
        assert all(cited.date < one.date for cited in one.cited)
        if one.type_digit != "3":
            assert 3 <= one.text.abstract.count("。") <= 7
            assert len(CHINESE.findall(one.text.abstract)) > 60
    kinds = Counter(kind_of(applicant.name) for one in applications for applicant in one.applicants)
    assert set(kinds) == {"企业", "高校", "科研院所", "医院", "机关团体", "个人"}
    assert Counter(one.date.year for one in applications)[2023] > Counter(one.date.year for one in applications)[2016]


def test_gazette_days() -> None:
    assert gazette_day(LAST_DAY) == LAST_DAY
    assert gazette_day(LAST_DAY.replace(day=24)).isoformat() == "2026-06-26"
