"""Diagnostics of a query as the API shows them (interfaces §4, D), and the hints that only the node can give.

What the reader of queries says comes from the text alone; a hint here comes from a count in the index.
"""

from typing import Any

from api.search.shapes import DiagnosticShape
from index.query.diagnostics import Diagnostic
from store.errors import BadQuery


def diagnostic_shape(one: Diagnostic) -> DiagnosticShape:
    shape: DiagnosticShape = {
        "code": one.code, "severity": one.severity, "message": one.message("zh"), "message_en": one.message("en"),
        "start": one.start, "end": one.end, "fix": one.fix,
    }
    if one.filter is not None:
        shape["filter"] = one.filter
    return shape


def error_shapes(error: BadQuery) -> list[DiagnosticShape]:
    """What is wrong with a text that was refused; a refusal without remarks of its own (a blank text) is one."""
    if error.diagnostics:
        return [diagnostic_shape(one) for one in error.diagnostics]
    start, end = error.position or (0, 0)
    return [{"code": error.code, "severity": "error", "message": error.message("zh"),
             "message_en": error.message("en"), "start": start, "end": end, "fix": None}]


def remark(code: str, text: str, fix: str | None, **values: Any) -> Diagnostic:
    """A diagnostic about a whole text."""
    return Diagnostic(code, 0, len(text), fix, values)
