"""How fast expressions are read and answered: `python bench/query_speed.py HOME [EXPRESSIONS]`.

HOME holds an index; EXPRESSIONS is a folder of long expressions whose names begin with their dialect or its product
(`chinaip_*` and `cnipr_*` are trs, `incopat_*` incopat). Cold: first time on a fresh snapshot of the index, files warm;
again: the same node on the unchanged index. The searches ask for a page by relevance and six facets.
"""

import argparse
import sys
from collections.abc import Callable
from pathlib import Path
from statistics import median
from time import process_time
from typing import TypeVar

from index.embedded.compiler import Compiler
from index.embedded.engine import EmbeddedEngine
from index.query.build import leaves
from index.query.parser import parse
from index.query.read import DIALECTS
from index.query.tree import Node
from store.settings import QueryLimits

FACETS = ("type", "legal_state", "application_year", "applicant", "ipc_subclass", "region")
DIALECT_OF = {"chinaip": "trs", "cnipr": "trs", "incopat": "incopat"}
SHORT = [
    "名称=电池", "电池 AND 石墨烯", "电池 3W 正极", "电池 20D 正极", "一种 10W 装置", "装 5W 置",
    "电池 S 正极", "包括 S 连接", "包括 P 连接", "包括 200W 连接", "(电池 OR 电芯) 5W (正极 OR 负极) 10D 材料",
    "batter+", "+ene", "电+池", "连接##上",
    "申请人=重庆+学院", "申请人==重庆+公司", "包括 S 连接 AND 申请日=2010", "电池 XOR 装置 XOR 方法 XOR 系统",
]

Result = TypeVar("Result")


def timed(work: Callable[[], Result]) -> tuple[float, Result]:
    """Milliseconds of CPU: everything here runs in one thread, and other work on the machine does not count."""
    started = process_time()
    result = work()
    return (process_time() - started) * 1000, result


def node_of(text: str, dialect: str) -> Node | None:
    tree, remarks = DIALECTS[dialect](text, QueryLimits())
    return None if any(one.severity == "error" for one in remarks) else tree


def measure(name: str, text: str, dialect: str, home: Path) -> None:
    engine = EmbeddedEngine(home / "index")
    snapshot = engine._snapshots.newest()
    reading = median(timed(lambda: node_of(text, dialect))[0] for _ in range(5))
    node = node_of(text, dialect)
    if node is None:
        print(f"{name:44.44} {len(text):6} refused")
        return
    compiling, _ = timed(lambda: Compiler(snapshot, QueryLimits().candidates).query(node))
    fresh = EmbeddedEngine(home / "index")
    fresh.health()
    counting, count = timed(lambda: fresh.count(node))
    fresh = EmbeddedEngine(home / "index")
    fresh.health()
    cold, page = timed(lambda: fresh.search(node, facets=FACETS))
    same = node_of(text, dialect)
    assert same is not None
    again = median(timed(lambda: fresh.search(same, facets=FACETS))[0] for _ in range(5))
    other, _ = timed(lambda: fresh.search(same, sort="-application_date"))
    assert page.total == count
    print(f"{name:44.44} {len(text):6} {len(leaves(node)):6} {count:8} {reading:8.1f} {compiling:8.1f} {counting:8.1f} "
          f"{cold:8.1f} {again:8.2f} {other:8.1f}{' beyond' if page.beyond else ''}")


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("home", type=Path)
    parser.add_argument("expressions", type=Path, nargs="?")
    given = parser.parse_args()
    parse("电池 AND 地区=重庆")
    print(f"{'milliseconds':44} {'chars':>6} {'leaves':>6} {'hits':>8} {'read':>8} {'compile':>8} {'count':>8} "
          f"{'cold':>8} {'again':>8} {'by date':>8}")
    for text in SHORT:
        measure(text, text, "canonical", given.home)
    for file in sorted(given.expressions.glob("*.txt")) if given.expressions else ():
        dialect = DIALECT_OF.get(file.stem.partition("_")[0], "canonical")
        measure(file.stem, file.read_text("utf-8"), dialect, given.home)
    return 0


if __name__ == "__main__":
    sys.exit(main())
