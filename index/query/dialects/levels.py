"""One level of parentheses while a text is rewritten, and the dialects' rule that operators may not meet on one."""

from index.query.dialects.names import Context
from index.query.remarks import Remarks


class Level:
    """One open level: what its values are read in, and what stands on it."""

    def __init__(self, context: Context | None, whole: bool = False) -> None:
        self.context = context
        self.whole = whole
        self.operands: list[tuple[int, int]] = []
        self.joins: list[str] = []
        self.operand = False        # an operand has just ended


def refuse_mixed(level: Level, report: Remarks) -> None:
    """Reports a level with different operators; the fix sets parentheses, NOT tightest, then AND."""
    kinds = set(level.joins)
    if len(kinds) < 2 or len(level.joins) + 1 != len(level.operands):
        return
    pieces = [report.text[start:end] for start, end in level.operands]
    joins = level.joins
    for operator in ("NOT", "AND", "XOR", "OR"):
        if operator in joins and len(set(joins)) > 1:
            pieces, joins = _grouped(pieces, joins, operator)
    fixed = pieces[0] + "".join(f" {join} {piece}" for join, piece in zip(joins, pieces[1:], strict=True))
    start, end = level.operands[0][0], level.operands[-1][1]
    report("operators_refused", start, end, report.replaced(start, end, fixed), operators="、".join(sorted(kinds)))


def _grouped(pieces: list[str], joins: list[str], operator: str) -> tuple[list[str], list[str]]:
    """Every run of one operator in parentheses."""
    runs: list[list[str]] = [[pieces[0]]]
    rest: list[str] = []
    for join, piece in zip(joins, pieces[1:], strict=True):
        if join == operator:
            runs[-1].append(piece)
        else:
            rest.append(join)
            runs.append([piece])
    return [run[0] if len(run) == 1 else f"({f' {operator} '.join(run)})" for run in runs], rest
