"""One level of an expression: what stands between two parentheses, and how it becomes a tree when it ends.

Of the operators, proximity binds tightest, then NOT, then AND, then OR and XOR, which group from the left.
"""

from collections import deque
from functools import lru_cache
from typing import Literal

from index.fields import BY_API, FIELDS, Field
from index.query.build import all_of, any_of, negation, odd_of
from index.query.lexer import OPERATORS, Token
from index.query.proximity import alternatives, link, near
from index.query.remarks import Remarks, quoted
from index.query.tree import And, AtLeast, Dates, Everything, Keyword, Near, Node, Number, Or, Xor

_SHOWN = 60             # characters of a reading that a message repeats
_CONTEXTS_KEPT = 512
_SINGLE = ("application_number", "type", "legal_state", "application_date", "grant_date")
_EVER, _NEVER = 0, 1_0000_00_00     # days before and behind all others
_KINDS: dict[str, type[And] | type[Or] | type[Xor]] = {"AND": And, "OR": Or, "XOR": Xor}
_BUILDERS = {"AND": all_of, "OR": any_of, "XOR": odd_of}


class Context:
    """The fields and sign that the values of a group belong to.

    `text` holds the text fields, composites as what they stand for, in the order of the catalogue; `others` the rest,
    each with the name that was written. Kept: an expression names the same few fields hundreds of times.
    """

    def __init__(self, fields: tuple[Field, ...], aliases: tuple[str, ...], sign: str) -> None:
        kinds = {one.kind for one in fields}
        held = {part for one in fields if one.kind in ("units", "composite") for part in one.members}
        both = zip(fields, aliases, strict=True)
        self.fields = fields
        self.sign = sign
        self.ranged = not kinds.isdisjoint(("dates", "classes"))
        self.compares = "dates" in kinds
        self.numbered = "numbers" in kinds
        self.plain = not (self.ranged or self.numbered)     # a value is one token
        self.text = tuple(one.api for one in FIELDS if one.kind == "units" and one.api in held)
        self.others = tuple((one, alias) for one, alias in both if one.kind not in ("units", "composite"))
        self.textual = bool(self.text) and not self.others and sign in ("=", "==")


@lru_cache(_CONTEXTS_KEPT)
def context(fields: tuple[Field, ...], aliases: tuple[str, ...], sign: str) -> Context:
    return Context(fields, aliases, sign)


class Operand:
    """A finished part: its tree, its nesting (operators on top of each other, NOT not counted), its place.

    The tree of an operator is made when it is asked for: until then a group of the same operator takes its parts in,
    so that nesting of any depth costs no more than a flat list.
    """

    # What few operands have stands in the class until it is set: a long text has thousands of them.
    group = False               # written in parentheses
    clause = False              # a field clause, or holds one
    value: int | None = None    # where the value of a clause begins; None for all else
    negations = 0               # NOTs before it that are not in the tree yet
    begin = 0                   # where it begins behind them
    operator = ""               # AND, OR, XOR with `parts`, as long as there is no tree
    parts: deque[Node] | None = None

    def __init__(self, tree: Node | None, depth: int, start: int, end: int, term: int | None = None) -> None:
        """`start` is with the NOT before it, `term` where the term or group begins (None for a group of a clause)."""
        self.tree = tree
        self.depth = depth
        self.start = start
        self.end = end
        self.term = term

    @property
    def node(self) -> Node:
        if self.tree is None:
            self.tree = _BUILDERS[self.operator](self.parts or ())
            self.operator, self.parts = "", None
        return self.tree


class Frame:
    """One open level: the operands so far and the operators between them."""

    def __init__(
        self, kind: Literal["top", "paren", "value", "least"], opening: Token, context: Context | None = None,
        bracket: Token | None = None, minimum: int = 0,
    ) -> None:
        """`opening` is the first token of the level, with its clause, `bracket` the opening parenthesis."""
        self.kind = kind
        self.opening = opening
        self.context = context
        self.bracket = bracket
        self.minimum = minimum
        self.operands: list[Operand] = []
        self.joins: list[str] = []
        self.pending: Token | None = None       # the operator that waits for its right side
        self.proximity: Token | None = None     # the proximity operator that does
        self.negations: list[Token] = []
        self.parts: list[Operand] = []          # of `least`, before the last comma
        self.glued: tuple[int, int] | None = None       # the run of terms and parentheses without blanks that is open


