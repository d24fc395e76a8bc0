"""Field clauses: which names and sign begin one, and which tokens make up its value.

A value without parentheses is one term; blanks inside one number are joined, with a hint.
"""

from collections.abc import Sequence

from index.fields import find
from index.query.level import Context, Frame
from index.query.lexer import OPERATORS, Token
from index.query.remarks import Remarks
from index.query.values import Value, whole_number

AFTER_A_NAME = ("sign", ",")
_PIECES_OF_A_NUMBER = 16    # words that may be one number written with blanks
_NAMES_OF_A_CLAUSE = 64     # more than there are fields


def names_at(tokens: Sequence[Token], at: int, frame: Frame) -> list[Token]:
    """The names of the clause that starts at a token, [] where none does."""
    if tokens[at].kind != "word" or tokens[at + 1].kind not in AFTER_A_NAME:
        return []
    names: list[Token] = []
    lists = frame.kind != "least"    # there a comma parts the alternatives
    while tokens[at].kind == "word" and tokens[at].folded not in OPERATORS and len(names) < _NAMES_OF_A_CLAUSE:
        names.append(tokens[at])
        after = tokens[at + 1]
        if after.kind == "sign":
            compared = after.text not in ("=", "==") and frame.context is not None and frame.context.compares
            return [] if compared and find(names[-1].folded) is None else names
        if not lists or after.kind != "," or len(tokens) <= at + 2:
            return []
        at += 2
    return []


def value_at(
    tokens: Sequence[Token], at: int, frame: Frame, context: Context | None, report: Remarks
) -> tuple[Value | None, int]:
    """The value that starts at a token (with its own sign inside a group of dates), and the next index."""
    sign = context.sign if context else "="
    begin = tokens[at].start
    if tokens[at].kind == "sign":
        first = tokens[at]
        sign, at = first.text, at + 1
        if not tokens[at].is_term:
            report("value_missing", first.start, first.end, field=context.fields[0].name if context else "")
            return None, at
    first = tokens[at]
    if first.is_term:
        at += 1
        if context is None or not (context.ranged or context.numbered):
            return Value(first.text, first.folded, begin, first.end, sign, first.kind == "quoted"), at
    if context and context.ranged and tokens[at].kind == ":":
        colon, last = tokens[at], tokens[at + 1]
        low = (first.text, first.folded) if first.is_term else ("", "")
        if last.is_term and not names_at(tokens, at + 1, frame):
            return Value(*low, begin, last.end, sign, last=last.folded), at + 2
        return Value(*low, begin, colon.end, sign, last=""), at + 1
    value = Value(first.text, first.folded, begin, first.end, sign, first.kind == "quoted")
    if context and context.numbered:
        return number_at(tokens, value, at, frame, context, report)
    return value, at


def number_at(
    tokens: Sequence[Token], value: Value, after: int, frame: Frame, context: Context, report: Remarks
) -> tuple[Value, int]:
    """Blanks inside one number are joined: takes further words as long as they make up a number together."""
    one = next(one for one in context.fields if one.kind == "numbers")
    words = [value]
    at = after
    while (tokens[at].kind == "word" and tokens[at].is_term and not names_at(tokens, at, frame)
           and len(words) < _PIECES_OF_A_NUMBER):
        words.append(Value(tokens[at].text, tokens[at].folded, tokens[at].start, tokens[at].end))
        at += 1
    if value.quoted or len(words) == 1:
        return value, after
    if whole_number(one, words[0].text) and whole_number(one, words[1].text):
        if one.api != "application_number":     # a record may have several publications
            return value, after
        start, end = words[0].start, words[-1].end
        texts = " OR ".join(word.text for word in words)
        report("values_joined", start, end, report.replaced(start, end, f"({texts})"), field=one.name)
        return value, at
    for count in range(len(words), 1, -1):
        text = "".join(word.text for word in words[:count])
        bare = text.removesuffix("+")
        if whole_number(one, text) or (bare != text and bare.isdecimal()):
            end = words[count - 1].end
            report("number_blanks_joined", value.start, end, report.replaced(value.start, end, text),
                   value=report.text[value.start:end])
            return Value(text, text.lower(), value.start, end, value.sign), after + count - 1
    return value, after
