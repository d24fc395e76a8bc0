"""The view of a result: what was read, what stands in the way, the hits, and every link that changes the question."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from math import ceil
from typing import Any

from markupsafe import Markup

from api.search.shapes import MAX_OFFSET, CostShape, DiagnosticShape, PartShape, SearchAnswer, SearchRequest
from api.search.trees import cost, plain
from index.engine import SORTS
from index.query import Query
from taxonomy.model import Taxonomy
from web import clauses, facets
from web.clauses import Namer
from web.clausetree import ClauseView, clause_view
from web.facets import FacetView
from web.hits import HitView
from web.links import Address
from web.marks import Diagnosis, diagnoses, echo, is_long
from web.question import fits
from web.rendering import Lang, Page, emphasised

SIZES = (20, 50, 100)
AROUND = 2          # numbered pages shown on each side of the present one
SAID = 240          # characters of a sentence that can be a heading; longer ones are folded
BRIEF = 80          # characters of a query in the list of what was searched
TREE = 150          # terms of a tree that is shown beside the result; larger ones have a page of their own
EXPORT_KEEPS = frozenset({"q", "expr", "filter", "dialect", "mode", "sort"})


@dataclass(frozen=True, slots=True)
class Chip:
    field: str
    value: str
    remove: Address


@dataclass(frozen=True, slots=True)
class NumberedPage:
    number: int
    address: Address
    current: bool


@dataclass(frozen=True, slots=True)
class Part:
    text: str
    count: int
    alone: Address | None


@dataclass(frozen=True, slots=True, kw_only=True)
class QueryView:
    """The search box with what it was told; long texts and expressions stand in a text area.

    `read_as` is how mode auto has read the text; `echo` the text with numbered marks, where it is long.
    """

    q: str
    mode: str
    dialect: str = "canonical"
    diagnostics: list[Diagnosis]
    echo: str = ""
    read_as: str = ""

    @property
    def long(self) -> bool:
        return is_long(self.q) or self.mode == "expert" or self.read_as == "expert"

    @property
    def rows(self) -> int:
        return min(max(self.q.count("\n") + 1, ceil(len(self.q) / 90), 2), 12)


@dataclass(frozen=True, slots=True, kw_only=True)
class ResultView(QueryView):
    """Everything on the page of results; `first` is the place of its first hit, `next` the page after it."""

    title: str
    sentence: Markup
    says: bool
    canonical: str
    cost: CostShape | None
    tree: ClauseView | None
    check: Address
    relaxed: bool
    total: int
    took: str
    sort: str
    size: int
    first: int
    chips: list[Chip]
    facets: list[FacetView]
    hits: list[HitView]
    pages: list[NumberedPage]
    parts: list[Part]
    next: Address | None
    export: Address
    manifest: Address
    numbers: Address
    json: Address
    sorts: tuple[str, ...] = SORTS
    sizes: tuple[int, ...] = SIZES

    @property
    def brief(self) -> str:
        """The query in one line, for the list of what was searched."""
        asked = " ".join((self.q or self.canonical).split())
        return asked if len(asked) <= BRIEF else f"{asked[:BRIEF]}…"

    @property
    def last(self) -> int:
        return self.first + len(self.hits) - 1


def chips(here: Address, lang: Lang, name: Namer) -> list[Chip]:
    return [Chip(*clauses.spoken(one, lang, name), here.drop("filter", one)) for one in here.all("filter")]


def numbered(here: Address, page: int, size: int, total: int) -> list[NumberedPage]:
    """Links to the first page and those around the present one, as far as pages may be skipped."""
    last = min(ceil(total / size), MAX_OFFSET // size + 1)
    near = range(max(page - AROUND, 1), min(page + AROUND, last) + 1)
    numbers = sorted({1, *near} if last > 1 else ())
    return [NumberedPage(number, here.drop("cursor").set(page=number if number > 1 else None), number == page)
            for number in numbers]


def kept_for(here: Address, path: str) -> Address:
    """The question of this page at another path: an export or the API, without what is only the page's."""
    return Address(path, tuple(pair for pair in here.parameters if pair[0] in EXPORT_KEEPS))


def box(q: str, mode: str, dialect: str, found: Sequence[DiagnosticShape], page: Page, read_as: str = "") -> QueryView:
    """The search box of a text, with what was remarked on it."""
    return QueryView(q=q, mode=mode, dialect=dialect, read_as=read_as, **remarked(q, found, page))


def remarked(q: str, found: Sequence[DiagnosticShape], page: Page) -> dict[str, Any]:
    """`diagnostics` and `echo` of a box."""
    def left_out(count: int) -> str:
        return str(page.t("left_out", n=f"{count:,}"))

    return {"diagnostics": diagnoses(found, q, page.here, page.lang, page.t),
            "echo": echo(q, found, left_out) if is_long(q) else ""}


def result(page: Page, request: SearchRequest, number: int, query: Query, answer: SearchAnswer, hits: list[HitView],
           parts: list[PartShape], name: Namer, taxonomies: Mapping[str, Taxonomy]) -> ResultView:
    here, lang, t = page.here.drop("page"), page.lang, page.t
    shape = answer["query"]
    first = (number - 1) * request.size + 1
    expert = query.mode == "expert"
    costs = cost(query.node) if expert else None
    sentence = emphasised(query.segments(lang))
    return ResultView(
        q=request.q, mode=request.mode, dialect=shape["dialect"],
        read_as=query.mode if request.mode == "auto" and request.q.strip() else "",
        **remarked(request.q, shape["diagnostics"], page),
        title=str(t("results_title", n=f"{answer['total']:,}")),
        sentence=sentence, says=len(sentence.striptags()) <= SAID,
        cost=costs, tree=clause_view(plain(query.node), t) if costs and 1 < costs["leaves"] <= TREE else None,
        check=here.to("/search/check", ("size", "sort", "id", "do", "filter", "mode")).set(counts="true"),
        canonical=shape["canonical"], relaxed=shape["relaxed"], total=answer["total"], took=f"{answer['took_ms']:.0f}",
        sort=request.sort, size=request.size, first=first,
        chips=chips(here, lang, name),
        facets=facets.views(answer, here.drop("cursor"), lang, t, taxonomies),
        hits=hits, pages=numbered(here, number, request.size, answer["total"]),
        parts=[Part(part["text"], part["count"],
                    linked(here, part["text"], query.mode) if part["count"] else None) for part in parts],
        next=here.at(answer["next"], number + 1) if answer["next"] else None,
        export=kept_for(here, "/api/v1/export"), manifest=kept_for(here, "/api/v1/export/manifest").set(format="csv"),
        numbers=here.to("/search/numbers", ("size", "id", "do")), json=api_page(here, request),
    )


def linked(here: Address, text: str, read_as: str) -> Address | None:
    """A search for one part of a query; None for a part that is too long to be a link."""
    address = here.elsewhere("/search", q=text, mode="auto" if read_as == "simple" else "expert")
    return address if fits(address) else None


def api_page(here: Address, request: SearchRequest) -> Address:
    """This very page as the API gives it."""
    address = kept_for(here, "/api/v1/search").set(size=request.size)
    if request.cursor:
        return address.set(cursor=request.cursor)
    return address.set(offset=request.offset or None)
