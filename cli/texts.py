"""Texts of the commands: both languages of a registered message together, as help and errors show them."""

from datetime import UTC, datetime
from typing import Any

from store.messages import text


def both(code: str, **values: Any) -> str:
    """`中文 English` of a message."""
    return f"{text(code, 'zh', **values)} {text(code, 'en', **values)}"


def manual(command: str, example: str) -> str:
    r"""The help of a command: what it does in both languages, then an example that can be pasted.

    The `\b` keeps click from wrapping the example.
    """
    code = f"cli_{command}"
    return f"{text(code, 'zh')}\n\n{text(code, 'en')}\n\n\b\n{both('cli_example')}\n  {example}"


def age(since: str, now: datetime | None = None) -> str:
    """How long ago an ISO time was, in its two largest units: `3d 4h`, `4h 12m`, `12m`."""
    minutes = int(((now or datetime.now(UTC)) - datetime.fromisoformat(since)).total_seconds()) // 60
    days, hours = minutes // 1440, minutes // 60 % 24
    if days:
        return f"{days}d {hours}h"
    return f"{hours}h {minutes % 60}m" if hours else f"{minutes}m"
