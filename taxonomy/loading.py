"""A taxonomy file → a `Taxonomy`, or an error that names the file, the line and what is wrong there.

The format is described in docs/taxonomies.md. The loader holds what must never be wrong (unknown fields,
doubled ids, cycles, patterns that are none, empty rules); what may be doubtful is for `taxonomy.checking`.
"""

import hashlib
import re
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any, cast

from ingest.ipc import patterns
from store.errors import BadCall, BadQuery
from taxonomy.expressions import read as read_expression
from taxonomy.located import Located, read
from taxonomy.model import (
    BASES,
    ORIGINS,
    READINGS,
    STATUSES,
    Basis,
    Branch,
    Document,
    Node,
    Origin,
    Reading,
    Rule,
    RulePattern,
    Segment,
    Status,
    Taxonomy,
)

TAXONOMY_ID = re.compile(r"[0-9A-Za-z_]{1,40}")
"""It is a part of addresses, queries (`产业=mine/battery@rule`) and names of files."""

TOP_FIELDS = {"id", "name", "name_en", "version", "verified", "note", "note_en", "status", "origin", "documents",
              "sources", "nodes"}
DOCUMENT_FIELDS = {"title", "issuer", "number", "date", "verified", "note"}
NODE_FIELDS = {"id", "parent", "name", "name_en", "basis", "verified", "sources", "note", "segments", "branches",
               "rules"}
SEGMENT_FIELDS = {"name", "basis", "verified", "sources"}
RULE_FIELDS = {"id", "ipc", "exclude", "with", "keywords", "keywords_exclude", "keywords_origin", "expression", "from",
               "reading", "note", "derived"}
DERIVED_FIELDS = {"keywords", "keywords_exclude", "note"}
PATTERN_FIELDS = {"p", "origin", "refs"}


class _File:
    """The file being read: its name for errors, and the checks that every mapping passes."""

    def __init__(self, path: Path) -> None:
        self.name = path.name
        self.top = read(path)
        self.origin: Origin = cast(Origin, self.choice(self.top, "origin", ORIGINS, "proposed"))

    def error(self, code: str, line: int, **values: Any) -> BadCall:
        return BadCall(code, file=self.name, line=line, **values)

    def fields(self, item: object, allowed: set[str], line: int, what: str) -> Located:
        """The item as a mapping with allowed fields only."""
        if not isinstance(item, Located):
            raise self.error("taxonomy_field_type", line, field=what)
        for name in item:
            if name not in allowed:
                raise self.error("taxonomy_field_unknown", item.line, field=name)
        return item

    def text(self, item: Located, name: str, default: str | None = None) -> str:
        value = item.get(name, default)
        if value is None:
            raise self.error("taxonomy_field_missing", item.line, field=name)
        if not isinstance(value, str):
            raise self.error("taxonomy_field_type", item.line, field=name)
        return " ".join(value.split())

    def maybe(self, item: Located, name: str) -> str | None:
        return None if item.get(name) is None else self.text(item, name)

    def flag(self, item: Located, name: str, default: bool) -> bool:
        value = item.get(name, default)
        if not isinstance(value, bool):
            raise self.error("taxonomy_field_type", item.line, field=name)
        return value

    def choice(self, item: Located, name: str, allowed: tuple[str, ...], default: str) -> str:
        value = item.get(name, default)
        if value not in allowed:
            raise self.error("taxonomy_field_type", item.line, field=name)
        return str(value)

    def items(self, item: Located, name: str) -> list[Any]:
        value = item.get(name) or []
        if not isinstance(value, list):
            raise self.error("taxonomy_field_type", item.line, field=name)
        return value

    def texts(self, item: Located, name: str) -> tuple[str, ...]:
        values = self.items(item, name)
        if values and not all(isinstance(value, str) and value.strip() for value in values):
            raise self.error("taxonomy_field_type", item.line, field=name)
        return tuple(values)


def load_file(path: Path) -> Taxonomy:
    """The taxonomy of a file. Raises BadCall with a code `taxonomy_…`, the file and the line."""
    file = _File(path)
    top = file.fields(file.top, TOP_FIELDS, 1, "id")
    if not TAXONOMY_ID.fullmatch(file.text(top, "id")):
        raise file.error("taxonomy_field_type", top.line, field="id")
    sources = file.fields(top.get("sources", Located()), set(top.get("sources") or ()), top.line, "sources")
    return Taxonomy(
        id=file.text(top, "id"), name=file.text(top, "name"), name_en=file.text(top, "name_en", ""),
        version=file.text(top, "version"), verified=file.flag(top, "verified", False),
        note=file.text(top, "note", ""), note_en=file.text(top, "note_en", ""),
        status=cast(Status, file.choice(top, "status", STATUSES, "unknown")),
        documents=tuple(_document(file, item, top.line) for item in file.items(top, "documents")),
        sources={name: file.text(sources, name) for name in sources},
        nodes=_nodes(file, top),
        file=file.name,
        fingerprint=fingerprint_of(path.read_bytes()),
    )


def fingerprint_of(data: bytes) -> str:
    """By which a file of a taxonomy is known."""
    return hashlib.sha256(data).hexdigest()[:16]


def _document(file: _File, item: object, line: int) -> Document:
    found = file.fields(item, DOCUMENT_FIELDS, line, "documents")
    return Document(file.text(found, "title"), file.maybe(found, "issuer"), file.maybe(found, "number"),
                    file.maybe(found, "date"), file.flag(found, "verified", False), file.text(found, "note", ""))


