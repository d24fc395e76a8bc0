"""Shapes of the industries: taxonomies, trees with counts, one node with its rules and its years.

A count of a node is the number of records that carry the node or one below it, each once; a record can
carry several nodes, so counts do not add up.
"""

from typing_extensions import TypedDict


class TaxonomySummary(TypedDict):
    taxonomy: str
    name: str
    name_en: str
    version: str
    nodes: int
    labelled: int
    unlabelled: int


class TaxonomiesAnswer(TypedDict):
    taxonomies: list[TaxonomySummary]
    data_date: str | None


class NodeShape(TypedDict):
    node: str
    name: str
    count: int
    children: list["NodeShape"]


class TaxonomyAnswer(TypedDict):
    """`tree` are the top nodes; `total` = `labelled` + `unlabelled` records."""

    taxonomy: str
    name: str
    name_en: str
    version: str
    source: str
    total: int
    labelled: int
    unlabelled: int
    tree: list[NodeShape]
    data_date: str | None


class NodeName(TypedDict):
    node: str
    name: str


class PatternShape(TypedDict):
    """An IPC pattern of a rule and where it comes from (official, official_wider, official_narrower, proposed)."""

    pattern: str
    origin: str
    exclude: bool


class RuleShape(TypedDict):
    """A record is labelled when one pattern matches, none of the excluding ones does, and, if there are any, a keyword stands in it."""

    patterns: list[PatternShape]
    keywords: list[str]
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
    path: list[NodeName]
    verified: bool
    count: int
    children: list[NodeShape]
    rules: list[RuleShape]
    by_year: list[YearCount]
    data_date: str | None
