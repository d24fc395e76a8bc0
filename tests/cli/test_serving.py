"""`serve` as a process: it tells what it does in its log, measures over all workers, and stops in order."""

import json
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import closing
from http.client import HTTPConnection
from pathlib import Path
from typing import NamedTuple

import pytest

import cli.main
from cli.commands.serving import address_of

Start = Callable[..., tuple[subprocess.Popen[str], int]]


@pytest.fixture
def start(home: Path, tmp_path: Path) -> Iterator[Start]:
    """Start a server on a free port of the loopback address and wait until it answers."""
    running: list[subprocess.Popen[str]] = []

    def started(*options: str, host: str = "127.0.0.1") -> tuple[subprocess.Popen[str], int]:
        with socket.socket(socket.AF_INET6 if ":" in host else socket.AF_INET) as probe:
            probe.bind((host, 0))
            port = int(probe.getsockname()[1])
        with (tmp_path / "log").open("w") as log:
            process = subprocess.Popen(
                [sys.executable, "-m", "cli.main", "serve", "--host", host, "--port", str(port), "--json", *options],
                stdout=subprocess.PIPE, stderr=log, text=True, cwd=Path(cli.main.__file__).parents[1],
                env={**os.environ, "ZHUANTI_HOME": str(home), "TMPDIR": str(tmp_path)})
        running.append(process)
        deadline = time.monotonic() + 60
        while time.monotonic() < deadline and process.poll() is None:
            try:
                if ask(host, port, "/readyz").status == 200:
                    return process, port
            except OSError:
                time.sleep(0.1)
        raise AssertionError((tmp_path / "log").read_text())

    yield started
    for process in running:
        process.kill()
        process.communicate()


class Answer(NamedTuple):
    status: int
    text: str


def ask(host: str, port: int, path: str) -> Answer:
    with closing(HTTPConnection(host, port, timeout=30)) as connection:
        connection.request("GET", path)
        answer = connection.getresponse()
        return Answer(answer.status, answer.read().decode())


@pytest.mark.slow
def test_stops_in_order_when_told_to(start: Start, tmp_path: Path) -> None:
    process, port = start()
    under_way = HTTPConnection("127.0.0.1", port, timeout=30)
    under_way.request("GET", "/api/v1/export?q=%E6%90%85%E6%8B%8C&format=xlsx")
    process.send_signal(signal.SIGTERM)
    answer = under_way.getresponse()
    assert answer.status == 200 and answer.read()[:2] == b"PK"
    under_way.close()
    out, _ = process.communicate(timeout=40)
    assert process.returncode == 0
    assert json.loads(out) == {"address": f"http://127.0.0.1:{port}/"}
    lines = [json.loads(line) for line in (tmp_path / "log").read_text().splitlines()]
    (line,) = [one for one in lines if one.get("route") == "/api/v1/export"]
    assert line["status"] == 200 and "搅拌" not in str(lines)
    assert not list(tmp_path.glob("zhuanti-metrics-*"))


@pytest.mark.slow
def test_several_workers_are_measured_together(start: Start, tmp_path: Path) -> None:
    process, port = start("--workers", "2")
    for _ in range(20):
        assert ask("127.0.0.1", port, "/api/v1/status").status == 200
    told = ask("127.0.0.1", port, "/metrics").text
    (line,) = [one for one in told.splitlines() if one.startswith("zhuanti_request_seconds_count{")
               and 'route="/api/v1/status"' in one]
    assert float(line.split()[-1]) == 20
    process.send_signal(signal.SIGTERM)
    process.communicate(timeout=40)
    assert process.returncode == 0
    assert not list(tmp_path.glob("zhuanti-metrics-*"))


@pytest.mark.slow
@pytest.mark.skipif(not socket.has_ipv6, reason="needs IPv6")
def test_ipv6(start: Start) -> None:
    process, port = start(host="::1")
    assert ask("::1", port, "/metrics").status == 200
    process.terminate()
    out, _ = process.communicate(timeout=40)
    assert json.loads(out) == {"address": f"http://[::1]:{port}/"}


@pytest.mark.parametrize(("host", "address"), [
    ("127.0.0.1", "http://127.0.0.1:80/"), ("::", "http://[::]:80/"), ("node.example", "http://node.example:80/")])
def test_address(host: str, address: str) -> None:
    assert address_of(host, 80) == address
