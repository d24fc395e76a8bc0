"""Fields written behind a value: `(计算机 or 电脑)/ti`, `洗衣机/ti,ab,cl`, `H04N13/02/PIC`, `'阿 以'/ti`.

They are put in front, where the canonical dialect has them. The last `/xx` that is a field of the dialect wins, so
the slash of a class symbol stays in the symbol.
"""

from collections.abc import Callable

from index.query.dialects.dialect import sign
from index.query.dialects.names import known
from index.query.lexer import OPERATORS, Token
from index.query.remarks import Remarks

_NOT_NAMED = ("", *OPERATORS)


def fronted(dialect: str) -> Callable[[list[Token], Remarks], list[Token]]:
    """The pass for a dialect."""

    def run(tokens: list[Token], report: Remarks) -> list[Token]:
        slashed = any("/" in token.folded and token.kind == "word" for token in tokens)
        return _fronted(dialect, tokens) if slashed else tokens

    return run


def _fronted(dialect: str, tokens: list[Token]) -> list[Token]:
    found: list[Token] = []
    opened: list[int] = []
    begins = -1         # where in `found` the operand that ends here begins, -1 where none does
    at = 0
    while at < len(tokens):
        token = tokens[at]
        at += 1
        head, slash, tail = token.folded.rpartition("/") if token.kind == "word" else ("", "", "")
        suffixed = slash and _named(dialect, tail) and (head or (begins >= 0 and not token.blank))
        if not suffixed or (tokens[at].kind == "sign" and not head):
            begins = _operand(token, found, opened, begins)
            found.append(token)
            continue
        start, place = token.start, len(token.text) - len(tail)
        names = [Token("word", token.text[place:], tail, token.end - len(tail), token.end, True)]
        for name in _further(dialect, tokens, at):
            names.append(name)
            at += 2
        end = names[-1].end
        if head:
            begins = len(found)
            found.append(token.replaced(text=token.text[:place - 1], folded=head, end=end))
        else:
            found[-1] = found[-1].replaced(end=end)
            start = found[begins].start
        found[begins:begins] = _clause(names, start, found[begins].blank)
    return found


def _further(dialect: str, tokens: list[Token], at: int) -> list[Token]:
    """The names after a comma; none when a sign follows, because then they begin a clause."""
    names: list[Token] = []
    while tokens[at].kind == "," and tokens[at + 1].kind == "word" and _named(dialect, tokens[at + 1].folded):
        names.append(tokens[at + 1])
        at += 2
    return [] if tokens[at].kind == "sign" else names


def _named(dialect: str, folded: str) -> bool:
    return folded not in _NOT_NAMED and known(dialect, folded)


def _operand(token: Token, found: list[Token], opened: list[int], begins: int) -> int:
    if token.kind == "(":
        opened.append(len(found))
        return -1
    if token.kind == ")":
        return opened.pop() if opened else -1
    return len(found) if token.is_term else -1


def _clause(names: list[Token], start: int, blank: bool) -> list[Token]:
    made: list[Token] = []
    for place, name in enumerate(names):
        if place:
            made.append(Token(",", ",", ",", start, start, False))
        made.append(name.replaced(blank=blank or place > 0))
    return [*made, sign("=", start)]
