"""A tree in words: the sentence above the results that says exactly what was searched, in Chinese and English.

Its pieces are (text, emphasised), so that a page can set the terms in bold; the words around them are messages.
"""

import re
from collections.abc import Sequence

from index.fields import BY_API
from index.query.build import any_of, operands
from index.query.canonical import pattern, truncated
from index.query.dates import written
from index.query.remarks import quoted
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
    Xor,
)
from index.query.truncation import SIGNS
from index.query.values import VALUES
from index.text.units import is_word
from ingest.numbers import parse_application
from ingest.regions import full_name
from store.messages import text as message

Segment = tuple[str, bool]

_OPEN, _CLOSE = "\x02", "\x03"      # around emphasised text; no unit holds them
_MARKED = re.compile(f"{_OPEN}([^{_CLOSE}]*){_CLOSE}")
_VERB = {"W": "says_behind", "W0": "says_next", "D": "says_around", "D0": "says_beside",
         "S": "says_in_sentence", "P": "says_in_value"}
_SHOWN = 12     # terms of one list; the rest are counted


def segments(node: Node, lang: str = "zh") -> tuple[Segment, ...]:
    """The sentence in pieces: (text, whether it is a term that was searched)."""
    marked = _Speaker(lang).sentence(node)
    return tuple((piece, bool(place % 2)) for place, piece in enumerate(_MARKED.split(marked)) if piece)


def joined(pieces: Sequence[Segment]) -> str:
    return "".join(piece for piece, _ in pieces)


def spoken(run: Sequence[str]) -> str:
    """Units as people write them: a blank only between two words."""
    pieces: list[str] = []
    for place, unit in enumerate(run):
        if place and is_word(unit) and is_word(run[place - 1]):
            pieces.append(" ")
        pieces.append(unit)
    return "".join(pieces)


