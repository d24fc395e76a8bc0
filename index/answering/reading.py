"""Which parts of a tree may need the texts of records to be read, and so come last in an AND."""

from collections.abc import Callable

from index.query.build import operands
from index.query.tree import (
    And,
    AtLeast,
    Classes,
    Dates,
    Everything,
    Industry,
    Keyword,
    Near,
    Node,
    Not,
    Number,
    Or,
    Pattern,
    Region,
    Rows,
    Units,
    Xor,
)

_OPERATORS = (And, Or, Not, Xor, AtLeast)
_NEVER = frozenset((Units, Keyword, Dates, Classes, Number, Region, Industry, Rows, Everything))


class Reading:
    """Tells it of the parts of one tree, of each once. `is_read` says it of a chain or truncated term."""

    def __init__(self, is_read: Callable[[Near | Pattern], bool]) -> None:
        self._is_read = is_read
        self._held: dict[int, tuple[Node, bool]] = {}   # by identity, with the node, so that it stays

    def __call__(self, node: Node) -> bool:
        if isinstance(node, Near | Pattern):
            return self._is_read(node)
        if not isinstance(node, _OPERATORS):
            return False
        held = self._held.get(id(node))
        if held is None:
            parts = operands(node)
            held = self._held[id(node)] = node, not _NEVER.issuperset(map(type, parts)) and any(map(self, parts))
        return held[1]
