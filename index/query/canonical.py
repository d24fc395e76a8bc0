"""A tree as the one expression that stands for it: parsing it gives the same tree.

Terms come folded, since a tree holds no others; parentheses stand wherever two operators meet, so that the
form carries no warning; a group of terms in one field is one clause.
"""

import re

from index.fields import BY_API, DEFAULT, FIELDS
from index.query import proximity
from index.query.build import leaves, operands
from index.query.dates import written
from index.query.lexer import OPERATORS, glued_operator
from index.query.remarks import quoted
from index.query.tree import (
    And,
    AtLeast,
    Classes,
    Dates,
    Everything,
    Gap,
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
from index.query.truncation import signs
from index.query.values import VALUES
from index.text import units
from ingest.numbers import parse_application

Scope = tuple[tuple[str, ...], bool]
"""The text fields and the sign (`==` or not) that a group of terms shares."""

_PLAIN: Scope = (DEFAULT, False)
_NEEDS_QUOTES = re.compile(r'[\s"(),:=<>+?#]|/\*|^\'')


def canonical(node: Node) -> str:
    """The expression of a tree; '' for everything. Raises ValueError for a set of rows, which has none."""
    return "" if isinstance(node, Everything) else _format(node, _PLAIN)


def _format(node: Node, scope: Scope) -> str:
    match node:
        case Units() | Pattern() | Near():
            own = scope_of(node)
            if own == scope:
                return _text(node)
            loose = isinstance(node, Near)
            return _clause(own, f"({_text(node)})" if loose else _text(node))
        case And() | Or() | Xor() | Not() | AtLeast():
            shared = _shared(node)
            if shared is not None and shared != scope and not isinstance(node, Not):
                return _clause(shared, f"({_operator(node, shared)})")
            return _operator(node, scope)
    return leaf(node)


def _operator(node: Node, scope: Scope) -> str:
    match node:
        case And(children):
            first, *others = children
            pieces = [_inside(first, scope)]
            for child in others:
                text = _inside(child, scope)
                pieces.append(f" {text}" if isinstance(child, Not) else f" AND {text}")
            return "".join(pieces)
        case Or(children):
            return " OR ".join(_inside(child, scope) for child in children)
        case Xor():
            return " XOR ".join(_inside(child, scope) for child in operands(node))
        case AtLeast(minimum, children):
            return f">={minimum}({', '.join(_alternative(child, scope) for child in children)})"
        case Not(child):
            text = _inside(child, scope)
            return f"NOT ({text})" if isinstance(child, Near) and scope_of(child) == scope else f"NOT {text}"
    return _format(node, scope)


def _inside(node: Node, scope: Scope) -> str:
    """A part of an operator: in parentheses when it is one itself and no clause of its own stands around it."""
    text = _format(node, scope)
    bare = isinstance(node, And | Or | Xor) and _shared(node) in (None, scope)
    return f"({text})" if bare else text


def _alternative(node: Node, scope: Scope) -> str:
    """A part of AtLeast, where the comma of a list of fields would part alternatives."""
    text = _inside(node, scope)
    shared = _shared(node)
    return f"({text})" if shared not in (None, scope) and "," in names(shared[0]) else text


def _shared(node: Node) -> Scope | None:
    """What all leaves share, if they are terms of one scope."""
    found = {scope_of(leaf) if isinstance(leaf, Units | Pattern | Near) else None for leaf in leaves(node)}
    return next(iter(found)) if len(found) == 1 else None


def scope_of(node: Units | Pattern | Near) -> Scope:
    return node.fields, not isinstance(node, Near) and node.whole


def _clause(scope: Scope, value: str) -> str:
    fields, whole = scope
    return f"{names(fields)}{'==' if whole else '='}{value}"


def names(fields: tuple[str, ...]) -> str:
    """The canonical field names of some text fields: a composite's where there is one."""
    for field in FIELDS:
        if field.members == fields:
            return field.name
    return ",".join(BY_API[api].name for api in fields)


def term(run: tuple[str, ...]) -> str:
    """A run of units as a term, in quotes where it must be."""
    text = "".join(run)
    if tuple(units(text)) != run:
        text = " ".join(run)
    special = _NEEDS_QUOTES.search(text) or text in OPERATORS or glued_operator(text)
    return quoted(text) if special else text


def _text(node: Units | Pattern | Near) -> str:
    """A text leaf without its field. A chain of proximities needs no parentheses: nothing binds tighter."""
    match node:
        case Units(_, run):
            return term(run)
        case Pattern(_, parts):
            return truncated(parts)
        case Near(operands, links):
            pieces = [_alternatives(operands[0])]
            for link, terms in zip(links, operands[1:], strict=True):
                pieces += (proximity.written(link), _alternatives(terms))
            return " ".join(pieces)


def _alternatives(terms: tuple[Term, ...]) -> str:
    text = " OR ".join(map(_text, terms))
    return f"({text})" if len(terms) > 1 else text


def truncated(parts: tuple[str | Gap | Word, ...]) -> str:
    """A truncated term as it is written; in parentheses where a `#` would begin a comment."""
    text = "".join(part if isinstance(part, str) else signs(part) if isinstance(part, Gap) else _word(part)
                   for part in parts)
    return f"({text})" if text[0] == "#" or text[-1] == "#" else text


def _word(word: Word) -> str:
    return "".join(piece if isinstance(piece, str) else signs(piece) for piece in word.pieces)


def leaf(node: Node) -> str:
    """A leaf that is no term, as a clause."""
    match node:
        case Keyword(field, values, prefix):
            shown = [_keyword(field, value) + "+" * prefix for value in values]
            value = shown[0] if len(shown) == 1 else f"({' OR '.join(shown)})"
            return f"{BY_API[field].name}={value}"
        case Dates(field, first, last):
            return f"{BY_API[field].name}={written(first, last)}"
        case Classes(field):
            return f"{BY_API[field].name}={pattern(node)}"
        case Number(field):
            return f"{BY_API[field].name}={number(node)}"
        case Region(code):
            return f"地区={code}"
        case Industry():
            return f"产业={quoted(node.term) if _NEEDS_QUOTES.search(node.term) else node.term}"
        case Rows():
            raise ValueError("a set of rows has no written form")
    raise TypeError(f"no leaf: {type(node).__name__}")


def _keyword(field: str, value: str) -> str:
    return next((name for name, meant in VALUES.get(field, {}).items() if meant == value), value)


def pattern(node: Classes) -> str:
    """A class pattern as it is written: `H01M10/42*`, `H01M8:H01M10`."""
    if node.how == "range":
        return f"{node.symbol}:{node.last}"
    return node.symbol + "*" * (node.how == "tree")


def number(node: Number) -> str:
    """A number in its normal form, an application's with its check digit; a prefix as digits and `+`."""
    if node.prefix:
        return f"{node.value}+"
    application = parse_application(node.value) if node.field == "application_number" else None
    return application.text if application else f"CN{node.value}"
