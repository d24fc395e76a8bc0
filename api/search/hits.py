"""From the rows of a page to hits (interfaces §4, H): records read from the store, labelled and highlighted."""

from api.search.shapes import HitShape, SearchRequest
from api.services import Services
from index.engine import Hit, Page
from index.query import Query
from index.query.highlight import highlights
from ingest.record import Patent


def shape(record: Patent, hit: Hit, query: Query | None = None) -> HitShape:
    """H of a record; without a query nothing is highlighted."""
    dates = [one["date"] for one in record["publications"] if one["date"]]
    regions = (party.get("region") for party in record["applicants"])
    return {
        "id": record["id"],
        "publications": [one["number"] for one in record["publications"]],
        "title": record["title"],
        "abstract": record["abstract"],
        "type": record["type"],
        "applicants": [party["name"] for party in record["applicants"]],
        "application_date": record["application_date"],
        "publication_date": max(dates, default=None),
        "ipc": [one["symbol"] for one in record["ipc"]],
        "regions": list(dict.fromkeys(code for code in regions if code)),
        "legal_state": record["legal"]["state"],
        "labels": [{"taxonomy": one["taxonomy"], "node": one["node"], "name": one["name"]} for one in record["labels"]],
        "score": hit.score,
        "highlights": highlights(query, record) if query else {},
    }


def of_page(services: Services, request: SearchRequest, query: Query, page: Page) -> list[HitShape]:
    """The hits in the engine's order; on the first page of a number's relevance order its own patent comes first.

    A row that the store no longer has (deleted, not yet out of the index) is left out.
    """
    records = {record["row"]: record for record in services.records.by_rows([hit.row for hit in page.hits])}
    services.labelled_for_list(list(records.values()))
    found = [shape(records[hit.row], hit, query) for hit in page.hits if hit.row in records]
    if query.mode == "number" and request.sort == "relevance" and not (request.cursor or request.offset):
        own = services.records.get(query.text)
        found.sort(key=lambda one: own is None or one["id"] != own["id"])
    return found
