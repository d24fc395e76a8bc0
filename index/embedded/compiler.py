"""A query tree becomes one Tantivy query that matches exactly the records that the tree means.

Texts are term and phrase queries over bigrams. A single unit is a prefix of bigrams (measured: 0.4–6 ms on
217,000 records, against a side field of units that costs every ingest), and all single units of an OR are one
automaton. What Tantivy has no query for (an XOR inside an XOR, most truncations) is answered by sets of rows.
"""

from collections.abc import Sequence
from functools import reduce
from operator import xor

from pyroaring import BitMap
from tantivy import FieldType, Occur, Query

from index.answering.memo import key_of
from index.answering.proximity import phrases
from index.answering.reading import Reading
from index.answering.runs import plain_runs
from index.documents import INDUSTRY
from index.embedded.recheck import Checked, all_in, checked
from index.embedded.rows import count_of, rows_of
from index.embedded.schema import KEY, RECORD, ROW
from index.embedded.snapshot import Snapshot
from index.embedded.words import Words, beginning, is_exact
from index.query.build import flat, operands, xor_parts
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
from index.text.tokens import JOINT, NEXT_VALUE, phrase_tokens
from ingest.ipc import patterns, scheme

_SUBCLASS = 4
"""Characters of a symbol up to which an automaton of all that begins so is cheaper than the list of them."""

_FEW = 2_000
"""Candidates that are read without asking first how many the rest of the query leaves over."""

_BETWEEN_VALUES = 2
"""Places between the last unit of a value and the first of the next: so far apart, a phrase may reach across."""

Clause = tuple[Occur, Query]


