"""Shapes of the decisions: what is sent, the entries of the table, and what a batch gained."""

from typing import NamedTuple

from typing_extensions import TypedDict

MOST = 1_000
"""Decisions of one call, and entries of one answer."""


class Given(NamedTuple):
    """A decision as a person states it. `place` counts from 1: the line of a file, the place in a list."""

    place: int
    number: str
    taxonomy: str
    node: str
    verdict: str
    actor: str
    note: str = ""


class DecisionShape(TypedDict):
    """An entry. `id` is the record's; `source` and `score` are of the label that was judged, null where it had none.

    `verdict`: confirm, reject, add, or undo with the number of the decision that it `undoes`.
    """

    decision: int
    id: str | None
    taxonomy: str
    node: str
    name: str
    verdict: str
    undoes: int | None
    undone: bool
    actor: str
    time: str
    note: str
    taxonomy_version: str
    source: str | None
    score: float | None
    batch: int


class DecisionsAnswer(TypedDict):
    """`next` is the `cursor` of the next page; null at the end."""

    decisions: list[DecisionShape]
    next: int | None


class KeptAnswer(TypedDict):
    """What a call kept: the numbers of the new entries; `unchanged` stood so already."""

    batch: int | None
    decisions: list[int]
    unchanged: int


class UndoneAnswer(TypedDict):
    undone: int
    decision: int
