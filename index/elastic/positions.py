"""Proximity as intervals and spans over the positions of bigrams, wherever these say exactly what a chain means.

In a value of n units, unit i and its right neighbour stand at place i + 1 of n + 1 (index.text.tokens), so the place
of a run is that of its first bigram, and one unit alone is whatever begins with it. Intervals are minimal: of nested
ones only the innermost count. That is harmless for `S` and `P`, and for `W` and `D` between two runs that cannot
overlap. What remains is written as phrases with gaps, one for each layout (index.answering.proximity), or re-checked
on the texts.
"""

from collections.abc import Sequence
from itertools import product

from index.answering.proximity import Phrase
from index.elastic.parts import Part
from index.elastic.schema import JOINT, Body, phrase, short_unit, written
from index.query.tree import Near, Units
from index.text import tokens
from index.text.units import SENTENCE_ENDS

_MOST_PAIRS = 24
_END_OF_VALUE: Body = {"match": {"query": written(tokens.NEXT_VALUE)}}
_END_OF_SENTENCE: Body = {"any_of": {"intervals": [
    *({"prefix": {"prefix": f"{sign}{JOINT}"}} for sign in sorted(SENTENCE_ENDS)), _END_OF_VALUE]}}
_CLAUSES_OF_A_SIGN = 8


def intervals(near: Near) -> list[Body] | None:
    """Rules of intervals of which one must hold in a field; None when they cannot say what the chain means."""
    operands = [[term.units for term in operand if isinstance(term, Units)] for operand in near.operands]
    if any(len(runs) < len(operand) for runs, operand in zip(operands, near.operands, strict=True)):
        return None
    hows = {link.how for link in near.links}
    if hows == {"P"}:
        return [_together(operands, _END_OF_VALUE)]
    if hows == {"S"} and not any(SENTENCE_ENDS.intersection(run) for runs in operands for run in runs):
        return [_together(operands, _END_OF_SENTENCE)]
    if len(near.links) == 1 and hows <= {"W", "D"}:
        pairs = list(product(*operands))
        if "D" in hows:
            pairs += [(second, first) for first, second in pairs]
        if len(pairs) <= _MOST_PAIRS and all(map(_apart, pairs)):
            return [_ordered(first, second, near.links[0].most) for first, second in pairs]
    return None


def interval_part(field: str, rule: Body) -> Part:
    return Part({"intervals": {field: rule}}, _CLAUSES_OF_A_SIGN + _count(rule))


def spans(field: str, exact: Phrase) -> Part:
    """A phrase whose tokens stand at stated places."""
    clauses: list[Body] = []
    before = 0
    for place, token in (entry if isinstance(entry, tuple) else (before + 1, entry) for entry in exact):
        if clauses and place > before + 1:
            clauses.append({"span_gap": {field: place - before - 1}})
        clauses.append({"span_term": {field: JOINT.join(map(short_unit, token.split(tokens.JOINT)))}})
        before = place
    return Part({"span_near": {"clauses": clauses, "slop": 0, "in_order": True}}, len(clauses), 1)


def _together(operands: Sequence[Sequence[tuple[str, ...]]], apart: Body) -> Body:
    """All operands in any order, overlapping or not, with no such sign between."""
    different = list(dict.fromkeys(tuple(dict.fromkeys(runs)) for runs in operands))
    rules = [_either(runs) for runs in different]
    if len(rules) == 1:
        return rules[0]
    return {"all_of": {"intervals": rules, "filter": {"not_containing": apart}}}


def _either(runs: Sequence[tuple[str, ...]]) -> Body:
    return _run(runs[0]) if len(runs) == 1 else {"any_of": {"intervals": list(map(_run, runs))}}


def _run(run: tuple[str, ...]) -> Body:
    if len(run) == 1:
        return {"prefix": {"prefix": f"{short_unit(run[0])}{JOINT}"}}
    return {"match": {"query": " ".join(phrase(run)), "max_gaps": 0, "ordered": True}}


def _apart(pair: tuple[tuple[str, ...], ...]) -> bool:
    """Whether two runs that follow each other as intervals also do as units: the last bigram of one ends beyond it."""
    first, second = pair
    return first != second and (len(first) == 1 or first[-1] != second[0])


def _ordered(first: tuple[str, ...], second: tuple[str, ...], most: int) -> Body:
    rule: Body = {"ordered": True, "max_gaps": most + (len(first) > 1), "intervals": [_run(first), _run(second)],
                  "filter": {"not_containing": _END_OF_VALUE}}
    return {"all_of": rule}


def _count(rule: object) -> int:
    """At least as many clauses as the runs of a rule have terms."""
    if isinstance(rule, dict):
        return sum(1 + value.count(" ") if isinstance(value, str) else _count(value) for value in rule.values())
    return sum(map(_count, rule)) if isinstance(rule, list) else 0
