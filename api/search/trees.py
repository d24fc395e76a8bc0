"""Looks at a query's tree: as plain dictionaries, its cost, and its top-level parts."""

from dataclasses import fields
from typing import Any

from pyroaring import BitMap

from api.search.shapes import CostShape
from index.query import Query
from index.query.build import leaves, operands
from index.query.canonical import canonical
from index.query.tree import And, AtLeast, Node


def plain(node: Node) -> dict[str, Any]:
    """The tree as JSON can say it: `{"node": "Units", "fields": […], "units": […], "whole": false}`."""
    shown: dict[str, Any] = {"node": type(node).__name__}
    for field in fields(node):
        value = getattr(node, field.name)
        if field.name in ("left", "right", "child"):
            shown[field.name] = plain(value)
        elif field.name == "children":
            shown[field.name] = [plain(child) for child in value]
        else:
            shown[field.name] = list(value) if isinstance(value, tuple | BitMap) else value
    return shown


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
