"""Chains of proximity: what may stand in one, and how one is put together (interfaces §5, `nW nD W D S P`).

A chain is one leaf of a tree and flat: its operands are terms or alternatives of terms of the same fields.
"""

import re

from index.query.tree import Link, Near, Node, Or, Pattern, Term, Units

_WRITTEN = re.compile(r"0*([0-9]{0,9})([WD])|([SP])")


def link(written: str) -> Link | None:
    """The link of an operator in half width: `5W`, `D`, `S`; None for anything else, also a number beyond sense."""
    found = _WRITTEN.fullmatch(written)
    if found is None:
        return None
    if found[3]:
        return Link("S" if found[3] == "S" else "P")
    return Link("W" if found[2] == "W" else "D", int(found[1] or 0))


def written(one: Link) -> str:
    return f"{one.most or ''}{one.how}"


def alternatives(node: Node) -> tuple[Term, ...] | None:
    """The terms of an operand, all of the same fields; None for what cannot be one."""
    found: list[Term] = []
    for part in node.children if isinstance(node, Or) else (node,):
        if not isinstance(part, Units | Pattern) or part.whole or part.fields != (found[:1] or [part])[0].fields:
            return None
        found.append(part)
    return tuple(dict.fromkeys(found))


def near(left: Node, joined: Link, right: Node) -> Near | None:
    """`left` (perhaps a chain) joined to `right`; None when one of them cannot be an operand or fields differ."""
    before = left if isinstance(left, Near) else None
    operands, links = (before.operands, before.links) if before else ((alternatives(left) or (),), ())
    added = alternatives(right)
    if not operands[0] or not added or operands[0][0].fields != added[0].fields:
        return None
    return Near((*operands, added), (*links, joined))
