"""From text to tokens: terms, quoted terms, parentheses, signs; comments and blanks are left out.

The text is folded first, so full-width signs and typographic quotes are those they look like. Every token keeps
its place in the text as sent, and whether a blank stands before it, because a blank is an operator.
"""

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Any, Literal

from index.fields import bracketed_names
from index.query.tree import Node
from index.text import fold
from index.text.fold import ZERO_WIDTH
from index.text.units import is_word

Kind = Literal["word", "quoted", "(", ")", ",", ":", "sign", "leaf", "end"]

OPERATORS = {"and": "AND", "or": "OR", "not": "NOT", "xor": "XOR"}
_NO_TERM = ("", *OPERATORS)
PROXIMITY = re.compile(r"[0-9]*[WD]|[SP]")
ORDINARY = re.compile("[\u3400-\u9fff]+")       # a term that is the same in every dialect; each character is a unit
SIGNS = (">=", "<=", "==", "=", ">", "<")
_WORD = re.compile(r'[^\s"(),:=<>]+')
_PLAIN = re.compile(r'\s*+([^\s"(),:=<>#/]++)(?![(#/])')     # a word that no comment and no bracketed name touches
_BLANKS = re.compile(r"\s+")
_GLUED = re.compile(
    r"(?P<head>.*[^a-z0-9])(?P<op>and|or|not|xor)(?P<tail>[^a-z0-9].*)?|(?P<op2>and|or|not|xor)(?P<tail2>[^a-z0-9].*)",
    re.DOTALL)
_MAY_BE_GLUED = re.compile("and|or|not")
_FIELD_FOLLOWS = re.compile(r"\s*[=<>,]")
_BLANK = re.compile(r"\s")
_FULL = re.compile("[\uff01-\uff5e]")

Report = Callable[..., None]


@dataclass(slots=True, eq=False)
class Token:
    """`text` is what was written, in half width (a quoted term without quotes and escapes); `folded` is it folded.

    Never changed once it is made. It is not frozen, because a long text has thousands, which would take three times as
    long to make.
    """

    kind: Kind
    text: str
    folded: str
    start: int
    end: int
    blank: bool             # white space or a comment stands before it
    node: Node | None = None        # of kind `leaf`, which only the dialects make: the tree that stands here

    @property
    def operator(self) -> str | None:
        """AND, OR, NOT or XOR for a word that is one."""
        return OPERATORS.get(self.folded) if self.kind == "word" else None

    @property
    def is_term(self) -> bool:
        return self.kind == "quoted" or (self.kind == "word" and self.folded != "" and self.folded not in OPERATORS)

    def replaced(self, **changes: Any) -> "Token":
        """The token with some parts changed."""
        return replace(self, **changes)


