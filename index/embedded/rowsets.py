"""Long expressions as sets of rows: what Tantivy says well is asked together, the rest is worked out on bitmaps.

In a real node hundreds of small ANDs each hold a list of classes, which is thousands of symbols to Tantivy (2 ms) and
a look at a column here, and truncated terms, of which only the texts of the records are read that the rest leaves over.
"""

from collections.abc import Sequence
from functools import reduce
from operator import xor

import numpy as np
from pyroaring import BitMap

from index.answering.proximity import phrases
from index.embedded.compiler import Compiler, is_word
from index.embedded.recheck import checked
from index.embedded.rows import count_of, few_rows_of, rows_of
from index.embedded.snapshot import Snapshot
from index.query.build import all_of, any_of, operands, xor_parts
from index.query.tree import And, AtLeast, Classes, Everything, Near, Node, Not, Or, Pattern, Rows, Xor

_AT_ONCE = 20_000       # rows that are fetched and counted in one pass
_SUBCLASS = 4           # characters of a symbol that the column of subclasses tells


class RowSets:
    """Works out one expression on one snapshot. `beyond` is as in the compiler."""

    def __init__(self, snapshot: Snapshot, compiler: Compiler, most_candidates: int) -> None:
        self._snapshot = snapshot
        self._compiler = compiler
        self._most_candidates = most_candidates
        self._plain: dict[int, bool] = {}       # by identity: a tree is walked once
        self._asked: dict[Node, BitMap] = {}
        self._beyond = 0

    @property
    def beyond(self) -> int:
        return max(self._beyond, self._compiler.beyond)

    def rows(self, node: Node, within: BitMap | None = None) -> BitMap:
        """The rows that match, of `within` if that is given."""
        found = self._found(node, within)
        return found if within is None else found & within

    def _found(self, node: Node, within: BitMap | None) -> BitMap:
        if self._is_plain(node):
            return self._from_index(node)
        match node:
            case And(children):
                return self._all_of(children, within)
            case Or(children):
                plain, mixed = self._parted(children)
                found = BitMap(self._from_index(any_of(plain))) if plain else BitMap()
                for child in mixed:
                    found |= self.rows(child, within)
                return found
            case Not(child):
                return (self._everything() if within is None else within) - self.rows(child, within)
            case Xor():
                return reduce(xor, [self.rows(part, within) for part in xor_parts(node)])
            case AtLeast(minimum, children):
                size = len(self._snapshot.columns.present)
                times = np.zeros(size, np.uint16)
                for child in children:
                    times[_places(self.rows(child, within))] += 1
                return BitMap(np.flatnonzero(times >= minimum).astype(np.uint32)) if minimum > 0 else self._everything()
            case Classes():
                return self._in_subclasses(node)
            case Near() | Pattern():
                return self._read(node, within)
            case Rows(rows):
                return BitMap(rows & self._everything())
        return self._from_index(node)

    def _all_of(self, children: Sequence[Node], within: BitMap | None) -> BitMap:
        plain, mixed = self._parted(children)
        found = within
        if any(not isinstance(child, Not) for child in plain):
            found = self.rows(all_of(plain), within)
        else:
            mixed += plain
        for child in sorted(mixed, key=self._is_dear):
            if isinstance(child, Not):
                found = (self._everything() if found is None else found) - self.rows(child.child, found)
            else:
                found = self.rows(child, found)
            if not found:
                return found
        return self._everything() if found is None else found

    def _read(self, node: Near | Pattern, within: BitMap | None) -> BitMap:
        """The rows whose texts hold a chain or truncated term; where many are left, only those that hold its parts."""
        candidates = self._asked.get(node)
        if candidates is None:
            match = self._compiler.candidates(node)
            candidates = self._asked[node] = BitMap(rows_of(
                self._snapshot, match, count_of(self._snapshot, match)).astype(np.uint32))
        looked_at = candidates if within is None else candidates & within
        found = checked(self._snapshot, node, looked_at.to_array().tolist(), self._most_candidates)
        self._beyond = max(self._beyond, found.beyond)
        return found.rows

    def _in_subclasses(self, node: Classes) -> BitMap:
        column = self._snapshot.columns.column("ipc_subclass")
        found = [column.rows_with(code) for code, value in enumerate(column.values) if value.startswith(node.symbol)]
        return BitMap.union(*found) if found else BitMap()

    def _from_index(self, node: Node) -> BitMap:
        """Equal parts are asked once, and kept: the next expression of a node's tree often holds them too."""
        found = self._asked.get(node)
        if found is None:
            match = self._compiler.query(node)
            rows = few_rows_of(self._snapshot, match, _AT_ONCE)
            if rows is None:
                rows = rows_of(self._snapshot, match, count_of(self._snapshot, match))
            found = self._asked[node] = BitMap(rows.astype(np.uint32))
        return found

    def _everything(self) -> BitMap:
        return self._from_index(Everything())

    def _parted(self, children: Sequence[Node]) -> tuple[list[Node], list[Node]]:
        plain: list[Node] = []
        mixed: list[Node] = []
        for child in children:
            (plain if self._is_plain(child) else mixed).append(child)
        return plain, mixed

    def _is_plain(self, node: Node) -> bool:
        """Whether Tantivy answers a part well: no text is read for it, no list of whole subclasses stands in it."""
        known = self._plain.get(id(node))
        if known is None:
            match node:
                case Classes(field, how, symbol):
                    known = not (field == "ipc" and how == "prefix" and len(symbol) <= _SUBCLASS)
                case Near():
                    known = phrases(node) is not None
                case Pattern():
                    known = is_word(node) is not None
                case Rows() | Xor():
                    known = False
                case _:
                    known = all(map(self._is_plain, operands(node)))
            self._plain[id(node)] = known
        return known

    def _is_dear(self, node: Node) -> bool:
        """Whether texts are read for a part; lists of classes cost nothing and leave fewer to read."""
        return not all(isinstance(part, Classes) for part in (operands(node) or (node,)))


def _places(rows: BitMap) -> "np.ndarray[tuple[int, ...], np.dtype[np.uint32]]":
    return np.array(rows.to_array(), np.uint32)
