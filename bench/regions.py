"""Where real addresses are placed, and whether the regions of the sheet checked by reading are still what was judged.

    python -m bench.regions [--sheet bench/regions_checked.tsv] [--draw]

Prints the share of real addresses at each level, and of the sheet how many regions were judged right; exits 1 when the
rules now give another region for a record of the sheet than the one judged. `--draw` prints a new sheet without
verdicts, with the addresses to be read beside it on standard error: the sheet itself holds none.
"""

import argparse
import csv
import json
import lzma
import os
import random
import sys
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from ingest.regions import Region, locate
from ingest.regions.divisions import children, level

ROOT = Path(__file__).resolve().parents[1]
SHARED = Path(os.environ.get("ZHUANTI_SHARED") or ROOT.parent / "shared")
SHEET = Path(__file__).with_name("regions_checked.tsv")
COLUMNS = ("publication", "region", "name", "level", "verdict")
LEVELS = ("province", "city", "district")
DRAWN, SEED = 200, 20260722


def main() -> None:
    arguments = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    arguments.add_argument("--sheet", type=Path, default=SHEET)
    arguments.add_argument("--draw", action="store_true")
    given = arguments.parse_args()
    records = sorted(addresses(), key=lambda record: str(record["pub_number"]))
    if given.draw:
        draw(records)
        return
    shares(records)
    sys.exit(recheck(records, given.sheet))


def addresses() -> Iterator[dict[str, Any]]:
    """Real records with an address; fields of that name that hold a list of people's names are left out."""
    with lzma.open(SHARED / "data/patents.jsonl.xz", "rt", encoding="utf-8") as lines:
        for line in lines:
            record = json.loads(line)
            address = record.get("address") or ""
            if record.get("pub_number") and any(sign in address for sign in "0123456789省市区县路"):
                yield record


def placed(record: dict[str, Any]) -> Region:
    return locate(record["address"], record.get("province"))


def level_name(code: str | None) -> str:
    if code is None:
        return "nowhere"
    if code.isalpha():
        return "abroad"
    # 东莞, 中山, 儋州 and 嘉峪关 have no districts: nothing is below them.
    return "city without districts" if level(code) == 1 and not children(code) else LEVELS[level(code)]


def shares(records: list[dict[str, Any]]) -> None:
    counts = Counter(level_name(placed(record).code) for record in records)
    inland = counts.total() - counts["abroad"]
    print(f"{counts.total():,} addresses")
    for name, count in counts.most_common():
        print(f"  {name}: {count:,} ({count / counts.total():.1%})")
    deepest = counts["district"] + counts["city without districts"]
    print(f"  of {inland:,} in mainland China: {counts['district'] / inland:.1%} in a district, "
          f"{deepest / inland:.1%} in the deepest division there is")


def recheck(records: list[dict[str, Any]], sheet: Path) -> bool:
    """Whether a region of the sheet is another one now."""
    by_number = {record["pub_number"]: record for record in records}
    with sheet.open(encoding="utf-8", newline="") as lines:
        rows = list(csv.DictReader(lines, delimiter="\t"))
    changed = [row for row in rows if (placed(by_number[row["publication"]]).code or "") != row["region"]]
    for row in changed:
        print(f"{row['publication']}: {row['region']} was judged, now {placed(by_number[row['publication']]).code}")
    verdicts = Counter((row["level"], row["verdict"]) for row in rows)
    print(f"{len(rows)} read: " + ", ".join(f"{where} {verdict} {n}" for (where, verdict), n in verdicts.most_common()))
    return bool(changed)


def draw(records: list[dict[str, Any]]) -> None:
    writer = csv.writer(sys.stdout, delimiter="\t", lineterminator="\n")
    writer.writerow(COLUMNS)
    for record in random.Random(SEED).sample(records, DRAWN):
        region = placed(record)
        writer.writerow((record["pub_number"], region.code, region.name, level_name(region.code), ""))
        print(record["pub_number"], record["address"], file=sys.stderr)


if __name__ == "__main__":
    main()
