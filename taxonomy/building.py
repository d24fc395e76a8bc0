"""Rules that are built from branches of other taxonomies: `from: [sei_2021:5.2]`.

A record that carries the node 5.2 of sei_2021, or one below it, satisfies such a rule. It is as sure as what it is
built from: a literal rule on a derived label gives a derived label. Taxonomies may build on each other in a circle;
labels are only ever added, so the end is the same in whatever order.
"""

from collections.abc import Callable, Collection, Iterator, Mapping, Sequence

from ingest.record import LabelSource
from taxonomy.model import Branch, Rule, Taxonomy

Key = tuple[str, str]
"""(taxonomy, node)"""

Grades = Mapping[Key, tuple[int, LabelSource]]
"""The labels so far: node → (rule, source)."""


class Building:
    """Which rules wait for which nodes."""

    def __init__(self, rules: Sequence[Rule], taxonomies: Mapping[str, Taxonomy]) -> None:
        self._rules = rules
        self._within: dict[Branch, frozenset[Key]] = {}
        self._by_node: dict[Key, list[int]] = {}
        for place, rule in enumerate(rules):
            for branch in rule.built_from:
                if branch not in self._within:
                    self._within[branch] = frozenset(_within(branch, taxonomies))
                for key in self._within[branch]:
                    self._by_node.setdefault(key, []).append(place)

    def complete(self, grades: Grades, allowed: Collection[int],
                 give: Callable[[int, LabelSource], Key | None]) -> None:
        """Gives the nodes of allowed rules whose branches are carried, until nothing changes.

        `give` says which node it gave or raised to a better source, None when the node had as good a label.
        """
        todo = list(grades)
        while todo:
            key = todo.pop()
            source = grades[key][1]
            for place in self._by_node.get(key, ()):
                if place in allowed:
                    literal = source == "rule" and self._rules[place].reading == "literal"
                    given = give(place, "rule" if literal else "rule_derived")
                    if given:
                        todo.append(given)

    def reasons(self, rule: Rule, grades: Grades) -> Iterator[tuple[Branch, Key]]:
        """The branches of a rule that a record carries, each with the first node that it carries there."""
        for branch in rule.built_from:
            held = [key for key in grades if key in self._within[branch]]
            if held:
                yield branch, min(held, key=lambda key: (grades[key][1] != "rule", grades[key][0]))


def _within(branch: Branch, taxonomies: Mapping[str, Taxonomy]) -> Iterator[Key]:
    """The node of a branch and those below it; none when it does not exist.

    Official tables list leaves only, so `green_tech:9.1.*` may name a branch that is no node: it is then all nodes
    whose ids go on from there.
    """
    taxonomy = taxonomies.get(branch.taxonomy)
    if taxonomy is None:
        return
    for node in taxonomy.nodes:
        if branch.node in (node, *taxonomy.ancestors(node)) or node.startswith((f"{branch.node}.", f"{branch.node}-")):
            yield taxonomy.id, node


def exists(branch: Branch, taxonomies: Mapping[str, Taxonomy]) -> bool:
    """Whether a branch has any node."""
    return any(True for _ in _within(branch, taxonomies))
