"""Facet values as clauses of the canonical language, and clauses back as words: what chips and facets link to.

Only clauses that these pages write are taken apart again; any other filter is shown as it was written.
"""

import re
from collections.abc import Callable, Iterable

from api.names import NAMED, name_of
from index.query.lexer import OPERATORS
from index.query.read import is_expression
from index.text import fold
from ingest.numbers import parse_application
from store.messages import text

FIELDS = {
    "type": "专利类型", "legal_state": "法律状态", "application_year": "申请日", "publication_year": "公开日",
    "applicant": "申请人", "ipc_subclass": "IPC", "region": "地区", "applicant_kind": "申请人类型",
}
"""The canonical field that narrows a search to a value of a facet; `industry:<taxonomy>` is 产业."""

INDUSTRY = "industry:"
EXCLUDING = "NOT "
_NEEDS_QUOTES = re.compile(r'[\s"(),:=<>+?#]')
_QUOTED = re.compile(r'"(?:[^"\\]|\\.)*"', re.DOTALL)
_CLAUSE = re.compile(r"(NOT )?([^=<>\s\"()]+)(==|=)(.+)", re.DOTALL)
_RANGE = re.compile(r"申请日=([^:\"() ]*):([^:\"() ]*)")


def term(value: str) -> str:
    """A value as one term: quoted where it holds a character of the language, or is one of its operators."""
    if not value or _NEEDS_QUOTES.search(value) or fold(value) in OPERATORS:
        return '"' + value.replace("\\", "\\\\").replace('"', '\\"') + '"'
    return value


def clause(field: str, value: str, whole: bool = False) -> str:
    return f"{field}{'==' if whole else '='}{term(value)}"


def of_facet(facet: str, value: str) -> str:
    """The clause that keeps exactly the records counted at this value of a facet."""
    if facet.startswith(INDUSTRY):
        return clause("产业", f"{facet.removeprefix(INDUSTRY)}/{value}")
    if facet in NAMED:
        return clause(FIELDS[facet], name_of(facet, value, "zh"))
    return clause(FIELDS[facet], value, whole=facet == "applicant")


def excluding(wanted: str) -> str:
    return EXCLUDING + wanted


def condition(text: str) -> str:
    """What is typed to search within a result: an expression as it is, words as terms that must all be there."""
    return text if is_expression(text) else " AND ".join(term(word) for word in text.split())


def of_numbers(ids: Iterable[str]) -> str:
    """The expression that finds exactly the records with these ids: application numbers, or publication numbers."""
    fields: dict[str, list[str]] = {}
    for one in ids:
        fields.setdefault("申请号" if parse_application(one) else "公开号", []).append(term(one))
    return " OR ".join(f"{field}=({' OR '.join(terms)})" for field, terms in fields.items())


def date_range(first: str, last: str) -> str:
    return f"申请日={first}:{last}"


def read_date_range(filters: list[str]) -> tuple[str, str]:
    """The ends of the range of application dates among the filters, blank where open or absent."""
    found = next((match for one in filters if (match := _RANGE.fullmatch(one))), None)
    return (found[1], found[2]) if found else ("", "")


def is_date_range(filtered: str) -> bool:
    return _RANGE.fullmatch(filtered) is not None


def take_apart(filtered: str) -> tuple[bool, str, str] | None:
    """(excluding, field, value without quotes) of a clause as these pages write it."""
    found = _CLAUSE.fullmatch(filtered)
    if not found:
        return None
    value = found[4]
    if _QUOTED.fullmatch(value):
        value = re.sub(r"\\(.)", r"\1", value[1:-1])
    elif _NEEDS_QUOTES.search(value.replace(":", "")):
        return None
    return bool(found[1]), found[2], value


def field_name(field: str, lang: str) -> str:
    """The name of a canonical field in the language of the page."""
    facet = next((name for name, canonical in FIELDS.items() if canonical == field), None)
    if field == "产业":
        return text("web_facet_industry", lang)
    if facet in ("application_year", "publication_year"):
        return text("web_application_date" if facet == "application_year" else "web_publication_date", lang)
    return text(f"web_facet_{facet}", lang) if facet else field


Namer = Callable[[str, str], str]
"""The name of a coded value: (canonical field, value) → words."""


def spoken(filtered: str, lang: str, name: Namer) -> tuple[str, str]:
    """(field, value) of a filter for its chip; the field is blank where the clause is shown as written."""
    parts = take_apart(filtered)
    if parts is None:
        return "", filtered
    without, field, value = parts
    label = field_name(field, lang)
    return (text("web_excluded", lang, field=label) if without else label), name(field, value)
