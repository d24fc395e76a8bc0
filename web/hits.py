"""One hit as a list shows it: highlighted texts, one publication, one class, one place, the labels worth naming."""

from typing import TypedDict

from markupsafe import Markup

from api.search.shapes import HitShape, LabelShape
from api.services import Services
from ingest import regions
from ingest.numbers import parse_publication, stage_of
from web.clauses import Namer
from web.context import featured
from web.rendering import marked

MOST_LABELS = 4


class HitView(TypedDict):
    id: str
    title: Markup
    abstract: Markup
    applicants: list[str]
    type: str
    legal_state: str
    application_date: str | None
    publication_date: str | None
    publication: str | None
    granted: bool
    ipc: str | None
    region: str | None
    labels: list[LabelShape]


def view(hit: HitShape, services: Services, lang: str) -> HitView:
    """`publication` is the newest one, whose date is `publication_date`; labels of the featured taxonomy come first."""
    newest = hit["publications"][-1] if hit["publications"] else None
    number = parse_publication(newest) if newest else None
    labels = sorted(hit["labels"], key=lambda label: label["taxonomy"] != featured(services))[:MOST_LABELS]
    name = namer(services, lang)
    return {
        "id": hit["id"],
        "title": marked(hit["title"], hit["highlights"].get("title", [])),
        "abstract": marked(hit["abstract"], hit["highlights"].get("abstract", [])),
        "applicants": hit["applicants"],
        "type": hit["type"],
        "legal_state": hit["legal_state"],
        "application_date": hit["application_date"],
        "publication_date": hit["publication_date"],
        "publication": newest,
        "granted": bool(number and number.kind and stage_of(number.kind, hit["publication_date"]) == "grant"),
        "ipc": hit["ipc"][0] if hit["ipc"] else None,
        "region": regions.name(hit["regions"][0], lang) if hit["regions"] else None,
        "labels": [{**label, "name": name("产业", f"{label['taxonomy']}/{label['node']}")} for label in labels],
    }


def namer(services: Services, lang: str) -> Namer:
    """Names of the coded values that stand in filters: regions and nodes of taxonomies, types, states and kinds."""

    def name(field: str, value: str) -> str:
        if field == "地区":
            return regions.name(value, lang)
        if field == "产业":
            taxonomy, _, node = value.partition("/")
            known = services.taxonomies.get(taxonomy)
            found = known.node(node) if known and node else None
            if found:
                return found.name_en if lang == "en" and found.name_en else found.name
            return (known.name_en if lang == "en" else known.name) if known else value
        return value

    return name
