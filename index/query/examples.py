"""The examples of the help page: expressions by subject, each with the canonical form that it is read as."""

from functools import cache
from pathlib import Path
from typing import NotRequired

import yaml
from typing_extensions import TypedDict


class Example(TypedDict):
    """`dialect` is canonical where it is left out; `remarks` are the codes of warnings and hints on the text."""

    q: str
    canonical: str
    dialect: NotRequired[str]
    remarks: NotRequired[list[str]]


@cache
def examples() -> dict[str, list[Example]]:
    """The examples of each subject, in the order of the file."""
    found: dict[str, list[Example]] = yaml.safe_load(Path(__file__).with_suffix(".yaml").read_text("utf-8"))
    return found
