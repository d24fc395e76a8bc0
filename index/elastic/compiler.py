"""A query tree becomes one query of the cluster that matches exactly the records that the tree means.

Texts are term and phrase queries over bigrams, proximities intervals or spans; all exact values of a field that an
OR asks for are one `terms`. A cluster limits clauses and nesting: what goes beyond is asked beforehand and enters as
a set of rows. What no query says (most truncations, some proximities) is looked at in the stored texts of candidates,
so counts stay exact.
"""

import hashlib
from collections.abc import Callable, Iterator, Sequence
from functools import reduce
from math import inf
from operator import xor

import orjson
from pyroaring import BitMap

from index.answering.proximity import phrases
from index.answering.reading import Reading
from index.answering.runs import counted, plain_runs
from index.documents import INDUSTRY
from index.elastic.classes import class_parts
from index.elastic.parts import EVERYTHING, NOTHING, Part, all_of, any_of, at_least, literal, prefix, regexp, terms
from index.elastic.positions import interval_part, intervals, spans
from index.elastic.reader import Reader
from index.elastic.schema import CUT, JOINT, LONG, PARTS, ROW, STORED, WHOLE, phrase, short_unit, written
from index.query.build import flat, xor_parts
from index.query.finding import finder
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
    Term,
    Units,
    Word,
    Xor,
)
from index.text import tokens

MOST_DEPTH = 16
"""Nested queries that a compiled one may have; the cluster's own limit is 30 unless it was lowered."""

_COUNTED = 8    # in an automaton of a truncated word: Lucene goes to the trouble of some 10,000 states
_UNITS_PER_EXPRESSION = 64
_BETWEEN_VALUES = 2
"""Places between the last unit of a value and the first of the next: so far apart, a phrase may reach across."""


