"""Trees with leaves that are everything or nothing (country of publication: every record is CN), worked out.

What is left holds no such leaf, unless the whole tree is one.
"""

from index.query.build import all_of, any_of, negation, odd_of, operands
from index.query.tree import And, AtLeast, Everything, Node, Not, Or, Xor

NOTHING = Not(Everything())


def worked_out(node: Node) -> Node:
    """The same meaning without constant leaves. As deep as the tree, which the parser has limited."""
    match node:
        case Not(child):
            return negation(worked_out(child))
        case And():
            parts = [part for part in map(worked_out, operands(node)) if part != Everything()]
            return NOTHING if NOTHING in parts else all_of(parts)
        case Or():
            parts = [part for part in map(worked_out, operands(node)) if part != NOTHING]
            return Everything() if Everything() in parts else any_of(parts) if parts else NOTHING
        case Xor():
            parts = [worked_out(part) for part in operands(node)]
            rest = [part for part in parts if part not in (Everything(), NOTHING)]
            odd = parts.count(Everything()) % 2 == 1
            whole = odd_of(rest) if rest else NOTHING
            return negation(whole) if odd else whole
        case AtLeast(minimum, children):
            parts = [worked_out(part) for part in children]
            minimum -= parts.count(Everything())
            rest = [part for part in parts if part not in (Everything(), NOTHING)]
            if minimum <= 0:
                return Everything()
            return NOTHING if minimum > len(rest) else AtLeast(minimum, tuple(rest))
    return node
