"""Truncated terms and chains of proximity as regular expressions over the joined units of a field.

For engines, which look at the texts of candidates again: a record costs a microsecond or two, where the plain meaning
(index.query.places, which stays the definition) costs a hundred. The text is that of `index.text.tokens.joined_runs`.
"""

import re
from bisect import bisect_left
from collections.abc import Callable, Iterator, Sequence
from functools import lru_cache

from index.query.places import near_spans, spans_of
from index.query.tree import Gap, Link, Near, Pattern, Term, Units, Word
from index.text.tokens import END, JOINT
from index.text.units import LETTERS, MARKS, SENTENCE_ENDS

Finder = Callable[[str], bool]

_RANGE = r"\\U\w{8}-\\U\w{8}"
_LAST_OF_ASCII = r"\U0000007f"
_ENDERS = "".join(sorted(SENTENCE_ENDS))
_ANY = f"[^{JOINT}{END}]+{JOINT}"                       # one unit
_OPEN = f"[^a-z0-9{JOINT}{END}]{JOINT}"                 # one unit that is no word (or is one beyond ASCII)
_OPEN_INSIDE = f"[^a-z0-9{_ENDERS}{JOINT}{END}]{JOINT}"     # … and ends no sentence
_RUN_INSIDE = f"[^a-z0-9{_ENDERS}{END}]*"               # any number of these, at the speed of single characters
_BEYOND_ASCII = re.compile(f"[{''.join(pair for pair in re.findall(_RANGE, LETTERS) if pair > _LAST_OF_ASCII)}]")
_LETTER = f"[^{JOINT}{END}]"                            # where the unit is known to be a word
_INNER = re.compile(f"[{LETTERS}{MARKS}]")
_SENTENCE = re.compile(f"[^{_ENDERS}{END}]+(?:[{_ENDERS}]{JOINT})?|[{_ENDERS}]{JOINT}")
_VALUE = re.compile(f"[^{END}]+")
_ANY_RUN = Gap(0, None)
_MOST_ORDERS = 8
_MOST_OPERANDS = 5
_LONG = 20_000     # characters from which on many first terms, each followed by a long search, would be slow
_FAR = 30       # units between two terms from which on an expression would be slow


@lru_cache(1024)
def finder(node: Near | Pattern) -> Finder:
    """Whether the joined text of a field holds the term or chain."""
    return _quick(node) or _as_meant(node)


def _quick(node: Near | Pattern) -> Finder | None:
    """An expression for the node, where there is one that says it."""
    if isinstance(node, Pattern):
        return _found_by(node, [_term(node)])
    hows = {link.how for link in node.links}
    if hows <= {"W", "D"} and len(node.operands) <= _MOST_OPERANDS:
        if len(node.links) == 1 and node.links[0].most > _FAR and not _holds_pattern(node):
            return _found_far(node)
        orders = list(_orders(node))
        if len(orders) <= _MOST_ORDERS:
            return _found_by(node, orders)
    if hows in ({"S"}, {"P"}) and _is_pair(node):
        return _found_either_way(node)
    if hows in ({"S"}, {"P"}) and not _is_open(node):
        return _found_in(_SENTENCE if hows == {"S"} else _VALUE, _operands(node))
    return None


def _operands(node: Near) -> list[re.Pattern[str]]:
    return [re.compile(_either(terms)) for terms in node.operands]


def _holds_pattern(node: Near) -> bool:
    return any(isinstance(term, Pattern) for terms in node.operands for term in terms)


def _is_open(node: Near | Pattern) -> bool:
    """Whether a gap stands for units that are no words."""
    terms = [term for terms in node.operands for term in terms] if isinstance(node, Near) else [node]
    return any(isinstance(part, Gap) for term in terms if isinstance(term, Pattern) for part in term.parts)


def _found_by(node: Near | Pattern, expressions: Sequence[str]) -> Finder:
    """Whether one of the expressions is found. A gap in one may hold a word beyond ASCII: then the meaning decides."""
    searches = [re.compile(expression).search for expression in expressions]
    if not _is_open(node):
        return lambda text: any(search(text) for search in searches)
    meant = _as_meant(node)

    def found(text: str) -> bool:
        matches = [match[0] for search in searches if (match := search(text))]
        return any(_BEYOND_ASCII.search(match) is None for match in matches) or (bool(matches) and meant(text))
    return found


def _found_in(piece: re.Pattern[str], operands: Sequence[re.Pattern[str]]) -> Finder:
    """All operands within one piece of the text."""
    def found(text: str) -> bool:
        if not all(operand.search(text) for operand in operands):
            return False
        return any(all(operand.search(text, *part.span()) for operand in operands) for part in piece.finditer(text))
    return found


def _is_pair(node: Near) -> bool:
    """Whether it joins two operands of plain terms that hold no end of a sentence and cannot overlap."""
    if len(node.operands) != 2 or _holds_pattern(node):
        return False
    first, second = ([term.units for term in terms if isinstance(term, Units)] for terms in node.operands)
    return (SENTENCE_ENDS.isdisjoint(unit for run in (*first, *second) for unit in run)
            and not any(set(one) & set(other) for one in first for other in second))


def _found_either_way(node: Near) -> Finder:
    """One behind the other or the other way round. Of very long texts every sentence is looked at once instead."""
    within = f"[^{_ENDERS}{END}]*" if node.links[0].how == "S" else f"[^{END}]*"
    first, second = map(_either, node.operands)
    one_way, other_way = (re.compile(f"{one}{within}{other}").search for one, other in (
        (first, second), (second, first)))
    long = _found_in(_SENTENCE if node.links[0].how == "S" else _VALUE, _operands(node))

    def found(text: str) -> bool:
        if len(text) > _LONG:
            return long(text)
        return one_way(text) is not None or other_way(text) is not None
    return found


