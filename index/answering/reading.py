"""Which parts of a tree may need the texts of records to be read, and so come last in an AND."""

from collections.abc import Callable

from index.query.build import operands
from index.query.tree import (
    Classes,
    Dates,
    Everything,
    Industry,
    Keyword,
    Near,
    Node,
    Number,
    Pattern,
    Region,
    Rows,
    Units,
)

_NEVER = frozenset((Units, Keyword, Dates, Classes, Number, Region, Industry, Rows, Everything))


class Reading:
    """Tells it of the parts of one tree, of each once. `is_read` says it of a chain or truncated term."""

    def __init__(self, is_read: Callable[[Near | Pattern], bool]) -> None:
        self._is_read = is_read
        self._held: dict[int, tuple[Node, bool]] = {}   # by identity, with the node, so that it stays

    def __call__(self, node: Node) -> bool:
        if type(node) in _NEVER:
            return False
        held = self._held.get(id(node))
        if held is None:
            held = self._held[id(node)] = node, self._told(node)
        return held[1]

    def _told(self, node: Node) -> bool:
        if isinstance(node, Near | Pattern):
            return self._is_read(node)
        parts = operands(node)
        return not _NEVER.issuperset(map(type, parts)) and any(map(self, parts))
