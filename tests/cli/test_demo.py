"""`demo` and `serve`: the made-up delivery through the real pipeline, and addresses that cannot be had."""

import socket
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.cli.conftest import Run
from tests.ingest import made


@pytest.fixture
def taken_port() -> Iterator[int]:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        yield int(taken.getsockname()[1])


@pytest.mark.slow
def test_demo_without_serving(run: Run) -> None:
    ran = run("demo", "--no-serve", "--json")
    assert ran.code == 0 and ran.json()["documents"] > 2000
    status = run("status", "--json").json()
    assert status["made_up"]
    assert status["index"]["pending"] == 0 and len(status["by_type"]) == 3
    assert run("rejects", "--json").json()
    assert run("search", "电池热管理", "--json").json()["total"] > 0
    assert run("demo", "--no-serve", "--json").json()["documents"] == ran.json()["documents"]
    assert run("status", "--json").json()["records"] == status["records"]


def test_demo_stays_out_of_a_home_with_other_deliveries(run: Run, tmp_path: Path) -> None:
    run("ingest", made.delivery(tmp_path / "real", {"a.XML": made.document()}), "--workers", "1", "--json")
    ran = run("demo", "--no-serve", "--json")
    assert (ran.code, ran.json()["code"]) == (4, "cli_demo_home_used")


def test_address_in_use(run: Run, taken_port: int) -> None:
    ran = run("serve", "--port", taken_port, "--json")
    assert (ran.code, ran.json()["code"]) == (3, "cli_address_taken")
