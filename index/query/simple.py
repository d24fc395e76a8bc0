"""Simple search (interfaces §4): a text of n words matches records that hold enough of them.

Enough is all of n ≤ 2 words, ⌈0.6 n⌉ of n ≤ 8, ⌈0.4 n⌉ of more; each word is looked for as units in title,
abstract or claims. Ranking never changes which records match.
"""

from collections.abc import Sequence

from index.fields import DEFAULT
from index.query.build import all_of, any_of
from index.query.tree import AtLeast, Node, Units
from index.text import units


def needed(count: int) -> int:
    """How many of so many words a record must hold."""
    if count <= 2:
        return count
    tenths = 6 if count <= 8 else 4
    return -(-tenths * count // 10)


def simple_tree(words: Sequence[str], relaxed: bool = False) -> Node:
    """The tree of a simple query; `relaxed`: one word is enough. There must be at least one word."""
    leaves = [Units(DEFAULT, tuple(units(word))) for word in words]
    minimum = 1 if relaxed else needed(len(leaves))
    if minimum == len(leaves):
        return all_of(leaves)
    return any_of(leaves) if minimum == 1 else AtLeast(minimum, tuple(leaves))
