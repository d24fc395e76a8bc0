"""From what a user sends (text, filters, mode) to one `Query`: the door of this room.

In mode auto a text that is a number is its patent; a text with a clause, quotes, parentheses or an upper-case
AND, OR or NOT is an expression; anything else is words for simple search. A text in another dialect is always an
expression.
"""

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property, lru_cache
from typing import Literal

from index.fields import find
from index.query.build import all_of, leaves
from index.query.canonical import canonical
from index.query.diagnostics import Diagnostic
from index.query.dialects import FRONT_ENDS
from index.query.lexer import Lexer, Token
from index.query.numbers import check_digit_values, number_tree, wrong_check_digit
from index.query.parser import parse
from index.query.sentence import Segment, joined, segments
from index.query.simple import simple_tree
from index.query.tree import Everything, Industry, Node
from index.text import fold, query_words, units
from store.errors import BadCall, BadQuery
from store.settings import QueryLimits

MODES = ("auto", "simple", "expert")

FrontEnd = Callable[[str, QueryLimits], tuple[Node | None, list[Diagnostic]]]
"""A dialect: the tree of a text (None for one without terms) and the remarks on it."""

DIALECTS: dict[str, FrontEnd] = {"canonical": parse, **FRONT_ENDS}

Industries = Callable[[Industry], list[str] | None]
"""What this room does not know: None for an industry that there is, the nearest ones for any other."""

_KEPT = 16

ReadAs = Literal["number", "expert", "simple"]


@dataclass(frozen=True)
class Query:
    """A text that was understood. `node` holds the filters too; `words` are those of simple search, for ranking."""

    text: str
    mode: ReadAs
    relaxed: bool
    dialect: str
    node: Node
    diagnostics: tuple[Diagnostic, ...] = ()
    words: tuple[str, ...] = ()

    @cached_property
    def canonical(self) -> str:
        """The normal form of the whole query with its filters; '' for everything. Reading it gives the same tree."""
        return canonical(self.node)

    def sentence(self, lang: str = "zh") -> str:
        """What is searched, in words."""
        return joined(self.segments(lang))

    def segments(self, lang: str = "zh") -> tuple[Segment, ...]:
        """The sentence in pieces (text, emphasised), for pages that set the terms in bold."""
        if lang not in self._said:
            self._said[lang] = segments(self.node, lang)
        return self._said[lang]

    @cached_property
    def _said(self) -> dict[str, tuple[Segment, ...]]:
        return {}


def read(
    q: str,
    filters: Sequence[str] = (),
    mode: str = "auto",
    dialect: str = "canonical",
    relaxed: bool = False,
    limits: QueryLimits | None = None,
    industries: Industries | None = None,
) -> Query:
    """Reads a query. `relaxed` lets one word be enough in simple search; filters are canonical in every dialect.
    With `industries` one that there is not is an error.

    Raises BadQuery with the code of the first error, its position and all diagnostics (`empty_query` for a
    blank text without filters, `dialect_unknown`), BadCall for an unknown mode.
    """
    return _read(q, tuple(filters), mode, dialect, relaxed, limits or QueryLimits(), industries)


