"""The quarantine: looking at what was refused, and taking in what passes after limits or program have changed."""

from pathlib import Path

import pytest

from ingest.again import excerpt, retry
from ingest.pipeline import ingest
from ingest.records import Records
from store import deliveries
from store.database import open_store
from store.errors import NotFound
from store.settings import Settings, load
from tests.ingest import made

LONG = made.document("199000001", abstract="很长的摘要。" * 500)
SHORT = made.document("199000002", application="201899000002")


def strict(home: Path) -> Settings:
    return load({"ZHUANTI_HOME": str(home), "ZHUANTI_MAX_ENTRY_SIZE": "3K", "ZHUANTI_MAX_DEPTH": "1"})


def lenient(home: Path) -> Settings:
    return load({"ZHUANTI_HOME": str(home)})


def ids(home: Path) -> list[str]:
    with open_store(lenient(home)) as store:
        return [record["id"] for record in Records(store).stream()]


def ledger(home: Path) -> tuple[dict[str, object], list[tuple[str, str]]]:
    with open_store(lenient(home)) as store, store.connect() as connection:
        entry = deliveries.entry_of(connection, "d")
        return entry["counts"], [(one["entry"], one["code"]) for one in deliveries.rejects(connection)]


def numbers(home: Path) -> dict[str, int]:
    with open_store(lenient(home)) as store, store.connect() as connection:
        return {one["entry"]: one["number"] for one in deliveries.rejects(connection)}


def test_what_passes_now_is_taken_in_and_counted(tmp_path: Path) -> None:
    folder = made.delivery(tmp_path / "d", {"long.XML": LONG, "short.XML": SHORT, "bad.XML": "<"})
    (folder / "loose.XML").write_text(LONG.replace("199000001", "199000003").replace("201899000001", "201899000003"))
    ingest(strict(tmp_path / "first"), [folder], workers=1)
    ingest(lenient(tmp_path / "at-once"), [folder], workers=1)
    assert ledger(tmp_path / "first")[1] == [
        ("loose.XML", "entry_too_large"), ("bad.XML", "xml_invalid"), ("long.XML", "entry_too_large")]
    report = retry(lenient(tmp_path / "first"))
    assert report == {"tried": 3, "taken": 2, "refused": {"xml_invalid": 1}, "gone": 0, "changed": 0, "documents": 2,
                      "events": 0}
    assert sorted(ids(tmp_path / "first")) == sorted(ids(tmp_path / "at-once"))
    assert ledger(tmp_path / "first") == ledger(tmp_path / "at-once")
    assert retry(lenient(tmp_path / "first"), code="entry_too_large")["tried"] == 0


def test_an_archive_that_was_refused_is_read_as_a_whole(tmp_path: Path) -> None:
    inner = made.zipped({"long.XML": LONG, "short.XML": SHORT, "deep.zip": made.zipped({"bad.XML": "<"})})
    folder = made.delivery(tmp_path / "d", {"inner.zip": inner, "a.XML": made.document("199000009", application="")})
    ingest(strict(tmp_path / "home"), [folder], workers=1)
    assert ledger(tmp_path / "home")[1] == [("inner.zip", "too_deep")]
    report = retry(lenient(tmp_path / "home"))
    assert (report["taken"], report["documents"]) == (1, 2)
    ingest(lenient(tmp_path / "at-once"), [folder], workers=1)
    counts, found = ledger(tmp_path / "home")
    expected, refused = ledger(tmp_path / "at-once")
    assert found == refused == [("bad.XML", "xml_invalid")]
    assert counts == expected


def test_one_record_of_a_file_of_many(tmp_path: Path) -> None:
    text = "\n".join(f"<REC>\n<公开号>=CN19900000{i}A\n<申请号>=CN20189900000{i}\n<名称>=装置{i}\n" for i in (1, 2))
    folder = made.delivery(tmp_path / "d", {"many.trs": text + "<REC>\n<名称>=无号\n"})
    ingest(lenient(tmp_path / "home"), [folder], workers=1)
    before, found = ledger(tmp_path / "home")
    assert [entry for entry, _ in found] == ["many.trs#3"]
    assert retry(lenient(tmp_path / "home"))["taken"] == 0
    assert ledger(tmp_path / "home") == (before, found)
    shown = excerpt(lenient(tmp_path / "home"), numbers(tmp_path / "home")["many.trs#3"])
    assert shown.lines is not None and any("无号" in line for line in shown.lines)


def test_files_that_are_gone_or_changed_are_left_alone(tmp_path: Path) -> None:
    folder = made.delivery(tmp_path / "d", {"bad.XML": "<"}, "1.ZIP")
    made.delivery(folder, {"bad.XML": "<a"}, "2.ZIP")
    home = tmp_path / "home"
    ingest(lenient(home), [folder], workers=1)
    (folder / "1.ZIP").unlink()
    made.delivery(folder, {"bad.XML": SHORT}, "2.ZIP")
    before = ledger(home)
    report = retry(lenient(home))
    assert (report["gone"], report["changed"], report["taken"]) == (1, 1, 0)
    assert ledger(home) == before
    with open_store(lenient(home)) as store, store.connect() as connection:
        found = {one["archive"]: one["number"] for one in deliveries.rejects(connection)}
    assert excerpt(lenient(home), found["1.ZIP"]).why == "gone"
    assert excerpt(lenient(home), found["2.ZIP"]).why == "changed"


def test_the_lines_around_the_damage(tmp_path: Path) -> None:
    lines = [f"<line>{i}</line>" for i in range(1, 21)]
    lines[9] = "<broken>\x07" + "字" * 1000 + "</other>"
    body = "<?xml version='1.0' encoding='GB18030'?>\n<r>" + "\n".join(lines) + "</r>"
    folder = made.delivery(tmp_path / "d", {"bad.XML": made.document()[:-40] , "odd.XML": body.encode("gb18030")})
    home = tmp_path / "home"
    ingest(lenient(home), [folder], workers=1)
    found = numbers(home)
    shown = excerpt(lenient(home), found["bad.XML"])
    assert shown.lines is not None and shown.lines[0].startswith("<?xml")
    assert len(shown.lines[-1]) < 500 and " … " in shown.lines[-1], "a long line from its beginning and its end"
    odd = excerpt(lenient(home), found["odd.XML"])
    assert odd.lines is not None and odd.first == 1
    with pytest.raises(NotFound) as caught:
        excerpt(lenient(home), 999)
    assert caught.value.code == "no_such_reject"


def test_control_characters_are_shown_as_escapes(tmp_path: Path) -> None:
    folder = made.delivery(tmp_path / "d", {"bad.XML": b"<a>\x1b[31m\xff\xfe\n</b>"})
    ingest(lenient(tmp_path / "home"), [folder], workers=1)
    shown = excerpt(lenient(tmp_path / "home"), 1)
    assert shown.lines is not None
    assert "\x1b" not in "".join(shown.lines) and "\\x1b[31m" in shown.lines[0]
