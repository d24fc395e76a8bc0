"""Large files are read in pieces: the same lines and records as of the whole text, tasks of bounded size."""

import zipfile
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ingest import plan, work
from ingest.ahead import Single
from ingest.packaging import OpenArchive
from ingest.readers import google, xml
from ingest.recognise import reader_for
from ingest.rejects import Rejected
from ingest.work import Task, Worker
from store.settings import Limits
from tests.ingest import made_events

ENCODINGS = ("utf-8", "utf-8-sig", "gb18030", "utf-16")


@given(text=st.text(st.sampled_from("甲乙㐀𠮷ab<>\\{\n\r \u2028é"), max_size=60), encoding=st.sampled_from(ENCODINGS),
       size=st.integers(1, 9))
def test_lines_are_those_of_the_whole(text: str, encoding: str, size: int) -> None:
    data = text.encode(encoding)
    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(xml, "_AT_ONCE", size)
        try:
            whole = xml.decode(data, lambda _: None).split("\n")
        except Rejected as reason:
            with pytest.raises(Rejected) as refused:
                list(xml.lines(data, lambda _: None))
            assert refused.value.code == reason.code
        else:
            assert list(xml.lines(data, lambda _: None)) == whole


MANY = {
    "legal status": made_events.status(*(made_events.record(name=f"专利权的终止{i}") for i in range(4))),
    "TRS text": "".join(f"<REC>\n<公开（公告）号>=CN19900000{i}A\n<名称>=一种装置的终止{i}\n\n" for i in range(4)),
    "JSON": "\n".join(f'{{"publication_number": "CN-19900000{i}-A", "title_localized": [{{"text": "的终止{i}"}}]}}'
                      for i in range(4)),
}


@pytest.mark.parametrize("text", MANY.values(), ids=MANY)
@pytest.mark.parametrize("encoding", ["utf-8", "gb18030"])
def test_bytes_that_do_not_fit_cost_their_record_alone(text: str, encoding: str) -> None:
    data = text.encode(encoding)

    def refused(harmed: bytes) -> list[bool]:
        return [isinstance(one.content, Rejected) for one in reader_for(harmed)(harmed, lambda _: None)]

    at = data.index("终止2".encode(encoding))
    assert refused(data[:at] + b"\xff" + data[at:]) == [False, False, True, False]
    last = data.index("终止3".encode(encoding))
    assert refused(data[: last + 1]) == [False, False, False, True], "cut off inside a character"


@pytest.mark.parametrize("encoding", ENCODINGS)
def test_records_in_every_encoding(encoding: str) -> None:
    text = made_events.status(*(made_events.record(name=f"专利权的终止{i}") for i in range(5)))
    text = text.replace(' encoding="utf-8"', "")
    text = text.replace("<business:PRSRecord", "<!--\n<PRSRecord/>-->\n<business:PRSRecord", 1)
    pieces = list(xml.records(text.encode(encoding), "PRSRecord", lambda _: None))
    written = [line for line in text.split("\n") if line.startswith("<business:PRSRecord")]
    assert [piece.text for piece in pieces] == written
    assert [text.split("\n")[piece.line - 1] for piece in pieces] == [piece.text for piece in pieces]
    assert not any(isinstance(piece.content, Rejected) for piece in pieces)


def test_an_array_that_is_too_large_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(google, "MAX_DOCUMENT_BYTES", 100)
    lines = b"\n".join([b'{"publication_number": "CN-103831460-A"}'] * 9)
    assert len(list(google.readings(lines, lambda _: None))) == 9
    with pytest.raises(Rejected, match="document_too_large"):
        list(google.readings(b"[" + lines.replace(b"\n", b",") + b"]", lambda _: None))


def test_tasks_are_cut_by_bytes(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(plan, "BYTES_AT_ONCE", 1000)
    sizes = [400, 700, 10, 2000, 10, 10]
    with zipfile.ZipFile(tmp_path / "a.zip", "w", zipfile.ZIP_DEFLATED) as archive:
        for place, size in enumerate(sizes):
            archive.writestr(f"{place}.xml", b" " * size)
    (tmp_path / "loose").mkdir()
    for place, size in enumerate(sizes):
        (tmp_path / "loose" / f"{place}.xml").write_bytes(b" " * size)
    zipped, loose = (
        [item for source in plan.sources([tmp_path / name]) for item in plan.tasks(source, tmp_path, Limits())
         if isinstance(item, Task)] for name in ("a.zip", "loose"))
    assert [len(task.files) for task in loose] == [2, 2, 2]
    names = []
    for task in zipped:
        assert task.archive is not None
        with OpenArchive(task.archive, Limits()) as opened:
            names.append([opened.entries[place].name for place in task.entries])
    assert names == [["0.xml", "1.xml"], ["2.xml", "3.xml"], ["4.xml", "5.xml"]]


def test_a_sample_reads_no_further_than_it_must(tmp_path: Path) -> None:
    lines = [f'{{"publication_number": "CN-{103831460 + place}-A"}}' for place in range(9)] + ["{broken"]
    path = tmp_path / "a.jsonl"
    path.write_text("\n".join(lines))
    task = Task(files=((path, "a.jsonl"),))
    sampled, whole = Worker(None, most=5).run(task), Worker(None).run(task)
    assert [item.publication for item in sampled.documents] == [f"CN{103831460 + place}A" for place in range(5)]
    assert (len(whole.documents), len(whole.refusals), len(sampled.refusals)) == (9, 1, 0)


def test_what_a_large_file_holds_is_set_aside(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(work, "_PIECE", 4)
    path = tmp_path / "a.jsonl"
    path.write_text("\n".join([*(f'{{"publication_number": "CN-{103831460 + place}-A"}}' for place in range(9)), "{"]))
    task, spool = Task(files=((path, "a.jsonl"),)), tmp_path / "spool"
    spool.mkdir()
    whole = Worker(None).run(task)
    result = Worker(None, spool=spool).run(task)
    assert len(result.documents) < 4 and len(list(spool.iterdir())) == 2
    found = list(work.pieces(result))
    assert [item for piece in found for item in piece.documents] == whole.documents
    assert [item for piece in found for item in piece.refusals] == whole.refusals
    assert sum((piece.filled for piece in found), start=type(whole.filled)()) == whole.filled
    assert sum(piece.size for piece in found) == whole.size
    assert not list(spool.iterdir())


def test_without_room_on_the_disk_all_stays_in_memory(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(work, "_PIECE", 4)
    path = tmp_path / "a.jsonl"
    path.write_text("\n".join(f'{{"publication_number": "CN-{103831460 + place}-A"}}' for place in range(9)))
    made: list[int] = []

    def make(single: Sequence[Single], _: str) -> list[dict[str, Any]]:
        made.append(len(single))
        return [{} for _ in single]

    worker = Worker(None, make=make, as_of="2024-01-01", spool=tmp_path / "missing")
    result = worker.run(Task(files=((path, "a.jsonl"),)))
    assert (len(result.documents), result.aside, result.made, made) == (9, (), b"", [4])
