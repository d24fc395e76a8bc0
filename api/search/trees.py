"""Looks at a query's tree: as plain dictionaries, its cost, and its top-level parts."""

from dataclasses import fields
from typing import Any

from pyroaring import BitMap

from api.search.shapes import CostShape
from index.query.tree import And, AtLeast, Node, Not, Or, Xor


def children(node: Node) -> tuple[Node, ...]:
    if isinstance(node, And | Or | AtLeast):
        return node.children
    if isinstance(node, Xor):
        return node.left, node.right
    return (node.child,) if isinstance(node, Not) else ()


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
    below = [cost(child) for child in children(node)]
    if not below:
        return {"leaves": 1, "depth": 1}
    return {"leaves": sum(one["leaves"] for one in below), "depth": 1 + max(one["depth"] for one in below)}
