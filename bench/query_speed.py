"""How fast expressions are read and answered: `python -m bench.query_speed HOME [EXPRESSIONS]`.

HOME holds an index; EXPRESSIONS is a folder of long expressions whose names begin with their dialect or its product
(`chinaip_*` and `cnipr_*` are trs, `incopat_*` incopat). Milliseconds of CPU in one thread; what else the machine does
only counts as far as it shares caches and cores. Steps of reading and compiling are medians of twenty.

| column | what |
|---|---|
| cut | text → tokens of the canonical dialect |
| tree | tokens → tree in normal form, which is made while it is read, with all remarks |
| embedded | tree → the queries that Tantivy is asked, without what is looked up in the index for them |
| lookup | which words and class symbols the index holds |
| cluster | tree → the body for Elasticsearch, as if the cluster answered what is asked beforehand at once |
| count, cold | first on a fresh snapshot of the index, files warm: the number; a page by relevance, six facets |
| again | the same page on the unchanged index |
| by date | the first page in another order |
"""

import argparse
import sys
from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path
from statistics import median
from time import process_time
from typing import Any, TypeVar

from pyroaring import BitMap
from tantivy import Query

from index.answering.memo import Memo
from index.elastic.compiler import Compiler as ClusterCompiler
from index.elastic.reader import Reader
from index.elastic.schema import Body
from index.embedded.compiler import Compiler
from index.embedded.engine import _LONG as LONG
from index.embedded.engine import EmbeddedEngine
from index.embedded.rowsets import RowSets
from index.embedded.snapshot import Snapshot
from index.query.build import leaves
from index.query.dialects import canonical_tokens
from index.query.lexer import Lexer
from index.query.parser import parse
from index.query.read import DIALECTS
from index.query.remarks import Remarks
from index.query.tree import Near, Node, Pattern
from ingest.garbage import collect_seldom
from store.settings import QueryLimits

FACETS = ("type", "legal_state", "application_year", "applicant", "ipc_subclass", "region")
DIALECT_OF = {"chinaip": "trs", "cnipr": "trs", "incopat": "incopat"}
SHORT = [
    "名称=电池", "电池 AND 石墨烯", "电池 3W 正极", "电池 20D 正极", "一种 10W 装置", "装 5W 置",
    "电池 S 正极", "包括 S 连接", "包括 P 连接", "包括 200W 连接", "(电池 OR 电芯) 5W (正极 OR 负极) 10D 材料",
    "batter+", "+ene", "电+池", "连接##上",
    "申请人=重庆+学院", "申请人==重庆+公司", "包括 S 连接 AND 申请日=2010", "电池 XOR 装置 XOR 方法 XOR 系统",
]
COLUMNS = ("cut", "tree", "embedded", "lookup", "cluster", "count", "cold", "again", "by date")
MOST_CLAUSES = 64 * 1024 // 4 - 400
"""What a node with a heap of 1 GB and four search threads allows (index.elastic.limits)."""

Result = TypeVar("Result")


def timed(work: Callable[[], Result]) -> tuple[float, Result]:
    """Milliseconds of CPU: everything here runs in one thread, and other work on the machine does not count."""
    started = process_time()
    result = work()
    return (process_time() - started) * 1000, result


def usual(work: Callable[[], object], times: int = 20) -> float:
    work()
    return median(timed(work)[0] for _ in range(times))


def node_of(text: str, dialect: str) -> Node | None:
    tree, remarks = DIALECTS[dialect](text, QueryLimits())
    return None if any(one.severity == "error" for one in remarks) else tree


class Dictionary:
    """A searcher that looks up once which tokens begin so."""

    def __init__(self, searcher: Any) -> None:
        self._searcher = searcher
        self.held: dict[tuple[str, str], Any] = {}

    def terms_with_prefix(self, field: str, prefix: str) -> Any:
        if (field, prefix) not in self.held:
            self.held[field, prefix] = self._searcher.terms_with_prefix(field, prefix)
        return self.held[field, prefix]


class Again(Compiler):
    """A compiler to which all that it looks up is known, and that reads no texts."""

    def __init__(self, snapshot: Snapshot, dictionary: Dictionary) -> None:
        super().__init__(snapshot, QueryLimits().candidates)
        known: Any = dictionary
        self._searcher = self._words._searcher = known

    def _checked(self, node: Near | Pattern, candidates: Query) -> Query:
        return candidates


