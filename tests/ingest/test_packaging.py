"""Archives: nested, stored or deflated, damaged, hostile; the good neighbours of a bad entry are kept."""

import zipfile
from pathlib import Path

import pytest

from ingest import plan
from ingest.packaging import Archive, OpenArchive
from ingest.rejects import Rejected
from ingest.work import Result
from store.errors import BadCall
from store.settings import Limits
from tests.ingest import made, outcomes


@pytest.mark.parametrize("method", [zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED])
def test_zip_in_zip_in_zip(tmp_path: Path, method: int) -> None:
    inner = made.zipped({"1/a/a.XML": made.document("199000001")})
    middle = made.zipped({"20200103-1-001.ZIP": inner, "20200103-1-001-CRC.TXT": "x"}, method)
    (tmp_path / "20200103.zip").write_bytes(
        made.zipped({"20200103/middle.zip": middle, "b.xml": made.document("199000002")}, method)
    )
    found = outcomes.read(tmp_path / "20200103.zip", tmp_path)
    assert sorted(found.publications) == ["CN199000001A", "CN199000002A"]
    assert (found.refusals, found.skipped, found.warnings) == ([], {"checksum": 1}, {})


def test_nesting_has_a_limit(tmp_path: Path) -> None:
    data = made.zipped({"a.xml": made.document()})
    for _ in range(Limits().depth):
        data = made.zipped({"inner.zip": data})
    (tmp_path / "deep.zip").write_bytes(data)
    assert outcomes.read(tmp_path / "deep.zip", tmp_path).refusals == [
        ("deep.zip/inner.zip/inner.zip", "inner.zip", "too_deep")
    ]
    assert outcomes.read(tmp_path / "deep.zip", tmp_path, Limits(depth=4)).publications == ["CN199000001A"]


def test_bad_entries_do_not_harm_their_neighbours(tmp_path: Path) -> None:
    folder = made.delivery(
        tmp_path / "20200103",
        {
            "1/good/good.XML": made.document("199000001"),
            "1/cut/cut.XML": made.document("199000002")[:700],
            "1/empty/empty.XML": "",
            "1/other/other.XML": "<rss/>",
            "1/us/us.XML": made.document("5123456", country="US"),
            "/abs/abs.XML": made.document("199000003"),
            "../../up.XML": made.document("199000004"),
            "dir\\back.XML": made.document("199000005"),
            "1/good/pic.TIF": b"II*",
            "20200103-INDEX-001.XML": "<content/>",
            "list.xml": "<Index><DocList country='CN'/></Index>",
            "verdict.xml": "<cn-patent-verdict/>",
        },
    )
    found = outcomes.read(folder, tmp_path)
    assert found.publications == ["CN199000001A", "CN199000003A", "CN199000004A", "CN199000005A"]
    assert [(entry, code) for _, entry, code in found.refusals] == [
        ("1/cut/cut.XML", "xml_invalid"),
        ("1/empty/empty.XML", "empty_file"),
        ("1/other/other.XML", "unknown_format"),
        ("1/us/us.XML", "foreign_office"),
    ]
    assert found.skipped == {"image": 1, "index": 2, "verdict": 1}
    assert found.warnings == {"entry_name_unsafe": 2}
    assert list(tmp_path.iterdir()) == [folder], "nothing is written by an entry's name"


