"""Taxonomies as plain data for `zhuanti taxonomy list` and `show`; nothing unverified loses its mark."""

from dataclasses import asdict
from typing import Any

from taxonomy.model import Node, Taxonomy


def summary(taxonomy: Taxonomy) -> dict[str, Any]:
    """One line of the list."""
    rules = [rule for _, rule in taxonomy.rules()]
    return {
        "taxonomy": taxonomy.id, "name": taxonomy.name, "name_en": taxonomy.name_en, "version": taxonomy.version,
        "verified": taxonomy.verified, "status": taxonomy.status,
        "nodes": len(taxonomy.nodes), "unverified_nodes": len(taxonomy.unverified),
        "rules": len(rules), "patterns": sum(len(rule.patterns) for rule in rules), "file": taxonomy.file,
    }


def detail(taxonomy: Taxonomy) -> dict[str, Any]:
    """The whole taxonomy: texts behind it, sources, and the tree with every rule."""
    return summary(taxonomy) | {
        "note": taxonomy.note, "note_en": taxonomy.note_en,
        "documents": [asdict(document) for document in taxonomy.documents], "sources": taxonomy.sources,
        "tree": [_branch(taxonomy, node) for node in taxonomy.children()],
    }


def node_detail(node: Node) -> dict[str, Any]:
    """One node with its segments and rules; every pattern with its origin and whether that is verified."""
    return {
        "node": node.id, "name": node.name, "name_en": node.name_en, "basis": node.basis, "verified": node.verified,
        "sources": node.sources, "note": node.note, "segments": [asdict(segment) for segment in node.segments],
        "branches": node.branches,
        "rules": [{
            "id": rule.id, "reading": rule.reading, "note": rule.note,
            "patterns": [{"pattern": one.pattern, "origin": one.origin, "verified": one.verified, "refs": one.refs}
                         for one in rule.patterns],
            "exclude": [one.pattern for one in rule.exclude],
            "with": [{"pattern": one.pattern, "origin": one.origin, "verified": one.verified, "refs": one.refs}
                     for one in rule.beside],
            "expression": rule.expression, "from": [str(one) for one in rule.built_from],
            "keywords": rule.keywords, "keywords_exclude": rule.keywords_exclude,
            "keywords_origin": rule.keywords_origin,
        } for rule in node.rules],
    }


def _branch(taxonomy: Taxonomy, node: Node) -> dict[str, Any]:
    return node_detail(node) | {"children": [_branch(taxonomy, child) for child in taxonomy.children(node.id)]}
