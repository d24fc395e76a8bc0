"""What is doubtful in a taxonomy that can be loaded: its patterns held against the classification.

Found are patterns of no known class, symbols that the scheme does not list or that are retired, and patterns
and exclusions without effect because of another one of the same rule, and branches that do not exist.
"""

from collections.abc import Iterator, Mapping
from typing import Literal

from typing_extensions import TypedDict

from ingest.ipc import patterns, scheme
from ingest.ipc.successors import retired
from store.errors import BadCall
from store.messages import text
from taxonomy.building import exists
from taxonomy.model import Node, Rule, RulePattern, Taxonomy

Severity = Literal["error", "warning", "hint"]

SEVERITIES: dict[str, Severity] = {
    "taxonomy_check_unknown": "error",      # a warning where an official table has it: those keep old classes
    "taxonomy_check_retired": "hint",
    "taxonomy_check_unlisted": "warning",
    "taxonomy_check_covered": "hint",
    "taxonomy_check_excludes_nothing": "warning",
    "taxonomy_check_branch": "error",
}


class Finding(TypedDict):
    code: str
    severity: Severity
    message: str
    message_en: str
    file: str
    line: int
    node: str
    pattern: str


def check(taxonomy: Taxonomy, others: Mapping[str, Taxonomy] | None = None) -> list[Finding]:
    """Every finding, in the order of the file. `others` are the taxonomies that rules may be built from."""
    known = {taxonomy.id: taxonomy} | dict(others or {})
    found = [finding for node, rule in taxonomy.rules()
             for finding in (*_rule(taxonomy.file, node, rule), *_branches(taxonomy.file, node, rule, known))]
    return sorted(found, key=lambda finding: finding["line"])


def refusal(error: BadCall) -> Finding:
    """A file that cannot be loaded at all, as a finding."""
    return {"code": error.code, "severity": "error", "message": error.message("zh"), "message_en": error.message("en"),
            "file": str(error.values.get("file", "")), "line": int(error.values.get("line", 1)), "node": "",
            "pattern": ""}


def _finding(file: str, node: Node, one: RulePattern, code: str, **values: str) -> Finding:
    values |= {"node": node.id, "pattern": one.pattern}
    official = one.verified and code == "taxonomy_check_unknown"
    return {"code": code, "severity": "warning" if official else SEVERITIES[code],
            "message": text(code, "zh", **values),
            "message_en": text(code, "en", **values), "file": file, "line": one.line, "node": node.id,
            "pattern": one.pattern}


def _rule(file: str, node: Node, rule: Rule) -> Iterator[Finding]:
    for one in (*rule.patterns, *rule.exclude, *rule.beside):
        for symbol in _ends(one):
            code, values = _place(symbol)
            if code:
                yield _finding(file, node, one, code, **values)
    for at, one in enumerate(rule.patterns):
        other = next((wider for place, wider in enumerate(rule.patterns)
                      if place != at and _covers(wider, one) and not (_covers(one, wider) and at < place)), None)
        if other:
            yield _finding(file, node, one, "taxonomy_check_covered", other=other.pattern)
    for one in rule.exclude:
        if not any(_covers(wider, one) or _covers(one, wider) for wider in rule.patterns):
            yield _finding(file, node, one, "taxonomy_check_excludes_nothing")


def _branches(file: str, node: Node, rule: Rule, known: Mapping[str, Taxonomy]) -> Iterator[Finding]:
    for branch in rule.built_from:
        if not exists(branch, known):
            yield _finding(file, node, RulePattern(str(branch), "proposed", line=rule.line), "taxonomy_check_branch")


def _ends(one: RulePattern) -> tuple[str, ...]:
    """The symbols that a pattern names; a truncated one names only its subclass for sure."""
    pattern = patterns.parse(one.pattern)
    if pattern is None:
        return ()
    if pattern.symbol.endswith("+"):
        return (pattern.symbol[:4],)
    return tuple(patterns.as_node(symbol) for symbol in (pattern.symbol, pattern.last) if symbol)


def _place(symbol: str) -> tuple[str, dict[str, str]]:
    """What is wrong with the place of a symbol: a code and its values, or ''."""
    for entry in retired():
        inside = entry.place.below and entry.place.symbol in scheme.ancestor_keys(symbol)
        if inside or entry.place.symbol == symbol:
            return "taxonomy_check_retired", {"successors": " ".join(map(str, entry.successors))}
    if scheme.listed(symbol) or (symbol.endswith("/00") and scheme.children(symbol)):
        return "", {}
    if "/" in symbol and scheme.listed(symbol[:4]):
        return "taxonomy_check_unlisted", {}
    # F24J is gone altogether, but what stood in it has successors.
    if any(symbol in scheme.ancestor_keys(entry.place.symbol) for entry in retired()):
        return "", {}
    return "taxonomy_check_unknown", {}


def _covers(wider: RulePattern, narrower: RulePattern) -> bool:
    """Whether one pattern surely matches whatever the other does (trees, classes and single symbols only)."""
    one, two = patterns.parse(wider.pattern), patterns.parse(narrower.pattern)
    if one is None or two is None or two.how == "range" or two.symbol.endswith("+"):
        return False
    if one.how == "exact":
        return two.how == "exact" and one.symbol == two.symbol
    if one.how == "range" or one.symbol.endswith("+"):
        return two.how == "exact" and one.covers(two.symbol)
    top, keys = patterns.as_node(one.symbol), set(scheme.ancestor_keys(patterns.as_node(two.symbol)))
    if one.how == "tree" and two.how == "tree":
        below, exact = patterns.tree(top)
        two_below, two_exact = patterns.tree(two.symbol)
        return all(not set(below).isdisjoint(scheme.ancestor_keys(key)) for key in two_below) and all(
            key in exact or not set(below).isdisjoint(scheme.ancestor_keys(key)) for key in two_exact)
    if one.how == "prefix" and two.how == "tree":
        return top in keys and patterns.tree(two.symbol) == ((two.symbol,), ())
    return top in keys