class Compiler:
    """Compiles one query for one snapshot: classes are looked up in its dictionary, row sets computed on it.

    Where a part must be looked at in the texts, only records are read that the other parts of its ANDs leave over.
    """

    def __init__(self, snapshot: Snapshot, most_candidates: int) -> None:
        self._snapshot = snapshot
        self._schema = snapshot.fields
        self._searcher = snapshot.searcher
        self._words = Words(snapshot)
        self._most_candidates = most_candidates
        self._within: _Left | None = None
        self._is_read = Reading(lambda leaf: isinstance(leaf, Near) or not is_word(leaf))
        self._lists: dict[int, tuple[Node, Query]] = {}     # both by identity, with the node, so that it stays
        self._runs: dict[int, tuple[Node, list[Query]]] = {}
        self._held_by: dict[Classes, list[str]] = {}
        self._sets: dict[tuple[str, tuple[str, ...]], Query] = {}
        self.beyond = 0     # how many candidates a part had, if they were more than could be read

    def query(self, node: Node) -> Query:
        match node:
            case And(children):
                return self._all_of(children)
            case Or(children):
                return self._any_of(node, children)
            case Not():
                return self._all_of((node,))
            case Xor():
                return self._odd(node)
            case AtLeast(minimum, children):
                if minimum > len(children):
                    return Query.empty_query()
                return Query.boolean_query([(Occur.Should, self.query(child)) for child in children], minimum)
            case Units() | Classes():
                return any_of(self._alternatives((node,)))
            case Pattern():
                if is_word(node):
                    return any_of(self._alternatives((node,)))
                return self._checked(node, self.candidates(node))
            case Near():
                return self._near(node)
            case Keyword(field, values, prefix):
                if prefix:
                    return any_of(self._words.begun(field, values))
                return self._terms(field, values)
            case Dates(field, first, last):
                return Query.range_query(
                    self._schema, field, FieldType.Integer, first or 0, last, use_inverted_index=True)
            case Number(field, value, prefix):
                return any_of(self._words.begun(field, (value,))) if prefix else self._terms(field, (value,))
            case Region(code):
                return self._terms("region", (code,))
            case Industry():
                return self._terms(INDUSTRY, (node.term,))
            case Rows(rows):
                return self._of_rows(rows)
            case Everything():
                return self.everything()

    def everything(self) -> Query:
        """Every record; Tantivy's own query for all would bring the commit document too."""
        return self._terms(KEY, (RECORD,))

    def _all_of(self, children: Sequence[Node]) -> Query:
        clauses: list[Clause] = []
        before = self._within
        for child in sorted(flat(And, children), key=self._is_read):
            if clauses and self._within is before and self._is_read(child):
                self._within = _Left([*clauses, (Occur.Must, self.everything())], before)
            if isinstance(child, Not):
                clauses.append((Occur.MustNot, self.query(child.child)))
            else:
                clauses.append((Occur.Must, self.query(child)))
        self._within = before
        if all(occur == Occur.MustNot for occur, _ in clauses):
            clauses.append((Occur.Must, self.everything()))
        return clauses[0][1] if len(clauses) == 1 else Query.boolean_query(clauses)

    def _any_of(self, node: Or, children: Sequence[Node]) -> Query:
        """An OR. The same list of terms stands many times in a long expression (and is one object): it is made once."""
        held = self._lists.get(id(node))
        if held is None:
            held = node, any_of(self._alternatives(children))
            if not self._is_read(node):
                self._lists[id(node)] = held
        return held[1]

    def _alternatives(self, children: Sequence[Node]) -> list[Query]:
        """The queries of which one must match: text leaves one for each field; units, words and classes together."""
        found: list[Query] = []
        single: dict[str, list[str | Word]] = {}
        symbols: dict[str, list[str]] = {}
        wide: dict[str, list[str]] = {}
        for child in flat(Or, children):
            if isinstance(child, Units):
                runs = self._runs_of(child)
                found += runs
                for field in () if runs else child.fields:
                    single.setdefault(field, []).extend([unit + JOINT for unit in child.units])
            elif isinstance(child, Pattern) and (word := is_word(child)):
                for field in child.fields:
                    single.setdefault(field, []).append(beginning(word) or word)
            elif isinstance(child, Classes) and child.how == "prefix" and len(child.symbol) <= _SUBCLASS:
                wide.setdefault(child.field, []).append(patterns.written_prefix(child.symbol))
            elif isinstance(child, Classes):
                symbols.setdefault(child.field, []).extend(self._held_symbols(child))
            else:
                found.append(self.query(child))
        for field, wanted in single.items():
            found += self._words.any_of(field, wanted)
        for field, begun in wide.items():
            found += self._words.begun(field, sorted(set(begun)))
        for field, listed in symbols.items():
            if listed:
                found.append(self._terms(field, list(dict.fromkeys(listed))))
        return found

    def _runs_of(self, node: Units) -> list[Query]:
        """One query for each field; none for a single unit that is no whole value. A term stands in many lists."""
        held = self._runs.get(id(node))
        if held is None:
            tokens = phrase_tokens(node.units, node.whole)
            held = self._runs[id(node)] = node, [self.phrase(field, tokens) for field in node.fields] if tokens else []
        return held[1]

    def phrase(self, field: str, tokens: Sequence[str]) -> Query:
        """Tokens at consecutive positions of a field."""
        if len(tokens) == 1:
            return Query.term_query(self._schema, field, tokens[0])
        return Query.phrase_query(self._schema, field, list(tokens))

    def _near(self, node: Near) -> Query:
        """Phrases where they can say it. One may reach over the end of a value: where there are several, it is read."""
        exact = phrases(node)
        if exact is None:
            return self._checked(node, self.candidates(node))
        found = {field: any_of([Query.phrase_query(self._schema, field, phrase) for phrase in exact])
                 for field in node.fields}
        if all(link.most < _BETWEEN_VALUES for link in node.links):
            return any_of(list(found.values()))
        several = {field: self.phrase(field, [NEXT_VALUE]) for field in node.fields}
        sure = [Query.boolean_query([(Occur.Must, found[field]), (Occur.MustNot, several[field])]) for field in found]
        return any_of([*sure, self._checked(node, any_of([all_in([found[one], several[one]]) for one in found]))])

    def candidates(self, node: Near | Pattern) -> Query:
        """The records that hold all parts of a chain or truncated term in one field."""
        if isinstance(node, Pattern):
            return any_of([self._held(field, node) for field in node.fields])
        return any_of([
            all_in([any_of([self._held(field, term) for term in operand]) for operand in node.operands])
            for field in node.fields])

    def _checked(self, node: Near | Pattern, candidates: Query) -> Query:
        """The candidates that turn out to match. A few are read whatever else is asked, since that can be kept."""
        memo, key = self._snapshot.memo, ("checked", node)
        found: Checked | None = memo.held(key)
        if found is None:
            rows = BitMap(rows_of(self._snapshot, candidates, count_of(self._snapshot, candidates)))
            few = self._within is None or len(rows) <= _FEW
            if self._within is not None and not few:
                rows &= self._within.rows(self._snapshot)
            found = checked(self._snapshot, node, rows.to_array().tolist(), self._most_candidates)
            if few:
                memo.keep(key, found, _weight(found))
        self.beyond = max(self.beyond, found.beyond)
        return self._of_rows(found.rows)

    def _held(self, field: str, term: Term) -> Query:
        """The records whose field holds all that a term surely holds."""
        runs = [self.query(Units((field,), run)) for run in plain_runs(term)]
        words = [part for part in term.parts if isinstance(part, Word)] if isinstance(term, Pattern) else []
        return all_in([*runs, *(any_of(self._words.any_of(field, (beginning(word) or word,))) for word in words)])

    def _terms(self, field: str, values: Sequence[str]) -> Query:
        if len(values) == 1:
            return Query.term_query(self._schema, field, values[0], index_option="basic")
        key = field, tuple(values)
        if key not in self._sets:
            self._sets[key] = Query.term_set_query(self._schema, field, list(values))
        return self._sets[key]

    def _of_rows(self, rows: BitMap) -> Query:
        return Query.term_set_query(self._schema, ROW, rows.to_array().tolist())

    def _held_symbols(self, node: Classes) -> list[str]:
        """The symbols of the index that a pattern means."""
        found = self._held_by.get(node)
        if found is None:
            found = self._held_by[node] = self._looked_up(node)
        return found

    def _looked_up(self, node: Classes) -> list[str]:
        match node.how:
            case "exact":
                return [node.symbol]
            case "prefix":
                return list(dict.fromkeys(
                    [node.symbol, *self._symbols(node.field, patterns.written_prefix(node.symbol))]))
            case "tree":
                return self._tree(node)
            case "range":
                low, high = patterns.bounds(node.symbol, node.last)
                common = _common_prefix(node.symbol, node.last)[:4]
                return [symbol for symbol in self._symbols(node.field, common)
                        if low <= scheme.order_key(symbol) <= high]

    def _tree(self, node: Classes) -> list[str]:
        """The few places of a tree, looked up among the symbols that the index holds; none leaves its main group."""
        below, exact = patterns.tree(node.symbol)
        found = list(exact)
        for top in below:
            group, slash, _ = top.partition("/")
            found += (symbol for symbol in self._symbols(node.field, group + slash)
                      if top in scheme.ancestor_keys(symbol))
        return list(dict.fromkeys(found))

    def _symbols(self, field: str, prefix: str) -> list[str]:
        return [symbol for symbol, _ in self._searcher.terms_with_prefix(field, prefix)]

    def _odd(self, node: Xor) -> Query:
        """An odd number of the operands match. More than two, or an XOR inside one, would double at every level."""
        parts = xor_parts(node)
        if len(parts) == 2 and not any(map(_holds_xor, parts)):
            left, right = map(self.query, parts)
            return any_of([Query.boolean_query([(Occur.Must, left), (Occur.MustNot, right)]),
                           Query.boolean_query([(Occur.Must, right), (Occur.MustNot, left)])])
        return self._of_rows(reduce(xor, (self._rows(part) for part in parts)))

    def _rows(self, node: Node) -> BitMap:
        def found() -> Checked:
            match = self.query(node)
            return Checked(BitMap(rows_of(self._snapshot, match, count_of(self._snapshot, match))), self.beyond)

        held = found() if self._within else self._snapshot.memo.get(("rows", key_of(node)), found, _weight)
        self.beyond = max(self.beyond, held.beyond)
        return held.rows


