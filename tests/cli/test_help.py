"""Help: every command has an example and answers at once; every text is in both languages."""

import errno
import os
import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import IO

import click
import pytest

import cli.main
from cli.bar import Bar
from cli.main import group, main, trouble
from cli.progress import Lines, reporter
from store.errors import BadCall, Unreachable


def commands(of: click.Group, path: tuple[str, ...] = ()) -> Iterator[tuple[tuple[str, ...], click.Command]]:
    for name, command in of.commands.items():
        yield (*path, name), command
        if isinstance(command, click.Group):
            yield from commands(command, (*path, name))


COMMANDS = dict(commands(group))


def test_commands_of_the_interfaces(shared: Path) -> None:
    """The call table of interfaces §1 names them; those that later parts bring are not there yet."""
    named = {"ingest", "status", "rejects", "show", "search", "check", "export", "reindex", "label", "taxonomy",
             "serve", "demo"}
    section = (shared / "interfaces.md").read_text("utf-8").split("## 1.")[1].split("## 2.")[0]
    first_columns = re.findall(r"^\| (`.*?) (?<!\\)\| ", section, re.MULTILINE)
    assert {name for column in first_columns for name in re.findall(r"`([a-z]+)", column)} == named
    assert named | {"deliveries", "store"} == set(group.commands)      # the first of those that come later


@pytest.mark.parametrize("path", list(COMMANDS), ids=" ".join)
def test_help_has_both_languages_and_an_example(path: tuple[str, ...], capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as exited:
        main([*path, "--help"])
    shown = capsys.readouterr().out
    assert exited.value.code == 0
    assert "示例 Example:" in shown and f"zhuanti {' '.join(path[:1])}" in shown


SINGLE = [path for path, one in COMMANDS.items() if not isinstance(one, click.Group)]


@pytest.mark.parametrize("path", SINGLE, ids=" ".join)
def test_every_command_has_json(path: tuple[str, ...]) -> None:
    options = {option for one in COMMANDS[path].params for option in one.opts}
    assert "--json" in options
    assert all(one.help for one in COMMANDS[path].params if isinstance(one, click.Option))


FOR_FEW = ("scipy", "sklearn", "rjieba", "jieba", "rich", "xlsxwriter", "elasticsearch", "fastapi",
           "sqlalchemy.dialects.postgresql")


@pytest.mark.parametrize(("modules", "heavy"), [
    ("cli.main", (*FOR_FEW, "tantivy", "sqlalchemy", "lxml", "numpy")),
    ("cli.main, cli.ingesting, cli.progress", FOR_FEW),
    ("cli.main, api.status.service, api.patents.service, api.export.formats.columns", FOR_FEW),
], ids=["help", "ingest", "status, show"])
def test_a_start_loads_nothing_heavy_that_it_may_not_need(modules: str, heavy: tuple[str, ...]) -> None:
    """Heavy libraries are imported where they are needed; a check of what is loaded, not of time."""
    probe = f"import sys, {modules}; print([name for name in {heavy} if name in sys.modules])"
    loaded = subprocess.run([sys.executable, "-c", probe], capture_output=True, text=True, check=True,
                            cwd=Path(cli.main.__file__).parents[1])
    assert loaded.stdout.strip() == "[]"


def test_full_disk_and_bad_path_are_told_apart() -> None:
    full = trouble(OSError(errno.ENOSPC, "No space left on device", "/x"))
    assert isinstance(full, Unreachable) and full.exit_code == 3
    path = trouble(PermissionError(errno.EACCES, "Permission denied", "/x"))
    assert isinstance(path, BadCall) and "/x" in path.message("en")


def test_progress_without_a_terminal_is_lines(capfd: pytest.CaptureFixture[str]) -> None:
    with reporter() as progress:
        assert isinstance(progress, Lines)
        progress.file("1.ZIP", 2_000_000)
        progress.advance(1_000_000, 40, 2)
        progress.done()
    said = capfd.readouterr().err
    assert "1.ZIP (2.0 MB)" in said and "40 documents" in said and "2 rejected" in said


def test_bar_counts_like_the_lines() -> None:
    with Bar() as progress:
        progress.file("1.ZIP", 2_000_000)
        progress.advance(1_000_000, 40, 2)
        progress.file("index", 40)
        progress.advance(30, 0, 0)
        progress.done()
        assert progress.bar.tasks[0].completed == 30
    assert progress.counted.documents == 30


def test_without_a_command_shows_help(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as exited:
        main([])
    assert exited.value.code == 2
    assert "ingest" in capsys.readouterr().err


def piped(output: IO[str], home: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    """The command as a process of its own, writing into `output`."""
    return subprocess.run([sys.executable, "-m", "cli.main", *arguments], stdout=output, stderr=subprocess.PIPE,
                          check=False, text=True, env={**os.environ, "ZHUANTI_HOME": str(home)},
                          cwd=Path(cli.main.__file__).parents[1])


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="needs /dev/full")
def test_full_output_says_so_and_shows_no_trace(tmp_path: Path) -> None:
    with Path("/dev/full").open("w") as full:
        ran = piped(full, tmp_path, "taxonomy", "list", "--json")
    assert ran.returncode == 3
    assert "磁盘已满" in ran.stderr and "Traceback" not in ran.stderr


def test_reader_that_goes_away_is_no_failure(tmp_path: Path) -> None:
    read, write = os.pipe()
    os.close(read)
    with os.fdopen(write, "w") as closed:
        ran = piped(closed, tmp_path, "taxonomy", "show", "33618")
    assert (ran.returncode, ran.stderr) == (0, "")
