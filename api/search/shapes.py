"""Shapes of the search: the request as dataclass, the answers as typed dictionaries (interfaces §4, names exact).

The dictionaries are what the API sends and what pages and commands read; pydantic makes the OpenAPI
description from them. Offsets count Unicode code points, `end` exclusive. Dates are YYYY-MM-DD.
"""

from dataclasses import dataclass
from typing import Any, Literal, NotRequired, get_args

from typing_extensions import TypedDict

Mode = Literal["auto", "simple", "expert"]
ReadAs = Literal["number", "expert", "simple"]
Sort = Literal["relevance", "-application_date", "application_date", "-publication_date", "publication_date", "id"]
Dialect = Literal["canonical", "cnipa", "trs", "cprs", "incopat", "patenthub"]
DIALECTS: tuple[Dialect, ...] = get_args(Dialect)

FACETS = ("type", "legal_state", "application_year", "publication_year", "applicant", "ipc_subclass", "region",
          "applicant_kind")
"""Facets that every index has; to them come `label_source` and `industry:<taxonomy>` for each taxonomy."""

MAX_SIZE = 100
MAX_FILTERS = 50
MAX_TEXT = 65_536
MAX_OFFSET = 10_000
MAX_FACET_SIZE = 10_000


@dataclass(frozen=True, slots=True)
class SearchRequest:
    """What is asked: `q` and the clauses of `filters` are ANDed.

    `offset` skips hits (pages with numbers, up to MAX_OFFSET); `cursor` goes on from a page of the same query;
    `facet_size` is how many values of each facet are listed, the most frequent first.
    """

    q: str = ""
    filters: tuple[str, ...] = ()
    dialect: str = "canonical"
    mode: str = "auto"
    size: int = 20
    cursor: str | None = None
    offset: int = 0
    sort: str = "relevance"
    facets: tuple[str, ...] = ()
    facet_size: int = 1_000


class DiagnosticShape(TypedDict):
    """D: what is wrong or worth knowing in a query text; `fix` is the whole corrected text, or null.

    `filter` is there when the positions count in a filter, and says in which, from 0.
    """

    code: str
    severity: Literal["error", "warning", "hint"]
    message: str
    message_en: str
    start: int
    end: int
    fix: str | None
    filter: NotRequired[int]


class QueryShape(TypedDict):
    """How the query was read. `canonical` and `sentence` include the filters; `relaxed`: one word was enough."""

    text: str
    mode: ReadAs
    relaxed: bool
    dialect: str
    canonical: str
    sentence: str
    sentence_en: str
    diagnostics: list[DiagnosticShape]


class LabelShape(TypedDict):
    taxonomy: str
    node: str
    name: str


class HitShape(TypedDict):
    """H: one patent in a result. `highlights`: {field: [[start, end]]} for title and abstract."""

    id: str
    publications: list[str]
    title: str | None
    abstract: str | None
    type: str
    applicants: list[str]
    application_date: str | None
    publication_date: str | None
    ipc: list[str]
    regions: list[str]
    legal_state: str
    labels: list[LabelShape]
    score: float | None
    highlights: dict[str, list[list[int]]]


class FacetShape(TypedDict):
    """One value of a facet: `label` is Chinese, `label_en` English where there is one (else the same)."""

    value: str
    label: str
    label_en: str
    count: int


class SearchAnswer(TypedDict):
    """`facet_values` says how many different values each facet has, also when fewer are listed."""

    query: QueryShape
    total: int
    hits: list[HitShape]
    facets: dict[str, list[FacetShape]]
    facet_values: dict[str, int]
    next: str | None
    data_date: str | None
    took_ms: float


class PartShape(TypedDict):
    """One top-level part of a query without hits and how many records match it alone (pages only)."""

    text: str
    count: int


class CostShape(TypedDict):
    leaves: int
    depth: int


class CountsShape(TypedDict):
    """Of so many clauses so many were counted, from the top of the tree down; `records` is how many there are."""

    clauses: int
    counted: int
    records: int


class CheckAnswer(TypedDict):
    """`tree` is nested dictionaries: {"node": "And", "children": […]} and so on; null when the text is in error.

    `counts` is there when they were asked for: each clause of the tree that was counted then has its `count`.
    """

    ok: bool
    canonical: str | None
    sentence: str | None
    sentence_en: str | None
    tree: dict[str, Any] | None
    diagnostics: list[DiagnosticShape]
    cost: CostShape
    counts: NotRequired[CountsShape]


class KeptExpression(TypedDict):
    """A kept expression: `expr` stands for `q` and `dialect` in any call that searches."""

    expr: str
    text: str
    dialect: Dialect


class ListedNumber(TypedDict):
    """One piece of a list of numbers: `number` is its normal form, null for what is none; `id` the record's.

    `check_wrong`: it was written with another check digit than its own, and looked up all the same."""

    text: str
    number: str | None
    id: str | None
    check_wrong: bool


class NumberListAnswer(TypedDict):
    """A list of numbers, each once, in its order; `expression` finds those of them that are held."""

    numbers: list[ListedNumber]
    given: int
    found: int
    missing: int
    invalid: int
    expression: str


class ErrorShape(TypedDict):
    """Every error of the API. `position` and `diagnostics` come with errors in the text of a query."""

    code: str
    message: str
    message_en: str
    detail: str
    position: NotRequired[list[int]]
    diagnostics: NotRequired[list[DiagnosticShape]]
