"""Files that hold many expressions: one after another, parted by blank lines or lines of comment."""

import re
from dataclasses import dataclass

_COMMENT = re.compile(r"\s*#")
_GOES_ON = re.compile(r"\s*(?:and|or|not|xor|[)*+=-])(?![0-9A-Za-z_])", re.IGNORECASE)
_QUOTED = re.compile(r'"(?:[^"\\]|\\.)*"')


@dataclass(frozen=True, slots=True)
class Expression:
    """One expression with its place in the file and the comment right before it, without its `#`."""

    text: str
    start: int
    end: int
    comment: str = ""


def expressions(text: str) -> list[Expression]:
    """The expressions of a file in order. A blank line or a comment parts two of them, unless a parenthesis is open
    or the next line begins with an operator."""
    found: list[Expression] = []
    start = end = depth = 0
    parted, comment, said = True, [], ""        # type: bool, list[str], str
    at = 0
    for line in text.splitlines(keepends=True):
        begin, at = at, at + len(line)
        if not line.strip() or _COMMENT.match(line):
            if depth <= 0:
                comment = comment if line.strip() and parted else []
                comment += [line.strip().lstrip("#").strip()] if line.strip() else []
                parted = True
            continue
        if parted and depth <= 0 and not (end and _GOES_ON.match(line)):
            if end > start:
                found.append(_expression(text, start, end, said))
            start, depth, said = begin, 0, "\n".join(comment)
        parted, comment = False, []
        end = at
        bare = _QUOTED.sub("", line)
        depth += bare.count("(") + bare.count("（") - bare.count(")") - bare.count("）")
    if end > start:
        found.append(_expression(text, start, end, said))
    return found


def _expression(text: str, start: int, end: int, comment: str) -> Expression:
    piece = text[start:end]
    start += len(piece) - len(piece.lstrip())
    return Expression(piece.strip(), start, start + len(piece.strip()), comment)
