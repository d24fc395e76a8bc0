"""How long a record takes to label, and how many records the shipped taxonomies label. CPU time, one process.

    python -m bench.labels_speed ../shared/data/patents.jsonl.xz

Measured 2026-11-22 (a core of a shared machine, Python 3.11, 33618 and wipo35, 111 rules), µs a record:
23 with an abstract (260 characters), 13 with a title only, 60 with title, abstract and claims of 3,000
characters once the symbols are known; a symbol met for the first time adds about 30. Loading takes 0.2 s.
"""

import json
import lzma
import sys
import time
from collections import Counter
from collections.abc import Iterator
from itertools import islice
from pathlib import Path
from typing import NamedTuple

from taxonomy import catalogue
from taxonomy.labeller import Labeller


class Read(NamedTuple):
    symbols: list[str]
    title: str | None
    abstract: str | None
    claims: list[str]

    def length(self) -> int:
        return sum(len(text or "") for text in (self.title, self.abstract, *self.claims))


def records(path: Path) -> Iterator[Read]:
    """The records that have a symbol."""
    with lzma.open(path, "rt", encoding="utf-8") as lines:
        for line in lines:
            found = json.loads(line)
            if found.get("ipc"):
                claims = [one if isinstance(one, str) else one["text"] for one in found.get("claims") or ()]
                yield Read(found["ipc"], found.get("title"), found.get("abstract"), claims)


def measure(name: str, sample: list[Read]) -> None:
    """Prints the time a record, symbols seen for the first time included, and the share of records labelled."""
    labeller = Labeller(catalogue.load())
    labelled: Counter[str] = Counter()
    start = time.process_time()
    for one in sample:
        found = {(label["taxonomy"], label["source"]) for label in labeller.labels(*one)}
        labelled.update({f"{taxonomy} any" for taxonomy, _ in found} | {" ".join(pair) for pair in found})
    spent = time.process_time() - start
    length = sum(one.length() for one in sample) / len(sample)
    print(f"{name}: {len(sample)} records of {length:.0f} characters, {spent / len(sample) * 1e6:.0f} µs a record")
    for key, count in sorted(labelled.items()):
        print(f"    {key}: {count / len(sample):.1%}")


def main() -> None:
    start = time.process_time()
    Labeller(catalogue.load()).labels(["H01M10/42"], "动力电池", None)
    print(f"loaded and made in {time.process_time() - start:.2f} s")
    found = list(islice(records(Path(sys.argv[1])), 150_000))
    measure("with claims", [one for one in found if one.claims][:2000])
    measure("with an abstract", [one for one in found if one.abstract and not one.claims][:20_000])
    measure("title only", [one for one in found if not one.abstract and not one.claims][:20_000])


if __name__ == "__main__":
    main()
