"""Labels for documents that are not stored: lines of a file in, lines with labels out."""

import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any, TypedDict

import orjson

from ingest.record import Label
from store.errors import BadCall, NotFound
from store.settings import Settings
from taxonomy.catalogue import load
from taxonomy.labeller import Labeller, label_line


class Labelled(TypedDict):
    id: str
    labels: list[Label]


def readable(line: Any) -> bool:
    """Whether a line has an id, and texts and lists of texts where they belong."""
    return (isinstance(line, dict) and bool(line.get("id"))
            and all(isinstance(line.get(name) or "", str) for name in ("title", "abstract"))
            and all(isinstance(line.get(name) or [], list) and all(isinstance(one, str) for one in line.get(name) or [])
                    for name in ("claims", "ipc")))


def labelled_lines(settings: Settings, path: Path, name: str) -> Iterator[Labelled]:
    """The labels of each line of a file (`-`: standard input) by one taxonomy.

    Raises NotFound `taxonomy_not_found` at once, BadCall `cli_label_line` on the way for a line that is no document.
    """
    taxonomies = load(settings)
    if name not in taxonomies:
        raise NotFound("taxonomy_not_found", name=name, known="、".join(taxonomies))
    return _labelled(path, Labeller({name: taxonomies[name]}))


def _labelled(path: Path, labeller: Labeller) -> Iterator[Labelled]:
    with sys.stdin.buffer if str(path) == "-" else path.open("rb") as lines:
        for number, raw in enumerate(lines, start=1):
            if not raw.strip():
                continue
            try:
                line = orjson.loads(raw)
            except orjson.JSONDecodeError as error:
                raise BadCall("cli_label_line", str(error), line=number) from error
            if not readable(line):
                raise BadCall("cli_label_line", line=number)
            yield {"id": str(line["id"]), "labels": label_line(labeller, line)}
