"""Class patterns as queries over the written symbols; the meaning is `ingest.ipc.patterns`.

A tree above the main groups is told by how symbols are written, one inside a main group by the symbols that the
scheme lists below it (an unlisted one stands directly under its main group). So no dictionary of the index is asked.
"""

from collections.abc import Iterator

from index.elastic.parts import Part, literal, prefix, regexp, terms
from index.elastic.schema import ORDER
from index.query.tree import Classes
from ingest.ipc import patterns, scheme


def class_parts(node: Classes) -> Iterator[Part]:
    """Queries of which one must match."""
    match node.how:
        case "exact":
            yield terms(node.field, (node.symbol,))
        case "prefix":
            beginning = patterns.written_prefix(node.symbol)
            yield prefix(node.field, beginning)
            if not node.symbol.startswith(beginning):
                yield terms(node.field, (node.symbol,))
        case "tree":
            below, exact = patterns.tree(node.symbol)
            symbols = list(exact)
            for top in below:
                if "/" in top and not top.endswith("/00"):
                    symbols += _listed_below(top)
                else:
                    yield regexp(node.field, _written_below(top))
            if symbols:
                yield terms(node.field, symbols)
        case "range":
            low, high = patterns.bounds(node.symbol, node.last)
            yield Part({"range": {f"{node.field}{ORDER}": {"gte": low, "lte": high}}})


def _listed_below(top: str) -> Iterator[str]:
    """A subgroup and the listed symbols below it."""
    rest = [top]
    while rest:
        symbol = rest.pop()
        yield symbol
        rest += scheme.children(symbol)


def _written_below(top: str) -> str:
    """An expression of the symbols that have a section, class, subclass or main group above them, and of itself."""
    text = literal(top.removesuffix("/00"))
    if "/" in top:
        return f"{text}/.*"
    below_subclass = "(.+/.*|/.*)?"
    return {1: f"{text}(..(.{below_subclass})?)?", 3: f"{text}(.{below_subclass})?",
            4: f"{text}{below_subclass}"}.get(len(top), text)
