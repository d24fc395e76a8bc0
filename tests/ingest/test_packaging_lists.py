"""CRC files and INDEX files: what a delivery says of itself, held against what it holds. Never a reject."""

import zipfile
import zlib
from collections.abc import Mapping
from pathlib import Path

import pytest

from ingest.counts import IngestReport
from ingest.keys import key, publication, without_kind
from ingest.lists import publication_of_path, read_list
from ingest.numbers import file_check
from ingest.packaging import checksums
from ingest.pipeline import ingest
from store import deliveries
from store.database import open_store
from store.settings import Settings, load
from tests.ingest import made


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    return load({"ZHUANTI_HOME": str(tmp_path / "home")})


def file_name(number: str, kind: str = "A", content: str = "FUL") -> str:
    stem = f"CN102018000000001CN{number:0>13}{kind:0>2}{content}ZH20200103CN00"
    return f"{stem}{file_check(stem)}.XML"


def path(number: str, kind: str = "A", content: str = "FUL") -> str:
    name = file_name(number, kind, content)
    return f"1/{file_name(number, kind)[:-4]}/{name}"


def listed(*numbers: str) -> dict[str, str]:
    """The three lists of a batch as the office writes them: with digits only, with kinds, and as paths."""
    short = "".join(
        f'<DocList country="CN" ApplicationNum="201899000001.5" PublicationNum="{number}" />' for number in numbers
    )
    long = "".join(
        f"<DocList><PublicationReference><DocumentID><WIPOST3Code>CN</WIPOST3Code><DocNumber>{number}</DocNumber><Kind>A</Kind>"
        f"</DocumentID></PublicationReference><ApplicationReference><DocumentID><DocNumber>201899000001.5</DocNumber></DocumentID>"
        f"</ApplicationReference><Path>20200103\\{path(number)}</Path></DocList>".replace("/1", "\\1")
        for number in numbers
    )
    paths = "".join(f"x20200103\\{path(number)}\r\n".replace("/", "\\") for number in numbers)
    return {
        "20200103-INDEX-A-001.XML": f"<Index>{short}</Index>",
        "INDEX-CN-20200103-A-001.XML": f'<Index patCnt="9">{long}</Index>',
        "20200103-INDEX-001.TXT": paths,
    }


def documents(*numbers: str) -> dict[str, str | bytes]:
    return {path(number): made.document(number, application=f"20189900{number[-4:]}") for number in numbers}


def write(folder: Path, files: Mapping[str, str | bytes]) -> Path:
    for name, content in files.items():
        target = folder / name
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_bytes(content.encode() if isinstance(content, str) else content)
    return folder


def balance(report: IngestReport) -> tuple[int, int, int]:
    return report["index"]["listed"], report["index"]["absent"], report["index"]["unlisted"]


def test_what_is_absent_and_what_is_not_listed(settings: Settings, tmp_path: Path) -> None:
    """A refused document is not absent; one that comes in several files counts once; the three lists count once."""
    folder = write(
        tmp_path / "d/data/20200103",
        listed("199000001", "199000002", "199000003", "199000004")
        | {
            "20200103-1-001.ZIP": made.zipped(documents("199000001", "199000009") | {path("199000002"): "<cut"}),
            "20200103-2-001.ZIP": made.zipped(
                {
                    path("199000003", content="CLA"): made.document("199000003"),
                    path("199000003", content="DES"): made.document("199000003", abstract="x"),
                }
            ),
        },
    )
    write(tmp_path / "d", {"20200110/other.ZIP": made.zipped(documents("199000008"))})
    report = ingest(settings, [tmp_path / "d"], workers=1)
    assert report["index"] == {
        "listed": 4,
        "absent": 1,
        "unlisted": 1,
        "absent_examples": ["CN199000004A"],
        "unlisted_examples": ["CN199000009A"],
    }, "a folder without lists is not compared"
    assert report["rejected"].keys() <= {"xml_invalid", "unknown_format"}
    assert report["skipped"] == {"index": 3}
    with open_store(settings) as store, store.connect() as connection:
        assert deliveries.ledger(connection)[0]["counts"]["index"] == report["index"]
    assert ingest(settings, [tmp_path / "d"], workers=1)["index"] == report["index"], (
        "nothing new: what was found is repeated"
    )
    write(folder, {"20200103-3-001.ZIP": made.zipped(documents("199000004", "199000007"))})
    again = ingest(settings, [tmp_path / "d"], workers=1)
    assert balance(again) == (4, 0, 2), "what came with the first run counts, though it is not read again"


def test_lists_inside_an_outer_archive(settings: Settings, tmp_path: Path) -> None:
    entries = {f"20200103/{name}": content for name, content in listed("199000001", "199000002").items()}
    entries["20200103/20200103-1-001.ZIP"] = made.zipped(documents("199000001", "199000003"))  # type: ignore[assignment]
    write(tmp_path / "d", {"20200103.zip": made.zipped(entries, zipfile.ZIP_STORED)})
    for _ in range(2):
        assert balance(ingest(settings, [tmp_path / "d"], workers=1)) == (2, 1, 1)


def test_an_archive_that_is_lost_is_seen_in_the_lists(settings: Settings, tmp_path: Path) -> None:
    zipped = made.zipped(documents("199000001", "199000002"))
    write(tmp_path / "d", listed("199000001", "199000002") | {"20200103-1-001.ZIP": zipped[:-50]})
    report = ingest(settings, [tmp_path / "d"], workers=1)
    assert (balance(report), report["rejected"]) == ((2, 2, 0), {"corrupt_archive": 1})


