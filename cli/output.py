"""How commands answer: with `--json` one document on standard output, else lines; messages on standard error.

Exit codes are the interfaces': 0 done, 1 done but some input was rejected, 2 wrong call, 3 a service is
unreachable, 4 refused.
"""

import json
import sys
from collections.abc import Callable, Mapping
from typing import Any, TypeVar

import click

from cli.texts import both

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


def lines_of(error: Mapping[str, Any]) -> list[str]:
    """An error (interfaces §4) as lines: both languages, the technical detail, each diagnostic with its place."""
    lines = [error["message"], error["message_en"]]
    if error["detail"]:
        lines.append(f"  {error['detail']}")
    lines.extend(diagnostic_line(one) for one in error.get("diagnostics", ()))
    return lines


def diagnostic_line(one: Mapping[str, Any]) -> str:
    """A diagnostic (interfaces §4, D) as `[12, 15) error field_unknown …`, its repair on a second line."""
    line = f"  [{one['start']}, {one['end']}) {one['severity']} {one['code']}: {one['message']} {one['message_en']}"
    return f"{line}\n    → {one['fix']}" if one["fix"] else line