class _Speaker:
    def __init__(self, lang: str) -> None:
        self._lang = lang

    def _say(self, code: str, **values: object) -> str:
        return message(code, self._lang, **values)

    def sentence(self, node: Node) -> str:
        parts = node.children if isinstance(node, And) and _scope(node) is None else (node,)
        spoken = [self._enumerated(part) for part in parts] if len(parts) > 1 else [self._part(node)]
        text = self._say("says_and").join(spoken) + self._say("says_end")
        return text[0].upper() + text[1:] if self._lang == "en" and text[0] != _OPEN else text

    def _part(self, node: Node) -> str:
        scope = _scope(node)
        if scope is not None:
            return self._terms(node, scope)
        match node:
            case And(children):
                return self._say("says_and_inner").join(map(self._inner, children))
            case Or(children):
                return self._say("says_or").join(map(self._inner, _gathered(children)))
            case Xor():
                return self._say("says_xor", parts=self._say("says_and").join(map(self._inner, operands(node))))
            case AtLeast(minimum, children):
                parts = self._say("says_and").join(map(self._inner, children))
                return self._say("says_at_least", minimum=minimum, parts=parts)
            case Not(child):
                return self._say("says_not", text=self._part(child))
        return self._leaf(node)

    def _enumerated(self, node: Node) -> str:
        """A part of the whole; one that enumerates parts itself in parentheses, so that its end is seen."""
        text = self._part(node)
        return self._say("says_group", text=text) if isinstance(node, Xor | AtLeast) and _scope(node) is None else text

    def _inner(self, node: Node) -> str:
        text = self._part(node)
        loose = isinstance(node, And | Or | Xor | AtLeast) and _scope(node) is None
        return self._say("says_group", text=text) if loose else text

    # Terms: one field, one verb, a list

    def _terms(self, node: Node, scope: tuple[tuple[str, ...], bool]) -> str:
        fields, whole = scope
        verb = "says_is" if whole else "says_has"
        field = self._fields(fields)
        match node:
            case Units() | Pattern():
                return self._say(verb, field=field, terms=self._list((node,)))
            case And(children):
                return self._say(f"{verb}_all", field=field, terms=self._list(children, "says_last"))
            case Or(children):
                return self._say(f"{verb}_any", field=field, terms=self._list(children))
            case AtLeast(minimum, children):
                return self._say(f"{verb}_some", field=field, terms=self._list(children), minimum=minimum)
            case Not(Units() | Pattern() as child):
                return self._say(f"{verb}_not", field=field, terms=self._list((child,)))
            case Not(Or(children)):
                return self._say(f"{verb}_none", field=field, terms=self._list(children))
            case Not(And(children)):
                return self._say(f"{verb}_not_all", field=field, terms=self._list(children, "says_last"))
        raise TypeError(f"no list of terms: {type(node).__name__}")

    def _list(self, children: Sequence[Node], last: str = "says_list") -> str:
        terms = [_marked(_shown(child)) for child in children if isinstance(child, Units | Pattern)]
        if len(terms) > _SHOWN:
            shown = self._say("says_list").join(terms[:_SHOWN])
            return self._say("says_more", terms=shown, count=len(terms))
        head = self._say("says_list").join(terms[:-1])
        return head + self._say(last) + terms[-1] if head else terms[-1]

    def _chain(self, near: Near) -> str:
        text = self._either(near.operands[0])
        for link, terms in zip(near.links, near.operands[1:], strict=True):
            text += self._say(_VERB[link.how if link.most or link.how in "SP" else f"{link.how}0"],
                              most=link.most, terms=self._either(terms))
        return self._say("says_near", field=self._fields(near.fields), chain=text)

    def _either(self, terms: Sequence[Term]) -> str:
        text = self._list(terms)
        return self._say("says_either", terms=text) if len(terms) > 1 else text

    def _fields(self, apis: tuple[str, ...]) -> str:
        names = [self._name(api) for api in apis]
        head = self._say("says_list").join(names[:-1])
        return head + self._say("says_fields_or") + names[-1] if head else names[-1]

    def _name(self, api: str) -> str:
        field = BY_API[api]
        return field.name_en if self._lang == "en" else field.name

    # Everything else

    def _leaf(self, node: Node) -> str:
        match node:
            case Near():
                return self._chain(node)
            case Everything():
                return self._say("says_everything")
            case Rows(rows):
                return self._say("says_rows", count=_marked(str(len(rows))))
            case Region(code):
                return self._say("says_region", value=_marked(full_name(code, self._lang)))
            case Industry():
                return self._say("says_industry", value=_marked(node.term))
            case Dates():
                return self._dates(node)
            case Classes(field):
                return self._classes(node, self._name(field))
            case Number(field, value, prefix):
                known = parse_application(value) if field == "application_number" and not prefix else None
                shown = _marked(known.text if known else value if prefix else f"CN{value}")
                if prefix:
                    return self._say("says_begins", field=self._name(field), value=shown)
                return self._say("says_is", field=self._name(field), terms=shown)
            case Keyword(field, values, prefix):
                return self._keywords(field, values, prefix)
        raise TypeError(f"no leaf: {type(node).__name__}")

    def _keywords(self, field: str, values: tuple[str, ...], prefix: bool) -> str:
        shown = [_marked(value if self._lang == "en" else _chinese(field, value)) for value in values]
        if prefix:
            return self._say("says_begins", field=self._name(field), value=shown[0])
        terms = self._say("says_list").join(shown)
        return self._say("says_is" if len(shown) == 1 else "says_is_any", field=self._name(field), terms=terms)

    def _dates(self, node: Dates) -> str:
        field, short = self._name(node.field), written(node.first, node.last)
        if ":" not in short:
            return self._say("says_is", field=field, terms=_marked(_spelled(short)))
        first, _, last = (_marked(_spelled(part)) for part in short.partition(":"))
        if node.first is None:
            return self._say("says_until", field=field, last=last)
        if node.last is None:
            return self._say("says_from", field=field, first=first)
        return self._say("says_within", field=field, first=first, last=last)

    def _classes(self, node: Classes, field: str) -> str:
        value = _marked(node.symbol)
        match node.how:
            case "exact":
                return self._say("says_is", field=field, terms=value)
            case "tree":
                return self._say("says_class_tree", field=field, value=value)
            case "range":
                first, last = pattern(node).split(":")
                return self._say("says_within", field=field, first=_marked(first), last=_marked(last))
        if node.symbol.endswith("+"):
            return self._say("says_begins", field=field, value=_marked(node.symbol[:-1]))
        return self._say("says_class_in", field=field, value=value)


def _scope(node: Node) -> tuple[tuple[str, ...], bool] | None:
    """Fields and sign of a term, or of a list of terms (negated or not) that share them."""
    match node:
        case Units(fields, _, whole) | Pattern(fields, _, whole):
            return fields, whole
        case Not(Units() | Pattern() | Or() | And() as child):
            return _scope(child)
        case And(children) | Or(children) | AtLeast(_, children):
            found = {(one.fields, one.whole) if isinstance(one, Units | Pattern) else None for one in children}
            return next(iter(found)) if len(found) == 1 else None
    return None


def _gathered(children: Sequence[Node]) -> list[Node]:
    """Alternatives with the terms of one scope together, at the place of the first, so that they make one list."""
    terms: dict[tuple[tuple[str, ...], bool], list[Node]] = {}
    order: list[list[Node]] = []
    for child in children:
        if isinstance(child, Units | Pattern):
            key = (child.fields, child.whole)
            if key not in terms:
                order.append(terms.setdefault(key, []))
            terms[key].append(child)
        else:
            order.append([child])
    return [any_of(group) for group in order]


def _shown(term: Term) -> str:
    if isinstance(term, Units):
        text = spoken(term.units)
        return quoted(text) if SIGNS.search(text) else text
    text = truncated(term.parts)
    return text[1:-1] if text[0] == "(" else text


def _marked(text: str) -> str:
    return f"{_OPEN}{text}{_CLOSE}"


def _spelled(short: str) -> str:
    """20100305 → 2010-03-05, 201003 → 2010-03."""
    return "-".join(part for part in (short[:4], short[4:6], short[6:]) if part)


def _chinese(field: str, value: str) -> str:
    return next((name for name, meant in VALUES.get(field, {}).items() if meant == value), value)
