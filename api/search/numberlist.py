"""A pasted list of numbers (号单): which of them are held, which are not, and what is no number at all.

Numbers are separated by line feeds, commas, semicolons or blanks; a number that holds blanks itself
(`ZL 2018 1 9900001.7`) is joined, the longest run of pieces that is one number first.
"""

import re
from collections.abc import Iterator

from api.search.shapes import ListedNumber, NumberListAnswer
from api.services import Services
from index.query.build import operands
from index.query.canonical import canonical
from index.query.numbers import number_tree, wrong_check_digit
from index.query.tree import Node
from store.errors import TooLarge

MOST = 5_000
"""Numbers of one list, repeated ones too; each may be two leaves of the expression, whose cap is 10,000."""

_BETWEEN = re.compile(r"[\n\r\t,;，；、|]+")
_LONGEST = 6    # pieces of one number between blanks: ZL 2018 1 9900001 . 7


def pieces(text: str) -> Iterator[tuple[str, Node | None]]:
    """The numbers of a list in order, each with its tree; what is no number with None."""
    for line in _BETWEEN.split(text):
        words = line.split()
        at = 0
        while at < len(words):
            for end in range(min(len(words), at + _LONGEST), at, -1):
                piece = " ".join(words[at:end])
                tree = number_tree(piece)
                if tree is not None:
                    break
            yield piece, tree
            at = end


def look_up(services: Services, text: str) -> NumberListAnswer:
    """What a list holds, each number once. Raises TooLarge for a list of more than MOST."""
    listed: dict[str, ListedNumber] = {}
    trees: list[Node] = []
    given = 0
    for piece, tree in pieces(text):
        given += 1
        if given > MOST:
            raise TooLarge("numbers_too_many", most=MOST)
        key = canonical(tree) if tree is not None else piece
        if key in listed:
            continue
        listed[key] = {"text": piece, "number": None if tree is None else written(tree),
                       "id": None if tree is None else _held(services, tree),
                       "check_wrong": wrong_check_digit(piece) is not None}
        if tree is not None and listed[key]["id"]:
            trees.append(tree)
    numbers = list(listed.values())
    return {
        "numbers": numbers, "given": given, "found": len(trees),
        "missing": sum(one["number"] is not None and one["id"] is None for one in numbers),
        "invalid": sum(one["number"] is None for one in numbers),
        "expression": expression(trees),
    }


def expression(trees: list[Node]) -> str:
    """The expression that finds all these numbers, a group for each field; blank for none."""
    values: dict[str, list[str]] = {}
    for tree in trees:
        for leaf in operands(tree) or (tree,):
            field, _, value = canonical(leaf).partition("=")
            values.setdefault(field, []).append(value)
    return " OR ".join(f"{field}=({' OR '.join(found)})" for field, found in values.items())


def written(tree: Node) -> str:
    """The normal form of a number; where the digits may be of two numberings, the same in both."""
    return canonical((operands(tree) or (tree,))[0]).partition("=")[2]


def _held(services: Services, tree: Node) -> str | None:
    """The id of the first record that a number finds in the index."""
    rows = [hit.row for hit in services.engine.search(tree, size=1, sort="id").hits]
    return next(iter(services.records.ids(rows)), None)
