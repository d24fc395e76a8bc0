"""Split zips: read as one archive across their files, and refused by name when a part is missing or cut off."""

import shutil
import struct
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

from ingest.packaging import Archive, OpenArchive
from ingest.packaging.names import split_sets
from tests.conftest import need
from tests.ingest import made, outcomes


def spanned(folder: Path, data: bytes, cuts: list[int], *, stem: str = "20200103", mark: int = 4) -> list[Path]:
    """A zip cut at these places, its directory rewritten as the format wants it: disk numbers, offsets from each disk.

    The first disk begins with the mark of a split archive, which moves what is on it by four bytes.
    """
    starts = [0, *cuts]

    def place(offset: int) -> tuple[int, int]:
        disk = sum(start <= offset for start in starts) - 1
        return disk, offset - starts[disk] + (mark if disk == 0 else 0)

    body = bytearray(data)
    end = data.rindex(b"PK\x05\x06")
    at = struct.unpack_from("<L", data, end + 16)[0]
    entries, start = struct.unpack_from("<H", data, end + 10)[0], at
    locator = data[end - 20 : end - 16] == b"PK\x06\x07"
    if locator:
        long_end = end - 20 - 56
        entries, _, at = struct.unpack_from("<3Q", data, long_end + 32)
        start = at
    for _ in range(entries):
        name, extra, comment = struct.unpack_from("<3H", data, at + 28)
        disk, offset = place(struct.unpack_from("<L", data, at + 42)[0])
        struct.pack_into("<H", body, at + 34, disk)
        struct.pack_into("<L", body, at + 42, offset)
        at += 46 + name + extra + comment
    disk, offset = place(start)
    last = len(starts) - 1
    if locator:
        struct.pack_into("<2L", body, long_end + 16, last, disk)
        struct.pack_into("<Q", body, long_end + 48, offset)
        struct.pack_into("<LQL", body, end - 16, *place(long_end), last + 1)
    struct.pack_into("<2H", body, end + 4, last, disk)
    struct.pack_into("<L", body, end + 16, offset)
    paths = []
    for number, (begin, stop) in enumerate(zip(starts, [*cuts, len(data)], strict=True), 1):
        path = folder / (f"{stem}.zip" if number > last else f"{stem}.z{number:02}")
        path.write_bytes((b"PK\x07\x08" if number == 1 and mark else b"") + body[begin:stop])
        paths.append(path)
    return paths


@pytest.fixture
def outer() -> bytes:
    """A zip that holds three zips, stored, of three documents each."""
    inner = {
        f"20200103-{n}-001.ZIP": made.zipped(
            {f"{n}/{i}/{i}.XML": made.document(f"1990000{n}{i}", application=f"20189900{n:02}{i:02}") for i in range(3)}
        )
        for n in range(1, 4)
    }
    return made.zipped(inner, zipfile.ZIP_STORED)


WANTED = [f"CN1990000{n}{i}A" for n in range(1, 4) for i in range(3)]


@pytest.mark.parametrize("share", [(0.3,), (0.2, 0.4, 0.6), (0.5, 0.501, 0.502, 0.97)])
def test_parts_are_read_as_one(tmp_path: Path, outer: bytes, share: tuple[float, ...]) -> None:
    """Inner zips are read where they stand, also where they run over the end of a part."""
    folder = tmp_path / "d"
    folder.mkdir()
    spanned(folder, outer, [int(len(outer) * part) for part in share])
    found = outcomes.read(folder, tmp_path)
    assert found.publications == WANTED
    assert (found.refusals, found.skipped, found.warnings) == ([], {}, {})


