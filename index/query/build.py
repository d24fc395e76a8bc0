"""Trees in normal form: And and Or flat, no double negation, chains of XOR as balanced trees.

The parser and everything else that combines trees goes through here, so that one meaning has one shape: a
formatter can write it back, and ten thousand XORs in a row do not become a tree ten thousand deep.
"""

from collections.abc import Iterable, Sequence
from itertools import chain

from index.query.tree import And, Everything, Near, Node, Not, Or, Pattern, Units, Xor


def all_of(children: Iterable[Node]) -> Node:
    """AND of the children; of none, everything."""
    parts = tuple(flat(And, tuple(children)))
    if not parts:
        return Everything()
    return parts[0] if len(parts) == 1 else And(parts)


def any_of(children: Iterable[Node]) -> Node:
    """OR of the children; at least one is needed."""
    parts = tuple(flat(Or, tuple(children)))
    return parts[0] if len(parts) == 1 else Or(parts)


def flat(kind: type[And | Or], children: Sequence[Node]) -> Sequence[Node]:
    """The operands of an operator; one of the same kind among them stands for its own."""
    if kind not in map(type, children):
        return children
    parts = (flat(kind, child.children) if isinstance(child, kind) else (child,) for child in children)
    return list(chain.from_iterable(parts))


def odd_of(children: Iterable[Node]) -> Node:
    """XOR of the children, grouped from the left: true for an odd number of them, which any grouping gives."""
    return _balanced([part for child in children for part in xor_parts(child)])


def negation(node: Node) -> Node:
    return node.child if isinstance(node, Not) else Not(node)


def xor_parts(node: Node) -> list[Node]:
    """The operands of a chain of XORs in order; of any other node, itself."""
    parts: list[Node] = []
    rest = [node]
    while rest:
        last = rest.pop()
        if isinstance(last, Xor):
            rest += (last.right, last.left)
        else:
            parts.append(last)
    return parts


def _balanced(parts: Sequence[Node]) -> Node:
    if len(parts) == 1:
        return parts[0]
    middle = (len(parts) + 1) // 2
    return Xor(_balanced(parts[:middle]), _balanced(parts[middle:]))


def operands(node: Node) -> tuple[Node, ...]:
    """The direct parts of an operator, a chain of XORs as one; () for a leaf."""
    match node:
        case Xor():
            return tuple(xor_parts(node))
        case Not(child):
            return (child,)
        case Units() | Pattern() | Near():
            return ()
    children: tuple[Node, ...] = getattr(node, "children", ())
    return children


def leaves(node: Node) -> list[Node]:
    """All leaves in order, repeated ones too."""
    found: list[Node] = []
    rest = [node]
    while rest:
        last = rest.pop()
        parts = operands(last)
        if parts:
            rest += reversed(parts)
        else:
            found.append(last)
    return found
