"""Records → labels: which nodes of the taxonomies a record carries by their rules, and why.

A label is a pure function of the record and the taxonomy files. Each names its node only; that the nodes
above are meant too is known from `Taxonomy.ancestors`. Every label lists the patterns that matched its
symbols, with their origin, and the keywords that stand in its text.
"""

import hashlib
from collections.abc import Mapping, Sequence
from typing import Any

from index.text.fold import table_bytes
from ingest.ipc import scheme
from ingest.record import Label, Patent, Reason
from taxonomy.classes import ClassMatch, ClassRules
from taxonomy.deciding import decided
from taxonomy.model import Node, Origin, Rule, Taxonomy
from taxonomy.wording import Found, Keywords, Quick, Text

MEANING = 1     # raised when the same files come to mean other labels


class Labeller:
    """The rules of some taxonomies, ready to run. Made in a few ten milliseconds; pickles as its taxonomies."""

    def __init__(self, taxonomies: Mapping[str, Taxonomy]) -> None:
        self._taxonomies = dict(taxonomies)
        self._owners: list[tuple[Taxonomy, Node]] = []
        self._rules: list[Rule] = []
        for taxonomy in self._taxonomies.values():
            for node, rule in taxonomy.rules():
                self._owners.append((taxonomy, node))
                self._rules.append(rule)
        self._classes = ClassRules(self._rules)
        self._wanted = [Keywords(rule.keywords) for rule in self._rules]
        self._unwanted = [Keywords(rule.keywords_exclude) for rule in self._rules]
        self._quick = Quick(frozenset().union(*(one.characters for one in (*self._wanted, *self._unwanted))))
        self._without_class = [place for place, rule in enumerate(self._rules) if not rule.patterns]

    def __reduce__(self) -> tuple[type["Labeller"], tuple[dict[str, Taxonomy]]]:
        return Labeller, (self._taxonomies,)

    @property
    def fingerprint(self) -> str:
        """What the index identity keeps: changes whenever labels may."""
        parts = [str(MEANING), scheme.edition(), hashlib.sha256(table_bytes()).hexdigest()]
        parts += [f"{one.id}={one.fingerprint}" for one in self._taxonomies.values()]
        return hashlib.sha256("\n".join(parts).encode()).hexdigest()[:16]

    def ancestors(self, taxonomy: str, node: str) -> tuple[str, ...]:
        """The nodes above a node, nearest first; empty for what is not loaded."""
        found = self._taxonomies.get(taxonomy)
        return found.ancestors(node) if found else ()

    def label(self, record: Patent) -> list[Label]:
        """The labels of a record, in the order of the taxonomies and their nodes; one a node.

        The decisions that it carries (`ingest.records`) have the last word.
        """
        found = self.labels([one["symbol"] for one in record["ipc"]], record["title"], record["abstract"],
                            [claim["text"] for claim in record["claims"]])
        decisions = record.get("decisions")
        return decided(found, decisions, self._taxonomies) if decisions else found

    def labels(
        self, symbols: Sequence[str], title: str | None, abstract: str | None, claims: Sequence[str] = ()
    ) -> list[Label]:
        """The labels of what rules read: symbols in normal form, title, abstract and claims."""
        by_rule: dict[int, list[tuple[str, ClassMatch]]] = {place: [] for place in self._without_class}
        for symbol in dict.fromkeys(symbols):
            for match in self._classes.matches(symbol):
                by_rule.setdefault(match.rule, []).append((symbol, match))
        if not by_rule:
            return []
        text: Text | None = None
        labels: dict[tuple[str, str], Label] = {}
        for place in sorted(by_rule):
            wanted, unwanted = self._wanted[place], self._unwanted[place]
            words: list[Found] = []
            if wanted or unwanted:
                text = text or Text(_values(title, abstract, claims), self._quick)
                words = wanted.find(text)
                if (wanted and not words) or unwanted.find(text):
                    continue
            taxonomy, node = self._owners[place]
            key = (taxonomy.id, node.id)
            literal = self._rules[place].reading == "literal"
            if key in labels and (labels[key]["source"] == "rule" or not literal):
                continue
            labels[key] = {
                "taxonomy": taxonomy.id, "node": node.id, "name": node.name,
                "source": "rule" if literal else "rule_derived", "score": None,
                "reasons": [*_class_reasons(by_rule[place]), *_word_reasons(words, self._rules[place].keywords_origin)],
                "taxonomy_version": taxonomy.version,
            }
        return list(labels.values())


def _values(title: str | None, abstract: str | None, claims: Sequence[str]) -> list[tuple[str, str]]:
    values = [("title", title), ("abstract", abstract), *(("claims", text) for text in claims)]
    return [(field, text) for field, text in values if text]


def _class_reasons(matches: Sequence[tuple[str, ClassMatch]]) -> list[Reason]:
    return [{"kind": "ipc", "value": symbol, "pattern": match.pattern, "field": "ipc", "origin": match.origin}
            for symbol, match in matches]


def _word_reasons(words: Sequence[Found], origin: Origin) -> list[Reason]:
    return [{"kind": "keyword", "value": one.words, "pattern": one.keyword, "field": one.field, "origin": origin}
            for one in words]


def label_line(labeller: Labeller, line: Mapping[str, Any]) -> list[Label]:
    """The labels of a line of `zhuanti label`: title, abstract, claims and IPC symbols in any written form."""
    symbols = [symbol for written in line.get("ipc") or () if (symbol := scheme.normalise(str(written)))]
    return labeller.labels(symbols, line.get("title"), line.get("abstract"), line.get("claims") or ())
