"""The view of a result: what was read, what stands in the way, the hits, and every link that changes the question."""

from collections.abc import Mapping
from dataclasses import dataclass
from math import ceil

from markupsafe import Markup

from api.search.shapes import MAX_OFFSET, DiagnosticShape, PartShape, SearchAnswer, SearchRequest
from index.engine import SORTS
from taxonomy.model import Taxonomy
from web import clauses, facets
from web.clauses import Namer
from web.facets import FacetView
from web.hits import HitView
from web.links import Address
from web.rendering import Lang, Page, Translate

SIZES = (20, 50, 100)
AROUND = 2          # numbered pages shown on each side of the present one
CONTEXT = 14        # characters of the query shown on each side of what a diagnostic speaks of
LONG = 80           # characters from which the query is edited in a text area
EXPORT_KEEPS = frozenset({"q", "filter", "dialect", "mode", "sort"})


@dataclass(frozen=True, slots=True)
class Chip:
    field: str
    value: str
    remove: Address


@dataclass(frozen=True, slots=True)
class Diagnosis:
    severity: str
    place: str
    excerpt: Markup
    message: str
    fix: Address | None


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
    """The search box with what it was told; `long` texts stand in a text area."""

    q: str
    mode: str
    diagnostics: list[Diagnosis]

    @property
    def long(self) -> bool:
        return len(self.q) > LONG or "\n" in self.q

    @property
    def rows(self) -> int:
        return min(max(self.q.count("\n") + 1, ceil(len(self.q) / 90), 2), 12)


@dataclass(frozen=True, slots=True, kw_only=True)
class ResultView(QueryView):
    """Everything on the page of results; `first` is the place of its first hit, `next` the page after it."""

    title: str
    sentence: str
    canonical: str
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
    def last(self) -> int:
        return self.first + len(self.hits) - 1


def chips(here: Address, lang: Lang, name: Namer) -> list[Chip]:
    return [Chip(*clauses.spoken(one, lang, name), here.drop("filter", one)) for one in here.all("filter")]


def diagnoses(found: list[DiagnosticShape], q: str, here: Address, lang: Lang, t: Translate) -> list[Diagnosis]:
    """Diagnostics with their place, the words around it, and the link that applies the repair."""
    shown = []
    filters = here.all("filter")
    for one in found:
        written = filters[one["filter"]] if "filter" in one else q
        start, end = one["start"], min(one["end"], len(written))
        spoken = one["message_en"] if lang == "en" else one["message"]
        fix = None
        if one["fix"] is not None:
            fix = here.drop("filter", written).add("filter", one["fix"]) if "filter" in one else here.set(q=one["fix"])
        place = str(t("at_place", first=start + 1, last=end)) if end > start else ""
        shown.append(Diagnosis(one["severity"], place, excerpt(written, start, end, one["severity"]), spoken, fix))
    return shown


def excerpt(q: str, start: int, end: int, severity: str) -> Markup:
    """The part of a query around [start, end), which is marked; dots where the query goes on."""
    if end <= start:
        return Markup("")
    left, right = max(start - CONTEXT, 0), min(end + CONTEXT, len(q))
    css = severity if severity in ("error", "hint") else ""
    inner = q[start:end] if end - start <= 4 * CONTEXT else f"{q[start:start + CONTEXT]}…{q[end - CONTEXT:end]}"
    return Markup('{}{}<mark class="{}">{}</mark>{}{}').format(
        "…" if left else "", q[left:start], css, inner, q[end:right], "…" if right < len(q) else "")


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


def result(page: Page, request: SearchRequest, number: int, answer: SearchAnswer, hits: list[HitView],
           parts: list[PartShape], name: Namer, taxonomies: Mapping[str, Taxonomy]) -> ResultView:
    here, lang, t = page.here.drop("page"), page.lang, page.t
    query = answer["query"]
    first = (number - 1) * request.size + 1
    return ResultView(
        q=request.q, mode=request.mode,
        diagnostics=diagnoses(query["diagnostics"], request.q, here, lang, t),
        title=str(t("results_title", n=f"{answer['total']:,}")),
        sentence=query["sentence_en"] if lang == "en" else query["sentence"],
        canonical=query["canonical"], relaxed=query["relaxed"], total=answer["total"], took=f"{answer['took_ms']:.0f}",
        sort=request.sort, size=request.size, first=first,
        chips=chips(here, lang, name),
        facets=facets.views(answer, here.drop("cursor"), lang, t, taxonomies),
        hits=hits, pages=numbered(here, number, request.size, answer["total"]),
        parts=[Part(part["text"], part["count"],
                    here.elsewhere("/search", q=part["text"], mode="auto" if query["mode"] == "simple" else "expert")
                    if part["count"] else None) for part in parts],
        next=here.at(answer["next"], number + 1) if answer["next"] else None,
        export=kept_for(here, "/api/v1/export"), manifest=kept_for(here, "/api/v1/export/manifest").set(format="csv"),
        numbers=here.to("/search/numbers", ("size", "id", "do")), json=api_page(here, request),
    )


def api_page(here: Address, request: SearchRequest) -> Address:
    """This very page as the API gives it."""
    address = kept_for(here, "/api/v1/search").set(size=request.size)
    if request.cursor:
        return address.set(cursor=request.cursor)
    return address.set(offset=request.offset or None)
