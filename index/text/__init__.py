"""Text as the query language sees it: folded characters, units, words, and the tokens of the truth form.

A term matches where its units stand in one value of a field, in order, with nothing between (interfaces §5).
Everything that compares text (reference evaluator, engines, highlights, rules of taxonomies) goes through here.
"""

from index.text.cut import query_words, words
from index.text.fold import fold
from index.text.tokens import phrase_tokens
from index.text.units import sentence_ends, spans, units

__all__ = [
    "fold", "phrase_tokens", "query_words", "sentence_ends", "spans", "units", "words",
]
