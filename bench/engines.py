"""Both engines side by side: loading, answers, cubes, disk, memory; one run, one machine, the same records and queries.

    python -m bench.engines ../shared/data/patents.jsonl.xz ../shared/expressions [--every N] [--heap 2g]

Starts an Elasticsearch node of its own (tests/elasticsearch.py). Documents are made beforehand, so loading is that of
the engines alone. The raw client sends the same documents, already prepared, with its parallel bulk helper; both load
in turns, after a turn that warms the server up. Searches are asked of freshly opened engines, so that nothing kept from
an earlier answer helps; files and caches of the cluster are warm.
"""

import argparse
import json
import lzma
import os
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import suppress
from itertools import islice
from pathlib import Path
from statistics import median, quantiles

import orjson
from elasticsearch import Elasticsearch
from elasticsearch.helpers import parallel_bulk
from pyroaring import BitMap

from bench.query_speed import DIALECT_OF, SHORT, node_of
from index.documents import FACETS, build
from index.elastic import generations
from index.elastic.connection import Cluster
from index.elastic.engine import own_identity
from index.elastic.schema import source_of
from index.engine import Engine, IndexDocument
from index.query.simple import simple_tree
from index.query.tree import Everything, Node, Rows
from index.text import query_words
from tests.elasticsearch import Nodes, settings_for, started
from tests.index.conftest import SubclassLabels, patent
from tests.index.places import Elastic, Embedded, Place

SIMPLE = (
    "电池", "石墨烯", "新能源汽车电池热管理", "5G通信", "LED灯具散热", "锂离子电池及其制备方法", "图像识别 神经网络",
    "污水处理装置", "变速箱 换挡", "摩托车发动机", "医疗影像", "智能门锁", "光伏组件支架", "无人机飞行控制", "显示面板",
    "中药组合物", "机器人 关节", "数据加密方法", "空调室外机", "轮胎",
)
SOME_FACETS = ("type", "legal_state", "application_year", "applicant", "ipc_subclass", "region")
CUBES = (("application_year", "ipc_subclass"), ("region", "applicant_kind", "type"), ("applicant", "application_year"))
ROUNDS = 3
LOADS = 2
ALIKE = 20      # records whose like are asked for
Made = tuple[int, IndexDocument]


def documents(path: Path, every: int) -> list[Made]:
    with lzma.open(path, "rt", encoding="utf-8") as lines:
        found = (json.loads(line) for line in islice(lines, 0, None, every))
        return [(row, build(patent(row, entry), SubclassLabels().ancestors))
                for row, entry in enumerate((entry for entry in found if entry.get("pub_number")), 1)]


def loaded(place: Place, made: Sequence[Made]) -> float:
    """Seconds until everything is searchable."""
    engine = place.open()
    with engine.write() as writer:
        began = time.perf_counter()     # an index is made once
        for row, document in made:
            writer.upsert(row, document)
        writer.commit(1)
        took = time.perf_counter() - began
        assert writer.records == len(made)
    engine.close()
    return took


def raw(place: Elastic, made: Sequence[Made]) -> float:
    """Seconds of the client's own helper for the same documents into the same kind of index."""
    cluster = Cluster(place.settings)
    index = generations.begin(cluster, own_identity(), building=False).name
    prepared = [{"_id": str(row), "_source": orjson.loads(source_of(row, document))} for row, document in made]
    client = Elasticsearch(list(place.settings.urls), request_timeout=120)
    began = time.perf_counter()
    for fine, answer in parallel_bulk(client, prepared, thread_count=2, chunk_size=1_000, index=index):
        assert fine, answer
    client.indices.refresh(index=index)
    took = time.perf_counter() - began
    cluster.close()
    return took


def questions(expressions: Path) -> dict[str, list[tuple[Node, Sequence[str], Sequence[str]]]]:
    """{kind: [(query, words, facets)]}."""
    simple = [(simple_tree(query_words(text)), query_words(text)) for text in SIMPLE]
    short = [node for text in SHORT if (node := node_of(text, "canonical"))]
    long = [node for file in sorted(expressions.glob("*.txt"))
            if (node := node_of(file.read_text("utf-8"), DIALECT_OF.get(file.stem.partition("_")[0], "canonical")))]
    return {
        "simple": [(node, words, ()) for node, words in simple],
        "simple with six facets": [(node, words, SOME_FACETS) for node, words in simple],
        "expert": [(node, (), ()) for node in short],
        "node-sized (324–15,015 characters)": [(node, (), ()) for node in long],
        "node-sized with six facets": [(node, (), SOME_FACETS) for node in long],
        "everything with nine facets": [(Everything(), (), (*FACETS, "industry:ipc"))],
    }


def spread(place: Place, acts: Sequence[Callable[[Engine], object]]) -> str:
    """Median and 95 % of the milliseconds of each act on a freshly opened engine."""
    took = []
    for turn in range(ROUNDS + 1):
        for act in acts:
            engine = place.open()
            engine.health()
            began = time.perf_counter()
            act(engine)
            if turn:        # the first round warms files and caches
                took.append((time.perf_counter() - began) * 1_000)
            engine.close()
    return f"{median(took):8.1f} {quantiles(took, n=20)[-1]:8.1f}"