def add(frame: Frame, operand: Operand, token: Token, report: Remarks) -> None:
    """Puts an operand into a level; `token` is its first one."""
    if frame.proximity:
        _join_near(frame, frame.proximity, operand, report)
        return
    operand.begin = operand.start
    pending, before = frame.pending, frame.operands
    if before:
        frame.joins.append(OPERATORS[pending.folded] if pending else "AND")
        if pending is None and not token.blank and not frame.negations and (operand.group or before[-1].group):
            last = before[-1]
            begin = next(place for place in (last.value, last.term, last.start) if place is not None)
            frame.glued = (frame.glued[0] if frame.glued else begin, operand.end)
        elif frame.glued:
            end_glued(frame, report)
    if frame.negations:
        operand.start, operand.negations = frame.negations[0].start, len(frame.negations)
        frame.negations = []
    before.append(operand)
    frame.pending = None


def _join_near(frame: Frame, operator: Token, right: Operand, report: Remarks) -> None:
    """Joins an operand to the last one by the proximity that waits."""
    left, joined = frame.operands[-1], link(operator.text)
    assert joined is not None
    right.begin = right.start
    negation, frame.proximity, frame.negations = frame.negations[:1], None, []
    shown = report.text[operator.start:operator.end]        # in another dialect it is not the canonical one
    fit = not (left.clause or right.clause or negation)
    between_clauses = operator.folded == "" and not negation    # an operator of another dialect, see dialects.link
    built = near(left.node, joined, right.node) if fit or between_clauses else None
    if built is None and not any(isinstance(one.node, Everything) for one in (left, right)):     # told of already
        if fit and isinstance(right.node, Near):
            fix = _turned(left, operator, right.node, right, report)
            report("proximity_right", right.start, right.end, fix, operator=shown)
        elif fit and near(right.node, joined, right.node):
            report("proximity_operand", left.begin, left.end, operator=shown)
        else:
            start = negation[0].start if negation else left.begin if left.clause else right.start
            end = right.end if negation or not left.clause else left.end
            fix = None if negation else _moved_out(left, operator, right, report)
            report("proximity_operand", start, end, fix, operator=shown)
    left.tree, left.end, left.group = built or left.node, right.end, False
    left.clause, left.value = left.clause or right.clause, None


def _turned(left: Operand, operator: Token, chain: Near, right: Operand, report: Remarks) -> str | None:
    """The text that means the same with the chain at the left: `A 3W (B 2W C)` as `A 3W B 2W C`, others swapped."""
    first, last = report.text[left.begin:left.end], report.text[right.start:right.end]
    shown = report.text[operator.start:operator.end]
    if not operator.text.endswith("W"):
        return None if isinstance(left.node, Near) else report.replaced(
            left.begin, right.end, f"{last} {shown} {first}")
    ordered = right.group and all(one.how == "W" for one in chain.links)
    return report.replaced(left.begin, right.end, f"{first} {shown} {last[1:-1].strip()}") if ordered else None


def _moved_out(left: Operand, operator: Token, right: Operand, report: Remarks) -> str | None:
    """The text with the field of a clause around the whole proximity; None where that cannot be."""
    names = {report.text[one.begin:one.value] for one in (left, right) if one.value is not None}
    if operator.folded == "" or len(names) != 1 or any(one.clause and one.value is None for one in (left, right)):
        return None
    if not (isinstance(left.node, Near) or alternatives(left.node)) or not alternatives(right.node):
        return None
    first, last = (report.text[one.begin if one.value is None else one.value:one.end] for one in (left, right))
    return report.replaced(left.begin, right.end, f"{names.pop()}({first} {operator.text} {last})")


def end_glued(frame: Frame, report: Remarks) -> None:
    """The run of terms and parentheses without blanks ends here: says how it was read."""
    if frame.glued:
        start, end = frame.glued
        report("parenthesis_glued", start, end, report.replaced(start, end, quoted(report.text[start:end])))
        frame.glued = None


def at_least(frame: Frame, parts: list[Operand], end: int, report: Remarks) -> Operand:
    """The operand of a finished `>= n (…)`."""
    if not 1 <= frame.minimum <= len(parts):
        report("least_impossible", frame.opening.start, end, minimum=frame.minimum, count=len(parts))
    node = AtLeast(frame.minimum, tuple(part.node for part in parts))
    found = Operand(node, 1 + max(part.depth for part in parts), frame.opening.start, end)
    found.clause = True
    return found


