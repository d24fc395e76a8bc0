"""The measure of a complete ingest: damaged deliveries made from real records end exactly as their truth files say.

    python -m bench.defects FOLDER [--limit 20000] [--defects 0.05] [--pairs 0.2] [--seeds 1 2 3]

For each seed, and once more split into `.z01` … `.zip`: taken in, held against the truth, taken in again, taken in in
the other order of files, and after three kills at random moments. Prints a table and one JSON line; exits 1 on any
disagreement. FOLDER keeps the deliveries for the next run.
"""

import argparse
import json
import os
import random
import shutil
import signal
import sqlite3
import subprocess
import sys
import time
from contextlib import closing
from hashlib import blake2b
from pathlib import Path
from typing import Any, NamedTuple

from bench.truth import check
from ingest.pipeline import ingest
from ingest.records import Records
from store import deliveries
from store.database import open_store
from store.settings import Settings, load

ROOT = Path(__file__).resolve().parents[1]
SHARED = Path(os.environ.get("ZHUANTI_SHARED") or ROOT.parent / "shared")
SPLIT = "3M"        # size of a part of the outer zips, so that there are several


class Case(NamedTuple):
    """A delivery and what is written about it."""

    name: str
    delivery: Path
    truth: Path


def main() -> None:
    arguments = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    arguments.add_argument("folder", type=Path)
    arguments.add_argument("--limit", type=int, default=20_000)
    arguments.add_argument("--defects", type=float, default=0.05)
    arguments.add_argument("--pairs", type=float, default=0.2)
    arguments.add_argument("--seeds", type=int, nargs="+", default=[1, 2, 3])
    given = arguments.parse_args()
    cases = [made(given, seed, split=False) for seed in given.seeds] + [made(given, given.seeds[0], split=True)]
    rows = [measured(case, given.folder) for case in cases]
    columns = list(rows[0])
    print("| " + " | ".join(columns) + " |\n|" + "---|" * len(columns))
    for row in rows:
        print("| " + " | ".join(str(value) for value in row.values()) + " |")
    print(json.dumps(rows, ensure_ascii=False))
    sys.exit(any(row[name] for row in rows for name in columns if name.startswith("wrong")))


def made(given: argparse.Namespace, seed: int, *, split: bool) -> Case:
    """A delivery with its truth file, made unless it is there from an earlier run."""
    name = f"{given.limit}-{given.defects}-{given.pairs}-seed{seed}" + ("-split" if split else "")
    title = f"seed {seed}" + (", split" if split else "")
    case = Case(title, given.folder / name, given.folder / f"{name}.truth.jsonl")
    if not case.truth.exists():
        shutil.rmtree(case.delivery, ignore_errors=True)
        partial = case.truth.with_suffix(".partial")
        command = [sys.executable, str(SHARED / "tools/make_delivery.py"), str(SHARED / "data/patents.jsonl.xz"),
                   str(case.delivery), "--truth", str(partial), "--limit", str(given.limit), "--seed", str(seed),
                   "--defects", str(given.defects), "--pairs", str(given.pairs)]
        given.folder.mkdir(parents=True, exist_ok=True)
        subprocess.run([*command, *(["--split-outer", SPLIT] if split else [])], check=True, stdout=subprocess.DEVNULL)
        partial.rename(case.truth)
    return case


def measured(case: Case, folder: Path) -> dict[str, Any]:
    """One row of the table; the columns `wrong …` count disagreements and are 0 when all is well."""
    home = folder / "home"
    shutil.rmtree(home, ignore_errors=True)
    settings = load({"ZHUANTI_HOME": str(home)})
    began = time.monotonic()
    report = ingest(settings, [case.delivery])
    row: dict[str, Any] = {"delivery": case.name, "entries": report["entries"], "documents": report["documents"],
                           "merged": report["merged"], "rejected": sum(report["rejected"].values()),
                           "seconds": round(time.monotonic() - began, 1)}
    counts, wrong = held_against(settings, case)
    print("\n".join(wrong[:20]), file=sys.stderr)
    row |= {"pairs": counts["pairs"], "wrong": len(wrong)}
    expected = state(settings)
    again = ingest(settings, [case.delivery])
    row["wrong again"] = again["kept"] + (state(settings) != expected) + any(
        again[name] != report[name]     # type: ignore[literal-required]
        for name in ("files", "entries", "documents", "merged", "rejected", "skipped", "warnings"))
    shutil.rmtree(home)
    parts = sorted(case.delivery.iterdir(), reverse=True)
    ingest(settings, parts)
    row["wrong reversed"] = len(held_against(settings, case)[1]) + (state(settings)["records"] != expected["records"])
    shutil.rmtree(home)
    row["kills"] = killed(case, home, report["documents"])
    row["wrong after kills"] = len(held_against(settings, case)[1]) + (state(settings) != expected)
    shutil.rmtree(home)
    return row


def held_against(settings: Settings, case: Case) -> Any:
    with open_store(settings) as store:
        return check(store, case.truth)


def state(settings: Settings) -> dict[str, Any]:
    """What must not depend on order, repetition or kills: records (without rows and sources), quarantine, ledger."""
    with open_store(settings) as store:
        records = []
        for record in Records(store).stream():
            shown = {**record, "row": 0, "publications": [{**one, "source": None} for one in record["publications"]]}
            records.append(blake2b(json.dumps(shown, sort_keys=True).encode(), digest_size=16).hexdigest())
        with store.connect() as connection:
            rejects = [(one["archive"], one["entry"], one["code"]) for one in deliveries.rejects(connection)]
            ledger = [(one["name"], one["state"], one["files"], one["counts"]) for one in deliveries.ledger(connection)]
    return {"records": sorted(records), "rejects": sorted(rejects), "ledger": ledger}


def killed(case: Case, home: Path, documents: int) -> int:
    """Take in with three kills at random moments, then to the end; how many runs did not end by themselves.

    A moment is a number of documents in the store, so that it does not depend on how busy the machine is.
    """
    command = [sys.executable, "-m", "cli.main", "ingest", str(case.delivery), "--no-index", "--json"]
    dice, kills = random.Random(case.name), 0
    for moment in sorted(dice.uniform(0, 0.95) * documents for _ in range(3)):
        process = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, cwd=ROOT,
                                   env=os.environ | {"ZHUANTI_HOME": str(home)}, start_new_session=True)
        while process.poll() is None and stored(home) < moment:
            time.sleep(0.02)
        time.sleep(dice.uniform(0, 0.5))        # somewhere within the next batches
        if process.poll() is None:
            os.kill(process.pid, signal.SIGKILL)
            kills += 1
        process.wait()
    done = subprocess.run(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, cwd=ROOT, check=False,
                          env=os.environ | {"ZHUANTI_HOME": str(home)})
    assert done.returncode in (0, 1), done.returncode
    return kills


def stored(home: Path) -> int:
    """Documents that the store of a running ingest holds."""
    file = home / "store.db"
    if not file.exists():
        return 0
    with closing(sqlite3.connect(f"file:{file}?mode=ro", uri=True, timeout=60)) as connection:
        try:
            return int(connection.execute("SELECT max(document) FROM document").fetchone()[0] or 0)
        except sqlite3.OperationalError:        # the tables are being made
            return 0


if __name__ == "__main__":
    main()