class Asked(Again):
    """A compiler that keeps what it is asked from outside: the engine asks for a long tree in parts."""

    def __init__(self, snapshot: Snapshot, dictionary: Dictionary) -> None:
        super().__init__(snapshot, dictionary)
        self.asked: list[Callable[[Compiler], Query]] = []
        self._inside = False

    def query(self, node: Node) -> Query:
        return self._kept(partial(Compiler.query, node=node))

    def candidates(self, node: Near | Pattern) -> Query:
        return self._kept(partial(Compiler.candidates, node=node))

    def _checked(self, node: Near | Pattern, candidates: Query) -> Query:
        return Compiler._checked(self, node, candidates)

    def _kept(self, ask: Callable[[Compiler], Query]) -> Query:
        outside, self._inside = not self._inside, True
        if outside:
            self.asked.append(ask)
        found = ask(self)
        self._inside = not outside
        return found


class Silent(Reader):
    """A cluster that answers at once and finds nothing."""

    def __init__(self) -> None:
        self.memo = Memo()

    def rows(self, query: Body) -> BitMap:
        return BitMap()

    def texts(self, query: Body, fields: str, most: int) -> tuple[int, Iterator[tuple[int, list[str]]]]:
        return 0, iter(())


def embedded(node: Node, snapshot: Snapshot, times: int) -> tuple[float, float]:
    """Milliseconds of compiling and of looking up for it, as EmbeddedEngine does it."""
    dictionary = Dictionary(snapshot.searcher)
    compiler = Asked(snapshot, dictionary)
    if len(leaves(node)) < LONG:
        compiler.query(node)
    else:
        RowSets(snapshot, compiler, QueryLimits().candidates).rows(node)

    def compiled() -> None:
        again = Again(snapshot, dictionary)
        for ask in compiler.asked:
            ask(again)

    def looked_up() -> None:
        for field, prefix in dictionary.held:
            snapshot.searcher.terms_with_prefix(field, prefix)

    return usual(compiled, times), usual(looked_up, times)


def cut(text: str, dialect: str) -> object:
    remarks = Remarks(text)
    return Lexer(text, remarks).tokens() if dialect == "canonical" else canonical_tokens(dialect, text, remarks)


def measure(name: str, text: str, dialect: str, home: Path, times: int) -> None:
    node, same = node_of(text, dialect), node_of(text, dialect)
    if node is None or same is None:
        print(f"{name:36.36} {len(text):6} refused")
        return
    cutting = usual(lambda: cut(text, dialect), times)
    whole = usual(lambda: node_of(text, dialect), times)
    snapshot = EmbeddedEngine(home / "index")._snapshots.newest()
    compiling, lookup = embedded(node, snapshot, times)
    cluster = usual(lambda: ClusterCompiler(Silent(), MOST_CLAUSES, QueryLimits().candidates).query(node), times)
    fresh = EmbeddedEngine(home / "index")
    fresh.health()
    counting, count = timed(lambda: fresh.count(node))
    fresh = EmbeddedEngine(home / "index")
    fresh.health()
    cold, page = timed(lambda: fresh.search(node, facets=FACETS))
    again = median(timed(lambda: fresh.search(same, facets=FACETS))[0] for _ in range(5))
    other, _ = timed(lambda: fresh.search(same, sort="-application_date"))
    assert page.total == count
    took = [cutting, whole - cutting, compiling, lookup, cluster, counting, cold, again, other]
    print(f"{name:36.36} {len(text):6} {len(leaves(node)):6} {count:8} " + " ".join(f"{one:8.2f}" for one in took)
          + " beyond" * bool(page.beyond))


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("home", type=Path)
    parser.add_argument("expressions", type=Path, nargs="?")
    parser.add_argument("--times", type=int, default=20)
    given = parser.parse_args()
    collect_seldom()        # as in every process of the program
    parse("电池 AND 地区=重庆")
    print(f"{'milliseconds':36} {'chars':>6} {'leaves':>6} {'hits':>8} " + " ".join(f"{one:>8}" for one in COLUMNS))
    for text in SHORT:
        measure(text, text, "canonical", given.home, given.times)
    for file in sorted(given.expressions.glob("*.txt")) if given.expressions else ():
        dialect = DIALECT_OF.get(file.stem.partition("_")[0], "canonical")
        measure(file.stem, file.read_text("utf-8"), dialect, given.home, given.times)
    return 0


if __name__ == "__main__":
    sys.exit(main())