def finish(frame: Frame, end: int, report: Remarks) -> Operand:
    """The tree of a level that ends here."""
    end_glued(frame, report)
    waiting = frame.pending or frame.proximity or (frame.negations[-1] if frame.negations else None)
    if waiting:
        report("operand_missing", waiting.start, waiting.end, operator=waiting.text)
        frame.pending, frame.proximity, frame.negations = None, None, []
    if not frame.operands:
        if not waiting:
            report("parenthesis_empty", (frame.bracket or frame.opening).start, end + 1)
        return Operand(Everything(), 0, frame.opening.start, end)
    for operand in frame.operands:
        if operand.negations:
            if operand.negations % 2:
                operand.tree = negation(operand.node)
            operand.negations = 0
    if len(frame.operands) == 1:
        return frame.operands[0]
    if len(set(frame.joins)) == 1:
        if frame.context and frame.joins[0] == "AND":
            _never_both(frame.operands, report)
        return _combined(frame.joins[0], frame.operands)
    groups: list[list[Operand]] = [[frame.operands[0]]]
    between: list[str] = []
    for join, operand in zip(frame.joins, frame.operands[1:], strict=True):
        if join == "AND":
            groups[-1].append(operand)
        else:
            between.append(join)
            groups.append([operand])
    if between and len(groups) < len(frame.operands):
        _mixed(groups, between, report)
    for group in groups if frame.context else ():
        _never_both(group, report)
    return _joined([_combined("AND", group) for group in groups], between)


def _joined(parts: list[Operand], between: list[str]) -> Operand:
    """OR and XOR group from the left; a run of the same is one."""
    run, operator = [parts[0]], ""
    for join, part in zip(between, parts[1:], strict=True):
        if operator and join != operator:
            run = [_combined(operator, run)]
        operator = join
        run.append(part)
    return _combined(operator, run)


def _mixed(groups: list[list[Operand]], between: list[str], report: Remarks) -> None:
    start, end = groups[0][0].start, groups[-1][-1].end
    pieces = []
    for place, group in enumerate(groups):
        piece = report.text[group[0].start:group[-1].end]
        pieces.append(f"({piece})" if len(group) > 1 else piece)
        if place < len(between):
            pieces.append(f" {between[place]} ")
    read = "".join(pieces)
    shown = read if len(read) <= _SHOWN else read[:_SHOWN] + "…"
    report("operators_mixed", start, end, report.replaced(start, end, read), read=shown)


def _never_both(group: list[Operand], report: Remarks) -> None:
    """A record has one application number, type, state and date: two different ones joined by AND never match."""
    seen: dict[str, Node] = {}
    days = (_EVER, _NEVER)
    for one in group:
        node = one.tree
        if isinstance(node, Dates) and node.field in _SINGLE:
            days = max(days[0], node.first or _EVER), min(days[1], node.last or _NEVER)
            if days[0] > days[1]:
                report("values_joined", group[0].start, group[-1].end, field=BY_API[node.field].name)
                return
        if not isinstance(node, Keyword | Number) or node.field not in _SINGLE or node.prefix:
            continue
        if seen.setdefault(node.field, node) != node:
            report("values_joined", group[0].start, group[-1].end, field=BY_API[node.field].name)
            return


def deep(found: Operand, start: int, end: int, most: int, report: Remarks) -> bool:
    """Whether a part nests more than `most` levels deep; the first one is reported."""
    if found.depth <= most + 1:
        return False
    if not report.holds("query_too_deep"):
        report("query_too_deep", start, end, count=found.depth - 1, limit=most)
    return True


def _combined(operator: str, parts: list[Operand]) -> Operand:
    """One operand of several; parts of the same kind are taken in, so that they do not nest."""
    if len(parts) == 1:
        return parts[0]
    kind = _KINDS[operator]
    depth, clause, grouped = 1, False, False
    for part in parts:
        if part.clause:
            clause = True
        if part.depth:
            same = part.operator == operator
            grouped = grouped or same
            depth = max(depth, part.depth + 1 - (same or isinstance(part.tree, kind)))
    held = _gathered(operator, parts) if grouped else deque([part.tree or part.node for part in parts])
    found = Operand(None, depth, parts[0].start, parts[-1].end)
    found.clause, found.operator, found.parts = clause, operator, held
    return found


def _gathered(operator: str, parts: list[Operand]) -> deque[Node]:
    """The parts of parts: the shorter runs go into the longest one."""
    held_by = [part.parts if part.operator == operator and part.parts else deque((part.node,)) for part in parts]
    longest = max(range(len(parts)), key=lambda place: len(held_by[place]))
    held = held_by[longest]
    for before in reversed(held_by[:longest]):
        held.extendleft(reversed(before))
    for after in held_by[longest + 1:]:
        held.extend(after)
    return held
