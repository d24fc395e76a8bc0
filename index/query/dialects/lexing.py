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
    def pattern(self) -> re.Pattern[str]:
        marks = "".join(mark for mark in "(),:" if mark not in self.inside)
        ends = re.escape(marks + self.alone) + '"=<>' + ("'" if self.single_quotes else "")
        names = "|".join(map(re.escape, bracketed(self.dialect) + bracketed_names()))
        kinds = {
            "comment": r"(?<![^\n])\#[^\n]*|(?<!\S)\#(?=\s)[^\n]*",
            "block": r"/\*.*?(?:\*/|\Z)" if self.block_comments else "",
            "markup": _MARKUP,
            "quoted": r'"(?:[^"\\]|\\.)*+"?',
            "single": r"'[^']*'?" if self.single_quotes else "",
            "name": rf"(?:{names})(?=\s*\+?[=<>,])",
            "sign": r"[<>=]=|[<>=]",
            "mark": f"[{re.escape(marks)}]",
            "word": rf"[^\s{ends}]+(?:'s(?![a-z0-9]))?" + (f"|[{re.escape(self.alone)}]" if self.alone else ""),
            "other": ".",
        }
        tokens = "|".join(f"(?P<{kind}>{one})" for kind, one in kinds.items() if one)
        return re.compile(rf"\s*+(?:{tokens})", re.DOTALL)


def tokens(text: str, syntax: Syntax, report: Remarks) -> list[Token]:
    """All tokens, the last of kind `end`. Reports `quote_unclosed`, `comment_unclosed` and `markup_removed`."""
    folded = fold(text)
    written = half_width(text)
    origin = [at for at, char in enumerate(text) if not ZERO_WIDTH.match(char)] if len(folded) < len(text) else None
    found: list[Token] = []
    blank = True
    before = 0
    for match in syntax.pattern.finditer(folded):
        kind = match.lastgroup
        start, end = match.span(match.lastindex or 0)
        blank = blank or start > before
        before = end
        begin, stop = (origin[start], origin[end - 1] + 1) if origin else (start, end)
        if kind == "word" or kind == "name" or kind == "other":
            found.append(made(("word", written[start:end], folded[start:end], begin, stop, blank, None)))
        elif kind == "mark":
            mark = folded[start]
            found.append(made((mark, mark, mark, begin, stop, blank, None)))
        elif kind == "sign":
            sign = folded[start:end]
            found.append(made(("sign", sign, sign, begin, stop, blank, None)))
        elif kind == "quoted" or kind == "single":
            quote = folded[start]
            closed = end - start > 1 and folded[end - 1] == quote
            if not closed:
                report("quote_unclosed", begin, begin + 1, text + quote)
            inside = slice(start + 1, end - closed)
            pieces = (written[inside], folded[inside])
            if quote == '"':
                pieces = (_ESCAPED.sub(r"\1", pieces[0]), _ESCAPED.sub(r"\1", pieces[1]))
            found.append(made(("quoted", *pieces, begin, stop, blank, None)))
        else:
            if kind == "markup":
                report("markup_removed", begin, stop, report.replaced(begin, stop, ""), value=text[begin:stop])
            elif kind == "block" and (end - start < 4 or not folded.endswith("*/", start, end)):
                report("comment_unclosed", begin, stop)
            blank = True
            continue
        blank = False
    found.append(Token("end", "", "", len(text), len(text), blank or len(folded) > before))
    return found
