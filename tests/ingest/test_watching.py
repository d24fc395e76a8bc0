"""Watching a folder, without waiting: each look is a step of the test."""

from collections.abc import Callable
from pathlib import Path

import pytest

from ingest.watching import Skip, Watch, skip_none, watch
from store.errors import BadCall, Unreachable, ZhuantiError


class Told:
    """What a watch tells, in order."""

    def __init__(self) -> None:
        self.lines: list[tuple[str, str]] = []

    def found(self, drop: Path) -> None:
        self.lines.append(("found", drop.name))

    def taken(self, drop: Path) -> None:
        self.lines.append(("taken", drop.name))

    def failed(self, drop: Path, error: ZhuantiError) -> None:
        self.lines.append((error.code, drop.name))


def names(drops: list[Path]) -> list[str]:
    return [drop.name for drop in drops]


def run(folder: Path, steps: list[Callable[[], object]], take: Callable[[Path], None],
        skip: Skip = skip_none) -> Told:
    """Watch; before each look after the first, the next step happens; at the end of the steps it stops."""
    told, waiting = Told(), iter(steps)

    def pause() -> bool:
        step = next(waiting, None)
        if step is None:
            return True
        step()
        return False

    watch(folder, take, pause, told, skip)
    return told


def nothing() -> None:
    """A step in which nothing happens."""


def test_a_file_is_taken_once_it_has_stopped_growing(tmp_path: Path) -> None:
    state, zipped = Watch(tmp_path), tmp_path / "1.zip"
    zipped.write_bytes(b"a")
    assert state.ready() == [], "seen for the first time"
    zipped.write_bytes(b"ab")
    assert state.ready() == [], "it has grown"
    assert state.ready() == [zipped]
    assert state.ready() == [zipped], "until it is settled"
    state.settle(zipped)
    assert state.ready() == []
    zipped.write_bytes(b"abc")
    assert (state.ready(), state.ready()) == ([], [zipped]), "another file under the same name"


def test_a_done_file_saves_the_wait(tmp_path: Path) -> None:
    (tmp_path / "1.zip").write_bytes(b"a")
    (tmp_path / "2.zip").write_bytes(b"a")
    (tmp_path / "1.zip.done").touch()
    state = Watch(tmp_path)
    assert names(state.ready()) == ["1.zip"]
    assert names(state.ready()) == ["1.zip", "2.zip"]


def test_what_is_no_drop(tmp_path: Path) -> None:
    for name in (".hidden.zip", "x.zip.part", "x.zip.filepart", "x.zip.crdownload", "x-CRC.TXT", "notes.pdf"):
        (tmp_path / name).write_bytes(b"a")
    (tmp_path / "empty").mkdir()
    (tmp_path / "loading").mkdir()
    (tmp_path / "loading" / "1.zip.part").write_bytes(b"a")
    (tmp_path / "batch").mkdir()
    (tmp_path / "batch" / "1.zip").write_bytes(b"a")
    state = Watch(tmp_path)
    state.ready()
    assert names(state.ready()) == ["batch"]


def test_parts_of_a_split_archive_are_one_drop(tmp_path: Path) -> None:
    (tmp_path / "1.z02").write_bytes(b"b")
    (tmp_path / "1.zip").write_bytes(b"c")
    state = Watch(tmp_path)
    state.ready()
    assert state.ready() == [], "the first part is missing"
    (tmp_path / "1.z01").write_bytes(b"a")
    state.ready()
    assert names(state.ready()) == ["1.zip"]


def test_each_drop_once_in_the_order_of_names(tmp_path: Path) -> None:
    taken: list[str] = []
    (tmp_path / "2.zip").write_bytes(b"a")
    told = run(tmp_path, [nothing, lambda: (tmp_path / "1.zip").write_bytes(b"a"), nothing, nothing],
               lambda drop: taken.append(drop.name))
    assert taken == ["2.zip", "1.zip"]
    assert told.lines == [("found", "2.zip"), ("taken", "2.zip"), ("found", "1.zip"), ("taken", "1.zip")]


def test_errors_of_one_drop_stop_nothing(tmp_path: Path) -> None:
    """A bad drop waits until it changes, a missing service is tried again at the next look."""
    for name in ("bad.zip", "busy.zip", "gone.zip", "good.zip"):
        (tmp_path / name).write_bytes(b"a")
    tries: list[str] = []

    def take(drop: Path) -> None:
        tries.append(drop.name)
        if drop.name == "bad.zip":
            raise BadCall("not_a_delivery", path=str(drop))
        if drop.name == "busy.zip" and tries.count("busy.zip") == 1:
            raise Unreachable("disk_full")
        if drop.name == "gone.zip":
            raise FileNotFoundError(2, "No such file", str(drop))

    told = run(tmp_path, [nothing, nothing, lambda: (tmp_path / "bad.zip").write_bytes(b"better"), nothing], take)
    assert tries.count("bad.zip") == 2
    assert tries.count("busy.zip") == 2
    assert tries.count("good.zip") == 1
    assert tries.count("gone.zip") == 4
    assert ("taken", "busy.zip") in told.lines and ("not_a_delivery", "bad.zip") in told.lines


def test_what_was_withdrawn_is_not_taken_in_again_unless_it_changes(tmp_path: Path) -> None:
    (tmp_path / "1.zip").write_bytes(b"a")
    taken: list[Path] = []
    told = run(tmp_path, [nothing, nothing], taken.append, lambda name, _: name == "1.zip")
    assert (taken, told.lines) == ([], [])
    run(tmp_path, [nothing, lambda: (tmp_path / "1.zip").write_bytes(b"corrected"), nothing], taken.append,
        lambda name, _: name == "1.zip")
    assert names(taken) == ["1.zip"]


def test_the_folder_may_be_away_for_a_while_but_not_at_the_start(tmp_path: Path) -> None:
    folder = tmp_path / "drops"
    with pytest.raises(BadCall):
        run(folder, [], lambda _: None)
    folder.mkdir()
    told = run(folder, [folder.rmdir, folder.mkdir, nothing], lambda _: None)
    assert told.lines == [("path_missing", "drops")]
