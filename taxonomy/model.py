"""What a taxonomy is: a tree of nodes, each with rules that say which records carry it.

Frozen and plain, so that worker processes can be handed one. What is not verified says so: `verified` of the
taxonomy, of a node's name and of a segment, `origin` of a pattern, `reading` of a rule.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import cached_property
from typing import Literal, get_args

Basis = Literal["seen", "memory", "ours"]
"""Where a name comes from: read in the named source, from memory, or proposed by us."""

Origin = Literal["official", "official_wider", "official_narrower", "proposed"]
"""Where a pattern comes from: the official concordance has it, has a wider one that covers it, has narrower
ones inside it, or has none and it is ours."""

Reading = Literal["literal", "derived"]
"""Whether a rule stands as its source states it, or is our reading of it (labels then say `rule_derived`)."""

Status = Literal["in_force", "trial", "superseded", "unknown"]
"""Whether the taxonomy is in force, on trial, replaced by a later one, or not known."""

BASES: tuple[str, ...] = get_args(Basis)
ORIGINS: tuple[str, ...] = get_args(Origin)
READINGS: tuple[str, ...] = get_args(Reading)
STATUSES: tuple[str, ...] = get_args(Status)


@dataclass(frozen=True, slots=True)
class RulePattern:
    """One IPC pattern of a rule in canonical writing (`ingest.ipc.patterns`) and the branches that it is from."""

    pattern: str
    origin: Origin
    refs: tuple[str, ...] = ()
    line: int = 0

    @property
    def verified(self) -> bool:
        return self.origin != "proposed"


@dataclass(frozen=True, slots=True)
class Branch:
    """A node of a taxonomy with everything below it, as rules are built from it: `sei_2021:5.2`."""

    taxonomy: str
    node: str

    def __str__(self) -> str:
        return f"{self.taxonomy}:{self.node}"


@dataclass(frozen=True, slots=True)
class Rule:
    """A record satisfies a rule when every part that the rule has is satisfied; it has at least one that asks.

    `patterns`: one of its symbols matches one of them and is not excluded; `beside`: one of its symbols matches one
    of these too; `keywords`: one of them stands in its title, abstract or claims; `expression`: it is found by that
    expression of the query language; `built_from`: it carries one of these branches of other taxonomies, or one
    below it. None of `keywords_exclude` may stand there.
    """

    id: str
    patterns: tuple[RulePattern, ...]
    exclude: tuple[RulePattern, ...] = ()
    keywords: tuple[str, ...] = ()
    keywords_exclude: tuple[str, ...] = ()
    beside: tuple[RulePattern, ...] = ()
    expression: str = ""
    built_from: tuple[Branch, ...] = ()
    keywords_origin: Origin = "proposed"
    reading: Reading = "literal"
    note: str = ""
    line: int = 0


@dataclass(frozen=True, slots=True)
class Segment:
    """A part of a node that has a name only."""

    name: str
    basis: Basis
    verified: bool
    sources: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Node:
    """`verified` and `basis` speak of the name and place of the node; `branches` are official concordance branches."""

    id: str
    name: str
    name_en: str
    parent: str | None
    basis: Basis
    verified: bool
    sources: tuple[str, ...] = ()
    note: str = ""
    segments: tuple[Segment, ...] = ()
    branches: tuple[str, ...] = ()
    rules: tuple[Rule, ...] = ()
    line: int = 0


@dataclass(frozen=True, slots=True)
class Document:
    """An official text behind the taxonomy; what is not known is None."""

    title: str
    issuer: str | None
    number: str | None
    date: str | None
    verified: bool
    note: str = ""


@dataclass(frozen=True)
class Taxonomy:
    """`nodes` are in the order of display, parents before their children. `fingerprint` is the file's hash."""

    id: str
    name: str
    name_en: str
    version: str
    verified: bool
    note: str
    note_en: str
    documents: tuple[Document, ...]
    sources: dict[str, str]
    nodes: dict[str, Node]
    file: str
    fingerprint: str
    status: Status = "unknown"
    _children: dict[str | None, list[str]] = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        below: dict[str | None, list[str]] = {}
        for node in self.nodes.values():
            below.setdefault(node.parent, []).append(node.id)
        object.__setattr__(self, "_children", below)

    def node(self, node_id: str) -> Node | None:
        return self.nodes.get(node_id)

    def children(self, node_id: str | None = None) -> list[Node]:
        """The nodes directly below one, or the top nodes."""
        return [self.nodes[child] for child in self._children.get(node_id, ())]

    def ancestors(self, node_id: str) -> tuple[str, ...]:
        """The ids above a node, nearest first; empty for a top node and for an unknown one."""
        return self._above.get(node_id, ())

    @cached_property
    def _above(self) -> dict[str, tuple[str, ...]]:
        found: dict[str, tuple[str, ...]] = {}
        for node in self.nodes.values():
            above, parent = [], node.parent
            while parent is not None:
                above.append(parent)
                parent = self.nodes[parent].parent
            found[node.id] = tuple(above)
        return found

    def rules(self) -> Iterator[tuple[Node, Rule]]:
        """Every rule with its node, in order."""
        for node in self.nodes.values():
            for rule in node.rules:
                yield node, rule

    @cached_property
    def unverified(self) -> tuple[str, ...]:
        """The ids of the nodes whose names are not verified."""
        return tuple(node.id for node in self.nodes.values() if not node.verified)
