"""Limits against hostile archives: each can be set, each has its code, and reaches worker processes."""

import gzip
import struct
import zipfile
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ingest.pipeline import ingest
from store.errors import BadCall
from store.settings import Limits, load
from tests.ingest import made, outcomes
from tests.ingest.test_packaging_tar import MEMBERS, tarred

BIG = made.document("199000001", abstract="长" * 400_000)
ENTRIES = {"big.XML": BIG, "b.XML": made.document("199000002")}


@pytest.mark.parametrize(
    ("limits", "refusal", "kept"),
    [
        (Limits(entry_size=1 << 20), ("x.zip", "big.XML", "entry_too_large"), ["CN199000002A"]),
        (Limits(ratio=20), ("x.zip", "big.XML", "entry_ratio"), ["CN199000002A"]),
        (Limits(entries=1), ("x.zip", "", "too_many_entries"), []),
        (Limits(unpacked_size=1 << 20), ("x.zip", "", "archive_too_large"), []),
    ],
)
def test_each_limit(tmp_path: Path, limits: Limits, refusal: tuple[str, str, str], kept: list[str]) -> None:
    (tmp_path / "x.zip").write_bytes(made.zipped(ENTRIES))
    found = outcomes.read(tmp_path / "x.zip", tmp_path, limits)
    assert (found.refusals, found.publications) == ([refusal], kept)
    wide = outcomes.read(tmp_path / "x.zip", tmp_path, Limits(ratio=5_000))
    assert (len(wide.publications), wide.refusals) == (2, []), "the same archive within the limits"


def test_a_directory_that_lies_about_its_entries(tmp_path: Path) -> None:
    data = bytearray(made.zipped({f"{n}.JPG": b"" for n in range(50)}))
    struct.pack_into("<2H", data, len(data) - 14, 1, 1)
    (tmp_path / "x.zip").write_bytes(data)
    assert outcomes.read(tmp_path / "x.zip", tmp_path, Limits(entries=20)).refusals == [
        ("x.zip", "", "too_many_entries")
    ]


@pytest.mark.parametrize("field", ["size", "offset", "name"])
def test_a_damaged_directory_is_a_refusal(tmp_path: Path, field: str) -> None:
    data = bytearray(made.zipped({"a.XML": made.document(), "b.XML": made.document("199000002")}))
    at = data.index(b"PK\x01\x02")
    place = {"size": len(data) - 10, "offset": len(data) - 6, "name": at + 28}[field]
    struct.pack_into("<H", data, place, 0xFFF0)
    (tmp_path / "x.zip").write_bytes(data)
    assert outcomes.read(tmp_path / "x.zip", tmp_path).refusals == [("x.zip", "", "corrupt_archive")]


@pytest.mark.parametrize(("method", "flags", "code"), [(14, 0, "entry_unsupported"), (8, 1, "entry_encrypted")])
def test_entries_we_cannot_read(tmp_path: Path, method: int, flags: int, code: str) -> None:
    data = bytearray(
        made.zipped({"a.XML": made.document(), "b.ZIP": made.zipped({}), "c.XML": made.document("199000003")})
    )
    at = 0
    for _ in range(2):
        at = data.index(b"PK\x01\x02", at + 1)
        struct.pack_into("<2H", data, at + 8, flags, method)
    (tmp_path / "x.zip").write_bytes(data)
    found = outcomes.read(tmp_path / "x.zip", tmp_path)
    assert found.publications == ["CN199000003A"]
    assert sorted(found.refusals) == [("x.zip", "a.XML", code), ("x.zip", "b.ZIP", code)]


def test_an_inner_archive_that_unpacks_to_more_than_it_says(tmp_path: Path) -> None:
    data = bytearray(
        made.zipped({"in.ZIP": made.zipped({"a.XML": made.document()}, zipfile.ZIP_STORED), "b.XML": made.document()})
    )
    at = data.index(b"PK\x01\x02")
    struct.pack_into("<L", data, at + 24, 100)
    (tmp_path / "x.zip").write_bytes(data)
    found = outcomes.read(tmp_path / "x.zip", tmp_path)
    assert (found.publications, found.refusals) == (["CN199000001A"], [("x.zip", "in.ZIP", "corrupt_archive")])


def test_settings_and_their_defaults() -> None:
    assert load({}).limits == Limits(), "the table of settings and the defaults of the class agree"
    given = {
        "ZHUANTI_MAX_DEPTH": "5",
        "ZHUANTI_MAX_ENTRIES": "1000",
        "ZHUANTI_MAX_ENTRY_SIZE": "1g",
        "ZHUANTI_MAX_RATIO": "99",
        "ZHUANTI_MAX_UNPACKED_SIZE": "2TB",
    }
    assert load(given).limits == Limits(5, 1000, 1 << 30, 99, 2 << 40)
    for wrong in ("0", "-1", "much", "1.5G", "", " "):
        if wrong.strip():
            with pytest.raises(BadCall) as caught:
                load({"ZHUANTI_MAX_RATIO": wrong})
            assert (caught.value.code, caught.value.values["name"]) == ("setting_invalid", "ZHUANTI_MAX_RATIO")


def test_limits_reach_worker_processes(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("ingest.pipeline._INLINE_BELOW", 0)
    node = load({"ZHUANTI_HOME": str(tmp_path / "home"), "ZHUANTI_MAX_ENTRY_SIZE": "1M"})
    report = ingest(node, [made.delivery(tmp_path / "d", ENTRIES)], workers=2)
    assert (report["kept"], report["rejected"]) == (1, {"entry_too_large": 1})


INNER = made.zipped({"a.XML": made.document(), "b-CRC.TXT": "b.ZIP,1"})
WHOLE = {
    "x.zip": made.zipped({"b.ZIP": INNER, "c.tar": tarred(MEMBERS[:2])}, zipfile.ZIP_STORED),
    "y.zip": made.zipped({"b.ZIP": INNER, "INDEX.TXT": "x"}),
    "z.tar": tarred(MEMBERS[:2], links=True),
    "z.tar.gz": gzip.compress(tarred(MEMBERS[:2])),
}


@settings(max_examples=150, deadline=None)
@given(st.sampled_from(sorted(WHOLE)), st.floats(0, 1), st.binary(min_size=1, max_size=6), st.floats(0.2, 1))
def test_no_damage_breaks_the_run(name: str, place: float, noise: bytes, kept: float) -> None:
    """Whatever bytes are wrong or cut off, the outcome is documents and refusals."""
    data = bytearray(WHOLE[name])
    at = int(place * (len(data) - 1))
    data[at : at + len(noise)] = noise
    with TemporaryDirectory() as folder:
        path = Path(folder) / name
        path.write_bytes(data[: int(len(data) * kept)] if kept < 0.5 else data)
        found = outcomes.read(path, Path(folder))
    assert len(found.publications) + len(found.refusals) <= 4


@settings(max_examples=150, deadline=None)
@given(st.integers(1, 120), st.binary(min_size=1, max_size=4))
def test_no_damaged_directory_breaks_the_run(back: int, noise: bytes) -> None:
    """The last bytes of a zip are those that say how to read it."""
    data = bytearray(WHOLE["x.zip"])
    data[len(data) - back : len(data) - back + len(noise)] = noise
    with TemporaryDirectory() as folder:
        path = Path(folder) / "x.zip"
        path.write_bytes(data)
        found = outcomes.read(path, Path(folder))
    assert found.publications or found.refusals or found.skipped
