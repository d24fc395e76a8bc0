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
AROUND = 16         # characters shown on each side of what a diagnostic speaks of


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


def diagnostic_line(one: Mapping[str, Any], text: str = "") -> str:
    """A diagnostic (interfaces §4, D) as `[12, 15) error field_unknown …`; its place in the text, where that is
    given, and its repair stand on lines of their own."""
    line = f"  [{one['start']}, {one['end']}) {one['severity']} {one['code']}: {one['message']} {one['message_en']}"
    if one["start"] < one["end"] <= len(text):
        line += f"\n    {marked(text, one['start'], one['end'])}"
    return f"{line}\n    → {one['fix']}" if one["fix"] else line


def marked(text: str, start: int, end: int) -> str:
    """A place in a text in one line, between 【 and 】, with what stands around it."""
    inner = text[start:end] if end - start <= 4 * AROUND else f"{text[start:start + AROUND]}…{text[end - AROUND:end]}"
    before, behind = text[max(start - AROUND, 0):start], text[end:end + AROUND]
    shown = f"{'…' * (start > AROUND)}{before}【{inner}】{behind}{'…' * (end + AROUND < len(text))}"
    return " ".join(shown.split())
