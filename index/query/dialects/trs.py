"""TRS: 国家重点产业专利信息服务平台 (chinaip), CNIPR and the provinces' platforms made from the same code.

`字段=值` and `值/字段`; `%` any run, `?` one character; an unquoted word goes on (`%` is appended there too);
`'…'` is as written. AND stands before OR. ` * ` ` + ` ` - ` between blanks are and, or, not.
"""

import re

from index.query.dialects.dialect import ANY, ONE, Dialect, between_operands, link, word
from index.query.dialects.lexing import Syntax
from index.query.dialects.suffixes import fronted
from index.query.lexer import Token
from index.query.remarks import Remarks

_SIGNS = {"*": "AND", "+": "OR", "-": "NOT"}
_WORDS = re.compile(r"(?P<op>and|or|not|pre|adj|equ)(?:/(?P<within>sen|seg|\d+)|\#(?P<hash>\d*))|adj|xor\#(?P<xor>)")


def _operators(tokens: list[Token], report: Remarks) -> list[Token]:
    """` - ` ` + ` ` * `, `adj`, `pre/10`, `and/sen`, `and/seg`; what has no canonical form is an error."""
    found: list[Token] = []
    for place, token in enumerate(tokens):
        folded = token.folded
        if (token.kind == "word" and (folded in _SIGNS or folded == "adj" or "/" in folded or "#" in folded)
                and between_operands(found, tokens[place + 1])):
            if folded in _SIGNS and token.blank and tokens[place + 1].blank:
                token = word(_SIGNS[token.folded], token.start, token.end)
            else:
                token = _worded(token, report)
        found.append(token)
    return found


def _worded(token: Token, report: Remarks) -> Token:
    found = _WORDS.fullmatch(token.folded)
    if found is None:
        return token
    operator, within = found["op"], found["within"]
    if token.folded == "adj":
        report("adj_read", token.start, token.end)
        return link("D", token, token.end)
    if operator == "and" and within in ("sen", "seg"):
        return link("S" if within == "sen" else "P", token, token.end)
    if operator == "pre" and within and within.isdecimal():
        return link(f"{within}W", token, token.end)
    report("operator_refused", token.start, token.end, operator=token.text)
    return word("AND", token.start, token.end)


DIALECT = Dialect(
    "trs", Syntax("trs", single_quotes=True, inside=":", alone="[]"), {"%": ANY, "?": ONE, "*": ANY, "+": ANY},
    guessed="*+", passes=(_operators, fronted("trs")), missing="OR", missing_code="operator_missing",
    appended=True, parts_glued=True, quoted_gaps="%", comma="OR",
)
