"""Search without HTTP: `search`, `check` and `explain_empty`, over the shapes of `api.search.shapes`."""

from dataclasses import replace
from time import perf_counter

from api.search import hits
from api.search.applicant import as_applicant, offer_applicant
from api.search.diagnostics import diagnostic_shape, error_shapes, remark
from api.search.facets import facet_names, labelled_facets
from api.search.shapes import (
    MAX_FACET_SIZE,
    MAX_FILTERS,
    MAX_OFFSET,
    MAX_SIZE,
    CheckAnswer,
    PartShape,
    QueryShape,
    SearchAnswer,
    SearchRequest,
)
from api.search.trees import cost, count_clauses, parts, plain
from api.services import Services
from index.engine import SORTS, Engine, Page
from index.query import Query, read
from index.query.read import Industries
from store.errors import BadCall, BadQuery
from store.settings import QueryLimits


def validate(services: Services, request: SearchRequest) -> None:
    """Raises BadCall `parameter_invalid` for a parameter out of its bounds; texts of queries are not judged here."""
    known_facets = facet_names(services)
    bounds = (
        ("sort", request.sort, request.sort in SORTS, " | ".join(SORTS)),
        ("size", request.size, 1 <= request.size <= MAX_SIZE, f"1–{MAX_SIZE}"),
        ("offset", request.offset, 0 <= request.offset <= MAX_OFFSET, f"0–{MAX_OFFSET}"),
        ("facet_size", request.facet_size, 1 <= request.facet_size <= MAX_FACET_SIZE, f"1–{MAX_FACET_SIZE}"),
        ("filter", len(request.filters), len(request.filters) <= MAX_FILTERS, f"≤ {MAX_FILTERS}"),
        *(("facets", name, name in known_facets, " | ".join(known_facets)) for name in request.facets),
    )
    for name, value, fine, allowed in bounds:
        if not fine:
            raise BadCall("parameter_invalid", name=name, value=value, allowed=allowed)


def read_query(services: Services, request: SearchRequest, relaxed: bool = False) -> Query:
    """The query of a request as the node reads it. In mode auto, an applicant's whole name asks for it."""
    query = read(request.q, request.filters, mode=request.mode, dialect=request.dialect, relaxed=relaxed,
                 limits=services.settings.query, industries=services.industries)
    if request.mode == "auto" and query.mode == "simple":
        return as_applicant(services, request, query) or query
    return query


def read_final(services: Services, request: SearchRequest) -> Query:
    """The query as it will be answered: relaxed to one word when a simple query has no record."""
    query = read_query(services, request)
    if query.mode == "simple" and not services.engine.count(query.node):
        return read_query(services, request, relaxed=True)
    return query


def run(services: Services, request: SearchRequest) -> tuple[Query, Page]:
    """The query as it is answered, and its page. A first page tells by itself whether to relax; others are counted."""

    def ask(query: Query) -> Page:
        return services.engine.search(
            query.node, size=request.size, sort=request.sort, cursor=request.cursor, offset=request.offset,
            facets=request.facets, words=query.words)

    if request.cursor or request.offset:
        query = read_final(services, request)
        return query, ask(query)
    query = read_query(services, request)
    page = ask(query)
    if query.mode == "simple" and not page.total:
        query = read_query(services, request, relaxed=True)
        page = ask(query)
    return query, page


def limits_told(services: Services, query: Query, page: Page) -> Query:
    """The query with a warning when a limit kept the engine from looking at everything."""
    if not page.beyond:
        return query
    limit = services.settings.query.candidates
    said = remark("candidates_limited", query.text, None, count=page.beyond, limit=limit)
    return replace(query, diagnostics=(*query.diagnostics, said))


def query_shape(query: Query) -> QueryShape:
    return {
        "text": query.text, "mode": query.mode, "relaxed": query.relaxed, "dialect": query.dialect,
        "canonical": query.canonical, "sentence": query.sentence("zh"), "sentence_en": query.sentence("en"),
        "diagnostics": [diagnostic_shape(one) for one in query.diagnostics],
    }


def search(services: Services, request: SearchRequest) -> SearchAnswer:
    """The answer to a request. Raises BadQuery for the text of `q` or a filter, BadCall for another parameter."""
    return ask(services, request)[1]


def ask(services: Services, request: SearchRequest) -> tuple[Query, SearchAnswer]:
    """The query as it was answered, and the answer: for callers that show more of the query than its shape has."""
    started = perf_counter()
    validate(services, request)
    query, page = run(services, request)
    query = limits_told(services, offer_applicant(services, request, query, page), page)
    found = hits.of_page(services, request, query, page)
    return query, {
        "query": query_shape(query),
        "total": page.total,
        "hits": found,
        "facets": labelled_facets(services, page.facets, request.facet_size),
        "facet_values": {name: len(values) for name, values in page.facets.items()},
        "next": page.next,
        "data_date": services.data_date(),
        "took_ms": round((perf_counter() - started) * 1000, 2),
    }


def count(services: Services, text: str) -> int:
    """How many records a canonical expression finds. Raises BadQuery for one in error."""
    return services.engine.count(read_query(services, SearchRequest(text, mode="expert")).node)


def explain_empty(services: Services, request: SearchRequest) -> list[PartShape]:
    """The top-level parts of a query (operands of its AND, words of a simple one, filters) with their own counts."""
    query = read_query(services, request)
    return [{"text": text, "count": services.engine.count(node)} for text, node in parts(query)]


def check(services: Services, text: str, dialect: str = "canonical", counts: bool = False) -> CheckAnswer:
    """Whether a text can be answered as an expression, how it is read, and with `counts` the records of each clause."""
    return checked(text, dialect, services.settings.query, services.industries,
                   services.engine if counts else None)


def checked(
    text: str, dialect: str, limits: QueryLimits, industries: Industries, counting: Engine | None = None
) -> CheckAnswer:
    """Whether a text can be answered as an expression, and how it is read; never raises for a text in error.

    With an engine, every clause of the tree is counted in it, as far as the budget goes.
    """
    try:
        query = read(text, (), mode="expert", dialect=dialect, limits=limits, industries=industries)
    except BadQuery as error:
        return {"ok": False, "canonical": None, "sentence": None, "sentence_en": None, "tree": None,
                "diagnostics": error_shapes(error), "cost": {"leaves": 0, "depth": 0}}
    answer: CheckAnswer = {
        "ok": True, "canonical": query.canonical, "sentence": query.sentence("zh"),
        "sentence_en": query.sentence("en"), "tree": None,
        "diagnostics": [diagnostic_shape(one) for one in query.diagnostics], "cost": cost(query.node)}
    counts = None
    if counting is not None:
        counts, answer["counts"] = count_clauses(counting, query.node)
        if answer["counts"]["counted"] < answer["counts"]["clauses"]:
            answer["diagnostics"].append(diagnostic_shape(remark("counts_limited", text, None, **answer["counts"])))
    answer["tree"] = plain(query.node, counts)
    return answer
