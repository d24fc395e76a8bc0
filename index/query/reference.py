"""The definition of meaning: whether one record matches a tree, in plain Python over the record itself.

Both engines are held to this by property tests. It is exact and slow; nothing here looks at an index.
"""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field

from index.fields import BY_API
from index.query.build import xor_parts
from index.query.grades import grades, tenths
from index.query.places import Span, near_spans, spans_of
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
    Units,
    Xor,
)
from index.text import units
from ingest.ipc import patterns
from ingest.numbers import parse_application
from ingest.record import Label, Patent
from ingest.regions import ancestors

_JOINT = "\x01"

Above = Callable[[str, str], Iterable[str]]
"""Nodes above a node of a taxonomy: (taxonomy, node) → nodes. The taxonomies themselves are not known here."""


def _none_above(taxonomy: str, node: str) -> Iterable[str]:
    return ()


@dataclass(slots=True)
class SearchView:
    """What can be searched of one record. `labels` are the record's own unless others are given."""

    record: Patent
    labels: list[Label] | None = None
    above: Above = _none_above
    _texts: dict[str, list[str]] = field(default_factory=dict, repr=False)
    _runs: dict[str, list[list[str]]] = field(default_factory=dict, repr=False)

    def values(self, api: str) -> list[str]:
        """The values of a field as strings."""
        return BY_API[api].values(self.record)

    def texts(self, api: str) -> list[str]:
        """The values of a text field, each as its units with a mark before, between and after them."""
        if api not in self._texts:
            self._texts[api] = [_row(run) for run in self.runs(api)]
        return self._texts[api]

    def runs(self, api: str) -> list[list[str]]:
        """The values of a text field, each as its units."""
        if api not in self._runs:
            self._runs[api] = [units(value) for value in self.values(api)]
        return self._runs[api]


def matches(node: Node, view: SearchView) -> bool:
    """Whether the record of a view is one that a query asks for."""
    match node:
        case And(children):
            return all(matches(child, view) for child in children)
        case Or(children):
            return any(matches(child, view) for child in children)
        case Xor():
            return sum(matches(part, view) for part in xor_parts(node)) % 2 == 1
        case Not(child):
            return not matches(child, view)
        case AtLeast(minimum, children):
            return sum(matches(child, view) for child in children) >= minimum
        case Units(fields, run, whole):
            asked = _row(run)
            return any(asked == text if whole else asked in text for api in fields for text in view.texts(api))
        case Pattern(fields):
            return any(_some(spans_of(node, value)) for api in fields for value in view.runs(api))
        case Near(fields=fields):
            return any(near_spans(node, value) for api in fields for value in view.runs(api))
        case Keyword(api, values, prefix):
            held = view.values(api)
            return any(value.startswith(values[0]) if prefix else value in values for value in held)
        case Dates(api, first, last):
            days = (int(value.replace("-", "")) for value in view.values(api))
            return any((first is None or first <= day) and (last is None or day <= last) for day in days)
        case Classes(api, how, symbol, last):
            asked_for = patterns.Pattern(how, symbol, last)
            return any(asked_for.covers(held) for held in view.values(api))
        case Number():
            return any(_numbered(node, value) for value in view.values(node.field))
        case Region(code):
            return any(code == held or code in ancestors(held) for held in view.values("region"))
        case Industry(taxonomy, below, grade):
            labels = view.record["labels"] if view.labels is None else view.labels
            return any(label["taxonomy"] == taxonomy and _labelled(below, label, view.above) and _graded(grade, label)
                       for label in labels)
        case Rows(rows):
            return view.record["row"] in rows
        case Everything():
            return True


def _some(found: Iterator[Span]) -> bool:
    return next(found, None) is not None


def _row(run: Iterable[str]) -> str:
    return f"{_JOINT}{_JOINT.join(run)}{_JOINT}"


def _numbered(node: Number, value: str) -> bool:
    """A number matches by its digits without check digit; a publication's with or without its kind."""
    digits = value.removeprefix("CN")
    if node.field == "application_number":
        application = parse_application(value)
        digits = application.key if application else digits
        return digits.startswith(node.value) if node.prefix else digits == node.value
    if node.prefix:
        return digits.startswith(node.value)
    return node.value in (digits, _bare(digits))


def _bare(digits: str) -> str:
    """A publication number without its kind: `101945314` of `101945314B`, `3000001` of `3000001S8`."""
    end = next((place for place, char in enumerate(digits) if not char.isdecimal()), len(digits))
    return digits[:end]


def _graded(wanted: str | None, label: Label) -> bool:
    return wanted is None or wanted in grades(label["source"], tenths(label["score"]))


def _labelled(wanted: str | None, label: Label, above: Above) -> bool:
    return wanted is None or wanted == label["node"] or wanted in above(label["taxonomy"], label["node"])
