"""PatentHub (专利汇): `field:value`, `field:"…"`, `field:(…)`, `ad:[a TO b]`; a blank is AND.

`*` and `?` are not documented there; they are read as in Lucene, with a hint. Other signs of Lucene are refused: as
parts of terms they would find something else.
"""

import re

from index.query.dialects.dialect import ANY, ONE, Dialect
from index.query.dialects.lexing import Syntax
from index.query.dialects.names import context
from index.query.lexer import ORDINARY, Token
from index.query.remarks import Remarks
from index.text import query_words


def _colons(tokens: list[Token], report: Remarks) -> list[Token]:
    """A colon right behind a word is the sign of a clause."""
    return [
        Token("sign", "=", "=", token.start, token.end, False)
        if token.kind == ":" and place and tokens[place - 1].kind == "word" and not token.blank else token
        for place, token in enumerate(tokens)
    ]


_BEFORE = re.compile(r"[-+!](?![0-9])")       # what follows must be, or must not be
_BEHIND = re.compile(r"(?<=.)\^[0-9.]+\Z|(?:\A|(?<=.))~[0-9.]*\Z")       # weight, distance


def _refused(tokens: list[Token], report: Remarks) -> list[Token]:
    """`-x`, `+x`, `!x`, `"x y"~5`, `x^2`: an error for each, and the term without it."""
    found: list[Token] = []
    blank = False       # before a sign that is left out
    for place, token in enumerate(tokens):
        if blank:
            token, blank = token.replaced(blank=True), False
        if token.kind != "word":
            found.append(token)
            continue
        first, last = 0, len(token.text)
        behind = _BEHIND.search(token.folded)
        if behind and (behind.start() or (not token.blank and tokens[place - 1].kind == "quoted")):
            last = behind.start()
            report("operator_refused", token.start + last, token.end, operator=behind[0])
        elif token.blank and _BEFORE.match(token.folded) and (last > 1 or not tokens[place + 1].blank):
            first = 1
            report("operator_refused", token.start, token.start + 1, operator=token.text[0])
        blank = last == first
        if not blank:
            found.append(token.replaced(text=token.text[first:last], folded=token.folded[first:last],
                                        start=token.start + first, end=token.end - len(token.text) + last))
    return found


def _cut(tokens: list[Token], report: Remarks) -> list[Token]:
    """Unquoted terms are cut into words there and stand as they are here: said of the first one that would be cut."""
    textual, following = [True], True       # whether text is searched: on each level, and in what comes next
    for place, token in enumerate(tokens):
        if token.kind == "sign":
            meant = context("patenthub", tokens[place - 1].folded)
            following = meant is None or meant.kind == "text"
            continue
        if token.kind == "(":
            textual.append(following)
        elif token.kind == ")" and len(textual) > 1:
            textual.pop()
        elif token.kind == "word" and following and not token.operator and tokens[place + 1].kind != "sign" and (
                ORDINARY.fullmatch(token.folded) and len(query_words(token.text)) > 1):
            report("words_together", token.start, token.end, None, value=token.text)
            break
        following = textual[-1]
    return tokens


DIALECT = Dialect(
    "patenthub", Syntax("patenthub", alone="[]"), {"*": ANY, "?": ONE}, guessed="*?", passes=(_colons, _refused, _cut),
)
