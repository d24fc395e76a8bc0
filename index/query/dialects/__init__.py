"""Expressions of other systems (docs/dialects.md): small front ends that end in the canonical parser.

Where a system's meaning is documented, it is read so; where it is not, the nearest canonical reading stands with a
hint; what we cannot express is an error that says so. Nothing is dropped in silence.
"""

from functools import partial

from index.query.diagnostics import Diagnostic
from index.query.dialects import cnipa, cprs, incopat, patenthub, trs
from index.query.dialects.constants import NOTHING, worked_out
from index.query.dialects.expressions import Expression, expressions
from index.query.dialects.lexing import tokens
from index.query.dialects.rewriter import Rewriter
from index.query.lexer import Token
from index.query.parser import Parser
from index.query.parser import parse as parse_canonical
from index.query.remarks import Remarks
from index.query.tree import Node
from store.settings import QueryLimits

_DIALECTS = {one.DIALECT.name: one.DIALECT for one in (cnipa, trs, cprs, incopat, patenthub)}

__all__ = ["FRONT_ENDS", "Expression", "canonical_tokens", "expressions", "parse"]


def parse(dialect: str, text: str, limits: QueryLimits | None = None) -> tuple[Node | None, list[Diagnostic]]:
    """Tree and remarks of a text in one of FRONT_ENDS; the tree is None for a text without any term."""
    limits = limits or QueryLimits()
    if len(text) > limits.characters:
        return parse_canonical(text, limits)
    remarks = Remarks(text)
    found, constant = canonical_tokens(dialect, text, remarks)
    tree = Parser(text, limits, remarks, found).parse()
    if tree is not None and constant:
        tree = worked_out(tree)
        if tree == NOTHING:
            remarks("never_matches", 0, len(text))
    one_operator = _DIALECTS[dialect].one_operator
    said = [one for one in remarks.all() if not (one_operator and one.code == "operators_mixed")]
    return tree, sorted(said, key=lambda one: (one.code == "remarks_left_out", one.start))


def canonical_tokens(dialect: str, text: str, remarks: Remarks) -> tuple[list[Token], bool]:
    """A text as tokens that the canonical parser reads, and whether a leaf among them is everything or nothing."""
    front = cnipa.COMPILED if dialect == "cnipa" and cnipa.is_compiled(text) else _DIALECTS[dialect]
    found = tokens(text, front.syntax, remarks)
    for step in front.passes:
        found = step(found, remarks)
    rewriter = Rewriter(front, found, remarks)
    return rewriter.run(), rewriter.constant


FRONT_ENDS = {name: partial(parse, name) for name in _DIALECTS}
"""Name → front end: (text, limits) → (tree, remarks)."""
