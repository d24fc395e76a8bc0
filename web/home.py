"""The home page: the search box, what the data covers, and the featured taxonomy tier by tier with its counts."""

from typing import Any

from fastapi import APIRouter, Depends
from fastapi.responses import Response

from api.industries import service
from api.opened import Opened
from api.search import service as searching
from api.search.shapes import SearchRequest
from api.services import Services
from taxonomy.counting import CountedNode
from web import clauses, trends
from web.context import Asking, KeptAnswers, featured, takes
from web.industries import tree_of
from web.kept import Kept
from web.status import held, newest

router = APIRouter(include_in_schema=False)

BIG_TIERS = 2           # the first tiers are drawn large, with a line a cluster
SPARK_YEARS = 10
DELIVERIES = 3
EXAMPLES = (("电池 热管理", False), ("石墨烯", False), ("申请人=大学 AND 申请日=2010:", True))


@router.get("/", dependencies=[Depends(takes())])
def home(page: Asking, services: Opened, kept: KeptAnswers) -> Response:
    status = held(services, kept)
    first = featured(services)
    listed = kept.get("taxonomies", lambda: service.taxonomies(services))["taxonomies"]
    english = page.lang == "en"
    return page.html(
        "home.html", examples=[{"q": q, "code": code} for q, code in EXAMPLES],
        cover={"records": status["records"], "publications": status["publications"],
               "first": status["application_dates"][0], "last": status["application_dates"][1]},
        featured=kept.get(("tiers", first, page.lang), lambda: tiers(services, kept, first, page.lang))
        if first else None,
        taxonomies=[{**one, "name": one["name_en"] if english else one["name"]} for one in listed
                    if one["taxonomy"] != first],
        deliveries=newest(services, DELIVERIES))


def tiers(services: Services, kept: Kept, taxonomy: str, lang: str) -> dict[str, Any]:
    """The featured taxonomy: its top nodes as tiers, each with the nodes at the ends of its branches."""
    tree = tree_of(services, kept, taxonomy)
    last = trends.first_incomplete_year(tree["data_date"]) - 1
    years = list(range(last - SPARK_YEARS + 1, last + 1)) if tree["data_date"] else []
    drawn: list[dict[str, Any]] = []
    for place, top in enumerate(tree["tree"]):
        big = place < BIG_TIERS and bool(years)
        name = top["name_en"] if lang == "en" and top["name_en"] else top["name"]
        number, _, words = name.partition(" ")
        if not number.isdecimal() or len(number) > 2:
            number, words = str(len(ends(top))), name
        level, stop, kind = words.partition("级")     # 大万亿级 | 主导产业集群: where a tier's name is best broken
        drawn.append({
            "big": big, "number": number, "lines": [level + stop, *([kind] if kind else []), *(
                below["name_en"] if lang == "en" else below["name"] for below in top["children"] if below["children"])],
            "nodes": [{**one, "name": one["name_en"] if lang == "en" and one["name_en"] else one["name"],
                       "years": by_year(services, taxonomy, one["node"], years) if big else []} for one in ends(top)],
        })
    return {"taxonomy": taxonomy, "name": tree["name_en"] if lang == "en" else tree["name"], "tiers": drawn,
            "years": years, "unlabelled": tree["unlabelled"],
            "unverified": not all(one["verified"] for tier in drawn for one in tier["nodes"])}


def ends(node: CountedNode) -> list[CountedNode]:
    """The nodes below a node that have none below themselves, in order."""
    if not node["children"]:
        return [node]
    return [end for child in node["children"] for end in ends(child)]


def by_year(services: Services, taxonomy: str, node: str, years: list[int]) -> list[int]:
    wanted = clauses.of_facet(f"{clauses.INDUSTRY}{taxonomy}", node)
    answer = searching.search(services, SearchRequest(filters=(wanted,), size=1, facets=("application_year",)))
    counts = {int(one["value"]): one["count"] for one in answer["facets"]["application_year"]}
    return [counts.get(year, 0) for year in years]
