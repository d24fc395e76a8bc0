"""The query language: text → tree → evaluators. The plain-Python reference defines the meaning.

`read` turns what a user sent into a `Query`; engines compile its `node`; no text of a user reaches an engine.
"""

from index.query.diagnostics import Diagnostic
from index.query.highlight import highlights
from index.query.read import Query, read
from index.query.reference import SearchView, matches

__all__ = ["Diagnostic", "Query", "SearchView", "highlights", "matches", "read"]