def _weight(found: Checked) -> int:
    return 2 * len(found.rows)


def any_of(queries: Sequence[Query]) -> Query:
    if not queries:
        return Query.empty_query()
    should = Occur.Should
    return queries[0] if len(queries) == 1 else Query.boolean_query([(should, query) for query in queries])


class _Left:
    """What the other parts of an AND, and of those above it, leave over; as rows when they are needed."""

    def __init__(self, clauses: Sequence[Clause], above: "_Left | None") -> None:
        self._clauses = clauses
        self._above = above
        self._rows: BitMap | None = None

    def rows(self, snapshot: Snapshot) -> BitMap:
        if self._rows is None:
            match = Query.boolean_query(list(self._clauses))
            self._rows = BitMap(rows_of(snapshot, match, count_of(snapshot, match)))
            if self._above is not None:
                self._rows &= self._above.rows(snapshot)
        return self._rows


def is_word(node: Pattern) -> Word | None:
    """The word of a term that is a single one, of which the tokens tell all."""
    word = node.parts[0]
    return word if len(node.parts) == 1 and isinstance(word, Word) and not node.whole and is_exact(word) else None


def _holds_xor(node: Node) -> bool:
    return isinstance(node, Xor) or any(map(_holds_xor, operands(node)))


def _common_prefix(first: str, last: str) -> str:
    same = 0
    while same < min(len(first), len(last)) and first[same] == last[same]:
        same += 1
    return first[:same]
