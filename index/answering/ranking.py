"""What a hit scores by: its words in both forms, title above abstract above claims, and the applicant's name.

Which records match is fixed by the tree alone; everything here only orders them. The weights were set on real
records (bench/engine_micro.py prints what they do).
"""

from collections.abc import Iterator, Sequence

from index.answering.runs import plain_runs
from index.query.tree import And, AtLeast, Near, Node, Or, Pattern, Units, Xor
from index.text import units

TEXT_WEIGHTS = (("title", 2.0), ("abstract", 1.0), ("claims", 0.5))
WORD_SHARE = 1.0
"""What the jieba form of a word counts against its units, which also see it inside longer words."""

APPLICANT_WEIGHT = 0.5
WHOLE_NAME_SCORE = 100.0
"""Above any sum of text scores: who types a company's whole name wants that company's patents first."""

MAX_WORDS = 32


def ranking_words(node: Node, words: Sequence[str]) -> list[tuple[str, ...]]:
    """What to rank by, each as a run of units: the words of a simple query, else the terms that the tree asks for."""
    runs = [tuple(units(word)) for word in words] or [tuple(run) for run in _asked_terms(node)]
    return [run for run in dict.fromkeys(runs) if run][:MAX_WORDS]


def _asked_terms(node: Node) -> Iterator[Sequence[str]]:
    match node:
        case Units(fields) | Pattern(fields) if any(field in fields for field, _ in TEXT_WEIGHTS):
            yield from plain_runs(node)
        case Near(operands):
            for term in (term for operand in operands for term in operand):
                yield from _asked_terms(term)
        case And(children) | Or(children) | AtLeast(_, children):
            for child in children:
                yield from _asked_terms(child)
        case Xor(left, right):
            yield from _asked_terms(left)
            yield from _asked_terms(right)
