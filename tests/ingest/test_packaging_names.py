"""Names: what they stand for, in whatever encoding and form they come; none of them can do harm."""

import io
import tarfile
import zipfile
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ingest.file_names import doubts
from ingest.numbers import file_check
from ingest.packaging import classify
from ingest.packaging.names import decoded, split_sets
from tests.ingest import made, outcomes


@pytest.mark.parametrize(
    ("name", "kind"),
    [
        ("1/CN102015000163325CN00001047518250BFULZH20231003CN00Q.XML", "document"),
        ("a.xml", "document"),
        ("法律状态.trs", "document"),
        ("dump.txt", "document"),
        ("patents-0001.jsonl", "document"),
        ("a.json", "document"),
        ("CN.NDJSON", "document"),
        ("readme.txt", "note"),
        ("README_FIRST.TXT", "note"),
        ("数据使用说明.txt", "note"),
        ("manifest.json", "note"),
        ("package.json", "note"),
        ("说明.pdf", "other"),
        ("noext", "other"),
        ("20231003-INDEX-001.TXT", "index"),
        ("INDEX-CN-20231003-B-001.XML", "index"),
        ("x\\20231003-index-b-001.xml", "index"),
        ("20231003-1-001-CRC.TXT", "checksum"),
        ("md5.txt", "checksum"),
        ("SHA256SUMS", "checksum"),
        ("x.zip.md5", "checksum"),
        ("20231003-1-001.ZIP", "zip"),
        ("a.tar", "tar"),
        ("a.tar.gz", "gz"),
        ("a.tgz", "gz"),
        ("a.xml.gz", "gz"),
        ("a.jsonl.gz", "gz"),
        ("a.jpg.gz", "image"),
        ("notes.gz", "other"),
        ("a.TIF", "image"),
        ("a.z01", "part"),
        ("a.zip.001", "part"),
        ("a.rar", "unsupported"),
        ("a.7z", "unsupported"),
        ("a.tar.xz", "unsupported"),
        ("index/a.xml", "document"),
        ("my-crc.txt/a.xml", "document"),
    ],
)
def test_kinds(name: str, kind: str) -> None:
    assert classify(name) == kind


def test_chinese_names_without_the_flag_of_utf8(tmp_path: Path) -> None:
    """As the tools of Chinese systems write them: GB18030, which the zip format knows nothing of."""
    name = "中国发明专利/一种装置.xml"
    twin = name.encode("gb18030").decode("latin-1")  # a name of as many bytes, to be replaced by them
    placeholder = "x" * len(twin.encode("latin-1"))
    data = made.zipped({placeholder: "<a/>", "UTF-8/中.xml": "<a/>"})
    (tmp_path / "x.zip").write_bytes(data.replace(placeholder.encode(), name.encode("gb18030")))
    assert [entry for _, entry, _ in outcomes.read(tmp_path / "x.zip", tmp_path).refusals] == [name, "UTF-8/中.xml"]
    buffer = io.BytesIO()
    with tarfile.open(fileobj=buffer, mode="w", encoding="gb18030", format=tarfile.GNU_FORMAT) as archive:
        archive.addfile(tarfile.TarInfo(name))
    (tmp_path / "x.tar").write_bytes(buffer.getvalue())
    assert [entry for _, entry, _ in outcomes.read(tmp_path / "x.tar", tmp_path).refusals] == [name]


def test_names_that_are_no_text() -> None:
    assert decoded("发明".encode("gb18030"), utf8=False) == "发明"
    assert decoded("发明".encode(), utf8=False) == "发明", "Unix tools write UTF-8 and forget the flag"
    assert decoded(b"\xff\xff", utf8=False) == "\xa0\xa0"
    assert decoded(b"a\xff", utf8=True) == "a\ufffd"


@given(st.binary(max_size=60), st.booleans())
def test_every_name_can_be_read(raw: bytes, utf8: bool) -> None:
    name = decoded(raw, utf8)
    assert classify(name)
    split_sets([name, name + ".z01"])