class Compiler:
    """Compiles one query for one commit of an index."""

    def __init__(self, reader: Reader, most_clauses: int, most_candidates: int) -> None:
        self._reader = reader
        self._most_clauses = most_clauses
        self._most_candidates = most_candidates
        self._within: tuple[Part, ...] = ()     # what the rest of the ANDs leaves over for texts that must be read
        self._is_read = Reading(lambda leaf: True)
        self._phrases: dict[int, tuple[Node, list[str]]] = {}       # by identity, with the node, so that it stays
        self.beyond = 0     # how many candidates a part had, if they were more than could be read

    def query(self, node: Node) -> Part:
        match node:
            case And(children):
                return self._all_of(children)
            case Or(children):
                return self._any_of(self._alternatives(children))
            case Not():
                return self._all_of((node,))
            case Xor():
                return self._odd(node)
            case AtLeast(minimum, children):
                return self._at_least(minimum, children)
            case Units() | Pattern() | Near() | Classes():
                return self._any_of(self._alternatives((node,)))
            case Keyword(field, values, True):
                return any_of([prefix(field, value) for value in values])
            case Keyword(field, values):
                return terms(field, values)
            case Dates(field, first, last):
                return Part({"range": {field: {"gte": first or 0} | ({"lte": last} if last is not None else {})}})
            case Number(field, value, starts):
                return prefix(field, value) if starts else terms(field, (value,))
            case Region(code):
                return terms("region", (code,))
            case Industry():
                return terms(INDUSTRY, (node.term,))
            case Rows(rows):
                return rows_part(rows)
            case Everything():
                return EVERYTHING

    # Operators, and what keeps them below the limits of the cluster

    def _all_of(self, children: Sequence[Node]) -> Part:
        parts: list[Part] = []
        without: list[Part] = []
        before = self._within
        for child in sorted(flat(And, children), key=self._is_read):
            if (parts or without) and self._is_read(child):
                self._within = (*before, all_of(parts, without))
            target = without if isinstance(child, Not) else parts
            target.append(self.query(child.child if isinstance(child, Not) else child))
        self._within = before
        found = all_of(parts, without)
        if self._fits(found):
            return found
        fitting = self._shallow(parts), self._shallow(without)
        while _clauses(*fitting) > self._most_clauses:      # each turn makes a set of rows of the costliest
            fitting = (self._cheaper(fitting[0], all_of), fitting[1]) if _clauses(fitting[0]) > _clauses(
                fitting[1]) else (fitting[0], self._cheaper(fitting[1], any_of))
        return all_of(*fitting)

    def _any_of(self, parts: Sequence[Part]) -> Part:
        found = any_of(parts)
        if self._fits(found):
            return found
        fitting = self._shallow(parts)
        while _clauses(fitting) > self._most_clauses:
            fitting = self._cheaper(fitting, any_of)
        return any_of(fitting)

    def _fits(self, part: Part) -> bool:
        """Whether nothing of a part need become a set of rows."""
        return part.clauses <= self._most_clauses and part.depth < MOST_DEPTH

    def _at_least(self, minimum: int, children: Sequence[Node]) -> Part:
        if minimum > len(children):
            return NOTHING
        parts = self._shallow([self.query(child) for child in children])
        while _clauses(parts) > self._most_clauses:
            costliest = max(parts, key=lambda part: part.clauses)
            if costliest.clauses == 1:
                return rows_part(self._counted(minimum, parts))
            parts = [self._as_rows(part) if part is costliest else part for part in parts]
        return at_least(minimum, parts)

    def _counted(self, minimum: int, parts: Sequence[Part]) -> BitMap:
        """The rows that at least so many parts match: `reached[n]` are those that n + 1 of the parts so far did."""
        reached = [BitMap() for _ in range(minimum)]
        for part in parts:
            rows = self._rows(part)
            for place in range(minimum - 1, 0, -1):
                reached[place] |= reached[place - 1] & rows
            reached[0] |= rows
        return reached[-1]

    def _shallow(self, parts: Sequence[Part]) -> list[Part]:
        return [self._as_rows(part) if part.depth >= MOST_DEPTH else part for part in parts]

    def _cheaper(self, parts: Sequence[Part], join: Callable[[Sequence[Part]], Part]) -> list[Part]:
        """The same parts, the costliest as a set of rows; equally cheap ones together, as many as may be."""
        costliest = max(parts, key=lambda part: part.clauses)
        if costliest.clauses > 1:
            return [self._as_rows(part) if part is costliest else part for part in parts]
        many = self._most_clauses // 2
        return [self._as_rows(join(parts[:many])), *parts[many:]]

    def _odd(self, node: Xor) -> Part:
        """An odd number of the operands match. Every further operand would double the query: sets of rows do not."""
        parts = [self.query(part) for part in xor_parts(node)]
        if len(parts) == 2:
            left, right = parts
            both = any_of([all_of([left], [right]), all_of([right], [left])])
            if both.clauses <= self._most_clauses // 4 and both.depth <= MOST_DEPTH:
                return both
        return rows_part(reduce(xor, map(self._rows, parts)))

    def _rows(self, part: Part) -> BitMap:
        key = "rows", _digest(part.query)
        return self._reader.memo.get(key, lambda: self._reader.rows(part.query), lambda rows: 2 * len(rows))

    def _as_rows(self, part: Part) -> Part:
        return rows_part(self._rows(part))

    # Leaves

    def _alternatives(self, children: Sequence[Node]) -> list[Part]:
        """The queries of which one must match: longer runs one for each field, everything else together by field."""
        found: list[Part] = []
        exact: dict[str, list[str]] = {}
        single: dict[str, list[str]] = {}
        rows = BitMap()
        read: list[Near | Pattern] = []
        long: list[Near | Pattern] = []
        for child in flat(Or, children):
            if isinstance(child, Units):
                sought = self._sought(child)
                if len(sought) > 1:
                    text = " ".join(sought)
                    found += [Part({"match_phrase": {field: text}}) for field in child.fields]
                    continue
                by_field, values = (exact, sought) if sought else (single, child.units)
                for field in child.fields:
                    by_field.setdefault(field, []).extend(values)
                continue
            match child:
                case Pattern(fields) if (word := is_word(child)) is not None:
                    begun, longest = _expression(word)
                    found += [regexp(field, begun) if begun else NOTHING for field in fields]
                    if longest > WHOLE:
                        long.append(child)
                case Pattern():
                    read.append(child)
                case Near():
                    if (part := self._near(child)) is None:
                        read.append(child)
                    else:
                        found.append(part)
                case Classes():
                    found += class_parts(child)
                case Keyword(field, listed, False):
                    exact.setdefault(field, []).extend(listed)
                case Number(field, value, False):
                    exact.setdefault(field, []).append(value)
                case Region(code):
                    exact.setdefault("region", []).append(code)
                case Rows(more):
                    rows |= more
                case _:
                    found.append(self.query(child))
        found += [terms(field, values) for field, values in exact.items()]
        for field, units in single.items():
            found += _beginnings(field, units)
        if rows:
            found.append(rows_part(rows))
        if long:
            found.append(self._checked(long, terms(LONG, [field for one in long for field in one.fields])))
        if read:
            found.append(self._checked(read, self._any_of([self._holding(one) for one in read])))
        return found

    def _sought(self, node: Units) -> list[str]:
        """The tokens of a run; a term stands in many lists."""
        held = self._phrases.get(id(node))
        if held is None:
            held = self._phrases[id(node)] = node, phrase(node.units, node.whole)
        return held[1]

    def _held(self, field: str, term: Term) -> Part:
        """The records whose field holds all that a term surely holds."""
        found = [self.query(Units((field,), run)) for run in plain_runs(term)]
        words = [part for part in term.parts if isinstance(part, Word)] if isinstance(term, Pattern) else []
        return all_of([*found, *(any_of([_words(field, word), terms(LONG, (field,))]) for word in words)])

    def _holding(self, node: Near | Pattern) -> Part:
        """The records one of whose fields holds all that a condition surely needs."""
        if isinstance(node, Pattern):
            return any_of([self._held(field, node) for field in node.fields])
        return any_of([
            all_of([any_of([self._held(field, term) for term in operand]) for operand in node.operands])
            for field in node.fields])

    def _near(self, node: Near) -> Part | None:
        """What intervals or phrases can say; None when texts must be read."""
        rules = intervals(node)
        if rules is not None:
            return self._any_of([interval_part(field, rule) for field in node.fields for rule in rules])
        exact = phrases(node)
        if exact is None:
            return None
        found = {field: self._any_of([spans(field, one) for one in exact]) for field in node.fields}
        if all(link.most < _BETWEEN_VALUES for link in node.links):
            return self._any_of(list(found.values()))
        several = {field: terms(field, (written(tokens.NEXT_VALUE),)) for field in found}
        sure = [all_of([part], [several[field]]) for field, part in found.items()]
        return self._any_of([*sure, self._checked([node], any_of(
            [all_of([part, several[field]]) for field, part in found.items()]))])

    def _checked(self, nodes: Sequence[Near | Pattern], candidates: Part) -> Part:
        """The candidates of which a text matches one of the conditions."""
        asked = all_of([candidates, *self._within])

        def found() -> tuple[BitMap, int]:
            return self._read(nodes, self._as_rows(asked) if self._is_costly(asked) else asked)

        key = "checked", _digest((nodes, asked.query))
        rows, beyond = self._reader.memo.get(key, found, lambda answer: 2 * len(answer[0]))
        self.beyond = max(self.beyond, beyond)
        return rows_part(rows)

    def _is_costly(self, part: Part) -> bool:
        return part.clauses > self._most_clauses or part.depth > MOST_DEPTH

    def _read(self, nodes: Sequence[Near | Pattern], asked: Part) -> tuple[BitMap, int]:
        """The rows of which a text matches, and how many candidates there were if they were too many."""
        rows, beyond = BitMap(), 0
        named = {field for node in nodes for field in node.fields}
        for stored, fields in zip(STORED, PARTS, strict=True):
            if named.isdisjoint(fields):
                continue
            count, texts = self._reader.texts(asked.query, stored, self._most_candidates)
            if count:
                tests = [(fields.index(field), _surely(node), finder(node))
                         for node in nodes for field in node.fields if field in fields]
                rows.update(row for row, text in texts if any(
                    sure in text[place] and stands(text[place]) for place, sure, stands in tests))
            beyond = count if count > self._most_candidates else beyond
        return rows, beyond