def resident(pids: Iterator[int]) -> float:
    """MB of memory of processes."""
    total = 0
    for pid in pids:
        with suppress(OSError):
            pages = int(Path(f"/proc/{pid}/statm").read_text().split()[1])
            total += pages * os.sysconf("SC_PAGE_SIZE")
    return total / 1e6


def members(nodes: Nodes) -> Iterator[int]:
    group = int((nodes.folder / "node-1" / "pid").read_text())
    for path in Path("/proc").glob("[0-9]*"):
        with suppress(OSError):
            if os.getpgid(int(path.name)) == group:
                yield int(path.name)


def disk(place: Place) -> float:
    """MB of an index."""
    if isinstance(place, Embedded):
        return sum(path.stat().st_size for path in place.folder.rglob("*") if path.is_file()) / 1e6
    cluster = Cluster(place.settings)
    stats = cluster.ask(lambda client: client.indices.stats(index=place.settings.prefix, metric="store").body)
    cluster.close()
    return float(stats["_all"]["primaries"]["store"]["size_in_bytes"]) / 1e6


def compare_loads(nodes: Nodes, made: Sequence[Made], client_first: bool = False) -> tuple[float, float]:
    """Seconds of the same documents through our engine and through the raw client, each into an index of its own."""
    ours, theirs = Elastic(settings_for(nodes.urls)), Elastic(settings_for(nodes.urls))
    by_client = raw(theirs, made) if client_first else 0.0
    by_engine = loaded(ours, made)
    by_client = by_client or raw(theirs, made)
    ours.remove()
    theirs.remove()
    return by_engine, by_client


def measure(made: Sequence[Made], expressions: Path, nodes: Nodes, folder: Path) -> None:
    embedded, elastic = Embedded(folder / "index"), Elastic(settings_for(nodes.urls))
    print(f"{len(made):,} records; load, records/s:")
    print(f"  embedded           {len(made) / loaded(embedded, made):8,.0f}")
    compare_loads(nodes, made[:len(made) // 4])
    ratios = []
    for turn in range(LOADS):
        by_engine, by_client = compare_loads(nodes, made, client_first=bool(turn % 2))
        ratios.append(by_client / by_engine)
        print(f"  Elasticsearch      {len(made) / by_engine:8,.0f}   raw client {len(made) / by_client:8,.0f}"
              f"   ratio {ratios[-1]:.2f}", flush=True)
    print(f"  median ratio {median(ratios):.2f}")
    loaded(elastic, made)
    print(f"{'milliseconds: median, 95 %':38} {'embedded':>17} {'Elasticsearch':>17}")
    for kind, asked in questions(expressions).items():
        acts = [lambda engine, q=query, w=words, f=facets: engine.search(q, words=w, facets=f)      # type: ignore[misc]
                for query, words, facets in asked]
        print(f"{kind:38} {spread(embedded, acts)} {spread(elastic, acts)}", flush=True)
    acts = [lambda engine, r=row, d=document: engine.similar(d, without=Rows(BitMap([r])))      # type: ignore[misc]
            for row, document in made[::len(made) // ALIKE]]
    print(f"{'similar':38} {spread(embedded, acts)} {spread(elastic, acts)}", flush=True)
    for dimensions in CUBES:
        acts = [lambda engine, d=dimensions: engine.cube(Everything(), d)]      # type: ignore[misc]
        print(f"{'cube ' + ' × '.join(dimensions):38} {spread(embedded, acts)} {spread(elastic, acts)}", flush=True)
    acts = [lambda engine: sum(1 for _ in engine.rows(Everything()))]
    print(f"{'all rows':38} {spread(embedded, acts)} {spread(elastic, acts)}")
    print(f"{'MB on disk':38} {disk(embedded):17.0f} {disk(elastic):17.0f}")
    print(f"MB of memory: Elasticsearch {resident(members(nodes)):.0f}")


def memory_of_embedded(folder: Path, asked: Sequence[tuple[Node, Sequence[str], Sequence[str]]]) -> None:
    """Memory that a process takes to search, beyond what it had before."""
    before = resident(iter([os.getpid()]))
    engine = Embedded(folder / "index").open()
    for query, words, facets in asked:
        engine.search(query, words=words, facets=facets)
    print(f"MB of memory: embedded {resident(iter([os.getpid()])) - before:.0f} more than the program alone")


def main() -> None:
    parser = argparse.ArgumentParser(description="Measure both engines on real records.")
    parser.add_argument("records", type=Path)
    parser.add_argument("expressions", type=Path)
    parser.add_argument("--every", type=int, default=7, help="take every so many records")
    parser.add_argument("--heap", default="2g")
    given = parser.parse_args()
    began = time.monotonic()
    made = documents(given.records, given.every)
    print(f"documents made in {time.monotonic() - began:.0f} s", flush=True)
    nodes = started(java_options=(f"-Xms{given.heap}", f"-Xmx{given.heap}"))
    try:
        with tempfile.TemporaryDirectory() as folder:
            measure(made, given.expressions, nodes, Path(folder))
            made.clear()
            reading = os.fork()     # a process of its own, so that the documents do not count
            if not reading:
                asked = questions(given.expressions).values()
                memory_of_embedded(Path(folder), [one for some in asked for one in some])
                os._exit(0)
            os.waitpid(reading, 0)
            print(f"took {time.monotonic() - began:.0f} s in all")
    finally:
        nodes.stop()


if __name__ == "__main__":
    sys.exit(main())