class Lexer:
    """Cuts one text; reports `quote_unclosed`, `comment_unclosed` and `comment_in_term` through `report`."""

    def __init__(self, text: str, report: Report) -> None:
        self._text = text
        self._report = report
        self._origin: list[int] | range = range(len(text))
        if ZERO_WIDTH.search(text):
            self._origin = [at for at, char in enumerate(text) if not ZERO_WIDTH.match(char)]
        self._folded = fold(text)
        self._written = half_width(text)

    def tokens(self) -> list[Token]:
        """All tokens, the last one of kind `end`."""
        return list(self._walk())

    def _walk(self) -> Iterator[Token]:
        folded, at, blank = self._folded, 0, True
        while at < len(folded):
            plain = _PLAIN.match(folded, at)
            if plain:
                start, end = plain.span(1)
                yield self._made("word", start, end, blank or start > at)[0]
                at, blank = end, False
                continue
            blanks = _BLANKS.match(folded, at)
            after = blanks.end() if blanks else self._after_comment(at) if folded[at] in "/#" else None
            if after is not None:
                at, blank = after, True
                continue
            token = self._token(at, blank)
            yield token[0]
            at, blank = token[1], False
        length = len(self._text)
        yield Token("end", "", "", length, length, blank)

    def _token(self, at: int, blank: bool) -> tuple[Token, int]:
        char = self._folded[at]
        if char == '"':
            return self._quoted(at, blank)
        if char in "(),:":
            return self._made(char, at, at + 1, blank)
        for sign in SIGNS:
            if self._folded.startswith(sign, at):
                return self._made("sign", at, at + len(sign), blank)
        return self._made("word", at, self._word_end(at), blank)

    def _word_end(self, at: int) -> int:
        """Where the word ends: a field name with parentheses is one; a comment ends a word."""
        for name in bracketed_names():
            if self._folded.startswith(name, at) and _FIELD_FOLLOWS.match(self._folded, at + len(name)):
                return at + len(name)
        found = _WORD.match(self._folded, at)
        end = found.end() if found else at + 1
        opened = self._folded.find("/*", at, end)
        end = opened if opened > at else end
        if end - at > 1 and self._folded[end - 1] == "#" and _BLANK.match(self._folded, end):
            self._report("comment_in_term", *self._place(end - 1, end))
            return end - 1
        return end

    def _after_comment(self, at: int) -> int | None:
        """The place after a comment that starts here; None when none does."""
        folded = self._folded
        if folded.startswith("/*", at):
            closed = folded.find("*/", at + 2)
            if closed < 0:
                self._report("comment_unclosed", *self._place(at, at + 2))
                return len(folded)
            return closed + 2
        if folded[at] == "#" and (at == 0 or folded[at - 1] == "\n" or _BLANK.match(folded, at + 1)):
            end = folded.find("\n", at)
            return len(folded) if end < 0 else end
        return None

    def _quoted(self, at: int, blank: bool) -> tuple[Token, int]:
        folded = self._folded
        closed = folded.find('"', at + 1)
        if closed >= 0 and folded.find("\\", at + 1, closed) < 0:
            return Token("quoted", self._written[at + 1:closed], folded[at + 1:closed],
                         *self._place(at, closed + 1), blank), closed + 1
        end, kept = at + 1, []
        while end < len(folded) and folded[end] != '"':
            if folded[end] == "\\" and folded[end + 1:end + 2] in ('"', "\\"):
                end += 1
            kept.append(end)
            end += 1
        start, stop = self._place(at, min(end + 1, len(folded)))
        if end == len(folded):
            self._report("quote_unclosed", start, start + 1, self._text + '"')
        written = "".join([self._written[place] for place in kept])
        return Token("quoted", written, "".join([folded[place] for place in kept]), start, stop, blank), end + 1

    def _made(self, kind: Any, at: int, end: int, blank: bool) -> tuple[Token, int]:
        return Token(kind, self._written[at:end], self._folded[at:end], *self._place(at, end), blank), end

    def _place(self, at: int, end: int) -> tuple[int, int]:
        return self._origin[at], self._origin[end - 1] + 1


def half_width(text: str) -> str:
    """The text with full-width letters and signs in half width, without characters that take no room."""
    return _FULL.sub(lambda found: chr(ord(found[0]) - 0xFEE0), ZERO_WIDTH.sub("", text))


def end_of_list(tokens: Sequence[Token], at: int) -> int | None:
    """Where `( term OR term … )` that begins at a token ends; None for any other parenthesis."""
    while True:
        term = tokens[at + 1]
        if term.kind != "quoted" and (term.kind != "word" or term.folded in _NO_TERM):
            return None
        at += 2
        following = tokens[at]
        if following.folded != "or" or following.kind != "word":
            return at if following.kind == ")" else None


def glued_operator(folded: str) -> tuple[int, int] | None:
    """Where `and`, `or`, `not` or `xor` stands in a term with nothing but Chinese beside it: `精密or`, `甲or乙`."""
    found = _MAY_BE_GLUED.search(folded) and _GLUED.fullmatch(folded)
    if not found:
        return None
    start, end = found.span("op" if found["op"] else "op2")
    beside = folded[max(start - 1, 0):start] + folded[end:end + 1]
    return (start, end) if all(char.isalpha() and not is_word(char) for char in beside) else None
