"""Pages of the taxonomies: the list, a whole tree, and one node with what is known of its patents and its rules."""

from collections.abc import Iterator
from typing import Any, Literal

from fastapi import APIRouter, Depends
from fastapi.responses import RedirectResponse, Response

from api.industries import service
from api.industries.shapes import NodeAnswer, PatternShape, RuleShape, TaxonomyAnswer
from api.names import name_of
from api.opened import Opened
from api.search import service as searching
from api.search.shapes import SearchAnswer, SearchRequest
from api.services import Services
from ingest import regions
from ingest.ipc import scheme
from store.errors import NotFound
from taxonomy.counting import CountedNode
from taxonomy.learning import heads
from taxonomy.model import ORIGINS
from web import clauses, facets, tiles, trends
from web.applicants import rows as rows_of_facet
from web.context import Asking, KeptAnswers, takes
from web.hits import view
from web.kept import Kept
from web.links import Address, segment
from web.rendering import Page
from web.tables import csv

router = APIRouter(include_in_schema=False)

NEWEST = 5
COUNTED = ("application_year", "type", "legal_state", "applicant", "region")
MOST_OPEN = 80          # nodes of the first two levels up to which a whole tree begins with both
EVERY_REGION = 2_000    # values of the region facet to read: the districts of one region are among them

Table = Literal["years", "children", "regions", "applicants", "rules"]


@router.get("/industries", dependencies=[Depends(takes("taxonomy", "format"))])
def industries(page: Asking, services: Opened, kept: KeptAnswers, taxonomy: str = "", format: Literal["", "csv"] = "",
               ) -> Response:
    if taxonomy:
        return RedirectResponse(str(page.link(f"/industries/{segment(taxonomy)}")), 303)
    answer = kept.get("taxonomies", lambda: service.taxonomies(services))
    found = answer["taxonomies"]
    if format:
        columns = ("taxonomy", "name", "version", "nodes", "labelled", "unlabelled")
        return csv("industries", columns, ([one[key] for key in columns] for one in found))  # type: ignore[literal-required]
    return page.html("industries.html", nav="industries", taxonomies=found, broken=answer["broken"])


@router.get("/industries/{taxonomy}", dependencies=[Depends(takes("table", "format"))])
def whole(page: Asking, services: Opened, kept: KeptAnswers, taxonomy: str, table: Table = "children",
          format: Literal["", "csv"] = "") -> Response:
    """A taxonomy as a whole: all records that carry a label of it."""
    tree = tree_of(services, kept, taxonomy)
    wanted = clauses.clause("产业", taxonomy)
    answer = kept.get(("node", taxonomy, ""), lambda: counted(services, wanted))
    if format:
        return as_csv(taxonomy, table, tree["tree"], answer, None, services.settings.region, page)
    english = page.lang == "en"
    return page.html(
        "industry.html", nav="industries",
        **side(services, kept, tree, page, ""), **figures(services, answer, wanted, page),
        path=[], title=tree["name_en"] if english else tree["name"], subtitle="" if english else tree["name_en"],
        lead=tree["note_en"] if english else tree["note"], verified=tree["verified"], version=tree["version"],
        children=branch_rows(tree["tree"], taxonomy, page), model=card_of(services, taxonomy, page),
        segments=[], rules=[], origins=[],
        documents=tree["documents"], status=services.taxonomies[taxonomy].status,
        search=page.link("/search", filter=wanted), json=f"/api/v1/industries/{taxonomy}")


