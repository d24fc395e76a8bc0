"""Facets of an answer with readable names: codes become names in both languages, counts stay as the engine has them."""

from collections.abc import Mapping, Sequence

from api.names import NAMED, name_of
from api.search.shapes import FACETS, FacetShape
from api.services import Services
from index.engine import FacetValue
from ingest import regions
from ingest.ipc import scheme
from store.messages import text

INDUSTRY = "industry:"
LABEL_SOURCE = "label_source"       # values as `产业=` takes them: 33618@rule


def facet_names(services: Services) -> tuple[str, ...]:
    """Every facet that can be asked for."""
    return (*FACETS, LABEL_SOURCE, *(f"{INDUSTRY}{name}" for name in services.taxonomies))


def labels_of(services: Services, facet: str, value: str) -> tuple[str, str]:
    """The Chinese and English name of a value; the value itself where it has none (years, applicants)."""
    if facet in NAMED:
        return name_of(facet, value, "zh"), name_of(facet, value, "en")
    if facet == "ipc_subclass":
        zh, en = scheme.titles(value)
        return zh or value, en or zh or value
    if facet == "region":
        return regions.name(value), regions.name(value, "en")
    if facet == LABEL_SOURCE:
        taxonomy, _, source = value.partition("@")
        of = services.taxonomies.get(taxonomy)
        names = (of.name, of.name_en or of.name) if of else (taxonomy, taxonomy)
        return f"{names[0]}：{text(f'web_label_{source}')}", f"{names[1]}: {text(f'web_label_{source}', 'en')}"
    if facet.startswith(INDUSTRY):
        node = services.taxonomies[facet.removeprefix(INDUSTRY)].node(value)
        return (node.name, node.name_en or node.name) if node else (value, value)
    return value, value


def labelled_facets(
    services: Services, facets: Mapping[str, Sequence[FacetValue]], most: int
) -> dict[str, list[FacetShape]]:
    shown: dict[str, list[FacetShape]] = {}
    for name, values in facets.items():
        shown[name] = []
        for one in values[:most]:
            zh, en = labels_of(services, name, one.value)
            shown[name].append({"value": one.value, "label": zh, "label_en": en, "count": one.count})
    return shown
