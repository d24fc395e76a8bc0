"""Industries without HTTP: `taxonomies`, `taxonomy` (the tree with counts) and `node` (rules and years)."""

from api.industries.shapes import (
    NodeAnswer,
    PatternShape,
    RuleShape,
    TaxonomiesAnswer,
    TaxonomyAnswer,
)
from api.search.facets import INDUSTRY, LABEL_SOURCE
from api.services import Services
from index.query.tree import Everything, Industry
from store.errors import NotFound
from taxonomy.counting import counted_tree
from taxonomy.model import Rule, RulePattern, Taxonomy


def found(services: Services, name: str) -> Taxonomy:
    """A loaded taxonomy; raises NotFound `taxonomy_not_found`."""
    if name not in services.taxonomies:
        raise NotFound("taxonomy_not_found", name=name, known="、".join(services.taxonomies))
    return services.taxonomies[name]


def taxonomies(services: Services) -> TaxonomiesAnswer:
    """Every loaded taxonomy with how many records carry a label of it."""
    total = services.engine.count(Everything())
    labelled = {name: services.engine.count(Industry(name)) for name in services.taxonomies}
    sources: dict[str, dict[str, int]] = {name: {} for name in services.taxonomies}
    for one in services.engine.search(Everything(), size=1, facets=(LABEL_SOURCE,)).facets[LABEL_SOURCE]:
        name, _, source = one.value.partition("@")
        if name in sources:
            sources[name][source] = one.count
    return {
        "taxonomies": [
            {"taxonomy": one.id, "name": one.name, "name_en": one.name_en, "version": one.version,
             "verified": one.verified, "status": one.status, "nodes": len(one.nodes), "labelled": labelled[one.id],
             "unlabelled": total - labelled[one.id], "by_source": sources[one.id]}
            for one in services.taxonomies.values()],
        "broken": [{"taxonomy": one.taxonomy, "code": one.error.code, "message": one.error.message("zh"),
                    "message_en": one.error.message("en")} for one in services.broken],
        "data_date": services.data_date(),
    }


def taxonomy(services: Services, name: str) -> TaxonomyAnswer:
    """The tree of a taxonomy with counts; raises NotFound `taxonomy_not_found`."""
    of = found(services, name)
    total = services.engine.count(Everything())
    labelled = services.engine.count(Industry(name))
    return {
        "taxonomy": of.id, "name": of.name, "name_en": of.name_en, "version": of.version, "verified": of.verified,
        "note": of.note, "note_en": of.note_en,
        "documents": [{"title": one.title, "issuer": one.issuer, "number": one.number, "date": one.date,
                       "verified": one.verified} for one in of.documents],
        "total": total, "labelled": labelled, "unlabelled": total - labelled,
        "tree": counted_tree(of, node_counts(services, name)),
        "data_date": services.data_date(),
    }


def node(services: Services, name: str, node_id: str) -> NodeAnswer:
    """One node with its rules and its counts by year; raises NotFound `taxonomy_not_found` or `node_not_found`."""
    of = found(services, name)
    one = of.node(node_id)
    if one is None:
        raise NotFound("node_not_found", taxonomy=name, node=node_id)
    page = services.engine.search(Industry(name, node_id), size=1, facets=("application_year",))
    years = sorted(page.facets["application_year"], key=lambda year: year.value)
    above = [of.nodes[upper] for upper in reversed(of.ancestors(node_id))]
    return {
        "taxonomy": of.id, "taxonomy_name": of.name, "version": of.version,
        "node": one.id, "name": one.name, "name_en": one.name_en, "verified": one.verified, "note": one.note,
        "path": [{"node": upper.id, "name": upper.name, "name_en": upper.name_en} for upper in above],
        "segments": [{"name": part.name, "verified": part.verified} for part in one.segments],
        "count": page.total,
        "children": counted_tree(of, node_counts(services, name), node_id),
        "rules": [rule(each) for each in one.rules],
        "by_year": [{"year": int(year.value), "count": year.count} for year in years],
        "data_date": services.data_date(),
    }


def node_counts(services: Services, name: str) -> dict[str, int]:
    """{node: records that carry it or one below it}, in one pass over the index."""
    facet = f"{INDUSTRY}{name}"
    page = services.engine.search(Everything(), size=1, facets=(facet,))
    return {one.value: one.count for one in page.facets[facet]}


def rule(one: Rule) -> RuleShape:
    return {"id": one.id, "patterns": [pattern(each) for each in one.patterns],
            "exclude": [pattern(each) for each in one.exclude], "keywords": list(one.keywords),
            "keywords_exclude": list(one.keywords_exclude), "beside": [pattern(each) for each in one.beside],
            "expression": one.expression, "built_from": [str(branch) for branch in one.built_from],
            "reading": one.reading, "note": one.note}


def pattern(one: RulePattern) -> PatternShape:
    return {"pattern": one.pattern, "origin": one.origin, "refs": list(one.refs)}