@router.get("/industries/{taxonomy}/{node:path}", dependencies=[Depends(takes("table", "format"))])
def node(page: Asking, services: Opened, kept: KeptAnswers, taxonomy: str, node: str, table: Table = "years",
         format: Literal["", "csv"] = "") -> Response:
    tree = tree_of(services, kept, taxonomy)
    one = kept.get(("node-rules", taxonomy, node), lambda: service.node(services, taxonomy, node))
    wanted = clauses.of_facet(f"{clauses.INDUSTRY}{taxonomy}", node)
    answer = kept.get(("node", taxonomy, node), lambda: counted(services, wanted))
    if format:
        return as_csv(f"{taxonomy}-{node}", table, one["children"], answer, one, services.settings.region, page)
    english = page.lang == "en"
    patterns = sum(len(rule["patterns"]) for rule in one["rules"])
    keywords = sum(len(rule["keywords"]) for rule in one["rules"])
    lead = page.t("node_lead", patterns=patterns, keywords=keywords) if one["rules"] else page.t("node_no_rules")
    top = page.link(f"/industries/{taxonomy}")
    return page.html(
        "industry.html", nav="industries",
        **side(services, kept, tree, page, node), **figures(services, answer, wanted, page),
        path=[{"name": tree["name_en"] if english else tree["name"], "address": top}, *(
            {"name": above["name_en"] if english and above["name_en"] else above["name"],
             "address": page.link(f"/industries/{taxonomy}/{above['node']}")} for above in one["path"])],
        title=one["name_en"] if english and one["name_en"] else one["name"],
        subtitle="" if english else one["name_en"], lead=lead, verified=one["verified"], version=one["version"],
        children=branch_rows(one["children"], taxonomy, page), model=card_of(services, taxonomy, page),
        segments=one["segments"],
        rules=[{"patterns": [*(pattern_row(each, False, page) for each in rule["patterns"]),
                             *(pattern_row(each, True, page) for each in rule["exclude"])],
                "beside": [pattern_row(each, False, page) for each in rule["beside"]],
                "expression": rule["expression"],
                "built_from": [branch_view(each, page) for each in rule["built_from"]], "id": rule["id"],
                "keywords": rule["keywords"], "keywords_exclude": rule["keywords_exclude"], "note": rule["note"],
                "derived": rule["reading"] == "derived"} for rule in one["rules"]],
        documents=[], status="",
        origins=[origin for origin in ORIGINS if any(
            each["origin"] == origin for rule in one["rules"] for each in (*rule["patterns"], *rule["exclude"]))],
        search=page.link("/search", filter=wanted), json=f"/api/v1/industries/{taxonomy}/{node}")


def card_of(services: Services, taxonomy: str, page: Page) -> Address | None:
    """The card of the taxonomy's model; None where it has none."""
    return page.link(f"/models/{taxonomy}") if heads.version_of(services.settings, taxonomy) else None


def tree_of(services: Services, kept: Kept, taxonomy: str) -> TaxonomyAnswer:
    if taxonomy not in services.taxonomies:
        raise NotFound("taxonomy_not_found", name=taxonomy, known="、".join(services.taxonomies))
    return kept.get(("tree", taxonomy), lambda: service.taxonomy(services, taxonomy))


def counted(services: Services, wanted: str) -> SearchAnswer:
    return searching.search(services, SearchRequest(
        filters=(wanted,), size=NEWEST, sort="-publication_date", facets=COUNTED, facet_size=EVERY_REGION))


def side(services: Services, kept: Kept, tree: TaxonomyAnswer, page: Page, current: str) -> dict[str, Any]:
    """The tree beside the page, open down to the present node; on the page of the whole taxonomy, its first level."""
    def branch(one: CountedNode) -> dict[str, Any]:
        below = [branch(child) for child in one["children"]]
        return {"name": name(one, page), "count": one["count"], "verified": one["verified"], "children": below,
                "address": page.link(f"/industries/{tree['taxonomy']}/{one['node']}"),
                "current": one["node"] == current,
                "open": any(child["current"] or child["open"] for child in below) or one["node"] == current}

    nodes = [branch(top) for top in tree["tree"]]
    if not current and sum(1 + len(one["children"]) for one in nodes) <= MOST_OPEN:
        for one in nodes:
            one["open"] = True
    taxonomies = kept.get("taxonomies", lambda: service.taxonomies(services))["taxonomies"]
    return {"taxonomies": taxonomies, "taxonomy": tree["taxonomy"], "nodes": nodes, "unlabelled": tree["unlabelled"]}


def name(one: CountedNode, page: Page) -> str:
    return one["name_en"] if page.lang == "en" and one["name_en"] else one["name"]


def figures(services: Services, answer: SearchAnswer, wanted: str, page: Page) -> dict[str, Any]:
    """Key figures, trend, places, applicants and newest patents of one node: all of one answer of the engine."""
    t, region, total = page.t, services.settings.region, answer["total"]
    counts = answer["facets"]
    types = {one["value"]: one["count"] for one in counts["type"]}
    states = {one["value"]: one["count"] for one in counts["legal_state"]}
    search = page.link("/search", filter=wanted)
    years = {int(one["value"]): one["count"] for one in counts["application_year"]}

    def percent(count: int) -> str:
        return f"{100 * count / total:.0f}%" if total else "—"

    return {
        "total": total,
        "in_region": next((one["count"] for one in counts["region"] if one["value"] == region), 0),
        "figures": [
            {"name": name_of("type", "invention", page.lang), "count": types.get("invention", 0),
             "line": t("share_of_all", share=percent(types.get("invention", 0)))},
            {"name": name_of("legal_state", "in_force", page.lang), "count": states.get("in_force", 0),
             "line": t("state_line", pending=f"{states.get('pending', 0):,}", lapsed=f"{states.get('lapsed', 0):,}")},
            {"name": t("applicants"), "count": answer["facet_values"]["applicant"], "line": t("as_written")},
        ],
        "chart": trends.view("tr", {str(t("col_applications")): years}, total, answer["data_date"], t),
        "districts": districts(answer, region, search, page),
        "applicants": [{**row, "address": page.link(f"/applicants/{segment(row['label'])}")} for row in rows_of_facet(
            "applicant", counts["applicant"], search, page)],
        "applicant_count": answer["facet_values"]["applicant"],
        "hits": [view(hit, services, page.lang) for hit in answer["hits"]],
    }


