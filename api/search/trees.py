"""Looks at a query's tree: as plain dictionaries, its cost, its top-level parts, and the hits of every clause."""

from collections.abc import Mapping
from dataclasses import fields, is_dataclass
from time import monotonic
from typing import Any

from pyroaring import BitMap

from api.search.shapes import CostShape, CountsShape
from index.engine import Engine
from index.query import Query
from index.query.build import leaves, operands
from index.query.canonical import canonical
from index.query.tree import And, AtLeast, Everything, Node

MOST_COUNTED = 5_000
COUNTING_SECONDS = 10.0
"""What counting the clauses of one expression may take; larger ones are counted from the top down as far as it goes."""

Counts = Mapping[int, int]
"""Records of a clause, by the `id` of its node: equal clauses at two places are two nodes."""


def plain(node: Node, counts: Counts | None = None) -> dict[str, Any]:
    """The tree as JSON can say it: `{"node": "Units", "fields": […], "units": […], "whole": false, "text": "电池"}`.

    An operator has its `children` (Not one, a chain of XORs all of its operands), a leaf its canonical `text`; a
    clause that was counted has its `count`.
    """
    shown: dict[str, Any] = {"node": type(node).__name__}
    parts = operands(node)
    if parts:
        if isinstance(node, AtLeast):
            shown["minimum"] = node.minimum
        shown["children"] = [plain(part, counts) for part in parts]
    else:
        shown |= {field.name: _plain_value(getattr(node, field.name)) for field in fields(node)}
        shown["text"] = canonical(node)
    if counts is not None and id(node) in counts:
        shown["count"] = counts[id(node)]
    return shown


def _plain_value(value: Any) -> Any:
    """Fields of a leaf: terms of a chain, gaps and pieces of a truncated term, rows."""
    if is_dataclass(value):
        return {"node": type(value).__name__} | {
            field.name: _plain_value(getattr(value, field.name)) for field in fields(value)}
    return [_plain_value(one) for one in value] if isinstance(value, tuple | BitMap) else value


def count_clauses(engine: Engine, node: Node) -> tuple[Counts, CountsShape]:
    """How many records each clause of the tree matches by itself, level by level until the budget is spent."""
    until = monotonic() + COUNTING_SECONDS
    counts: dict[int, int] = {}
    clauses = 0
    level: list[Node] = [node]
    while level:
        clauses += len(level)
        for one in level:
            if len(counts) < MOST_COUNTED and (monotonic() < until or not counts):
                counts[id(one)] = engine.count(one)
        level = [part for one in level for part in operands(one)]
    return counts, {"clauses": clauses, "counted": len(counts), "records": engine.count(Everything())}


def cost(node: Node) -> CostShape:
    """Leaves and depth of the tree; a single leaf has depth 1."""
    return {"leaves": len(leaves(node)), "depth": depth(node)}


def depth(node: Node) -> int:
    return 1 + max(map(depth, operands(node)), default=0)


def parts(query: Query) -> list[tuple[str, Node]]:
    """The operands of the query's top-level AND, each with its canonical text; of simple search, each of its words."""
    found: list[Node] = []
    for operand in query.node.children if isinstance(query.node, And) else (query.node,):
        found += operand.children if query.mode == "simple" and isinstance(operand, AtLeast) else (operand,)
    return [(canonical(node), node) for node in found]
