"""kill -9 at random moments: the run that is taken up ends like one that nobody disturbed, and leaves nothing."""

import json
import os
import random
import signal
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

import pytest

import ingest
from store import deliveries
from store.database import open_store
from store.settings import load
from tests.ingest import made, made_events

ROOT = Path(ingest.__file__).parents[1]
ZIPS, EACH = 4, 450      # enough for worker processes, and for more than one batch a zip


def document(dice: random.Random, i: int, kind: str = "A") -> str:
    """A publication large enough that the delivery is worth worker processes."""
    words = "".join(chr(dice.randrange(0x4E00, 0x9FA5)) for _ in range(700))      # they pack badly
    return made.document(f"1990{i:05}", kind, "20200103" if kind == "A" else "20220103", abstract=words,
                         application=f"20189900{i:04}" if i % 5 else "", title=f"{kind}{i}")


@pytest.fixture(scope="module")
def delivery(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Four zips with pairs, duplicates in one zip and across two, legal events and damage."""
    dice = random.Random(1)
    folder = tmp_path_factory.mktemp("killed") / "week"
    for number in range(ZIPS):
        entries = {f"{i}.XML": document(dice, number * EACH + i) for i in range(EACH)}
        entries["grant.XML"] = document(dice, 7, "B")
        entries["twice.XML"] = entries["3.XML"]
        entries["bad.XML"] = entries["4.XML"][:2000]
        entries["event.XML"] = made_events.status(made_events.record(f"20189900{number:04}"))
        made.delivery(folder, entries, f"{number}.ZIP")
    made.delivery(folder, {f"{i}.XML": document(random.Random(1), i) for i in range(40)}, "again.ZIP")
    return folder


def command(home: Path, *arguments: str) -> "subprocess.Popen[str]":
    return subprocess.Popen([sys.executable, "-m", "cli.main", *arguments], stdout=subprocess.PIPE,
                            stderr=subprocess.PIPE, text=True, cwd=ROOT, start_new_session=True,
                            env={**os.environ, "ZHUANTI_HOME": str(home)})


def run(home: Path, *arguments: str) -> str:
    process = command(home, *arguments)
    out, err = process.communicate(timeout=300)
    assert process.returncode in (0, 1), err
    return out


def final(home: Path) -> tuple[Any, ...]:
    """Records, quarantine and ledger (without times, and without how many events a run met for the first time)."""
    with open_store(load({"ZHUANTI_HOME": str(home)})) as store, store.connect() as connection:
        refused = [(one["delivery"], one["archive"], one["entry"], one["code"], one["line"])
                   for one in deliveries.rejects(connection)]
        files = [(one["path"], one["state"], {**one["counts"], "events": sum(one["counts"]["events"].values())})
                 for one in deliveries.files_of(connection, "week")]
    return sorted(run(home, "export", "--all", "--format", "jsonl").splitlines()), sorted(refused), files


def processes_of(session: int) -> list[int]:
    """Processes of a session that still live."""
    found = []
    for path in Path("/proc").glob("[0-9]*/stat"):
        try:
            fields = path.read_text().rpartition(")")[2].split()
        except OSError:
            continue
        if int(fields[3]) == session and fields[0] != "Z":
            found.append(int(path.parent.name))
    return found


@pytest.mark.slow
@pytest.mark.skipif(not Path("/proc/self/stat").exists(), reason="reads /proc")
def test_killed_at_random_moments_and_taken_up(delivery: Path, tmp_path: Path) -> None:
    began = time.monotonic()
    run(tmp_path / "calm", "ingest", str(delivery), "--workers", "2", "--no-index")
    seconds = time.monotonic() - began
    expected = final(tmp_path / "calm")
    assert len(expected[0]) > ZIPS * EACH * 0.9 and len(expected[1]) == ZIPS
    dice = random.Random(seconds)
    for attempt in range(3):
        home = tmp_path / f"killed{attempt}"
        for _ in range(3):
            process = command(home, "ingest", str(delivery), "--workers", "2", "--no-index")
            time.sleep(dice.uniform(0.3, 1.0) * seconds)
            process.kill()
            process.communicate()
            deadline = time.monotonic() + 20
            while processes_of(process.pid) and time.monotonic() < deadline:
                time.sleep(0.05)
            assert processes_of(process.pid) == [], "workers end with their parent"
        run(home, "ingest", str(delivery), "--workers", "2", "--no-index")
        assert final(home) == expected
        again = json.loads(run(home, "ingest", str(delivery), "--workers", "2", "--no-index", "--json"))
        assert again["kept"] == 0


@pytest.mark.slow
def test_killed_while_the_index_is_written(delivery: Path, tmp_path: Path) -> None:
    run(tmp_path, "ingest", str(delivery), "--workers", "2", "--no-index")
    dice = random.Random(2)
    for _ in range(3):
        process = command(tmp_path, "ingest", str(delivery), "--workers", "2")
        time.sleep(dice.uniform(0.5, 4))
        os.killpg(process.pid, signal.SIGKILL)
        process.communicate()
    run(tmp_path, "ingest", str(delivery), "--workers", "2")
    status = json.loads(run(tmp_path, "status", "--json"))
    assert status["index"]["pending"] == 0
    assert status["index"]["records"] == status["records"] > 0