@pytest.mark.parametrize("method", [zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED])
@pytest.mark.filterwarnings("ignore:Duplicate name")
def test_the_same_name_twice_is_read_twice(tmp_path: Path, method: int) -> None:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", method) as archive:
        archive.writestr("a.XML", made.document("199000001"))
        archive.writestr("a.XML", made.document("199000002"))
    (tmp_path / "x.zip").write_bytes(buffer.getvalue())
    found = outcomes.read(tmp_path / "x.zip", tmp_path)
    assert found.publications == ["CN199000001A", "CN199000002A"]
    assert found.warnings == {"entry_name_double": 1}


@pytest.mark.parametrize("name", ["/etc/a.XML", "../a.XML", "x/../../a.XML", "\\a.XML", "..\\a.XML", "C:\\a.XML"])
def test_hostile_names_are_counted_and_harmless(tmp_path: Path, name: str) -> None:
    (tmp_path / "x.zip").write_bytes(
        made.zipped({name: made.document(), "a..b/c..XML.XML": made.document("199000002")})
    )
    found = outcomes.read(tmp_path / "x.zip", tmp_path)
    assert (len(found.publications), found.warnings) == (2, {"entry_name_unsafe": 1})
    assert len(list(tmp_path.iterdir())) == 1


def test_links_in_a_zip_are_not_followed(tmp_path: Path) -> None:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        link = zipfile.ZipInfo("link.XML")
        link.create_system, link.external_attr = 3, 0o120777 << 16
        archive.writestr(link, "/etc/passwd")
        archive.writestr("a.XML", made.document())
    (tmp_path / "x.zip").write_bytes(buffer.getvalue())
    found = outcomes.read(tmp_path / "x.zip", tmp_path)
    assert (found.publications, found.skipped, found.refusals) == (["CN199000001A"], {"link": 1}, [])


def test_archives_we_cannot_open_are_said_to_be_so(tmp_path: Path) -> None:
    folder = made.delivery(tmp_path / "d", {"inner.7z": b"7z", "a.XML": made.document()})
    (folder / "old.rar").write_bytes(b"Rar!")
    found = outcomes.read(folder, tmp_path)
    assert sorted(found.refusals) == [
        ("", "old.rar", "entry_unsupported"),
        ("20200103-1-001.ZIP", "inner.7z", "entry_unsupported"),
    ]
    assert found.publications == ["CN199000001A"]


NAME = "CN102015000163325CN00001047518250BFULZH20231003CN00Q.XML"


@pytest.mark.parametrize(
    ("entry", "publication", "codes"),
    [
        (NAME, "CN104751825B", ()),
        (f"1/{NAME[:-4]}/{NAME.lower()}", "CN104751825B", ()),
        ("CN101985000000312CN00000851003120AFULZH19870204CN00Z.XML", "CN85100312A", ()),
        ("CN102004000029258CN00001056598440BFULZH20050921CN00#.XML", "CN105659844B", ()),
        (NAME, "CN104751826B", ("file_name_other",)),
        (NAME, "CN104751825A", ("file_name_other",)),
        (NAME.replace("Q.XML", "R.XML"), "CN104751825B", ("file_name_check",)),
        ("x" + NAME, "CN104751826B", ()),
        ("a.xml", "CN104751825B", ()),
        ("", "CN104751825B", ()),
    ],
)
def test_file_names_against_content(entry: str, publication: str, codes: tuple[str, ...]) -> None:
    assert doubts(entry, publication, publication[-1]) == codes


@given(st.text("0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ#", min_size=32, max_size=32))
def test_check_characters(tail: str) -> None:
    """The fast sum is the one of ISO 7064."""
    stem = "CN102015000163325CN00001047518250B"[:19] + tail
    entry = f"{stem}{file_check(stem)}.XML"
    assert "file_name_check" not in doubts(entry, "CN104751825B", "B")
    assert "file_name_check" in doubts(f"{stem}{'1' if entry[51] == '0' else '0'}.XML", "CN104751825B", "B")