def test_damaged_archive_is_one_refusal(tmp_path: Path) -> None:
    folder = made.delivery(tmp_path / "d", {"a.XML": made.document("199000001")})
    data = made.zipped({f"{i}.XML": made.document(f"19900000{i}") for i in range(9)})
    (folder / "cut.ZIP").write_bytes(data[: len(data) * 3 // 5])
    found = outcomes.read(folder, tmp_path)
    assert found.publications == ["CN199000001A"]
    assert found.refusals == [("cut.ZIP", "", "corrupt_archive")]


@pytest.mark.parametrize("cut", ["in the directory", "between two entries"])
def test_the_last_inner_zip_is_not_taken_for_the_whole(tmp_path: Path, cut: str) -> None:
    inner = {f"{i}.ZIP": made.zipped({f"{i}.XML": made.document(f"19900000{i}")}) for i in range(3)}
    data = made.zipped(inner, zipfile.ZIP_STORED)
    stop = len(data) - 40 if cut == "in the directory" else data.index(inner["2.ZIP"]) - 35
    (tmp_path / "x.zip").write_bytes(data[:stop])
    found = outcomes.read(tmp_path / "x.zip", tmp_path)
    assert (found.publications, found.refusals) == ([], [("x.zip", "", "corrupt_archive")])


def test_bytes_before_an_archive_do_no_harm(tmp_path: Path) -> None:
    (tmp_path / "x.zip").write_bytes(b"MZ program that unpacks itself" + made.zipped({"a.XML": made.document()}))
    assert outcomes.read(tmp_path / "x.zip", tmp_path).publications == ["CN199000001A"]


def test_damaged_entry(tmp_path: Path) -> None:
    data = bytearray(
        made.zipped({"a.XML": made.document("199000001"), "b.XML": made.document("199000002")}, zipfile.ZIP_STORED)
    )
    data[200] ^= 0xFF
    (tmp_path / "x.zip").write_bytes(data)
    found = outcomes.read(tmp_path / "x.zip", tmp_path)
    assert found.publications == ["CN199000002A"]
    assert found.refusals == [("x.zip", "a.XML", "entry_corrupt")]


def test_bomb_is_not_unpacked(tmp_path: Path) -> None:
    (tmp_path / "x.zip").write_bytes(made.zipped({"bomb.XML": b" " * (64 << 20), "b.XML": made.document("199000002")}))
    found = outcomes.read(tmp_path / "x.zip", tmp_path)
    assert found.publications == ["CN199000002A"]
    assert found.refusals == [("x.zip", "bomb.XML", "entry_ratio")]


def test_size_that_lies_is_found_out(tmp_path: Path) -> None:
    path = tmp_path / "x.zip"
    path.write_bytes(made.zipped({"a.XML": b" " * 5_000}))
    archive = Archive.of_files("x.zip", [(path, "x.zip")], "zip")
    with OpenArchive(archive) as opened, pytest.raises(Rejected) as caught:
        opened.read(opened.entries[0]._replace(size=100))
    assert caught.value.code == "entry_corrupt"


def test_loose_files_and_links(tmp_path: Path) -> None:
    folder = tmp_path / "d"
    (folder / "sub").mkdir(parents=True)
    (folder / "sub/a.xml").write_text(made.document("199000001"), "utf-8")
    (folder / "sub/readme.txt").write_text("x")
    (tmp_path / "outside.xml").write_text(made.document("199000002"), "utf-8")
    (folder / "link.xml").symlink_to(tmp_path / "outside.xml")
    found = outcomes.read(folder, tmp_path)
    assert found.publications == ["CN199000001A"], "links are not followed"
    assert (found.refusals, found.skipped) == ([], {"other": 1})


def test_what_is_named_like_a_note_is_read_all_the_same(tmp_path: Path) -> None:
    folder = tmp_path / "d"
    folder.mkdir()
    (folder / "实用新型说明书目录.txt").write_text("<REC>\n<公开（公告）号>=CN199000001A\n<名称>=一种装置\n", "gb18030")
    (folder / "数据使用说明.txt").write_text("请先阅读", "utf-8")
    (folder / "dump.txt").write_text("x", "utf-8")
    (folder / "in.zip").write_bytes(made.zipped({"LICENSE.txt": "MIT", "notice.json": "", "data.txt": "x"}))
    found = outcomes.read(folder, tmp_path)
    assert found.publications == ["CN199000001A"]
    assert found.skipped == {"other": 3}
    assert sorted(entry for _, entry, _ in found.refusals) == ["data.txt", "dump.txt"]


def test_what_is_no_delivery(tmp_path: Path) -> None:
    (tmp_path / "empty").mkdir()
    (tmp_path / "notes.pdf").write_bytes(b"%PDF-1.4")
    for name, code in (("missing", "path_missing"), ("empty", "empty_delivery"), ("notes.pdf", "not_a_delivery")):
        with pytest.raises(BadCall) as caught:
            plan.sources([tmp_path / name])
        assert caught.value.code == code
        assert str(tmp_path / name) in caught.value.message("zh")
    (tmp_path / "renamed.zip").write_bytes(b"%PDF-1.4")
    assert outcomes.read(tmp_path / "renamed.zip", tmp_path).refusals == [("renamed.zip", "", "corrupt_archive")]


def test_tasks_are_cut_evenly(tmp_path: Path) -> None:
    path = made.delivery(tmp_path / "d", {f"{i}.XML": "<a/>" for i in range(plan.ENTRIES_AT_ONCE + 1)})
    sizes = [
        len(item.entries)
        for source in plan.sources([path])
        for item in plan.tasks(source, tmp_path, Limits())
        if not isinstance(item, Result)
    ]
    assert sizes == [plan.ENTRIES_AT_ONCE, 1]