@lru_cache(_KEPT)
def _read(
    q: str, filters: tuple[str, ...], mode: str, dialect: str, relaxed: bool, limits: QueryLimits,
    industries: Industries | None,
) -> Query:
    """Pages of one answer ask for the same query again; a long one takes 40 ms to read and to put into words."""
    if mode not in MODES:
        raise BadCall("mode_unknown", name=mode)
    if dialect not in DIALECTS:
        raise _refusal([Diagnostic("dialect_unknown", 0, 0, None, {"name": dialect, "known": "、".join(DIALECTS)})])
    remarks: list[Diagnostic] = []
    parts: list[Node] = []
    words: tuple[str, ...] = ()
    read_as, own = _read_text(q, mode, dialect, limits, remarks)
    if read_as == "simple":
        words = tuple(query_words(q))
        if len(words) > limits.leaves:
            raise _refusal([Diagnostic("query_too_many_terms", 0, len(q), None,
                                       {"count": len(words), "limit": limits.leaves})])
        own = simple_tree(words, relaxed) if words else None
    if own is not None:
        parts.append(own)
        remarks += _unknown(own, q, industries)
    for place, clause in enumerate(filters):
        node, found = parse(clause, limits)
        remarks += [Diagnostic(one.code, one.start, one.end, one.fix, one.values, place) for one in found]
        if node is not None:
            parts.append(node)
            remarks += _unknown(node, clause, industries, place)
    if any(one.severity == "error" for one in remarks):
        raise _refusal(remarks, filters)
    if not parts:
        raise BadQuery("empty_query", position=(0, len(q)))
    return Query(q, read_as, relaxed and read_as == "simple", dialect, all_of(_without_blanks(parts)),
                 tuple(remarks), words)


def _read_text(
    q: str, mode: str, dialect: str, limits: QueryLimits, remarks: list[Diagnostic]
) -> tuple[ReadAs, Node | None]:
    """How the text is read, and its tree unless it is words for simple search; remarks are added to."""
    if len(q) > limits.characters:
        raise _refusal(parse(q, limits)[1])
    if mode == "auto":
        number = number_tree(q) if units(q) else None
        if number:
            meant = wrong_check_digit(q)
            if meant:
                remarks.append(Diagnostic("check_digit_wrong", 0, len(q), None, check_digit_values(q.strip(), meant)))
            return "number", number
    if mode == "expert" or (mode == "auto" and (dialect != "canonical" or is_expression(q))):
        node, found = DIALECTS[dialect](q, limits)
        remarks += found
        return "expert", node
    return "simple", None


def is_expression(text: str) -> bool:
    """Whether mode auto takes a text for an expression."""
    tokens = Lexer(text, _unheard).tokens()
    return any(
        token.kind in ("quoted", "(", ")")
        or (token.operator is not None and token.text in ("AND", "OR", "NOT"))
        or _is_clause(before, token)
        for before, token in zip([None, *tokens], tokens, strict=False)
    )


def _is_clause(before: Token | None, token: Token) -> bool:
    """A word and `=` (a mistyped field is then an error that names the right one), or a field and `<` or `>`."""
    if before is None or before.kind != "word" or token.kind != "sign":
        return False
    return token.text in ("=", "==") or find(fold(before.text)) is not None


def _unheard(*_: object, **__: object) -> None:
    """Remarks of a first look at a text are made again when it is parsed."""


def _unknown(node: Node, text: str, industries: Industries | None, place: int | None = None) -> Iterator[Diagnostic]:
    """An error for each industry of a tree that there is not, where it stands in the text (or for all of the text)."""
    asked = (leaf for leaf in leaves(node) if isinstance(leaf, Industry)) if industries else ()
    for leaf in dict.fromkeys(asked):
        near = industries(leaf) if industries else None
        if near is None:
            continue
        value = Industry(leaf.taxonomy, leaf.node).term
        found = re.search(f"(?i:{leaf.taxonomy}){re.escape(value[len(leaf.taxonomy):])}(?![^\\s\"()@])", text)
        start, end = found.span() if found else (0, len(text))
        fix = text[:start] + near[0] + text[end:] if found and len(near) == 1 else None
        yield Diagnostic("industry_unknown", start, end, fix, {"value": value, "near": "、".join(near)}, place)


def _without_blanks(parts: list[Node]) -> list[Node]:
    """Parts that restrict: everything AND a part is the part."""
    return [part for part in parts if not isinstance(part, Everything)]


def _refusal(remarks: list[Diagnostic], filters: Sequence[str] = ()) -> BadQuery:
    """The first error as the refusal; its detail is the filter that it stands in."""
    first = next(one for one in remarks if one.severity == "error")
    detail = "" if first.filter is None else filters[first.filter]
    return BadQuery(first.code, detail, position=(first.start, first.end), diagnostics=tuple(remarks), **first.values)
