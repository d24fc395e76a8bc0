"""Tar and gz: documents and zips inside, links and devices left out, nothing written under a member's name."""

import gzip
import io
import tarfile
import zipfile
from collections.abc import Sequence
from pathlib import Path

import pytest

from store.settings import Limits
from tests.ingest import made, outcomes

LINKS = {tarfile.SYMTYPE: "/etc/passwd", tarfile.LNKTYPE: "a.XML", tarfile.CHRTYPE: "", tarfile.FIFOTYPE: ""}


def tarred(members: Sequence[tuple[str, str | bytes]], *, links: bool = False) -> bytes:
    """A tar of members in order; with `links` also one member of each kind that is no file."""
    buffer = io.BytesIO()
    with tarfile.open(fileobj=buffer, mode="w") as archive:
        for name, content in members:
            data = content.encode() if isinstance(content, str) else content
            info = tarfile.TarInfo(name)
            info.size = len(data)
            archive.addfile(info, io.BytesIO(data))
        for kind, target in LINKS.items() if links else ():
            info = tarfile.TarInfo(f"special-{kind.decode()}.XML")
            info.type, info.linkname = kind, target
            archive.addfile(info)
    return buffer.getvalue()


MEMBERS = (
    ("20200103/a.XML", made.document("199000001")),
    ("20200103/20200103-1-001.ZIP", made.zipped({"1/b.XML": made.document("199000002")}, zipfile.ZIP_STORED)),
    ("20200103/20200103-2-001.ZIP", made.zipped({"2/c.XML": made.document("199000003")})),
    ("../../up.XML", made.document("199000004")),
    ("/abs.XML", made.document("199000005")),
)
WANTED = [f"CN19900000{n}A" for n in range(1, 6)]


@pytest.mark.parametrize("name", ["x.tar", "x.tar.gz", "x.tgz", "X.TAR.GZ"])
def test_documents_and_zips_in_a_tar(tmp_path: Path, name: str) -> None:
    data = tarred(MEMBERS, links=True)
    (tmp_path / name).write_bytes(gzip.compress(data) if "g" in name.lower() else data)
    found = outcomes.read(tmp_path / name, tmp_path)
    assert sorted(found.publications) == WANTED
    assert found.refusals == []
    assert found.skipped == {"link": 2, "device": 2}
    assert found.warnings == {"entry_name_unsafe": 2}
    assert [path.name for path in tmp_path.iterdir()] == [name], "nothing is written under a member's name"


def test_gz_of_one_document(tmp_path: Path) -> None:
    text = made.document("199000001").encode()
    half = len(text) // 2
    (tmp_path / "a.xml.gz").write_bytes(gzip.compress(text[:half]) + gzip.compress(text[half:]) + bytes(64))
    assert outcomes.read(tmp_path / "a.xml.gz", tmp_path).publications == ["CN199000001A"], "members follow each other"
    data = made.zipped(
        {
            "1/a.xml.gz": gzip.compress(text),
            "b.zip.gz": gzip.compress(made.zipped({"b.XML": made.document()})),
            "c.jpg.gz": b"",
        }
    )
    (tmp_path / "x.zip").write_bytes(data)
    found = outcomes.read(tmp_path / "x.zip", tmp_path)
    assert (found.publications, found.refusals, found.skipped) == (["CN199000001A"] * 2, [], {"image": 1})


def test_damaged_gz(tmp_path: Path) -> None:
    folder = made.delivery(tmp_path / "d", {"a.XML": made.document("199000009")})
    data = gzip.compress(tarred(MEMBERS))
    (folder / "cut.tar.gz").write_bytes(data[: len(data) // 2])
    (folder / "none.tar.gz").write_bytes(b"not a gz at all")
    (folder / "wrong.tar.gz").write_bytes(data[:-8] + bytes(8))
    found = outcomes.read(folder, tmp_path)
    assert found.publications == ["CN199000009A"]
    assert found.refusals == [(f"{name}.tar.gz", "", "corrupt_archive") for name in ("cut", "none", "wrong")]


def test_a_tar_that_is_cut_off_keeps_what_comes_before(tmp_path: Path) -> None:
    data = tarred([(f"{n}.XML", made.document(f"19900000{n}")) for n in range(6)])
    (tmp_path / "x.tar").write_bytes(data[: data.index(b"4.XML") + 900])
    found = outcomes.read(tmp_path / "x.tar", tmp_path)
    assert found.publications == [f"CN19900000{n}A" for n in range(4)]
    assert ("x.tar", "4.XML", "entry_corrupt") in found.refusals
    (tmp_path / "x.tar").write_bytes(b"not a tar" * 100)
    assert outcomes.read(tmp_path / "x.tar", tmp_path).refusals == [("x.tar", "", "corrupt_archive")]


def test_gz_bomb(tmp_path: Path) -> None:
    (tmp_path / "x.tar.gz").write_bytes(gzip.compress(bytes(8 << 20)))
    assert outcomes.read(tmp_path / "x.tar.gz", tmp_path).refusals == [("x.tar.gz", "", "entry_ratio")]
    found = outcomes.read(tmp_path / "x.tar.gz", tmp_path, Limits(ratio=100_000, unpacked_size=1 << 20))
    assert found.refusals == [("x.tar.gz", "", "archive_too_large")]
