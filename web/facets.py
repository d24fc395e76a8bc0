"""Facets of a result as links: each value adds its clause to the filters, or takes it away again, or excludes it."""

from collections.abc import Mapping
from typing import TypedDict

from api.search.shapes import FacetShape, SearchAnswer
from ingest import regions
from taxonomy.model import Taxonomy
from web import clauses
from web.links import Address
from web.rendering import Lang, Translate

SHOWN = ("type", "legal_state", "application_year", "applicant", "region", "ipc_subclass", "applicant_kind")
OPEN = frozenset({"type", "legal_state", "application_year", "applicant", "region", "ipc_subclass"})
FEW = 6             # values of a facet beside the hits
ENOUGH = 500        # values to ask for: all years and regions, and more than are shown of anything else


class ValueView(TypedDict):
    label: str
    count: int
    address: Address
    without: Address
    current: bool


class FacetView(TypedDict):
    """`more` leads to all values; `columns` and `range` stand for the values of years; `most` scales the bars."""

    name: str
    slug: str
    title: str
    open: bool
    listed: list[ValueView]
    most: int
    distinct: int
    more: Address | None
    columns: list[tuple[str, int, Address]]
    range: tuple[str, str] | None
    note: str


def asked(featured: str) -> tuple[str, ...]:
    """The facets that the page of results asks for."""
    return (*SHOWN, clauses.INDUSTRY + featured) if featured else SHOWN


def title(facet: str, taxonomies: Mapping[str, Taxonomy], lang: Lang, t: Translate) -> str:
    if facet.startswith(clauses.INDUSTRY):
        taxonomy = taxonomies[facet.removeprefix(clauses.INDUSTRY)]
        return taxonomy.name_en if lang == "en" else taxonomy.name
    return str(t(f"facet_{facet}"))


def label(facet: str, value: FacetShape, lang: Lang) -> str:
    """The name of a value; a subclass as its symbol and the first words of its title."""
    name = value["label_en"] if lang == "en" else value["label"]
    if facet == "ipc_subclass" and name != value["value"]:
        first = name
        for stop in "；;，,（(、：:":
            first = first.split(stop)[0]
        return f"{value['value']} {first}"
    return name


def value_view(facet: str, value: FacetShape, here: Address, lang: Lang) -> ValueView:
    wanted = clauses.of_facet(facet, value["value"])
    current = wanted in here.all("filter")
    return {
        "label": label(facet, value, lang), "count": value["count"], "current": current,
        "address": here.drop("filter", wanted) if current else here.add("filter", wanted),
        "without": here.drop("filter", wanted).add("filter", clauses.excluding(wanted)),
    }


def views(answer: SearchAnswer, here: Address, lang: Lang, t: Translate,
          taxonomies: Mapping[str, Taxonomy]) -> list[FacetView]:
    """The facets of an answer for the page at `here`; facets without a value are left out."""
    return [view(facet, values, answer["facet_values"][facet], here, lang, t, taxonomies)
            for facet, values in answer["facets"].items() if values]


def view(facet: str, values: list[FacetShape], distinct: int, here: Address, lang: Lang, t: Translate,
         taxonomies: Mapping[str, Taxonomy]) -> FacetView:
    years = facet == "application_year"
    values = listed(facet, values, here, taxonomies)
    few = [] if years else values[:FEW]
    return {
        "name": facet, "slug": facet.replace(":", "-"), "title": title(facet, taxonomies, lang, t),
        "open": facet in OPEN,
        "listed": [value_view(facet, value, here, lang) for value in few],
        "most": values[0]["count"],
        "distinct": distinct,
        "more": here.to(f"/search/facets/{facet}", ("sort", "size", "id", "do"))
        if years or distinct > FEW else None,
        "columns": [(str(t("year_count", year=value["value"], n=f"{value['count']:,}")), value["count"],
                     here.add("filter", clauses.of_facet(facet, value["value"])))
                    for value in sorted(values, key=lambda value: value["value"])] if years else [],
        "range": clauses.read_date_range(here.all("filter")) if years else None,
        "note": note(facet, t),
    }


def listed(facet: str, values: list[FacetShape], here: Address,
           taxonomies: Mapping[str, Taxonomy]) -> list[FacetShape]:
    """The values of a facet worth listing first: one level of regions; nodes with rules, not the tiers above."""
    best = values
    if facet == "region":
        best = one_level(values, here)
    elif facet.startswith(clauses.INDUSTRY):
        nodes = taxonomies[facet.removeprefix(clauses.INDUSTRY)].nodes
        best = [value for value in values if value["value"] in nodes and nodes[value["value"]].rules]
    return best or values


def one_level(values: list[FacetShape], here: Address) -> list[FacetShape]:
    """Provinces and countries; where a region is chosen, that one and what lies directly below it."""
    chosen = {parts[2] for one in here.all("filter") if (parts := clauses.take_apart(one)) and parts[1] == "地区"}
    if not chosen & {value["value"] for value in values}:
        return [value for value in values if not regions.ancestors(value["value"])]
    return [value for value in values if chosen & {value["value"], *regions.ancestors(value["value"])[:1]}]


def note(facet: str, t: Translate) -> str:
    """What the counts of a facet count, where it is not plain."""
    several = facet in ("applicant", "ipc_subclass", "region", "applicant_kind") or facet.startswith(clauses.INDUSTRY)
    return str(t("facet_several")) if several else ""
