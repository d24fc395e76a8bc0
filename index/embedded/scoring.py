"""Scores of hits as queries of Tantivy, with the weights that both engines share."""

from collections.abc import Sequence

from tantivy import Occur, Query

from index.answering.ranking import APPLICANT_WEIGHT, TEXT_WEIGHTS, WHOLE_NAME_SCORE, WORD_SHARE
from index.embedded.compiler import Compiler
from index.engine import Clue
from index.query.tree import Node
from index.text.tokens import phrase_tokens


def scored(compiler: Compiler, match: Query, runs: Sequence[tuple[str, ...]]) -> Query:
    """The records of `match`, scored by the runs."""
    clauses = [(Occur.Must, Query.const_score_query(match, 0.0))]
    for run in runs:
        tokens = phrase_tokens(run)
        word = "".join(run)
        for field, weight in TEXT_WEIGHTS:
            if tokens:
                clauses.append(_should(compiler.phrase(field, tokens), weight))
            clauses.append(_should(compiler.phrase(f"{field}_words", [word]), weight * WORD_SHARE))
        if tokens:
            clauses.append(_should(compiler.phrase("applicants", tokens), APPLICANT_WEIGHT))
    whole = phrase_tokens([unit for run in runs for unit in run], whole=True)
    clauses.append((Occur.Should, Query.const_score_query(compiler.phrase("applicants", whole), WHOLE_NAME_SCORE)))
    return Query.boolean_query(clauses)


def alike(compiler: Compiler, clues: Sequence[Clue], without: Node) -> Query:
    """The records that match one of the clues, scored by the sum of their weights."""
    return Query.boolean_query([
        *((Occur.Should, Query.const_score_query(compiler.query(clue.node), clue.weight)) for clue in clues),
        (Occur.MustNot, compiler.query(without))])


def _should(query: Query, weight: float) -> tuple[Occur, Query]:
    return Occur.Should, Query.boost_query(query, weight)
