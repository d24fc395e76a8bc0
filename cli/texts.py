"""Texts of the commands: both languages of a registered message together, as help and errors show them."""

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
