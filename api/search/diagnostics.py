"""Diagnostics of a query as the API shows them (interfaces §4, D), and the hints that only the node can give.

What the reader of queries says comes from the text alone; a hint here comes from a count in the index.
"""

from typing import Any

from api.search.shapes import DiagnosticShape
from index.query.diagnostics import Diagnostic


def diagnostic_shape(one: Diagnostic) -> DiagnosticShape:
    shape: DiagnosticShape = {
        "code": one.code, "severity": one.severity, "message": one.message("zh"), "message_en": one.message("en"),
        "start": one.start, "end": one.end, "fix": one.fix,
    }
    if one.filter is not None:
        shape["filter"] = one.filter
    return shape


def remark(code: str, text: str, fix: str | None, **values: Any) -> Diagnostic:
    """A diagnostic about a whole text."""
    return Diagnostic(code, 0, len(text), fix, values)
