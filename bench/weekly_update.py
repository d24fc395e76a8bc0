"""The weekly update on a full store, measured: 1,000 new publications, from the zip until they are found.

    python -m bench.weekly_update HOME [--records N]

HOME is copied, so it stays as it is; its store should hold the real records (`bench.real_delivery FOLDER --home HOME`).
Half of the publications are grants of applications in the store, half are new applications; all are dated a week after
the newest, so the data date moves too. Prints seconds (the whole command, with the start of its program, whose modules
are compiled beforehand as they are in an installation), peak memory, and whether every publication is found by its
number.
"""

import argparse
import datetime as dt
import json
import lzma
import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from bench.real_delivery import SHARED, command
from index.open import open_engine
from index.query.tree import Keyword
from store import documents
from store.database import open_store
from store.settings import load

_FIRST_NEW = 990_000_000    # of publication numbers that no real record has


def main() -> None:
    arguments = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    arguments.add_argument("home", type=Path)
    arguments.add_argument("--records", type=int, default=1_000)
    given = arguments.parse_args()
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        home = folder / "home"
        shutil.copytree(given.home, home)
        settings = load({"ZHUANTI_HOME": str(home)})
        with open_store(settings) as store, store.connect() as connection:
            newest = documents.data_date(connection) or "2021-06-29"
        week = (dt.date.fromisoformat(newest) + dt.timedelta(days=7)).isoformat()
        made = list(_publications(given.records, week))
        delivery = _delivery(folder, made)
        os.environ.pop("PYTHONDONTWRITEBYTECODE", None)
        os.environ["PYTHONPYCACHEPREFIX"] = str(folder / "compiled")
        command(home, "ingest", "--dry-run", str(delivery))
        done = command(home, "ingest", str(delivery))
        engine = open_engine(settings)
        found = sum(engine.count(Keyword("publication_number", (one["pub_number"].removeprefix("CN"),))) == 1
                    for one in made)
    figures = {"publications": len(made), "found": found, "seconds": done["seconds"],
               "cpu_seconds": done["cpu_seconds"], "peak_mb": done["peak_mb"], "kept": done["report"]["kept"]}
    print(json.dumps(figures))
    sys.exit(found != len(made))


def _publications(count: int, day: str) -> Iterator[dict[str, Any]]:
    grants = 0
    with lzma.open(SHARED / "data/patents.jsonl.xz", "rt", encoding="utf-8") as lines:
        records = (json.loads(line) for line in lines)
        with_abstract = (one for one in records if one.get("pub_number") and one.get("abstract"))
        for place, one in enumerate(with_abstract):
            if place == count:
                return
            if one["pub_number"].endswith("A") and grants < count // 2:
                grants += 1
                yield one | {"pub_number": one["pub_number"][:-1] + "B", "pub_date": day, "pub_numbers": None}
            else:
                yield one | {"pub_number": f"CN{_FIRST_NEW + place}A", "app_number": None, "pub_date": day,
                             "type": "invention", "pub_numbers": None}


def _delivery(folder: Path, made: list[dict[str, Any]]) -> Path:
    source, delivery = folder / "week.jsonl", folder / "week"
    source.write_text("".join(json.dumps(one, ensure_ascii=False) + "\n" for one in made), "utf-8")
    subprocess.run([sys.executable, str(SHARED / "tools/make_delivery.py"), str(source), str(delivery)], check=True,
                   stdout=subprocess.DEVNULL)
    return delivery


if __name__ == "__main__":
    main()
