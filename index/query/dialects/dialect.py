"""A dialect as data: how it is cut, its signs, what a missing operator means, and the passes that are its own.

A text runs through `lexing`, the passes of the dialect (which turn its own shapes into canonical ones), `rewriter`
(fields, values, missing operators), and then the parser of the canonical dialect.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from index.query.dialects.lexing import Syntax
from index.query.lexer import Token
from index.query.remarks import Remarks
from index.query.tree import Gap

ANY, ONE, MAYBE = Gap(0, None), Gap(1, 1), Gap(0, 1)

Pass = Callable[[list[Token], Remarks], list[Token]]


@dataclass(frozen=True)
class Dialect:
    """`missing`: the operator that a blank stands for, said by the remark `missing_code` (each time, or once).

    `gaps`: truncation signs. `guessed`: those of them that the sources do not document, read with a hint.
    `appended`: unquoted values go on after their last letter or digit. `links`: `nW nD S P` are operators.
    `one_operator`: AND, OR and NOT may not meet on one level.
    """

    name: str
    syntax: Syntax
    gaps: Mapping[str, Gap]
    guessed: str = ""
    passes: tuple[Pass, ...] = ()
    missing: str = "AND"
    missing_code: str | None = None
    missing_each: bool = True
    appended: bool = False
    prefixed: bool = False          # so do unquoted class symbols and numbers
    parts_glued: bool = False       # an operator glued to a Chinese term is parted from it
    quoted_gaps: str = ""       # the signs that also stand inside single quotes
    links: bool = False
    one_operator: bool = False
    bare_classes: bool = False      # a class symbol without a field is looked for among the classes too
    bare_numbers: bool = False      # so is a number
    history: bool = False           # whole numbers without a field are steps of a history
    comma: str | None = None        # what a comma between values means


def word(text: str, at: int, end: int | None = None) -> Token:
    """A word that is not in the text as sent, at a place in it."""
    return Token("word", text, text.lower(), at, at if end is None else end, True)


def sign(text: str, at: int) -> Token:
    return Token("sign", text, text, at, at, False)


def link(text: str, token: Token, end: int) -> Token:
    """A proximity operator in canonical writing; without a folded form, so that no field or term is meant."""
    return Token("word", text, "", token.start, end, True)


def between_operands(before: Sequence[Token], after: Token) -> bool:
    """Whether an operand ends before and another begins with `after`, so that an operator may stand between them."""
    last = before[-1] if before else None
    return last is not None and (last.kind == ")" or last.is_term) and (after.kind == "(" or after.is_term)
