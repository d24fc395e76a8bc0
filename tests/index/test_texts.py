"""The side file of texts: appended to, cut back after a crash, written anew when much of it is out of use."""

from pathlib import Path

import pytest

from index.embedded import texts
from index.embedded.texts import NO_PLACES, PARTS, Places, Texts, TextWriter

TITLE = PARTS[0].index("title")


def written(folder: Path, places: Places, titles: dict[int, str], size: int, deleted: tuple[int, ...] = ()) -> Places:
    writer = TextWriter(folder, places)
    for row, title in titles.items():
        writer.add(row, {"title": title})
    return writer.commit(size, deleted)


def titles(folder: Path, places: Places, rows: range) -> dict[int, str]:
    return {row: fields[TITLE] for row, fields in Texts(folder, places).read(rows, 0)}


def test_what_was_written_is_read(tmp_path: Path) -> None:
    many = {row: f"\x01电\x01池\x01{row}\x01" * 20 for row in range(3_000)}     # enough for a dictionary
    first = written(tmp_path, NO_PLACES, many, 3_000)
    assert titles(tmp_path, first, range(3_005)) == many
    second = written(tmp_path, first, {5: "\x01新\x01", 3_001: "\x01组\x01"}, 3_002, (7,))
    expected = many | {5: "\x01新\x01", 3_001: "\x01组\x01"}
    del expected[7]
    assert titles(tmp_path, second, range(3_005)) == expected
    assert titles(tmp_path, first, range(3_005)) == many       # an older commit reads its own


def test_a_description_is_read_apart(tmp_path: Path) -> None:
    writer = TextWriter(tmp_path, NO_PLACES)
    writer.add(0, {"title": "\x01a\x01", "description": "\x01长\x01"})
    writer.add(1, {"title": "\x01b\x01"})
    writer.add(0, {"title": "\x01c\x01"})      # the last one counts, without a description
    writer.add(2, {"description": "\x01短\x01"})
    found = Texts(tmp_path, writer.commit(3, ()))
    assert [(row, fields[TITLE]) for row, fields in found.read(range(3), 0)] == [(0, "\x01c\x01"), (1, "\x01b\x01")]
    assert list(found.read(range(3), 1)) == [(2, ["\x01短\x01"])]


def test_what_a_broken_writer_left_is_cut_off(tmp_path: Path) -> None:
    first = written(tmp_path, NO_PLACES, {0: "\x01a\x01"}, 1)
    broken = TextWriter(tmp_path, first)
    broken.add(0, {"title": "\x01broken\x01"})
    broken.commit(1, ())        # its places are lost
    second = written(tmp_path, first, {1: "\x01b\x01"}, 2)
    assert titles(tmp_path, second, range(2)) == {0: "\x01a\x01", 1: "\x01b\x01"}
    assert texts.path_of(tmp_path, second.number).stat().st_size == second.end


def test_a_file_of_waste_is_written_anew(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(texts, "_WASTE", 200)
    places = written(tmp_path, NO_PLACES, {row: f"\x01{row}\x01" for row in range(50)}, 50)
    for turn in range(40):
        places = written(tmp_path, places, {row: f"\x01{row + turn}\x01" for row in range(10)}, 50)
    assert places.number > 1
    assert places.wasted <= max(200, places.end // 2)
    expected = {row: f"\x01{row + 39 if row < 10 else row}\x01" for row in range(50)}
    assert titles(tmp_path, places, range(50)) == expected
    texts.drop_others(tmp_path, {places.number})
    assert [path.name for path in tmp_path.iterdir()] == [f"texts-{places.number}"]


def test_nothing_written_is_nothing_read(tmp_path: Path) -> None:
    places = TextWriter(tmp_path, NO_PLACES).commit(0, ())
    assert list(Texts(tmp_path, places).read(range(3), 0)) == []