def _found_far(node: Near) -> Finder:
    """Two plain terms with much between them: the nearest one behind each decides."""
    left, right = ([_searched(term) for term in terms if isinstance(term, Units)] for terms in node.operands)
    link = node.links[0]
    if len(left) == len(right) == 1:
        one, other = left[0], right[0]
        return lambda text: _near_behind(one, other, link.most, text) or (
            link.how == "D" and _near_behind(other, one, link.most, text))

    def found(text: str) -> bool:
        first, second = _all(left, text), _all(right, text)
        return bool(first and second) and (
            _follows(first, second, link.most, text) or (link.how == "D" and _follows(second, first, link.most, text)))
    return found


def _searched(term: Units) -> str:
    return f"{JOINT}{JOINT.join(term.units)}{JOINT}"


def _near_behind(first: str, second: str, most: int, text: str) -> bool:
    """Whether one text stands behind the other in its value, with at most so many units between."""
    at = text.find(first)
    while at >= 0:
        place = text.find(second, at + len(first) - 1)
        if place < 0:
            return False
        at = text.rfind(first, at, place + 1)       # the nearest one before it
        end = at + len(first) - 1
        if text.find(END, end, place) < 0 and text.count(JOINT, end, place) <= most:
            return True
        at = text.find(first, at + 1)
    return False


def _all(wanted: Sequence[str], text: str) -> list[tuple[int, int]]:
    """Where the texts stand: (place of the joint before, place of the joint behind), ascending."""
    found = []
    for one in wanted:
        at = text.find(one)
        while at >= 0:
            found.append((at, at + len(one) - 1))
            at = text.find(one, at + 1)
    return sorted(found)


def _follows(first: Sequence[tuple[int, int]], second: Sequence[tuple[int, int]], most: int, text: str) -> bool:
    starts = [start for start, _ in second]
    for _, end in first:
        place = bisect_left(starts, end)
        if place < len(starts) and text.count(JOINT, end, starts[place]) <= most and text.find(
                END, end, starts[place]) < 0:
            return True
    return False


def _as_meant(node: Near | Pattern) -> Finder:
    """What no expression says: the values that may hold it, looked at unit by unit."""
    operands = [re.compile(_term(node))] if isinstance(node, Pattern) else _operands(node)

    def stands(value: list[str]) -> bool:
        return any(True for _ in spans_of(node, value)) if isinstance(node, Pattern) else bool(near_spans(node, value))

    def found(text: str) -> bool:
        return any(all(operand.search(value) for operand in operands) and stands(value[1:-1].split(JOINT))
                   for value in text.split(END))
    return found


def _orders(near: Near) -> Iterator[str]:
    """One expression for every order in which a chain of W and D may stand."""
    orders: list[list[str]] = [[_either(near.operands[0])]]
    for link, terms in zip(near.links, near.operands[1:], strict=True):
        operand, between = _either(terms), _between(link)
        orders = [order for before in orders for order in (
            [*before, between, operand], *([[operand, between, *before]] if link.how == "D" else []))]
    return map("".join, orders)


def _between(link: Link) -> str:
    return f"(?:{_ANY}){{0,{link.most}}}" if link.most else ""


def _either(terms: Sequence[Term]) -> str:
    return _term(terms[0]) if len(terms) == 1 else f"(?:{'|'.join(map(_term, terms))})"


def _term(term: Term) -> str:
    parts: Sequence[str | Gap | Word] = term.units if isinstance(term, Units) else term.parts
    body = "".join(_part(part, place == 0 or parts[place - 1] == _ANY_RUN, term.whole and place == len(parts) - 1)
                   for place, part in enumerate(parts))
    return f"(?:(?<={END}){JOINT}|\\A{JOINT}){body}(?={END}|\\Z)" if term.whole else body


def _part(part: str | Gap | Word, first: bool, last_of_whole: bool) -> str:
    if isinstance(part, str):
        return _begun(part) + JOINT if first else re.escape(part) + JOINT
    if isinstance(part, Word):
        start, *rest = part.pieces
        begin = _begun(start) if isinstance(start, str) else f"(?<={JOINT}){_letters(start)}"
        inner = (re.escape(piece) if isinstance(piece, str) else _letters(piece) for piece in rest)
        return f"{begin}{''.join(inner)}{JOINT}"
    guard = f"(?<={JOINT})" if first else ""
    if part == _ANY_RUN and not last_of_whole:
        return _RUN_INSIDE
    if part.most is None:
        run = f"(?:{_OPEN_INSIDE}){{{part.least},}}"
        if last_of_whole:       # the sign that ends the sentence may be the last of the run
            shorter = f"(?:{_OPEN_INSIDE}){{{max(part.least - 1, 0)},}}"
            run = f"(?:{shorter}[{_ENDERS}]{JOINT}|{run})"
        return guard + run
    return f"{guard}(?:{_OPEN}){{{part.least},{part.most}}}"


def _begun(written: str) -> str:
    """The beginning of a unit. Behind its text, so that it is found quickly, stands that it begins one."""
    text = re.escape(written)
    return f"{text}(?<={JOINT}{text})" if _INNER.match(written[0]) else text


def _letters(gap: Gap) -> str:
    return f"{_LETTER}{{{gap.least},{'' if gap.most is None else gap.most}}}"
