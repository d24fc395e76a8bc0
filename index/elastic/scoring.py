"""The order of hits: scores with the weights of the embedded engine, and sorts by composite numbers."""

from collections.abc import Sequence

from index.answering.ranking import APPLICANT_WEIGHT, TEXT_WEIGHTS, WHOLE_NAME_SCORE, WORD_SHARE
from index.documents import SORT_FIELD_OF
from index.elastic.parts import Part
from index.elastic.schema import ROW, Body, phrase
from index.engine import Clue

ID = "by_id"


def order(sort: str, ranked: bool) -> list[Body]:
    """The sort of a search: every order ends with the id and the row, so that it is total."""
    if ranked:
        return [{"_score": "desc"}, {ID: "asc"}, {ROW: "asc"}]
    return [{SORT_FIELD_OF.get(sort, ID): "asc"}, {ROW: "asc"}]


def scored(match: Part, runs: Sequence[tuple[str, ...]]) -> Body:
    """The records of `match`, scored by the runs of units."""
    should: list[Body] = []
    for run in runs:
        tokens = phrase(run)
        word = "".join(run)
        for field, weight in TEXT_WEIGHTS:
            if tokens:
                should.append(_phrase(field, tokens, weight))
            should.append({"term": {f"{field}_words": {"value": word, "boost": weight * WORD_SHARE}}})
        if tokens:
            should.append(_phrase("applicants", tokens, APPLICANT_WEIGHT))
    whole = phrase([unit for run in runs for unit in run], whole=True)
    should.append({"constant_score": {"filter": _phrase("applicants", whole, 1.0), "boost": WHOLE_NAME_SCORE}})
    return {"bool": {"filter": [match.query], "should": should}}


def alike(parts: Sequence[tuple[Clue, Part]], without: Part) -> Body:
    """The records that match one of the clues, scored by the sum of their weights."""
    should = [{"constant_score": {"filter": part.query, "boost": clue.weight}} for clue, part in parts]
    return {"bool": {"should": should, "minimum_should_match": 1, "must_not": [without.query]}}


def _phrase(field: str, tokens: Sequence[str], boost: float) -> Body:
    if len(tokens) == 1:
        return {"term": {field: {"value": tokens[0], "boost": boost}}}
    return {"match_phrase": {field: {"query": " ".join(tokens), "boost": boost}}}
