"""incoPat: `字段=值`, NOT before AND before OR, a blank is AND; `*` `$` any run, `?` exactly one.

`(2w)` in order, `(3n)` in any order, `(s)` one sentence, `(p)` one paragraph. Files hold several expressions, one
after another, with comments; see `expressions`.
"""

import re

from index.query.dialects.dialect import ANY, ONE, Dialect, between_operands, link, word
from index.query.dialects.expressions import expressions
from index.query.dialects.lexing import Syntax
from index.query.lexer import Token
from index.query.remarks import Remarks

_NEAR = re.compile(r"(?P<most>[0-9]{0,3})(?P<how>[wn])|(?P<same>s|sen|p|par)|(?P<times>[0-9]+f)")
_SLASHED = re.compile(r"near/([0-9]{1,4})")


def _several(tokens: list[Token], report: Remarks) -> list[Token]:
    found = expressions(report.text)
    if len(found) > 1:
        report("several_expressions", found[1].start, found[1].end, count=len(found))
    return tokens


def _near(tokens: list[Token], report: Remarks) -> list[Token]:
    """`(2w)`, three tokens after an operand; `(3f)` asks for a number of times, which has no canonical form."""
    found: list[Token] = []
    at = 0
    while at < len(tokens):
        token = tokens[at]
        inner = tokens[at + 1] if token.kind == "(" and at + 2 < len(tokens) and tokens[at + 2].kind == ")" else None
        operator = _NEAR.fullmatch(inner.folded) if inner and inner.kind == "word" and found else None
        after_operand = bool(found) and (found[-1].kind == ")" or found[-1].is_term)
        if operator and after_operand:
            end = tokens[at + 2].end
            if operator["times"]:
                report("frequency_refused", token.start, end, report.replaced(token.start, end, ""),
                       value=report.text[token.start:end])
            elif between_operands(found, tokens[at + 3]):
                found.append(link(_canonical(operator), token, end))
            else:
                report("operand_missing", token.start, end, operator=report.text[token.start:end])
            at += 3
            continue
        slashed = _SLASHED.fullmatch(token.folded) if token.kind == "word" and after_operand else None
        if slashed:
            report("near_read", token.start, token.end, value=token.text)
            found.append(link(f"{slashed[1]}D", token, token.end))
        else:
            found.append(token)
        at += 1
    return found


def _canonical(operator: re.Match[str]) -> str:
    if operator["same"]:
        return operator["same"][0].upper()
    return f"{operator['most'] or 1}{'W' if operator['how'] == 'w' else 'D'}"


def _refused(tokens: list[Token], report: Remarks) -> list[Token]:
    """`TREE@"…"` and `OPT (…)` are errors; what stands in them is read on for its own."""
    found: list[Token] = []
    for place, token in enumerate(tokens):
        if token.kind == "word" and token.folded.startswith("tree@"):
            report("tree_refused", token.start, token.end)
            if token.folded != "tree@":
                found.append(token)
        elif token.kind == "word" and token.folded == "opt" and tokens[place + 1].kind == "(":
            report("optional_refused", token.start, token.end)
            if between_operands(found, tokens[place + 1]):
                found.append(word("AND", token.start))
        else:
            found.append(token)
    return found


DIALECT = Dialect(
    "incopat", Syntax("incopat", single_quotes=True, alone="[]"), {"*": ANY, "$": ANY, "?": ONE},
    passes=(_several, _refused, _near),
)
