"""The search form (表格检索) as an expression: rows of fields and values, ranges of dates, chosen values.

Rows are taken from the top down, each joined to all before it; the other fields narrow what the rows find.
Only what the form means is written: parentheses and quotes of a value stay characters of it.
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from index.fields import BY_API, FIELDS, Field
from index.query.lexer import OPERATORS
from index.query.values import VALUES
from index.text import fold
from web.clauses import term

JOINS = ("AND", "OR", "NOT")
MATCHES = ("all", "any", "phrase", "whole")
ROW_FIELDS = tuple(one for one in FIELDS if one.kind not in ("dates", "collection") and one.api not in VALUES)
DATE_FIELDS = tuple(one for one in FIELDS if one.kind == "dates")
CHOICES: dict[str, tuple[str, ...]] = {
    api: tuple(dict.fromkeys(next(name for name, meant in names.items() if meant == value) for value in names.values()))
    for api, names in VALUES.items()}
"""The values of the fields that have a few, by their canonical names."""

_TEXT = ("units", "composite")
_TRUNCATED = re.compile(r'[^\s"(),:=<>\\]+')
_CODED = re.compile(r"[\w.:+*/\-]+")
_BETWEEN = re.compile(r"[\s,，;；、]+")


@dataclass(frozen=True, slots=True)
class Row:
    join: str
    field: str          # API name
    match: str
    value: str


def expression(rows: Sequence[Row], dates: Mapping[str, tuple[str, str]], chosen: Mapping[str, Sequence[str]]) -> str:
    """The expression of a form; blank for an empty one. Names that it does not know are left to the caller."""
    found = ""
    for row in rows:
        clause = of_row(BY_API[row.field], row.match, row.value.strip())
        if not clause:
            continue
        first = f"NOT {clause}" if row.join == "NOT" else clause
        found = f"({found}) {row.join} {clause}" if found else first
    parts = [f"({found})"] if found else []
    for api, (since, until) in dates.items():
        if since.strip() or until.strip():
            parts.append(f"{BY_API[api].name}={coded(since.strip())}:{coded(until.strip())}")
    for api, values in chosen.items():
        if values:
            parts.append(f"{BY_API[api].name}=({' OR '.join(map(term, values))})")
    return " AND ".join(parts)


def of_row(field: Field, match: str, value: str) -> str:
    """The clause of one row; blank without a value. Several numbers, classes or regions always mean any of them."""
    if field.kind not in _TEXT:
        values = [coded(one) for one in _BETWEEN.split(value) if one]
        return f"{field.name}=({' OR '.join(values)})" if values else ""
    if not value:
        return ""
    if match in ("phrase", "whole") or (len(value) > 1 and value[0] == value[-1] == '"'):
        text = value[1:-1] if len(value) > 1 and value[0] == value[-1] == '"' else value
        return f"{field.name}{'==' if match == 'whole' else '='}{term(text)}"
    join = " OR " if match == "any" else " AND "
    return f"{field.name}=({join.join(map(word, value.split()))})"


def word(text: str) -> str:
    """A word of a row: truncation signs keep their meaning, anything else that the language uses is quoted."""
    if _TRUNCATED.fullmatch(text) and fold(text) not in OPERATORS and "/*" not in text and text[0] != "'":
        return f"({text})" if "#" in (text[0], text[-1]) else text
    return term(text)


def coded(text: str) -> str:
    """A number, class, code or date as it is written; quoted where it holds anything else."""
    return text if not text or _CODED.fullmatch(text) else term(text)
