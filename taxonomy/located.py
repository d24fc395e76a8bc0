"""YAML whose mappings know their line, so that an error in a taxonomy file can say where it is.

Only plain data: no tags that build objects, no aliases (a few lines of them can fill the memory), no key twice.
"""

from pathlib import Path
from typing import Any

import yaml

from store.errors import BadCall

LARGEST = 8 << 20       # bytes; the longest official table is under one megabyte


class Located(dict[str, Any]):
    """A mapping and the line, counted from 1, where it begins."""

    line: int = 0


class _Loader(yaml.CSafeLoader):
    """Safe YAML of which only texts, true, false and null are made here."""


# Dates and numbers with signs stay as they are written: `2023-06` is no arithmetic and `2.10` no 2.1.
_Loader.yaml_implicit_resolvers = {
    first: [(tag, pattern) for tag, pattern in resolvers if tag.rpartition(":")[2] in ("bool", "null", "merge")]
    for first, resolvers in yaml.CSafeLoader.yaml_implicit_resolvers.items()
}


_TEXT = "tag:yaml.org,2002:str"


def _plain(loader: _Loader, node: yaml.Node, file: str, seen: set[int]) -> Any:
    """A composed node as lists, `Located` mappings and scalars; a node met twice was an alias."""
    if id(node) in seen:
        raise BadCall("taxonomy_yaml", "alias", file=file, line=_line(node))
    seen.add(id(node))
    if isinstance(node, yaml.ScalarNode):       # nearly all are texts, and nearly all of the time goes here
        return node.value if node.tag == _TEXT else loader.construct_object(node)
    if isinstance(node, yaml.SequenceNode):
        return [_plain(loader, item, file, seen) for item in node.value]
    found = Located()
    found.line = _line(node)
    for key_node, value_node in node.value:
        key = _plain(loader, key_node, file, seen)
        if not isinstance(key, str):
            raise BadCall("taxonomy_yaml", f"{key!r}", file=file, line=_line(key_node))
        if key in found:
            raise BadCall("taxonomy_field_doubled", file=file, line=_line(key_node), field=key)
        found[key] = _plain(loader, value_node, file, seen)
    return found


def _line(node: yaml.Node) -> int:
    return int(node.start_mark.line) + 1


def read(path: Path) -> Located:
    """The mapping of a file. Raises BadCall `taxonomy_yaml`, `taxonomy_field_doubled` or `taxonomy_unreadable`."""
    try:
        data = path.read_bytes()
        if len(data) > LARGEST:
            raise BadCall("taxonomy_unreadable", f"{len(data)} B", file=path.name)
        loader = _Loader(data.decode("utf-8-sig"))
    except (OSError, UnicodeDecodeError) as error:
        raise BadCall("taxonomy_unreadable", str(error), file=path.name) from error
    try:
        node = loader.get_single_node()
        found = _plain(loader, node, path.name, set()) if node else None
    except yaml.YAMLError as error:
        mark = getattr(error, "problem_mark", None)
        line = mark.line + 1 if mark else 1
        raise BadCall("taxonomy_yaml", getattr(error, "problem", "") or "", file=path.name, line=line) from error
    finally:
        loader.dispose()
    if not isinstance(found, Located):
        raise BadCall("taxonomy_yaml", "", file=path.name, line=1)
    return found
