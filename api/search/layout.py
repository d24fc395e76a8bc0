"""A canonical expression in readable lines: each operand of a level on its own line, short terms filled up to a width.

Only blanks between tokens become line breaks, so the lines mean what the one line meant.
"""

import re

WIDTH = 96      # characters of a line; Chinese ones count twice
SHORT = 24      # of a term that shares its line with others
INDENT = "  "

_TOKENS = re.compile(r'"(?:[^"\\]|\\.)*"|[()]|[^\s"()]+|\s+')
_OPERATORS = frozenset(("AND", "OR", "XOR", "NOT"))


def lines(text: str, width: int = WIDTH) -> str:
    """The expression with line breaks and indents; one that fits in a line stays in it."""
    return "\n".join(_laid(text, "", width))


def _laid(text: str, indent: str, width: int) -> list[str]:
    if wide(indent) + wide(text) <= width:
        return [indent + text]
    parts = _operands(text)
    if len(parts) > 1 and all(wide(part) <= SHORT for part in parts):
        return _filled(parts, indent, width)
    if len(parts) > 1:
        return [line for part in parts for line in _laid(part, indent, width)]
    opening = _group(text)
    if opening is None:
        return [indent + text]
    return [indent + text[:opening + 1], *_laid(text[opening + 1:-1], indent + INDENT, width), f"{indent})"]


def wide(text: str) -> int:
    """The width of a text in columns: what is not Latin takes two."""
    return sum(2 if character > "\u2e7f" else 1 for character in text)


def _filled(parts: list[str], indent: str, width: int) -> list[str]:
    rows = [indent + parts[0]]
    used = wide(rows[0])
    for part in parts[1:]:
        if used + 1 + wide(part) > width:
            rows.append(indent + part)
            used = wide(rows[-1])
        else:
            rows[-1] += f" {part}"
            used += 1 + wide(part)
    return rows


def _operands(text: str) -> list[str]:
    """The operands of the outermost level, each but the first with its operator before it."""
    cuts, depth, after_operator = [0], 0, False
    for token in _TOKENS.finditer(text):
        found = token[0]
        depth += (found == "(") - (found == ")")
        if depth == 0 and found in _OPERATORS and token.start() and not after_operator:
            cuts.append(token.start())
        if not found.isspace():
            after_operator = found in _OPERATORS
    return [text[start:end].strip() for start, end in zip(cuts, [*cuts[1:], len(text)], strict=True)]


def _group(text: str) -> int | None:
    """Where the parenthesis opens that closes at the end of a text, when nothing else stands beside it."""
    depth, opening = 0, None
    for token in _TOKENS.finditer(text):
        if token[0] == "(":
            opening = token.start() if opening is None else opening
            depth += 1
        elif token[0] == ")":
            depth -= 1
            if depth == 0 and token.end() < len(text):
                return None
    return opening if depth == 0 and text.endswith(")") else None
