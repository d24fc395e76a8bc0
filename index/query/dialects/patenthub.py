"""PatentHub (专利汇): `field:value`, `field:"…"`, `field:(…)`, `ad:[a TO b]`; a blank is AND.

`*` and `?` are not documented there; they are read as in Lucene, with a hint.
"""

from index.query.dialects.dialect import ANY, ONE, Dialect
from index.query.dialects.lexing import Syntax
from index.query.lexer import Token
from index.query.remarks import Remarks


def _colons(tokens: list[Token], report: Remarks) -> list[Token]:
    """A colon right behind a word is the sign of a clause."""
    return [
        Token("sign", "=", "=", token.start, token.end, False)
        if token.kind == ":" and place and tokens[place - 1].kind == "word" and not token.blank else token
        for place, token in enumerate(tokens)
    ]


DIALECT = Dialect(
    "patenthub", Syntax("patenthub", alone="[]"), {"*": ANY, "?": ONE}, guessed="*?", passes=(_colons,),
)
