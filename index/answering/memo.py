"""What was found for a query is kept with the commit it was found in: the same question again costs a look-up.

A commit brings a new snapshot with an empty memo, so nothing here can be out of date.
"""

import threading
from collections import OrderedDict
from collections.abc import Callable, Hashable
from typing import Any, TypeVar

from index.answering.cursor import digest
from index.query.tree import Node

Found = TypeVar("Found")

_MOST = 64 << 20        # bytes, as the weights say


class Memo:
    """Keeps answers up to a total weight, the least recently used go first; safe for threads."""

    def __init__(self) -> None:
        self._held: OrderedDict[Hashable, tuple[Any, int]] = OrderedDict()
        self._weight = 0
        self._lock = threading.Lock()

    def held(self, key: Hashable) -> Any:
        """The answer of a key; None when it is not held."""
        with self._lock:
            known = self._held.get(key)
            if known is None:
                return None
            self._held.move_to_end(key)
            return known[0]

    def keep(self, key: Hashable, found: Any, weight: int) -> None:
        """Keeps an answer of so many bytes."""
        with self._lock:
            if key not in self._held and weight < _MOST:
                self._held[key] = found, weight
                self._weight += weight
                while self._weight > _MOST:
                    self._weight -= self._held.popitem(last=False)[1][1]

    def get(self, key: Hashable, make: Callable[[], Found], weigh: Callable[[Found], int]) -> Found:
        """The answer of a key, made when it is not held. Two threads may both make it. `weigh` gives bytes."""
        known: Found | None = self.held(key)
        if known is not None:
            return known
        found = make()
        self.keep(key, found, weigh(found))
        return found


def key_of(node: Node) -> Hashable:
    """What stands for a tree in a key: itself, or a digest of one with sets of rows, which change."""
    try:
        hash(node)
    except TypeError:
        return digest("", node, "", ())
    return node
