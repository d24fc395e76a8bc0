"""From text to tokens in a dialect: the tokens of the canonical dialect, cut by one regular expression per dialect.

Comments (a `#` at the start of a line or between blanks) and remnants of HTML are white space.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

from index.fields import bracketed_names
from index.query.dialects.names import bracketed
from index.query.lexer import Kind, Token, half_width
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
    def kinds(self) -> dict[str, Kind]:
        """The kind of the tokens that begin with a character; all others are words."""
        marks: tuple[Kind, ...] = ("(", ")", ",", ":")
        kinds: dict[str, Kind] = {mark: mark for mark in marks if mark in self.marks}
        return kinds | dict.fromkeys("<>=", "sign") | dict.fromkeys(self.quotes, "quoted")


def tokens(text: str, syntax: Syntax, report: Remarks) -> list[Token]:
    """All tokens, the last of kind `end`. Reports `quote_unclosed`, `comment_unclosed` and `markup_removed`."""
    folded = fold(text)
    written = half_width(text)
    origin: Sequence[int] = range(len(text))
    if len(folded) < len(text):
        origin = [at for at, char in enumerate(text) if not ZERO_WIDTH.match(char)]
    found: list[Token] = []
    kind_of = syntax.kinds.get
    at, blank = 0, True
    for blanks, left_out, piece in syntax.pattern.findall(folded):
        if blanks:
            at += len(blanks)
            blank = True
        start, at = at, at + len(piece or left_out)
        if piece:
            kind = kind_of(piece[0], "word")
            shown = written[start:at] if kind == "word" or kind == "quoted" else piece
            if kind == "quoted":
                closed = len(piece) > 1 and piece[-1] == piece[0]
                if not closed:
                    report("quote_unclosed", origin[start], origin[start] + 1, text + piece[0])
                shown, piece = _inside(shown, closed), _inside(piece, closed)
            found.append(Token(kind, shown, piece, start, at, blank))
            blank = False
        elif left_out:
            _remark(left_out, origin[start], origin[at - 1] + 1, report)
            blank = True
    if len(folded) < len(text):
        found = [one.replaced(start=origin[one.start], end=origin[one.end - 1] + 1) for one in found]
    found.append(Token("end", "", "", len(text), len(text), blank))
    return found


def _inside(piece: str, closed: bool) -> str:
    """What a quoted piece says."""
    said = piece[1:len(piece) - closed]
    return _ESCAPED.sub(r"\1", said) if piece[0] == '"' and "\\" in said else said


def _remark(left_out: str, start: int, end: int, report: Remarks) -> None:
    """What is to be said of markup and of a comment without an end."""
    if left_out[0] == "<":
        report("markup_removed", start, end, report.replaced(start, end, ""), value=report.text[start:end])
    elif left_out[0] == "/" and (len(left_out) < 4 or not left_out.endswith("*/")):
        report("comment_unclosed", start, end)
