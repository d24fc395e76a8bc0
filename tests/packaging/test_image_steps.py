"""The image's steps in a clean folder: a wheel, installed with the constraints into a new environment, run outside."""

import json
import os
import re
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

from tests.conftest import need

ROOT = Path(__file__).resolve().parents[2]


def run(*command: object, cwd: Path, **environment: str) -> subprocess.CompletedProcess[str]:
    """A step, in an environment that knows nothing of the checkout."""
    clean = {name: value for name, value in os.environ.items()
             if not name.startswith(("ZHUANTI_", "PYTHON", "VIRTUAL_ENV"))}
    done = subprocess.run([str(word) for word in command], cwd=cwd, env=clean | environment, capture_output=True,
                          text=True, check=False)
    assert done.returncode == 0, f"{command}\n{done.stdout[-2000:]}\n{done.stderr[-2000:]}"
    return done


@pytest.mark.slow
def test_wheel_holds_everything_that_the_program_needs(tmp_path: Path) -> None:
    context, elsewhere = tmp_path / "context", tmp_path / "elsewhere"
    for folder in (context, elsewhere):
        folder.mkdir()
    for line in re.findall(r"^COPY (?!--from)(.*) \S+$", (ROOT / "Dockerfile").read_text("utf-8"), re.MULTILINE):
        for name in line.split():
            run("cp", "-r", ROOT / name, context, cwd=tmp_path)
    try:
        run(sys.executable, "-m", "pip", "wheel", "--quiet", "--no-deps", "--wheel-dir", tmp_path / "wheels", ".",
            cwd=context)
    except AssertionError as error:
        need(not re.search("(?i)connection|resolution|network", str(error)), "a package index")
        raise
    (wheel,) = (tmp_path / "wheels").glob("zhuanti-*.whl")
    run(sys.executable, "-m", "venv", tmp_path / "venv", cwd=tmp_path)
    run(tmp_path / "venv/bin/pip", "install", "--quiet", "--constraint", context / "constraints.txt",
        f"{wheel}[postgres]", cwd=context)

    tracked = run("git", "ls-files", *PACKAGES, cwd=ROOT).stdout.splitlines()
    held = set(zipfile.ZipFile(wheel).namelist())
    assert [name for name in tracked if name not in held] == []

    program = tmp_path / "venv/bin/zhuanti"
    assert "Exit codes" in run(program, "--help", cwd=elsewhere).stdout
    home = {"ZHUANTI_HOME": str(tmp_path / "home")}
    run(program, "demo", "--no-serve", cwd=elsewhere, **home)
    status = json.loads(run(program, "status", "--json", cwd=elsewhere, **home).stdout)
    assert status["records"] == status["index"]["records"] > 1_000 and status["index"]["pending"] == 0
    assert json.loads(run(program, "search", "电池", "--json", cwd=elsewhere, **home).stdout)["total"] > 0
    shown = run(tmp_path / "venv/bin/python", "-c", PAGES, cwd=elsewhere, **home).stdout
    assert shown.split() == ["200", "200", "200"]


PACKAGES = ("api", "cli", "index", "ingest", "store", "taxonomy", "web")

PAGES = """
from http.client import HTTPConnection
import subprocess, sys, time, socket
with socket.socket() as probe:
    probe.bind(("127.0.0.1", 0)); port = probe.getsockname()[1]
server = subprocess.Popen([sys.executable, "-m", "cli.main", "serve", "--port", str(port)], stdout=subprocess.PIPE)
server.stdout.readline()
def ask(path):
    while server.poll() is None:
        try:
            connection = HTTPConnection("127.0.0.1", port); connection.request("GET", path)
            return connection.getresponse().status
        except ConnectionRefusedError:
            time.sleep(0.2)
print(ask("/"), ask("/static/style.css"), ask("/industries/33618"))
server.terminate(); server.wait()
"""
