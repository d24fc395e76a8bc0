"""Industries without HTTP: `taxonomies`, `taxonomy` (the tree with counts) and `node` (rules and years)."""

from api.industries.shapes import NodeAnswer, TaxonomiesAnswer, TaxonomyAnswer
from api.services import Services


def taxonomies(services: Services) -> TaxonomiesAnswer:
    """Every loaded taxonomy with how many records carry a label of it."""
    raise NotImplementedError


def taxonomy(services: Services, name: str) -> TaxonomyAnswer:
    """The tree of a taxonomy with counts; raises NotFound `taxonomy_not_found`."""
    raise NotImplementedError


def node(services: Services, name: str, node_id: str) -> NodeAnswer:
    """One node with its rules and its counts by year; raises NotFound `taxonomy_not_found` or `node_not_found`."""
    raise NotImplementedError
