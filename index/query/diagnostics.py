"""What is said of a query text: one registry of codes with their severity; texts in `store/messages/query.toml`.

Errors refuse, warnings and hints let pass; nothing is repaired or dropped in silence. Positions are
[start, end) in code points of the text as sent; `fix` is the whole corrected text.
"""

from dataclasses import dataclass, field
from typing import Any, Literal

from store.messages import text

Severity = Literal["error", "warning", "hint"]

SEVERITY: dict[str, Severity] = {
    "query_too_long": "error",
    "query_too_many_terms": "error",
    "query_too_deep": "error",
    "quote_unclosed": "error",
    "comment_unclosed": "error",
    "parenthesis_unclosed": "error",
    "parenthesis_unopened": "error",
    "parenthesis_empty": "error",
    "operand_missing": "error",
    "value_missing": "error",
    "field_unknown": "error",
    "field_name_missing": "error",
    "sign_reserved": "error",
    "comparison_not_allowed": "error",
    "term_without_units": "error",
    "truncation_alone": "error",
    "truncation_too_many": "error",
    "proximity_operand": "error",
    "proximity_right": "error",
    "proximity_whole": "error",
    "proximity_too_far": "error",
    "least_impossible": "error",
    "date_invalid": "error",
    "range_backwards": "error",
    "number_invalid": "error",
    "values_joined": "error",
    "class_invalid": "error",
    "value_unknown": "error",
    "postcode_invalid": "error",
    "region_unknown": "error",
    "industry_invalid": "error",
    "industry_unknown": "error",
    "collection_unknown": "error",
    "operators_mixed": "warning",
    "parenthesis_glued": "warning",
    "check_digit_wrong": "warning",
    "candidates_limited": "warning",
    "number_blanks_joined": "hint",
    "class_group_prefix": "hint",
    "region_several": "hint",
    "operator_glued": "hint",
    "proximity_as_term": "hint",
    "value_ended": "hint",
    "single_quotes": "hint",
    "comment_in_term": "hint",
    "remarks_left_out": "hint",
    # of the dialects
    "dialect_unknown": "error",
    "field_not_held": "error",
    "fields_apart": "error",
    "semantic_refused": "error",
    "operator_refused": "error",
    "operators_refused": "error",
    "command_refused": "error",
    "history_refused": "error",
    "frequency_refused": "error",
    "tree_refused": "error",
    "optional_refused": "error",
    "never_matches": "error",
    "signs_together": "error",
    "operator_missing": "warning",
    "country_never": "warning",
    "several_expressions": "warning",
    "markup_removed": "warning",
    "postcode_parted": "hint",
    "operator_parted": "hint",
    "blank_read_or": "hint",
    "blank_read_and": "hint",
    "blank_joined": "hint",
    "words_together": "hint",
    "comma_read": "hint",
    "command_left_out": "hint",
    "compiled_read": "hint",
    "country_always": "hint",
    "field_nearest": "hint",
    "word_appended": "hint",
    "sign_guessed_any": "hint",
    "sign_guessed_one": "hint",
    "sign_ordinary": "hint",
    "class_sign_read": "hint",
    "class_without_field": "hint",
    "number_without_field": "hint",
    "number_prefix_read": "hint",
    "locarno_read": "hint",
    "grants_read": "hint",
    "dash_read": "hint",
    "dash_not_read": "hint",
    "adj_read": "hint",
    "near_read": "hint",
    "applicant_read": "hint",
    "applicant_offered": "hint",
}


@dataclass(frozen=True, slots=True)
class Diagnostic:
    """One remark; `filter` is the index of the filter whose text the positions count in, None for the query."""

    code: str
    start: int
    end: int
    fix: str | None = None
    values: dict[str, Any] = field(default_factory=dict)
    filter: int | None = None

    @property
    def severity(self) -> Severity:
        """That of the registry; what other rooms remark on a query is a hint."""
        return SEVERITY.get(self.code, "hint")

    def message(self, lang: str = "zh") -> str:
        return text(self.code, lang, **self.values)
