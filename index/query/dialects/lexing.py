"""From text to tokens in a dialect: the tokens of the canonical dialect, cut by one regular expression per dialect.

Comments (a `#` at the start of a line or between blanks) and remnants of HTML are white space.
"""

import re
from dataclasses import dataclass
from functools import cached_property

from index.fields import bracketed_names
from index.query.dialects.names import bracketed
from index.query.lexer import Token, half_width, made
from index.query.remarks import Remarks
from index.text import fold
from index.text.fold import ZERO_WIDTH

_MARKUP = r"<\s*/?\s*(?:span|font|br|p|div|sub|sup|em|strong|td|tr|table|b|i|u|a)\b[^<>]*>"
_ESCAPED = re.compile(r'\\(["\\])')


@dataclass(frozen=True)
class Syntax:
    """How a dialect is cut. `alone`: signs that are words of their own, beside `( ) , :` and those of comparison;
    `inside`: which of `,` and `:` are ordinary characters."""

    dialect: str
    single_quotes: bool = False
    block_comments: bool = False
    alone: str = ""
    inside: str = ""

    @cached_property
    def marks(self) -> str:
        return "".join(mark for mark in "(),:" if mark not in self.inside)

    @cached_property
    def quotes(self) -> str:
        return "\"'" if self.single_quotes else '"'

    @cached_property
    def pattern(self) -> re.Pattern[str]:
        """Matches all of a text piece by piece, in three groups: blanks, what is left out, a token."""
        names = "|".join(map(re.escape, bracketed(self.dialect) + bracketed_names()))
        left_out = (
            r"(?<![^\n])\#[^\n]*|(?<!\S)\#(?=\s)[^\n]*",
            r"/\*.*?(?:\*/|\Z)" if self.block_comments else "",
            _MARKUP,
        )
        kept = (
            r"[a-z0-9\u3400-\u9fff]++(?=\s)",       # most words: for them the others need not be tried
            r'"(?:[^"\\]|\\.)*+"?',
            r"'[^']*'?" if self.single_quotes else "",
            rf"(?:{names})(?=\s*\+?[=<>,])",
            r"[<>=]=|[<>=]",
            f"[{re.escape(self.marks)}]",
            rf"[^\s<>={re.escape(self.quotes + self.marks + self.alone)}]+(?:'s(?![a-z0-9]))?",
            r".|\Z",
        )
        groups = ["|".join(one for one in alternatives if one) for alternatives in (left_out, kept)]
        return re.compile(r"(\s*+)(?:({})|({}))".format(*groups), re.DOTALL)

    @cached_property
    def kinds(self) -> dict[str, str]:
        """The kind of the tokens that begin with a character; all others are words."""
        return {mark: mark for mark in self.marks} | dict.fromkeys("<>=", "sign") | dict.fromkeys(self.quotes, "quoted")


def tokens(text: str, syntax: Syntax, report: Remarks) -> list[Token]:
    """All tokens, the last of kind `end`. Reports `quote_unclosed`, `comment_unclosed` and `markup_removed`."""
    folded = fold(text)
    written = half_width(text)
    origin = [at for at, char in enumerate(text) if not ZERO_WIDTH.match(char)] if len(folded) < len(text) else None
    found: list[Token] = []
    kind_of = syntax.kinds.get
    at, blank = 0, True
    for blanks, left_out, piece in syntax.pattern.findall(folded):
        if blanks:
            at += len(blanks)
            blank = True
        start, at = at, at + len(piece or left_out)
        if at == start:
            break
        begin, stop = (origin[start], origin[at - 1] + 1) if origin else (start, at)
        if left_out:
            if left_out[0] == "<":
                report("markup_removed", begin, stop, report.replaced(begin, stop, ""), value=text[begin:stop])
            elif left_out[0] == "/" and (len(left_out) < 4 or not left_out.endswith("*/")):
                report("comment_unclosed", begin, stop)
            blank = True
            continue
        kind = kind_of(piece[0], "word")
        pieces = written[start:at], piece
        if kind == "quoted":
            closed = len(piece) > 1 and piece[-1] == piece[0]
            if not closed:
                report("quote_unclosed", begin, begin + 1, text + piece[0])
            inside = slice(1, len(piece) - closed)
            pieces = pieces[0][inside], piece[inside]
            if piece[0] == '"':
                pieces = _ESCAPED.sub(r"\1", pieces[0]), _ESCAPED.sub(r"\1", pieces[1])
        elif kind != "word":
            pieces = piece, piece
        found.append(made((kind, *pieces, begin, stop, blank, None)))
        blank = False
    found.append(Token("end", "", "", len(text), len(text), blank))
    return found