def _nodes(file: _File, top: Located) -> dict[str, Node]:
    """The nodes, parents first; a node may stand before its parent in the file."""
    found: dict[str, Node] = {}
    for item in file.items(top, "nodes"):
        node = _node(file, item, top.line)
        if node.id in found:
            raise file.error("taxonomy_node_doubled", node.line, node=node.id)
        found[node.id] = node
    if not found:
        raise file.error("taxonomy_field_missing", top.line, field="nodes")
    below: dict[str | None, list[Node]] = {}
    for node in found.values():
        if node.parent is not None and node.parent not in found:
            raise file.error("taxonomy_parent_unknown", node.line, node=node.id, parent=node.parent)
        below.setdefault(node.parent, []).append(node)
    ordered: dict[str, Node] = {}
    todo = list(reversed(below.get(None, [])))
    while todo:
        node = todo.pop()
        ordered[node.id] = node
        todo.extend(reversed(below.get(node.id, [])))
    for node in found.values():
        if node.id not in ordered:      # not reached from the top: its parents go round in a circle
            raise file.error("taxonomy_cycle", node.line, node=node.id)
    return ordered


def _node(file: _File, item: object, line: int) -> Node:
    found = file.fields(item, NODE_FIELDS, line, "nodes")
    node_id = file.text(found, "id")
    if not node_id or any(char.isspace() or char in "/@\"'()" for char in node_id):
        raise file.error("taxonomy_field_type", found.line, field="id")
    rules = tuple(rule for number, item in enumerate(file.items(found, "rules"), 1)
                  for rule in _rules(file, item, number, found.line))
    ids = [rule.id for rule in rules]
    for rule in rules:
        if ids.count(rule.id) > 1:
            raise file.error("taxonomy_node_doubled", rule.line, node=f"{node_id} {rule.id}")
    return Node(
        id=node_id, name=file.text(found, "name"), name_en=file.text(found, "name_en", ""),
        parent=file.maybe(found, "parent"),
        basis=cast(Basis, file.choice(found, "basis", BASES, "ours")),
        verified=file.flag(found, "verified", False), sources=file.texts(found, "sources"),
        note=file.text(found, "note", ""),
        segments=tuple(_segment(file, segment, found.line) for segment in file.items(found, "segments")),
        branches=file.texts(found, "branches"), rules=rules, line=found.line,
    )


def _segment(file: _File, item: object, line: int) -> Segment:
    found = file.fields(item, SEGMENT_FIELDS, line, "segments")
    return Segment(file.text(found, "name"), cast(Basis, file.choice(found, "basis", BASES, "ours")),
                   file.flag(found, "verified", False), file.texts(found, "sources"))


def _rules(file: _File, item: object, number: int, line: int) -> Iterator[Rule]:
    """The rule of an item and, with `derived`, a second one that has our search words instead of its keywords."""
    found = file.fields(item, RULE_FIELDS, line, "rules")
    rule = _rule(file, found, number)
    yield rule
    if "derived" in found:
        words = file.fields(found["derived"], DERIVED_FIELDS, found.line, "derived")
        yield replace(
            rule, id=f"{rule.id}-derived", reading="derived", keywords_origin="proposed", line=words.line,
            keywords=file.texts(words, "keywords"), note=file.text(words, "note", ""),
            keywords_exclude=(*rule.keywords_exclude, *file.texts(words, "keywords_exclude")))


def _rule(file: _File, found: Located, number: int) -> Rule:
    rule = Rule(
        id=file.text(found, "id", str(number)),
        patterns=tuple(_pattern(file, one, found.line) for one in file.items(found, "ipc")),
        exclude=tuple(_pattern(file, one, found.line) for one in file.items(found, "exclude")),
        beside=tuple(_pattern(file, one, found.line) for one in file.items(found, "with")),
        keywords=file.texts(found, "keywords"), keywords_exclude=file.texts(found, "keywords_exclude"),
        expression=_expression(file, found),
        built_from=tuple(_branch(file, one, found.line) for one in file.texts(found, "from")),
        keywords_origin=cast(Origin, file.choice(found, "keywords_origin", ORIGINS, file.origin)),
        reading=cast(Reading, file.choice(found, "reading", READINGS, "literal")),
        note=file.text(found, "note", ""), line=found.line,
    )
    if not (rule.patterns or rule.keywords or rule.expression or rule.built_from):
        raise file.error("taxonomy_rule_empty", found.line)
    return rule


def _expression(file: _File, found: Located) -> str:
    """The expression of a rule, read once to see that it can be."""
    written = file.text(found, "expression", "")
    if written:
        try:
            read_expression(written)
        except BadQuery as error:
            raise file.error("taxonomy_expression_invalid", found.line, why=error.message("zh"),
                             why_en=error.message("en")) from error
    return written


def _branch(file: _File, written: str, line: int) -> Branch:
    """`sei_2021:5.2`, or `key_digital_2023:高端芯片:*` for the node 高端芯片 with what is below it."""
    taxonomy, colon, node = written.partition(":")
    node = node.removesuffix("*").rstrip(".:").replace(":", "-")
    if not (taxonomy and colon and node):
        raise file.error("taxonomy_branch_invalid", line, branch=written)
    return Branch(taxonomy, node)


def _pattern(file: _File, item: object, line: int) -> RulePattern:
    """A pattern: its text alone (the file's default origin), or `{p, origin, refs}`."""
    written, origin = "", file.origin
    refs: tuple[str, ...] = ()
    if isinstance(item, str):
        written = item
    else:
        found = file.fields(item, PATTERN_FIELDS, line, "ipc")
        line = found.line
        written = file.text(found, "p")
        origin = cast(Origin, file.choice(found, "origin", ORIGINS, file.origin))
        refs = file.texts(found, "refs")
    parsed = patterns.parse(written)
    if parsed is None:
        raise file.error("taxonomy_pattern_invalid", line, pattern=written)
    return RulePattern(str(parsed), origin, refs, line)