def rows_part(rows: BitMap) -> Part:
    """Records by their rows; of more than half of all rows, those that are left out."""
    if not rows:
        return NOTHING
    others = BitMap(range(rows.max() + 1)) - rows if 2 * len(rows) > rows.max() else None
    if others is None:
        return Part({"terms": {ROW: rows.to_array().tolist()}})
    up_to = Part({"range": {ROW: {"lte": rows.max()}}})
    return all_of([up_to], [Part({"terms": {ROW: others.to_array().tolist()}})] if others else [])


def is_word(node: Pattern) -> Word | None:
    """The word of a term that is a single one, if an automaton can hold it."""
    word = node.parts[0]
    single = len(node.parts) == 1 and not node.whole
    return word if single and isinstance(word, Word) and counted(word) <= _COUNTED else None


def _expression(word: Word) -> tuple[str | None, float]:
    """The bigrams that begin with such a word that is not cut, None where every such word is; its most characters."""
    least, most, text = 0, 0.0, ""
    every = counted(word) > _COUNTED        # gaps are then of any length: what is found is read
    for piece in word.pieces:
        if isinstance(piece, str):
            least, most = least + len(piece), most + len(piece)
            text += literal(piece)
        else:
            least, most = least + piece.least, most + (inf if piece.most is None else piece.most)
            highest = "" if piece.most is None else min(piece.most, WHOLE)
            text += f"[^{JOINT}{CUT}]*" if every else f"[^{JOINT}{CUT}]{{{min(piece.least, WHOLE)},{highest}}}"
    return (f"{text}{JOINT}.*" if least <= WHOLE else None), most


def _words(field: str, word: Word) -> Part:
    """Records whose field holds such a word that is not cut."""
    begun, _ = _expression(word)
    return regexp(field, begun) if begun else NOTHING


def _beginnings(field: str, units: Sequence[str]) -> Iterator[Part]:
    """Records that hold one of the units: bigrams that begin with it."""
    different = list(dict.fromkeys(units))
    if len(different) == 1:
        yield prefix(field, f"{short_unit(different[0])}{JOINT}")
        return
    for start in range(0, len(different), _UNITS_PER_EXPRESSION):
        choice = "|".join(literal(short_unit(unit)) for unit in different[start:start + _UNITS_PER_EXPRESSION])
        yield regexp(field, f"({choice}){JOINT}.*")


def _surely(node: Near | Pattern) -> str:
    """Something that a joined text holds wherever the condition holds: sparing a search costs a tenth of it."""
    runs = plain_runs(node) if isinstance(node, Pattern) else []
    return max(map(tokens.JOINT.join, runs), key=len, default="")


def _clauses(*groups: Sequence[Part]) -> int:
    return sum(part.clauses for group in groups for part in group)


def _digest(asked: object) -> bytes:
    """What stands for trees and queries in a key."""
    return hashlib.blake2b(orjson.dumps(asked), digest_size=16).digest()
