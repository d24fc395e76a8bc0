"""Remarks on terms that may not mean what was meant: glued operators, single quotes, values that end early.

Nothing here changes how a text is read; every hint offers the other reading as its fix.
"""

import re
from collections.abc import Sequence

from index.query.clauses import names_at
from index.query.level import Context, Frame
from index.query.lexer import PROXIMITY, Token, glued_operator
from index.query.remarks import Remarks, quoted
from index.query.values import Value

_WORDS_OF_A_PHRASE = 16     # words between two single quotes
_SHOWN = 60                 # characters of the text that a message repeats
_LAST_OF_PROXIMITY = ("W", "D", "S", "P")
NOTEWORTHY = re.compile(r"and|or|not|[wd]\Z|\A'")       # what one of the hints below needs
_DISTANCE = re.compile(r"\d+[wd]")


def proximity_at(tokens: Sequence[Token], at: int, frame: Frame) -> bool:
    """Whether a word is `nW nD W D S P` between two operands, in a place where text is searched."""
    token, following = tokens[at], tokens[at + 1] if at + 1 < len(tokens) else tokens[at]
    if token.text[-1:] not in _LAST_OF_PROXIMITY or token.kind != "word" or not frame.operands:
        return False
    if not PROXIMITY.fullmatch(token.text):
        return False
    if frame.pending or frame.negations or frame.proximity or following.kind in ("sign", ","):
        return False
    textual = frame.context is None or bool(frame.context.text)
    return textual and (following.is_term or following.kind == "(" or following.operator == "NOT")


def term_hints(tokens: Sequence[Token], at: int, report: Remarks) -> None:
    """Hints on a bare term: an operator glued to it or taken for one, single quotes around it."""
    token = tokens[at]
    if token.kind != "word" or not NOTEWORTHY.search(token.folded):
        return
    glued = glued_operator(token.folded)
    if glued:
        start, end = glued
        pieces = (token.text[:start], token.text[start:end].upper(), token.text[end:])
        written = " ".join(piece for piece in pieces if piece)
        alone = len(token.text) == token.end - token.start      # in some dialects a field stands behind it
        fix = report.replaced(token.start, token.end, written) if alone else None
        report("operator_glued", token.start, token.end, fix,
               value=token.text, operator=token.text[start:end])
    if _DISTANCE.fullmatch(token.folded) and at and tokens[at - 1].is_term:
        upper = report.replaced(token.start, token.end, token.text.upper()) if tokens[at + 1].is_term else None
        report("proximity_as_term", token.start, token.end, upper, value=token.text)
    if token.folded.startswith("'"):
        last = at
        while (tokens[last].kind == "word" and last < at + _WORDS_OF_A_PHRASE
               and not (tokens[last].folded.endswith("'") and (last > at or len(token.folded) > 1))):
            last += 1
        end = tokens[last].end
        fix = None
        if tokens[last].folded.endswith("'"):
            fix = report.replaced(token.start, end, quoted(report.text[token.start + 1:end - 1]))
        report("single_quotes", token.start, end if fix else token.end, fix)


def value_ended(
    tokens: Sequence[Token], after: int, frame: Frame, context: Context, start: int, value: Value, report: Remarks
) -> None:
    """Terms that follow a bare value do not belong to it: says so."""
    at = after
    while (tokens[at].is_term and tokens[at].blank
           and not names_at(tokens, at, frame) and not proximity_at(tokens, at, frame)):
        at += 1
    if at == after:
        return
    end = tokens[at - 1].end
    rest = report.text[tokens[after].start:end]
    written = report.text[value.start:end]
    fix = f"({written})"
    if not all(one.kind in ("units", "composite") for one in context.fields):
        fix = quoted(written)
    field_behind = value.start == start     # as some dialects have it
    report("value_ended", start, end, None if field_behind else report.replaced(value.start, end, fix),
           field=context.fields[-1].name, rest=rest if len(rest) <= _SHOWN else rest[:_SHOWN] + "…")


def stray(tokens: Sequence[Token], at: int, report: Remarks) -> int:
    """A sign where no sign can stand: one error for the run of tokens around it that has no blanks; the next index."""
    token = tokens[at]
    if token.kind == "sign":
        report("field_name_missing", token.start, token.end, sign=token.text)
        return at + 1
    first = at
    while first > 0 and not tokens[first].blank and tokens[first - 1].kind in ("word", "quoted"):
        first -= 1
    last = at
    while not tokens[last + 1].blank and tokens[last + 1].kind in ("word", ",", ":"):
        last += 1
    start, end = tokens[first].start, tokens[last].end
    report("sign_reserved", start, end, report.replaced(start, end, quoted(report.text[start:end])), sign=token.text)
    return last + 1