def test_what_the_store_has_already_is_not_missed(settings: Settings, tmp_path: Path) -> None:
    ingest(settings, [write(tmp_path / "1", {"a.ZIP": made.zipped(documents("199000001"))})], workers=1)
    second = write(tmp_path / "2", listed("199000001", "199000002") | documents("199000002"))
    assert balance(ingest(settings, [second], workers=1)) == (2, 0, 0)


def test_an_interrupted_batch_is_balanced_all_the_same(
    settings: Settings, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    write(
        tmp_path / "d",
        listed("199000001", "199000002", "199000003")
        | {"1.ZIP": made.zipped(documents("199000001", "199000009") | {path("199000002"): "<cut"})},
    )
    with monkeypatch.context() as patched:
        patched.setattr("ingest.pipeline.Batches.close", lambda *_: (_ for _ in ()).throw(KeyboardInterrupt))
        with pytest.raises(KeyboardInterrupt):
            ingest(settings, [tmp_path / "d"], workers=1)
    assert balance(ingest(settings, [tmp_path / "d"], workers=1)) == (3, 1, 1)


CONTENT = """<content file="x" patcnt="1">
 <doclist topic="t" COUNTRY="CN" docNumber="199000001" kind="A" PNO="CN199000001A"
 Format="f" path="a\\b" status="C"><file filename="a.xml" filetype="x"/></doclist>
 <doclist country="US" docNumber="5123456" kind="A"/></content>"""


@pytest.mark.parametrize(
    ("name", "text", "found"),
    [
        ("INDEX.XML", CONTENT, ["CN199000001A"]),
        ("INDEX.XML", '<a><b><DOCLIST PUBLICATIONNUM="85100312" kind="B"/></b></a>', ["CN85100312B"]),
        ("INDEX.XML", '<a><item PublicationNum="CN101945314" PublicationDate="20190802"/></a>', ["CN101945314"]),
        (
            "INDEX.XML",
            '<a><DocList PublicationNum="101945314" path="' + path("101945314", "B").replace("/", "\\") + '"/></a>',
            ["CN101945314B"],
        ),
        ("INDEX.XML", '<a><DocList PublicationNum="101945314" kind="B"/><DocList Publi', ["CN101945314B"]),
        ("INDEX.XML", "", []),
        (
            "INDEX.XML",
            '<!DOCTYPE a [<!ENTITY e SYSTEM "file:///etc/passwd">]><a><DocList PublicationNum="&e;" kind="B"/></a>',
            [],
        ),
        ("INDEX.TXT", "?20140716\\8\\" + path("199000001").replace("/", "\\") + "\r\nnonsense\r\n", ["CN199000001A"]),
        ("INDEX.TXT", "文件\\" + path("199000001"), ["CN199000001A"]),
    ],
)
def test_shapes_of_lists(name: str, text: str, found: list[str]) -> None:
    listing = read_list(text.encode(), name)
    assert [publication(number) for number in [*listing.publications, *listing.digits]] == found


def test_names_in_paths() -> None:
    assert publication_of_path(path("85100312")) == key("CN85100312A")
    own, other = file_name("199000001", "U"), file_name("199000002", "U", "DRA")
    assert publication_of_path(f"{own[:-4]}/{other}") == key("CN199000002U"), "the file counts, not its folder"
    assert publication_of_path("a/b.xml") is None


@pytest.mark.parametrize("number", ["CN101945314B", "CN85100312A", "CN1001B8", "CN999999999Z9", "CN101945314B0"])
def test_keys_of_publications(number: str) -> None:
    assert publication(key(number)) == number
    assert (
        publication(without_kind(key(number))) == number.rstrip("0123456789")[:-1]
        or publication(without_kind(key(number))) == number[: number.rindex(max(number[2:]))]
    )
    assert key(number) < key("CN-odd-1") != key("CN-odd-2")


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("20231003-1-001.ZIP,DEADBEEF\r\n", {"20231003-1-001.zip": 0xDEADBEEF}),
        ("a.ZIP,beef", {"a.zip": 0xBEEF}),
        ("", {}),
        ("no list\n", {}),
        ("\ufeffx\\a.ZIP, 0x0000beef\nb.zip\t1\n", {"a.zip": 0xBEEF, "b.zip": 1}),
    ],
)
def test_crc_files(text: str, found: dict[str, int]) -> None:
    assert checksums.read(text.encode()) == found


@pytest.mark.parametrize("method", [None, zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED])
def test_crcs_are_compared(settings: Settings, tmp_path: Path, method: int | None) -> None:
    """A mismatch is a warning when the archive reads; when it does not, the reject says enough."""
    good, wrong, broken, free = (made.zipped(documents(f"19900000{n}")) for n in range(1, 5))
    files: dict[str, str | bytes] = {
        "good.ZIP": good,
        "good-CRC.TXT": f"GOOD.zip,{zlib.crc32(good):x}\r\n",
        "wrong.ZIP": wrong,
        "wrong-CRC.TXT": "wrong.ZIP,12AB",
        "broken.ZIP": broken[:-60],
        "broken-CRC.TXT": f"broken.ZIP,{zlib.crc32(broken):X}",
        "free.ZIP": free,
        "free-CRC.TXT": "",
        "other/wrong.ZIP": made.zipped(documents("199000005")),
    }
    folder = write(tmp_path / "d", files if method is None else {"x.zip": made.zipped(files, method)})
    report = ingest(settings, [folder], workers=1)
    assert (report["documents"], report["warnings"], report["rejected"]) == (
        4,
        {"archive_crc_mismatch": 1},
        {"corrupt_archive": 1},
    )
