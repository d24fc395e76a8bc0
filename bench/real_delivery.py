"""The main job on real input, measured: make a delivery from all real records, ingest, index, check, search.

    python -m bench.real_delivery FOLDER [--abstracts] [--pairs RATE] [--limit N] [--home HOME]

`--abstracts`: only of records that have one, which is what the speed of ingest is measured by. FOLDER keeps the made
delivery for the next run. Prints a table and one JSON line; bench/README.md holds the figures of the runs that were
kept, with data, machine and commit.
"""

import argparse
import json
import os
import platform
import resource
import shutil
import statistics
import subprocess
import sys
import threading
import time
from pathlib import Path
from typing import Any

from fastapi.testclient import TestClient

from bench.truth import check
from store.database import open_store
from store.settings import load

SHARED = Path(os.environ.get("ZHUANTI_SHARED") or Path(__file__).resolve().parents[2] / "shared")
SEARCHES = (
    "新能源汽车 电池热管理",
    "石墨烯",
    "CN201010298420.4",
    "ZL 2010 1 0298420.4",
    "101945314",
    "华为技术有限公司",
    "一种",
    "耳机 音源设备 控制",
    "锂离子电池 正极材料 制备方法",
    "空调",
    "LED 驱动电路",
    "机器人 视觉 抓取",
    "无线充电",
    "中药 颗粒",
    "车辆 自动驾驶 路径规划",
    "5G 通信 基站 天线",
    "图像 识别 神经网络 卷积",
    "压缩机",
    "污水 处理 膜",
    "半导体 封装 结构",
)


def main() -> None:
    arguments = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    arguments.add_argument("folder", type=Path)
    arguments.add_argument("--abstracts", action="store_true")
    arguments.add_argument("--pairs", type=float, default=0.0)
    arguments.add_argument("--limit", type=int)
    arguments.add_argument("--home", type=Path)
    given = arguments.parse_args()
    delivery, truth = _delivery(given.folder, given.pairs, given.limit, given.abstracts)
    home = given.home or given.folder / "home"
    shutil.rmtree(home, ignore_errors=True)
    figures: dict[str, Any] = {"machine": _machine(), "commit": _commit(), "pairs": given.pairs,
                               "abstracts": given.abstracts}

    stored = command(home, "ingest", str(delivery), "--no-index")
    indexed = command(home, "reindex")
    figures["store"] = {
        "documents": stored["report"]["documents"],
        "seconds": stored["seconds"],
        "cpu_seconds": stored["cpu_seconds"],
        "per_second": round(stored["report"]["documents"] / stored["seconds"]),
        "peak_mb": stored["peak_mb"],
    }
    figures["index"] = {
        "records": indexed["report"]["records"],
        "seconds": indexed["seconds"],
        "cpu_seconds": indexed["cpu_seconds"],
        "per_second": round(indexed["report"]["records"] / indexed["seconds"]),
        "peak_mb": indexed["peak_mb"],
    }
    shutil.rmtree(home)
    whole = command(home, "ingest", str(delivery))
    again = command(home, "ingest", str(delivery))
    figures["zip_to_searchable"] = {
        "documents": whole["report"]["documents"],
        "seconds": whole["seconds"],
        "cpu_seconds": whole["cpu_seconds"],
        "per_second": round(whole["report"]["documents"] / whole["seconds"]),
        "peak_mb": whole["peak_mb"],
        "rejected": whole["report"]["rejected"],
    }
    figures["again"] = {"seconds": again["seconds"], "kept": again["report"]["kept"]}
    figures["bytes"] = {
        "delivery": _size(delivery),
        "store": sum(_size(path) for path in home.glob("store.db*")),
        "index": _size(home / "index"),
    }
    settings = load({"ZHUANTI_HOME": str(home)})
    with open_store(settings) as store:
        counts, wrong = check(store, truth)
    figures["truth"] = {**counts, "wrong": len(wrong)}
    figures |= _times(home)
    print("\n".join(wrong[:20]), file=sys.stderr)
    print(json.dumps(figures, ensure_ascii=False, indent=1))
    sys.exit(bool(wrong))


def _delivery(folder: Path, pairs: float, limit: int | None, abstracts: bool = False) -> tuple[Path, Path]:
    """A delivery made from the real records, and its truth file; kept for the next run."""
    delivery, truth = folder / "delivery", folder / "truth.jsonl"
    if not truth.exists():
        folder.mkdir(parents=True, exist_ok=True)
        command = [
            sys.executable,
            str(SHARED / "tools/make_delivery.py"),
            str(SHARED / "data/patents.jsonl.xz"),
            str(delivery),
            "--truth",
            str(truth),
        ]
        command += ["--pairs", str(pairs)] if pairs else []
        command += ["--limit", str(limit)] if limit else []
        command += ["--only-with", "abstract"] if abstracts else []
        subprocess.run(command, check=True, stdout=subprocess.DEVNULL)
    return delivery, truth


