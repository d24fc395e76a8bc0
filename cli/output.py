"""How commands answer: one JSON document on standard output with `--json`, else plain lines; progress and messages on standard error.

Exit codes are the interfaces': 0 done, 1 done but some input was rejected, 2 wrong call, 3 a service is
unreachable, 4 refused.
"""

import json
import sys
from collections.abc import Callable
from typing import Any, TypeVar

import click

from cli.texts import both
from store.errors import BadQuery, ZhuantiError

Command = TypeVar("Command", bound=Callable[..., Any])

REJECTED = 1
INTERRUPTED = 130


def json_option(command: Command) -> Command:
    """`--json` on a command, given to it as `as_json`."""
    return click.option("--json", "as_json", is_flag=True, help=both("cli_json"))(command)


def document(value: Any) -> None:
    """The JSON document on standard output."""
    click.echo(json.dumps(value, ensure_ascii=False, indent=1 if sys.stdout.isatty() else None))


def note(message: str) -> None:
    """A line on standard error."""
    click.echo(message, err=True)


def lines_of(error: ZhuantiError) -> list[str]:
    """An error as lines: what is wrong in both languages, the technical detail, and each diagnostic with its place."""
    lines = [error.message("zh"), error.message("en")]
    if error.detail:
        lines.append(f"  {error.detail}")
    if isinstance(error, BadQuery):
        lines.extend(diagnostic_line(one) for one in error.diagnostics)
    return lines


def diagnostic_line(one: Any) -> str:
    """`[12, 15) error unknown_field …` with the repair, if there is one."""
    line = f"  [{one.start}, {one.end}) {one.severity} {one.code}: {one.message} {one.message_en}"
    return f"{line}\n    → {one.fix}" if one.fix else line
