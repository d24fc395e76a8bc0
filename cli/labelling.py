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
from taxonomy.learning.predicting import available


class Labelled(TypedDict):
    id: str
    labels: list[Label]


def named(line: Any) -> str | None:
    """The id of a line (`id`, or `number` where a table calls it so); None when the line is no document.

    Title and abstract are texts; claims and symbols lists of texts, or of objects as in the record (interfaces §3).
    """
    if not isinstance(line, dict):
        return None
    texts = all(isinstance(line.get(name) or "", str) for name in ("title", "abstract"))
    lists = all(isinstance(line.get(name) or [], list) and all(_text_of(one, key) for one in line.get(name) or [])
                for name, key in (("claims", "text"), ("ipc", "symbol")))
    ident = line.get("id") or line.get("number")
    return str(ident) if texts and lists and ident else None


def _text_of(one: Any, key: str) -> bool:
    return isinstance(one, str) or (isinstance(one, dict) and isinstance(one.get(key), str))


def labelled_lines(settings: Settings, path: Path, name: str) -> Iterator[Labelled]:
    """The labels of each line of a file (`-`: standard input) by one taxonomy.

    Raises NotFound `taxonomy_not_found` at once, BadCall `cli_label_line` on the way for a line that is no document.
    """
    taxonomies = load(settings)
    if name not in taxonomies:
        raise NotFound("taxonomy_not_found", name=name, known="、".join(taxonomies))
    models, unusable = available(settings, {name: taxonomies[name]})
    if unusable:
        raise unusable[0].error
    return _labelled(path, Labeller(taxonomies, [name], models=models))


def _labelled(path: Path, labeller: Labeller) -> Iterator[Labelled]:
    with sys.stdin.buffer if str(path) == "-" else path.open("rb") as lines:
        for number, raw in enumerate(lines, start=1):
            if not raw.strip():
                continue
            try:
                line = orjson.loads(raw)
            except orjson.JSONDecodeError as error:
                raise BadCall("cli_label_line", str(error), line=number) from error
            if (ident := named(line)) is None:
                raise BadCall("cli_label_line", line=number)
            yield {"id": ident, "labels": label_line(labeller, line)}