def command(home: Path, *words: str) -> dict[str, Any]:
    """Run a command of the product in a process of its own; its report, wall time, CPU time and peak memory of its
    family."""
    began, used = time.monotonic(), _used()
    process = subprocess.Popen(
        [sys.executable, "-m", "cli.main", *words, "--json"],
        stdout=subprocess.PIPE,
        env=os.environ | {"ZHUANTI_HOME": str(home)},
    )
    peak = _Peak(process.pid)
    output, _ = process.communicate()
    seconds = time.monotonic() - began
    if process.returncode not in (0, 1):
        sys.exit(f"{words} ended with {process.returncode}")
    return {"report": json.loads(output), "seconds": round(seconds, 1), "cpu_seconds": round(_used() - used, 1),
            "peak_mb": peak.stop()}


def _used() -> float:
    """CPU seconds of all processes that were started here and have ended."""
    ended = resource.getrusage(resource.RUSAGE_CHILDREN)
    return ended.ru_utime + ended.ru_stime


class _Peak:
    """Largest sum of proportional memory (PSS) of a process and its descendants, in MB, sampled every half second."""

    def __init__(self, pid: int) -> None:
        self._pid, self._peak, self._ended = pid, 0, threading.Event()
        self._thread = threading.Thread(target=self._watch, daemon=True)
        self._thread.start()

    def stop(self) -> int:
        self._ended.set()
        self._thread.join()
        return self._peak // 1024

    def _watch(self) -> None:
        while not self._ended.wait(0.5):
            self._peak = max(self._peak, sum(map(_pss, _family(self._pid))))


def _family(pid: int) -> list[int]:
    children = [int(entry) for path in Path(f"/proc/{pid}/task").glob("*/children") for entry in _read(path).split()]
    return [pid, *(member for child in children for member in _family(child))]


def _pss(pid: int) -> int:
    line = next(
        (line for line in _read(Path(f"/proc/{pid}/smaps_rollup")).splitlines() if line.startswith("Pss:")), "Pss: 0"
    )
    return int(line.split()[1])


def _read(path: Path) -> str:
    try:
        return path.read_text()
    except OSError:  # the process has ended
        return ""


def _times(home: Path) -> dict[str, Any]:
    """Median and 95th percentile of searches and pages in milliseconds, through the application, without a network."""
    os.environ["ZHUANTI_HOME"] = str(home)
    from web.app import create_app

    found: dict[str, Any] = {}
    with TestClient(create_app(load())) as client:
        number = client.get("/api/v1/search", params={"q": "石墨烯"}).json()["hits"][0]["id"]
        calls = {
            "search_api": [("/api/v1/search", {"q": text}) for text in SEARCHES],
            "search_api_facets": [
                ("/api/v1/search", {"q": text, "facets": "type,legal_state,application_year,applicant,region"})
                for text in SEARCHES
            ],
            "page_home": [("/", {})],
            "page_results": [("/search", {"q": text}) for text in SEARCHES],
            "page_patent": [(f"/patents/{number}", {})],
            "page_industry": [("/industries/33618/nev", {})],
            "page_industries": [("/industries/33618", {})],
        }
        for name, requests in calls.items():
            times = []
            for _ in range(5 if len(requests) > 1 else 20):
                for path, parameters in requests:
                    began = time.perf_counter()
                    response = client.get(path, params=parameters)
                    times.append((time.perf_counter() - began) * 1000)
                    assert response.status_code == 200, (path, parameters, response.status_code)
            times.sort()
            found[name] = {
                "median_ms": round(statistics.median(times), 1),
                "p95_ms": round(times[int(len(times) * 0.95)], 1),
            }
        found["first_hits"] = {}
        for text in SEARCHES[:6]:
            answer = client.get("/api/v1/search", params={"q": text, "size": 3}).json()
            found["first_hits"][text] = [
                answer["total"],
                *(f"{hit['id']} {hit['title']} {hit['applicants'][:1]}" for hit in answer["hits"]),
            ]
    return found


def _size(path: Path) -> int:
    return (
        path.stat().st_size
        if path.is_file()
        else sum(file.stat().st_size for file in path.rglob("*") if file.is_file())
    )


def _machine() -> str:
    model = next(
        (
            line.partition(":")[2].strip()
            for line in Path("/proc/cpuinfo").read_text().splitlines()
            if line.startswith("model name")
        ),
        platform.machine(),
    )
    return f"{os.cpu_count()} cores of {model}, Python {platform.python_version()}"


def _commit() -> str:
    return subprocess.run(
        ["git", "rev-parse", "--short", "HEAD"], capture_output=True, text=True, check=True
    ).stdout.strip()


if __name__ == "__main__":
    main()