def districts(answer: SearchAnswer, region: str, search: Address, page: Page) -> dict[str, Any] | None:
    """Districts of the node's region with their counts, or the provinces where none of them has any."""
    inside = set(regions.children(region))
    found = [one for one in answer["facets"]["region"] if one["value"] in inside]
    titled = str(page.t("districts", region=page.site.region_name(page.lang)))
    drawn = tiles.draw(region, {one["value"]: one["count"] for one in found}, titled, str(page.t("tiles_how")))
    if not found:
        drawn, titled = None, str(page.t("provinces"))
        found = [one for one in answer["facets"]["region"] if not regions.ancestors(one["value"])]
    if not found:
        return None
    return {"title": titled, "note": page.t("districts_note"), "tiles": drawn,
            "rows": rows_of_facet("region", found, search, page)}


def branch_rows(nodes: list[CountedNode], taxonomy: str, page: Page) -> list[dict[str, Any]]:
    most = max((one["count"] for one in nodes), default=0)
    return [{"label": name(one, page), "count": one["count"], "most": most, "verified": one["verified"],
             "address": page.link(f"/industries/{taxonomy}/{one['node']}")} for one in nodes]


def branch_view(written: str, page: Page) -> dict[str, Any]:
    """A branch of another taxonomy, `sei_2021:5.2`, as a link to its page."""
    taxonomy, _, node = written.partition(":")
    return {"name": written, "address": page.link(f"/industries/{segment(taxonomy)}/{segment(node)}")}


def pattern_row(one: PatternShape, exclude: bool, page: Page) -> dict[str, Any]:
    zh, en = scheme.titles(one["pattern"].rstrip("*+").rstrip("/"))
    return {"pattern": one["pattern"], "exclude": exclude, "origin": one["origin"], "refs": one["refs"],
            "title": (en if page.lang == "en" else zh) or zh or en or "",
            "address": page.link("/search", q=clauses.clause("IPC", one["pattern"]), mode="expert")}


def as_csv(name: str, table: Table, children: list[CountedNode], answer: SearchAnswer, one: NodeAnswer | None,
           region: str, page: Page) -> Response:
    """A table of the page as a file; the same numbers as the page shows, all of them."""
    counts = answer["facets"]
    if table == "years":
        return csv(f"{name}-years", ("application_year", "applications"),
                   ((value["value"], value["count"]) for value in sorted(
                       counts["application_year"], key=lambda value: value["value"])))
    if table == "children":
        return csv(f"{name}-nodes", ("node", "name", "applications"),
                   ((child["node"], child["name"], child["count"]) for child in children))
    if table == "rules":
        return csv(f"{name}-rules", ("rule", "kind", "value", "origin", "branches"),
                   rule_rows(one["rules"] if one else []))
    facet = "region" if table == "regions" else "applicant"
    inside = set(regions.children(region)) if facet == "region" else None
    return csv(f"{name}-{table}", (facet, "name", "applications"),
               ((value["value"], facets.label(facet, value, page.lang), value["count"]) for value in counts[facet]
                if inside is None or value["value"] in inside))


def rule_rows(rules: list[RuleShape]) -> Iterator[tuple[str, str, str, str, str]]:
    """(rule, kind, pattern or word, origin, official branches) of everything that rules are made of."""
    for rule in rules:
        for kind, patterns in (("ipc", rule["patterns"]), ("ipc_exclude", rule["exclude"])):
            for one in patterns:
                yield rule["id"], kind, one["pattern"], one["origin"], " ".join(one["refs"])
        for one in rule["beside"]:
            yield rule["id"], "ipc_beside", one["pattern"], one["origin"], " ".join(one["refs"])
        for kind, words in (("expression", [rule["expression"]] if rule["expression"] else []),
                            ("built_from", rule["built_from"]), ("keyword", rule["keywords"]),
                            ("keyword_exclude", rule["keywords_exclude"])):
            for word in words:
                yield rule["id"], kind, word, "", ""
