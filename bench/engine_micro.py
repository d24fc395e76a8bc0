"""The embedded engine alone: making documents, writing, an update, searches with and without facets, relevance.

    python -m bench.engine_micro ../shared/data/patents.jsonl.xz [--limit N]

Measured 2026-11-22 (two shared cores, Python 3.11, tantivy 0.27), 217,241 records, half of them with an abstract, in
one process: 53 s; 104 µs a record to make the document, 34 to hand it over, 299 of CPU in all. 1,000 records are
visible 0.5 s after their update began. The nine texts below: 0.5–9 ms by relevance, 0.2–5 ms by date, 1–22 ms with
nine facets; the trees 0.4–3, 0.3–3 and 1–21 ms. Keyphrases find their patent with a mean reciprocal rank of 0.44.
"""

import argparse
import json
import lzma
import math
import statistics
import sys
import tempfile
import time
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

from index.documents import FACETS, build
from index.embedded.engine import EmbeddedEngine
from index.query.tree import AtLeast, Classes, Dates, Everything, Keyword, Node, Units
from index.text import query_words, units
from tests.index.conftest import SubclassLabels, patent

QUERIES = ("电池", "装置", "石墨烯", "5G通信", "LED灯具散热", "方法 系统", "一种锂离子电池及其制备方法",
           "新能源汽车电池热管理系统",
           "一种用于汽车发动机的涡轮增压器叶片的制造方法和加工装置及其控制系统")
TREES: tuple[tuple[str, Node], ...] = (
    ("everything", Everything()),
    ("one character 电", Units(("title", "abstract", "claims"), ("电",))),
    ("IPC=H01M", Classes("ipc", "prefix", "H01M")),
    ("IPC=H01M10*", Classes("ipc", "tree", "H01M10/00")),
    ("申请日=2010:2015", Dates("application_date", 20100101, 20151231)),
    ("专利类型=实用新型", Keyword("type", ("utility_model",))),
)
ALL = (*FACETS, "industry:ipc")


def simple(text: str) -> tuple[Node, list[str]]:
    """A simple query as interfaces §4 reads it."""
    words = query_words(text)
    count = len(words)
    least = count if count <= 2 else math.ceil((0.6 if count <= 8 else 0.4) * count)
    return AtLeast(least, tuple(Units(("title", "abstract", "claims"), tuple(units(word))) for word in words)), words


def write(engine: EmbeddedEngine, records: Sequence[dict[str, Any]]) -> None:
    making = writing = 0.0
    began, cpu = time.perf_counter(), time.process_time()
    with engine.write() as writer:
        for row, found in enumerate(records, 1):
            record = patent(row, found)
            start = time.thread_time()
            document = build(record, SubclassLabels().ancestors)
            made = time.thread_time()
            writer.upsert(row, document)
            making += made - start
            writing += time.thread_time() - made
        writer.commit(1)
    count = len(records)
    print(f"{count:,} records in {time.perf_counter() - began:.1f} s; µs a record: "
          f"document {making / count * 1e6:.0f}, handing over {writing / count * 1e6:.0f}, "
          f"all {(time.process_time() - cpu) / count * 1e6:.0f} of CPU")
    began = time.perf_counter()
    with engine.write() as writer:
        for row, found in enumerate(records[:1000], 1):
            writer.upsert(row, build(patent(row, found), SubclassLabels().ancestors))
        writer.commit(2)
        print(f"update of 1,000 visible after {time.perf_counter() - began:.2f} s")


def median_ms(act: Callable[[], object]) -> float:
    act()
    times = []
    for _ in range(7):
        start = time.perf_counter()
        act()
        times.append(time.perf_counter() - start)
    return statistics.median(times) * 1e3


def searches(engine: EmbeddedEngine) -> None:
    asked = [(text, *simple(text)) for text in QUERIES] + [(name, tree, []) for name, tree in TREES]
    print("ms, median of 7: relevance, by date, with all facets; hits")
    for name, node, words in asked:
        took = [median_ms(lambda: engine.search(node, words=words)),                            # noqa: B023
                median_ms(lambda: engine.search(node, sort="-publication_date")),               # noqa: B023
                median_ms(lambda: engine.search(node, words=words, facets=ALL))]                # noqa: B023
        print(" ".join(f"{value:7.1f}" for value in took), f"{engine.count(node):9,}", name)


def relevance(engine: EmbeddedEngine, records: Sequence[dict[str, Any]]) -> None:
    """Mean reciprocal rank of the record whose human keyphrases are the query (its place among the first 30)."""
    total, asked = 0.0, 0
    for row, found in enumerate(records, 1):
        phrases = found.get("keyphrases") or ()
        if len(phrases) < 2 or not found.get("abstract"):
            continue
        node, words = simple(" ".join(phrases[:5]))
        hits = [hit.row for hit in engine.search(node, words=words, size=30).hits]
        total += 1 / (hits.index(row) + 1) if row in hits else 0.0
        asked += 1
    print(f"keyphrases → patent: MRR {total / max(asked, 1):.3f} of {asked}")


def main() -> None:
    parser = argparse.ArgumentParser(description="Measure the embedded engine on real records.")
    parser.add_argument("records", type=Path)
    parser.add_argument("--limit", type=int)
    given = parser.parse_args()
    with lzma.open(given.records, "rt", encoding="utf-8") as lines:
        records = [found for line in lines if (found := json.loads(line)).get("pub_number")][:given.limit]
    with tempfile.TemporaryDirectory() as home:
        engine = EmbeddedEngine(Path(home) / "index")
        write(engine, records)
        searches(engine)
        relevance(engine, records)


if __name__ == "__main__":
    sys.exit(main())
