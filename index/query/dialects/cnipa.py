"""CNIPA 专利检索及分析 (pss-system): the entrance by fields and the first line of the command entrance.

A blank is OR; AND, OR and NOT may not meet on one level; `+ ? #` and `nW nD W D S P` are those of the canonical
dialect. `VDB:…` is what the system compiles an expression to; it is read too.
"""

import re
from dataclasses import replace

from index.query.dialects.dialect import ANY, MAYBE, ONE, Dialect, between_operands, word
from index.query.dialects.lexing import Syntax
from index.query.lexer import Token
from index.query.remarks import Remarks
from index.query.tree import Everything

_COMMANDS = frozenset(("es", "xd", "qxxd", "sq", "qxsq", "tz", "ls", "sls", "zd", "bz", "pz", "pcl"))
_REFUSED = frozenset(("F", "NOTF", "NOTP"))
_COMPILED = re.compile(r"\s*vdb\s*:", re.IGNORECASE)


def _commands(tokens: list[Token], report: Remarks) -> list[Token]:
    """`SS` before an expression is left out; any other command is no search and refused with all that follows."""
    first, second = tokens[0], tokens[min(1, len(tokens) - 1)]
    if first.kind != "word" or second.kind == "end" or not (second.blank or second.kind == "sign"):
        return tokens
    if first.folded == "ss" and second.kind != "sign":
        report("command_left_out", first.start, first.end, report.replaced(first.start, second.start, ""),
               name=first.text)
        return tokens[1:]
    if first.folded in _COMMANDS and (second.blank or first.folded == "sq"):
        report("command_refused", first.start, first.end, name=first.text.upper())
        return [first.replaced(kind="leaf", node=Everything()), tokens[-1]]
    return tokens


def _operators(tokens: list[Token], report: Remarks) -> list[Token]:
    """`F NOTF NOTP` between two operands have no canonical form."""
    found: list[Token] = []
    for place, token in enumerate(tokens):
        if (token.kind == "word" and token.text in _REFUSED and token.blank
                and between_operands(found, tokens[place + 1])):
            report("operator_refused", token.start, token.end, operator=token.text)
            token = word("AND", token.start, token.end)
        found.append(token)
    return found


def _prefix(tokens: list[Token], report: Remarks) -> list[Token]:
    report("compiled_read", tokens[0].start, tokens[1].end)
    return tokens[2:]


def is_compiled(text: str) -> bool:
    """Whether a text is the system's compiled form."""
    return _COMPILED.match(text) is not None


DIALECT = Dialect(
    "cnipa", Syntax("cnipa", block_comments=True), {"+": ANY, "?": MAYBE, "#": ONE},
    passes=(_commands, _operators), missing="OR", missing_code="blank_read_or", missing_each=False, links=True,
    one_operator=True, bare_classes=True, bare_numbers=True, history=True,
)

COMPILED = replace(DIALECT, syntax=Syntax("cnipa", single_quotes=True), passes=(_prefix,))