def test_the_directory_may_be_cut_too(tmp_path: Path, outer: bytes) -> None:
    folder = tmp_path / "d"
    folder.mkdir()
    spanned(folder, outer, [len(outer) // 2, len(outer) - 100])
    assert outcomes.read(folder, tmp_path).publications == WANTED


@pytest.mark.parametrize("given", ["d/20200103.zip", "d/20200103.z02"])
def test_any_part_stands_for_all(tmp_path: Path, outer: bytes, given: str) -> None:
    (tmp_path / "d").mkdir()
    spanned(tmp_path / "d", outer, [500, 1_000])
    assert outcomes.read(tmp_path / given, tmp_path).publications == WANTED


def test_zip64(tmp_path: Path) -> None:
    entries = {f"{i}.JPG": b"" for i in range(66_000)}  # more than the short form can count
    data = made.zipped(entries | {"a.XML": made.document()})
    folder = tmp_path / "d"
    folder.mkdir()
    spanned(folder, data, [1_000_000, 2_000_000])
    found = outcomes.read(folder, tmp_path)
    assert (found.publications, found.skipped, found.refusals) == (["CN199000001A"], {"image": 66_000}, [])


def test_raw_volumes(tmp_path: Path, outer: bytes) -> None:
    """`.zip.001` are the bytes of a whole archive, cut anywhere."""
    folder = tmp_path / "d"
    folder.mkdir()
    for number, start in enumerate(range(0, len(outer), 999), 1):
        (folder / f"20200103.zip.{number:03}").write_bytes(outer[start : start + 999])
    assert outcomes.read(folder, tmp_path).publications == WANTED
    (folder / "20200103.zip.002").unlink()
    found = outcomes.read(folder, tmp_path)
    assert (found.refusals, found.details) == ([("20200103.zip", "", "split_incomplete")], ["20200103.zip.002"])


@pytest.mark.parametrize(
    ("harm", "missing"),
    [
        pytest.param(lambda parts: parts[1].unlink(), "20200103.z02", id="a part is missing"),
        pytest.param(lambda parts: parts[0].unlink(), "20200103.z01", id="the first is missing"),
        pytest.param(lambda parts: parts[2].unlink(), "20200103.z03", id="the last before the end is missing"),
        pytest.param(lambda parts: parts[3].unlink(), "20200103.zip", id="the end is missing"),
        pytest.param(
            lambda parts: [part.unlink() for part in parts[:3]],
            "20200103.z01, 20200103.z02, 20200103.z03",
            id="only the end",
        ),
        pytest.param(
            lambda parts: parts[1].write_bytes(parts[1].read_bytes()[:-200]),
            "20200103.z02 (it is too short)",
            id="cut off",
        ),
        pytest.param(lambda parts: parts[1].write_bytes(b""), "20200103.z02 (it is too short)", id="empty"),
        pytest.param(
            lambda parts: parts[3].write_bytes(parts[3].read_bytes()[:-30]),
            "20200103.zip (its end is missing)",
            id="end cut off",
        ),
    ],
)
def test_what_is_missing_is_named(tmp_path: Path, outer: bytes, harm: object, missing: str) -> None:
    folder = made.delivery(tmp_path / "d", {"a.XML": made.document("199000099")})
    third = len(outer) // 4
    harm(spanned(folder, outer, [third, 2 * third, 3 * third]))  # type: ignore[operator]
    found = outcomes.read(folder, tmp_path)
    assert found.publications == ["CN199000099A"], "other archives go on"
    assert [(archive, code) for archive, _, code in found.refusals] == [("20200103.zip", "split_incomplete")]
    assert found.details == [missing]


def test_split_zip_inside_a_tar_or_zip(tmp_path: Path, outer: bytes) -> None:
    (tmp_path / "parts").mkdir()
    parts = spanned(tmp_path / "parts", outer, [700, 1_500])
    data = made.zipped({f"20200103/{part.name}": part.read_bytes() for part in parts}, zipfile.ZIP_STORED)
    (tmp_path / "year.zip").write_bytes(data)
    assert outcomes.read(tmp_path / "year.zip", tmp_path).publications == WANTED
    del parts[1]
    data = made.zipped({f"20200103/{part.name}": part.read_bytes() for part in parts}, zipfile.ZIP_STORED)
    (tmp_path / "year.zip").write_bytes(data)
    found = outcomes.read(tmp_path / "year.zip", tmp_path)
    assert (found.refusals, found.details) == (
        [("year.zip/20200103/20200103.zip", "", "split_incomplete")],
        ["20200103/20200103.z02"],
    )


def test_what_belongs_together() -> None:
    names = [
        "a.zip",
        "b.Z02",
        "b.ZIP",
        "b.Z01",
        "c.zip.001",
        "c.zip.002",
        "d.z01",
        "x/b.z01",
        "x/b.zip",
        "e.tar.gz.001",
    ]
    found = {
        (each.name, tuple(names[place] for place in each.places), tuple(each.missing)) for each in split_sets(names)
    }
    assert found == {
        ("b.ZIP", ("b.Z01", "b.Z02", "b.ZIP"), ()),
        ("c.zip", ("c.zip.001", "c.zip.002"), ()),
        ("d.zip", ("d.z01",), ("d.zip",)),
        ("x/b.zip", ("x/b.z01", "x/b.zip"), ()),
        ("e.tar.gz", ("e.tar.gz.001",), ()),
    }


def test_archives_as_info_zip_splits_them(tmp_path: Path) -> None:
    need(shutil.which("zip") is not None, "the program zip")
    folder = tmp_path / "d"
    folder.mkdir()
    noise = bytes(x * x * 7919 >> 8 & 0xFF for x in range(200_000))
    for number in range(20):
        (tmp_path / f"{number}.XML").write_text(
            made.document(f"1990000{number:02}", application=f"2018990000{number:02}"), "utf-8"
        )
        (tmp_path / f"{number}.JPG").write_bytes(noise)
    files = [f"{number}.{kind}" for number in range(20) for kind in ("XML", "JPG")]
    subprocess.run(["zip", "-q", "-0", "-s", "64k", "d/x.zip", *files], cwd=tmp_path, check=True)
    assert len(list(folder.iterdir())) > 20
    found = outcomes.read(folder, tmp_path)
    assert sorted(found.publications) == sorted(f"CN1990000{number:02}A" for number in range(20))
    assert (found.refusals, found.skipped) == ([], {"image": 20})


def test_split_deliveries_of_real_records(tmp_path: Path, shared: Path) -> None:
    """What the tool for deliveries splits is what it also makes whole."""
    tool, records = shared / "tools/make_delivery.py", shared / "data/patents.jsonl.xz"
    need(tool.is_file() and records.is_file(), "the tool that makes deliveries")
    found = []
    for name, options in (("whole", []), ("split", ["--split-outer", "64K"])):
        subprocess.run(
            [
                sys.executable,
                str(tool),
                str(records),
                str(tmp_path / name),
                "--limit",
                "300",
                "--per-zip",
                "40",
                "--defects",
                "0.1",
                *options,
            ],
            check=True,
            stdout=subprocess.DEVNULL,
        )
        found.append(outcomes.read(tmp_path / name, tmp_path))
    assert list((tmp_path / "split").rglob("*.z03")), "there are several parts"
    assert sorted(found[0].publications) == sorted(found[1].publications)
    assert sorted(code for *_, code in found[0].refusals) == sorted(code for *_, code in found[1].refusals)
    assert found[0].skipped == found[1].skipped


def test_an_archive_is_a_small_description(tmp_path: Path, outer: bytes) -> None:
    parts = spanned(tmp_path, outer, [400])
    archive = Archive.of_files("20200103.zip", [(part, part.name) for part in parts], "zip")
    with OpenArchive(archive) as opened:
        inner = opened.inner(opened.entries[0].name, [opened.entries[0]], tmp_path)
    assert {segment.file for segment in inner.segments} == set(parts), "nothing was copied"
