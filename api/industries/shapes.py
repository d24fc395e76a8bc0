"""Shapes of the industries: taxonomies, trees with counts, one node with its rules and its years.

A count of a node is the number of records that carry the node or one below it, each once; a record can
carry several nodes, so counts do not add up. `verified` is false where a name, a place or a pattern was not
read in an official text: pages mark that.
"""

from typing import TypeAlias

from typing_extensions import TypedDict

from taxonomy.counting import CountedNode

NodeShape: TypeAlias = CountedNode
"""A node with its count and the nodes below it."""


class TaxonomySummary(TypedDict):
    """`by_source`: records with a label of each source, so that they do not add up to `labelled`."""

    taxonomy: str
    name: str
    name_en: str
    version: str
    verified: bool
    status: str
    nodes: int
    labelled: int
    unlabelled: int
    by_source: dict[str, int]


class BrokenFile(TypedDict):
    """A file of the node that cannot be used; its taxonomy is off until it is mended."""

    taxonomy: str
    code: str
    message: str
    message_en: str


class TaxonomiesAnswer(TypedDict):
    taxonomies: list[TaxonomySummary]
    broken: list[BrokenFile]
    data_date: str | None


class DocumentShape(TypedDict):
    """An official text behind a taxonomy; what is not known is null."""

    title: str
    issuer: str | None
    number: str | None
    date: str | None
    verified: bool


class TaxonomyAnswer(TypedDict):
    """`tree` are the top nodes; `total` = `labelled` + `unlabelled` records."""

    taxonomy: str
    name: str
    name_en: str
    version: str
    verified: bool
    note: str
    note_en: str
    documents: list[DocumentShape]
    total: int
    labelled: int
    unlabelled: int
    tree: list[NodeShape]
    data_date: str | None


class NodeName(TypedDict):
    node: str
    name: str
    name_en: str


class SegmentShape(TypedDict):
    """A part of a node that has a name only: no rule, no count."""

    name: str
    verified: bool


class PatternShape(TypedDict):
    """An IPC pattern and its official branches; origin: official, official_wider, official_narrower or proposed."""

    pattern: str
    origin: str
    refs: list[str]


class RuleShape(TypedDict):
    """A record is labelled when one of its symbols matches a pattern and none an excluding one, and, where the
    rule has any, a keyword stands in it and no excluding one.

    `reading`: literal, or derived where the rule is our reading of its source. `beside`: patterns of which another
    symbol must match one; `expression`: one of the query language; `built_from`: branches of other taxonomies.
    """

    id: str
    patterns: list[PatternShape]
    exclude: list[PatternShape]
    keywords: list[str]
    keywords_exclude: list[str]
    beside: list[PatternShape]
    expression: str
    built_from: list[str]
    reading: str
    note: str


class YearCount(TypedDict):
    year: int
    count: int


class NodeAnswer(TypedDict):
    """`path` goes from the top to the node's parent; `by_year` counts by application year, ascending."""

    taxonomy: str
    taxonomy_name: str
    version: str
    node: str
    name: str
    name_en: str
    verified: bool
    note: str
    path: list[NodeName]
    segments: list[SegmentShape]
    count: int
    children: list[NodeShape]
    rules: list[RuleShape]
    by_year: list[YearCount]
    data_date: str | None
