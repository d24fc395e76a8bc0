"""Ranges as dialects write them, in the canonical form `a:b` or as a leaf.

`(1991.1 to 2005.7)`, `[20200101 to 20241231]`, `BETWEEN['1985','1985']`, `20110101<=pd<=20130101`, `20190101<=pd`,
`g01s5/08 to 5/14` (the second end without its subclass).
"""

import re

from index.query.dates import period, reach
from index.query.dialects.dialect import sign, word
from index.query.dialects.names import Context, context
from index.query.lexer import Token
from index.query.remarks import Remarks
from index.query.tree import Dates, Everything

RANGED = ("dates", "classes")
_GROUP = re.compile(r"\d{1,4}/\d+")
_SUBCLASS = re.compile(r"[a-hy]\d\d[a-z]")
_DASHED = re.compile(r"(\d{4,8})-(\d{4,8})")
TURNED = {"<": ">", "<=": ">=", ">": "<", ">=": "<="}


def ends(tokens: list[Token], at: int) -> tuple[list[Token], int] | None:
    """The two ends of a range that begins at a token, and the index after it; None where none does."""
    first = tokens[at]
    if first.kind == "word" and first.folded in ("[", "between", "between["):
        inner = at + 1 + (first.folded == "between" and tokens[at + 1].folded == "[")
        if len(tokens) > inner + 3:
            low, middle, high, closing = tokens[inner:inner + 4]
            joined = middle.folded == "to" or middle.kind == ","
            if low.is_term and joined and high.is_term and closing.folded == "]":
                return [low.replaced(start=first.start, blank=first.blank), high.replaced(end=closing.end)], inner + 4
        return None
    if not first.is_term or tokens[at + 1].kind == "end" or not tokens[at + 2].is_term:
        return None
    if tokens[at + 1].folded == "to" and tokens[at + 1].kind == "word":
        return [first, _full(first, tokens[at + 2])], at + 3
    if tokens[at + 1].kind == ":":
        return [first, tokens[at + 2]], at + 3
    return None


def _full(first: Token, last: Token) -> Token:
    """The second end of a range of symbols, with the subclass of the first where it lacks one."""
    subclass = _SUBCLASS.match(first.folded)
    if subclass is None or not _GROUP.fullmatch(last.folded):
        return last
    return last.replaced(text=first.text[:4] + last.text, folded=subclass[0] + last.folded)


def dashed(token: Token) -> list[Token] | None:
    """`20090101-20101231` in one word."""
    found = _DASHED.fullmatch(token.folded)
    if found is None:
        return None
    middle = token.start + len(found[1])
    return [token.replaced(text=found[1], folded=found[1], end=middle),
            token.replaced(text=found[2], folded=found[2], start=middle + 1)]


def between(low: Token, low_sign: str, context: Context, high_sign: str, high: Token, report: Remarks) -> Token:
    """`low < field <= high` as one leaf: both ends are asked of one date."""
    leaf = low.replaced(kind="leaf", end=high.end, node=Everything())
    found = [(sign, period(end.folded), end) for sign, end in ((TURNED[low_sign], low), (high_sign, high))]
    for _, one, end in found:
        if one is None:
            report("date_invalid", end.start, end.end, value=end.text)
    reaches = [reach(sign, one) for sign, one, _ in found if one is not None]
    if len(reaches) < len(found):
        return leaf
    first = max((first for first, _ in reaches if first is not None), default=None)
    last = min((last for _, last in reaches if last is not None), default=None)
    if first is not None and last is not None and first > last:
        report("range_backwards", low.start, high.end, value=report.text[low.start:high.end])
    return leaf.replaced(node=Dates(context.fields[0].api, first, last))


def turned(tokens: list[Token], at: int, dialect: str, report: Remarks) -> tuple[list[Token], int] | None:
    """`20190101<=pd` and `20110101<=pd<=20130101`: their canonical tokens and the index after them."""
    if len(tokens) < at + 4 or not tokens[at].is_term:
        return None
    low, mark, name, following = tokens[at:at + 4]
    if mark.kind != "sign" or mark.text not in TURNED or name.kind != "word":
        return None
    meant = context(dialect, name.folded)
    if meant is None or meant.kind != "dates":
        return None
    if following.kind == "sign" and following.text in TURNED and tokens[at + 4].is_term:
        return [between(low, mark.text, meant, following.text, tokens[at + 4], report)], at + 5
    value = low.replaced(end=name.end)
    return [word(meant.fields[0].name, low.start), sign(TURNED[mark.text], low.start), value], at + 3
