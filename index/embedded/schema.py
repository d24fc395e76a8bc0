"""Tantivy's schema, made from the field names of `index.documents`.

Text arrives cut, so its tokenizer only splits at blanks. Exact values are `raw` terms without frequencies.
Dates are signed integers: an `int` given to an unsigned field kills Tantivy's writer.
"""

import tantivy

from index.documents import DATE_FIELDS, INDUSTRY, KEYWORD_FIELDS, SORT_FIELDS, TRUTH_FIELDS, WORD_FIELDS

KEY = "key"
"""The row as a string, because deleting by an integer term silently deletes nothing; and RECORD, or COMMIT."""

RECORD = "record"
COMMIT = "commit"
"""Key of the one document that is no record: it is replaced with every commit and says what the commit holds."""

NOTE = "note"
"""Stored JSON of the commit document: see writer.Note."""

ROW = "row"

BIT = "bit"
"""2 to the power of (row modulo ROWS_PER_BLOCK): the sum over records of a block says which rows they are."""

ROWS_PER_BLOCK = 50
"""Sums of so many different powers of two are exact in Tantivy's 64-bit floats."""


def schema() -> tantivy.Schema:
    builder = tantivy.SchemaBuilder()
    builder.add_text_field(KEY, tokenizer_name="raw", index_option="basic")
    builder.add_text_field(NOTE, stored=True, tokenizer_name="raw", index_option="basic")
    for name in TRUTH_FIELDS:
        builder.add_text_field(name, tokenizer_name="whitespace", index_option="position")
    for name in WORD_FIELDS:
        builder.add_text_field(name, tokenizer_name="whitespace", index_option="freq")
    for name in KEYWORD_FIELDS:
        builder.add_text_field(name, tokenizer_name="raw", index_option="basic")
    builder.add_text_field(INDUSTRY, tokenizer_name="whitespace", index_option="basic")
    for name in DATE_FIELDS:
        builder.add_integer_field(name, indexed=True)
    for name in (ROW, BIT, *SORT_FIELDS):
        builder.add_integer_field(name, indexed=name == ROW, fast=True)
    return builder.build()
