"""`deliveries`, `rejects --show/--retry` and `ingest --watch` as a user runs them."""

import json
import os
import signal
import subprocess
import sys
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

import cli.main
from api.services import Services
from api.status import service
from cli.ingesting import take_in
from ingest.progress import Silent
from store.messages import text
from store.settings import load
from tests.cli.conftest import Run
from tests.ingest import made
from tests.postgresql import Server, postgresql

__all__ = ["postgresql"]

KEYS = {"name", "state", "first_run", "last_run", "withdrawn", "files", "reading", "size", "counts"}


@pytest.fixture
def first(tmp_path: Path) -> Path:
    return made.delivery(tmp_path / "first", {"a.XML": made.document(title="一种石墨烯电池")})


@pytest.fixture
def wrong(tmp_path: Path) -> Path:
    return made.delivery(tmp_path / "wrong", {
        "b.XML": made.document("199000002", application="201899000002", title="一种搅拌装置", abstract=""),
        "bad\x1b.XML": "<PatentDocumentAndRelated>\n<b>\x1b</a>"})


def test_ledger_report_and_withdrawal(run: Run, first: Path, wrong: Path) -> None:
    assert run("deliveries", "--json").json() == []
    run("ingest", first, "--workers", "1", "--json")
    run("ingest", wrong, "--workers", "1", "--json")
    listed = run("deliveries", "--json").json()
    assert {one["name"] for one in listed} == {"first", "wrong"} and set(listed[0]) == KEYS
    assert "wrong" in run("deliveries").out
    shown = run("deliveries", "show", "wrong", "--json").json()
    assert set(shown) == KEYS | {"quality", "contents"}
    shares = {field["field"]: (field["share"], field["share_before"]) for field in shown["quality"]["fields"]}
    assert (shares["title"], shares["abstract"], shares["claims"]) == ((1.0, 1.0), (0.0, 1.0), (0.0, 0.0))
    assert shares["region"] == (1.0, 1.0)
    assert shown["quality"]["before"] == "first"
    assert shown["quality"]["rejected"] == [{
        "code": "xml_invalid", "message": text("reject_xml_invalid"), "message_en": text("reject_xml_invalid", "en"),
        "count": 1, "count_before": 0}]
    assert "0.0% [-100.0] (0 / 1)" in run("deliveries", "show", "wrong").out

    refused = run("deliveries", "withdraw", "wrong", "--json")
    assert (refused.code, refused.json()["code"]) == (2, "operations_needs_yes")
    done = run("deliveries", "withdraw", "wrong", "--yes", "--json")
    assert (done.code, done.json()["documents"], done.json()["rejects"]) == (0, 1, 1)
    assert run("search", "搅拌", "--json").json()["total"] == 0
    assert run("search", "石墨烯", "--json").json()["total"] == 1
    assert run("rejects", "--json").json() == []
    assert run("status", "--json").json()["index"]["records"] == 1
    assert {one["name"]: one["state"] for one in run("deliveries", "--json").json()} == {
        "first": "done", "wrong": "withdrawn"}
    assert run("ingest", wrong, "--workers", "1", "--json").json()["kept"] == 1
    assert run("search", "搅拌", "--json").json()["total"] == 1


def test_unknown_names_and_numbers(run: Run) -> None:
    for arguments, code in (
            (("deliveries", "show", "none"), "delivery_unknown"), (("rejects", "--show", "9"), "no_such_reject"),
            (("deliveries", "withdraw", "none", "--yes"), "delivery_unknown"),
            (("rejects", "--show", "1", "--retry"), "operations_rejects_one"), (("ingest",), "operations_ingest_what")):
        ran = run(*arguments, "--json")
        assert (ran.code, ran.json()["code"]) == (2, code)


def test_a_reject_with_its_lines(run: Run, wrong: Path) -> None:
    run("ingest", wrong, "--workers", "1", "--json")
    number = run("rejects", "--json").json()[0]["number"]
    shown = run("rejects", "--show", number)
    assert ">      2 <b>\\x1b</a>" in shown.out and "bad\\x1b.XML" in shown.out and "\x1b" not in shown.out
    assert "\x1b" not in run("rejects").out
    assert run("rejects", "--show", number, "--json").json()["excerpt"]["lines"][1] == "<b>\\x1b</a>"
    (wrong / "20200103-1-001.ZIP").unlink()
    assert "not there any more" in run("rejects", "--show", number).out


def test_a_retry_takes_in_what_passes_now(run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    folder = made.delivery(tmp_path / "d", {"a.XML": made.document(title="一种石墨烯电池"), "bad.XML": "<"})
    with monkeypatch.context() as patch:
        patch.setenv("ZHUANTI_MAX_ENTRY_SIZE", "1K")
        assert run("ingest", folder, "--workers", "1", "--json").json()["documents"] == 0
    ran = run("rejects", "--retry", "--json")
    assert (ran.code, ran.json()["taken"], ran.json()["refused"]) == (1, 1, {"xml_invalid": 1})
    assert run("search", "石墨烯", "--json").json()["total"] == 1


@pytest.mark.slow
def test_a_watch_takes_drops_in_and_stops_on_a_signal(tmp_path: Path) -> None:
    drops = tmp_path / "drops"
    drops.mkdir()
    environment = {**os.environ, "ZHUANTI_HOME": str(tmp_path / "home")}
    process = subprocess.Popen(
        [sys.executable, "-m", "cli.main", "ingest", "--watch", str(drops), "--interval", "0.2", "--no-index",
         "--json"], stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, env=environment,
        cwd=Path(cli.main.__file__).parents[1])
    made.delivery(drops / "week", {"a.XML": made.document()})
    (drops / "bad.zip").write_bytes(b"no zip")
    assert process.stderr is not None
    deadline = time.monotonic() + 60
    for line in process.stderr:
        if "1 publications" in line or time.monotonic() > deadline:
            break
    process.send_signal(signal.SIGTERM)
    out, err = process.communicate(timeout=30)
    assert process.returncode == 0 and "Traceback" not in err
    done = json.loads(out)
    assert [(one["drop"], one["report"]["documents"]) for one in done["drops"]] == [("bad.zip", 0), ("week", 1)]


@pytest.mark.service
def test_two_ingests_at_once_into_one_index(postgresql: Server, tmp_path: Path) -> None:
    """On PostgreSQL both store at once; the second waits for the index and nothing stays pending."""
    environment = {"ZHUANTI_HOME": str(tmp_path / "home"), "ZHUANTI_DATABASE_URL": postgresql.new_database()}
    settings = load(environment)
    paths = [made.delivery(tmp_path / name, {
        f"{i}.XML": made.document(f"199{name}{i:05}", application=f"2018990{name}{i:04}") for i in range(600)})
        for name in ("1", "2")]

    def both(path: Path) -> None:
        take_in(settings, (path,), workers=1, dry_run=False, index=True, progress=Silent())

    with ThreadPoolExecutor(2) as pool:
        list(pool.map(both, paths))
    with Services(settings) as services:
        found = service.status(services)
    assert (found["records"], found["index"]["records"], found["index"]["pending"]) == (1200, 1200, 0)
