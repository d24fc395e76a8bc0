"""CPRS: 专利之星 and the provinces' platforms of 中国专利信息中心.

`(汽车/TI)*(2009/AD)` behind `F XX`; `*` and, `+` or, `-` not, glued or not; `$` `%` `#` any run, `?` none or one;
`<ADJ5>` in order, `<NEAR5>` in any order.
"""

import re

from index.query.dialects.dialect import ANY, MAYBE, Dialect, between_operands, link, sign, word
from index.query.dialects.lexing import Syntax
from index.query.dialects.names import known
from index.query.dialects.suffixes import fronted
from index.query.lexer import Token
from index.query.remarks import Remarks

_SIGNS = {"*": "AND", "+": "OR", "-": "NOT"}
_NEAR = re.compile(r"(adj|near)([0-9]*)")
_ASCII = re.compile(r"[!-~]")
_LONGEST_CODE = 7
_DASH = re.compile("-")
_CODE = re.compile(r"/([a-z\u4e00-\u9fff]{1,6})\Z")
_LOGIC = ("xx", "yy")


def _command(tokens: list[Token], report: Remarks) -> list[Token]:
    """`F XX …` is the expression behind it, `F TI …` one in that field."""
    if len(tokens) < 3 or tokens[0].folded != "f" or tokens[1].kind != "word" or not tokens[1].blank:
        return tokens
    code, rest = tokens[1], tokens[2:]
    if code.folded in _LOGIC:
        return rest
    if not known("cprs", code.folded) or rest[0].kind == "sign" or len(rest) < 2:
        return tokens
    start, end = rest[0].start, rest[-2].end
    return [code, sign("=", code.end), Token("(", "(", "(", start, start, True), *rest[:-1],
            Token(")", ")", ")", end - 1, end, False), rest[-1]]


def _near(tokens: list[Token], report: Remarks) -> list[Token]:
    """`<ADJ5>` and `<NEAR5>`, three tokens each."""
    found: list[Token] = []
    at = 0
    while at < len(tokens):
        token = tokens[at]
        inner = _NEAR.fullmatch(tokens[at + 1].folded) if token.text == "<" and at + 3 < len(tokens) else None
        if inner and token.kind == "sign" and tokens[at + 2].text == ">" and between_operands(found, tokens[at + 3]):
            most = int(inner[2] or 0)
            found.append(link(f"{most}{'W' if inner[1] == 'adj' else 'D'}", token, tokens[at + 2].end))
            at += 3
            continue
        found.append(token)
        at += 1
    return found


def _operators(tokens: list[Token], report: Remarks) -> list[Token]:
    """`*` and `+` are words of their own; a `-` is a hyphen beside letters and digits, else NOT."""
    found: list[Token] = []
    for token, following in zip(tokens, [*tokens[1:], tokens[-1]], strict=True):
        if token.kind != "word":
            found.append(token)
        elif token.text in _SIGNS:
            found.append(word(_SIGNS[token.text], token.start, token.end))
        else:
            last = following.kind == "(" or (following.is_term and following.text not in _SIGNS)
            found += _parted(token, found, last, report)
    return found


def _parted(token: Token, before: list[Token], followed: bool, report: Remarks) -> list[Token]:
    """A word cut at every `-` that is NOT: behind an operand, behind a field code, between Chinese characters, and
    at its end where an operand follows."""
    found: list[Token] = []
    start, text = 0, token.folded
    for place in (match.start() for match in _DASH.finditer(text)):
        code = _CODE.search(text, max(start, place - _LONGEST_CODE), place)
        named = code is not None and known("cprs", code[1])
        beside = text[place - 1:place] + text[place + 1:place + 2]
        first = place == 0 and bool(before) and not token.blank
        last = place == len(text) - 1
        if last and not followed:
            break
        if not (named or first or last or (place > start and len(beside) == 2 and not _ASCII.search(beside))):
            continue
        if place > start:
            if not named:
                report("dash_not_read", token.start, token.end, value=token.text)
            found.append(_piece(token, start, place))
        found.append(word("NOT", token.start + place, token.start + place + 1))
        start = place + 1
    rest = [_piece(token, start, len(text))] if start < len(text) else []
    return [*found, *rest] if start else [token]


def _piece(token: Token, start: int, end: int) -> Token:
    return token.replaced(text=token.text[start:end], folded=token.folded[start:end], start=token.start + start,
                          end=min(token.start + end, token.end))


DIALECT = Dialect(
    "cprs", Syntax("cprs", alone="*+"), {"$": ANY, "%": ANY, "#": ANY, "?": MAYBE},
    passes=(_command, _near, _operators, fronted("cprs")), missing_code="blank_read_and", missing_each=False,
    prefixed=True,
)
