"""Records → labels: which nodes of the taxonomies a record carries by their rules, and why.

A label is a pure function of the record and the taxonomy files. Each names its node only; that the nodes
above are meant too is known from `Taxonomy.ancestors`. Every label lists the patterns that matched its
symbols, with their origin, and the keywords that stand in its text.
"""

import hashlib
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from functools import lru_cache
from typing import Any, NamedTuple

from index.text.fold import table_bytes
from ingest.ipc import scheme
from ingest.record import Label, LabelSource, Patent, Reason
from store.outbox import INCOMPLETE
from store.settings import Settings
from taxonomy import expressions
from taxonomy.building import Building, Grades
from taxonomy.catalogue import Catalogue
from taxonomy.classes import ClassRules, Part
from taxonomy.deciding import decided
from taxonomy.learning.inputs import Input, of_line, of_record
from taxonomy.learning.predicting import Models, available
from taxonomy.model import Node, Taxonomy
from taxonomy.wording import Keywords, Text, Vocabulary, texts_of

_MOST_KEPT = 20_000

MEANING = 2     # raised when the same files come to mean other labels


_NONE: frozenset[int] = frozenset()


class Owner(NamedTuple):
    """The node that a rule belongs to; `order` is its place among all nodes."""

    taxonomy: Taxonomy
    node: Node
    order: int


class Read(NamedTuple):
    """What rules read of a record; symbols in normal form."""

    symbols: list[str]
    title: str | None
    abstract: str | None
    claims: list[str]

    def values(self) -> list[tuple[str, str]]:
        named = [("title", self.title), ("abstract", self.abstract), *(("claims", text) for text in self.claims)]
        return [(field, text) for field, text in named if text]


class Labeller:
    """The rules of some taxonomies, ready to run. Made in a few ten milliseconds; pickles as its taxonomies.

    `chosen`: the taxonomies that records are labelled with (all by default); others only serve rules that are built
    from them. Without `reasons` labels come without any, in half the time: the index needs none. `complete` is false
    while a file of the home cannot be used.
    """

    def __init__(self, taxonomies: Mapping[str, Taxonomy], chosen: Iterable[str] | None = None, *,
                 reasons: bool = True, complete: bool = True, models: Models | None = None) -> None:
        self._complete = complete
        self._models = models
        self._taxonomies = dict(taxonomies)
        self._chosen = tuple(taxonomies if chosen is None else chosen)
        self._with_reasons = reasons
        used = [self._taxonomies[name] for name in _needed(self._taxonomies, self._chosen)]
        nodes = [(taxonomy, node) for taxonomy in used for node in taxonomy.nodes.values()]
        self._owners = [Owner(taxonomy, node, order) for order, (taxonomy, node) in enumerate(nodes)
                        for _ in node.rules]
        self._rules = [rule for _, node in nodes for rule in node.rules]
        rules = list(enumerate(self._rules))
        guards = {place: expressions.guard(rule.expression) for place, rule in rules if rule.expression}

        self._wanted = [Keywords(rule.keywords) for rule in self._rules]
        unwanted = [Keywords(rule.keywords_exclude) for rule in self._rules]
        self._by_form: dict[str, set[int]] = {}
        self._by_unwanted: dict[str, set[int]] = {}
        for place, one in enumerate(self._wanted):
            guard = guards.get(place)
            for form in one.forms | (guard.forms if guard else frozenset()):
                self._by_form.setdefault(form, set()).add(place)
            for form in unwanted[place].forms:
                self._by_unwanted.setdefault(form, set()).add(place)
        self._vocabulary = Vocabulary((*self._by_form, *self._by_unwanted))

        self._classes = ClassRules(Part(place, rule.patterns, rule.exclude) for place, rule in rules)
        self._beside = ClassRules(Part(place, rule.beside) for place, rule in rules)
        self._guarding = ClassRules(Part(place, guard.patterns) for place, guard in guards.items() if guard)
        # What a rule asks for before anything else; a rule asks in exactly one of these ways.
        self._by_class = frozenset(place for place, rule in rules if rule.patterns and not rule.keywords)
        self._by_both = frozenset(place for place, rule in rules if rule.patterns and rule.keywords)
        self._by_word = frozenset(place for place, rule in rules if rule.keywords and not rule.patterns)
        bare = frozenset(place for place, rule in rules if not rule.patterns and not rule.keywords)
        self._by_guard = frozenset(place for place in bare if guards.get(place))
        self._always = frozenset(place for place in bare if place in guards and not guards[place])
        # Rules that are built from branches wait until the labels of those are known.
        self._building = Building(self._rules, self._taxonomies)
        self._only_built = bare.difference(guards)
        self._reading = frozenset(place for place, rule in rules if rule.keywords or rule.keywords_exclude)
        self._further = frozenset(place for place, rule in rules if rule.beside or rule.expression)
        # Most records satisfy the same rules as another; without reasons they then share their labels.
        self._unexplained = lru_cache(_MOST_KEPT)(
            lambda satisfied, built: self._given(self._graded(satisfied, built), lambda _: []))
        self._waiting = frozenset(place for place, rule in rules if rule.built_from)

    def __reduce__(self) -> tuple[Any, ...]:
        return _made, (self._taxonomies, self._chosen, self._with_reasons, self._complete, self._models)

    @property
    def fingerprint(self) -> str:
        """Changes whenever labels may; says when it is not that of all files (`store.outbox.mark_relabelled`)."""
        parts = [str(MEANING), scheme.edition(), hashlib.sha256(table_bytes()).hexdigest(), ",".join(self._chosen)]
        parts += [f"{name}={self._taxonomies[name].fingerprint}" for name in _needed(self._taxonomies, self._chosen)]
        if self._models:
            parts.append(self._models.fingerprint)
        return INCOMPLETE * (not self._complete) + hashlib.sha256("\n".join(parts).encode()).hexdigest()[:16]

    def ancestors(self, taxonomy: str, node: str) -> tuple[str, ...]:
        """The nodes above a node, nearest first; empty for what is not loaded."""
        found = self._taxonomies.get(taxonomy)
        return found.ancestors(node) if found else ()

    def label(self, record: Patent) -> list[Label]:
        """The labels of a record, one a node, in the order of taxonomies and nodes; people's decisions on top."""
        return self.label_many([record])[0]

    def label_many(self, records: Sequence[Patent], *, reasons: bool = True) -> list[list[Label]]:
        """The labels of each record; all is much quicker over many at once. `reasons`: false where unseen."""
        found = self._by_rules([
            Read(list(dict.fromkeys(one["symbol"] for one in record["ipc"])), record["title"], record["abstract"],
                 [claim["text"] for claim in record["claims"]]) for record in records], reasons)
        if self._models:
            found = self.with_models([of_record(record) for record in records], found, reasons=reasons)
        chosen = {name: self._taxonomies[name] for name in self._chosen}
        return [decided(labels, decisions, chosen) if (decisions := record.get("decisions")) else labels
                for record, labels in zip(records, found, strict=True)]

    def with_models(self, inputs: Sequence[Input], labels: list[list[Label]], *, reasons: bool = True
                    ) -> list[list[Label]]:
        """The labels of the rules with those of the models added; the same where there is no model."""
        if not self._models:
            return labels
        return self._models.added(inputs, labels, {name: self._taxonomies[name] for name in self._chosen},
                                  reasons=reasons and self._with_reasons)

    def labels(
        self, symbols: Sequence[str], title: str | None, abstract: str | None, claims: Sequence[str] = (), *,
        reasons: bool = True,
    ) -> list[Label]:
        """The labels of what rules read: symbols in normal form, title, abstract and claims."""
        return self._by_rules([Read(list(dict.fromkeys(symbols)), title, abstract, list(claims))], reasons)[0]

    def _by_rules(self, records: Sequence[Read], reasons: bool) -> list[list[Label]]:
        classed = [_NONE.union(*map(self._classes.places, read.symbols)) for read in records]
        asking = [place for place, found in enumerate(classed)
                  if self._by_word or self._by_guard or not self._reading.isdisjoint(found)]
        texts = texts_of([records[place].values() for place in asking])
        words = dict(zip(asking, zip(texts, self._vocabulary.find(texts), strict=True), strict=True))
        because = reasons and self._with_reasons
        nothing: tuple[Text | None, dict[str, int]] = None, {}
        return [self._labels(read, found, words.get(place, nothing), because)
                for place, (read, found) in enumerate(zip(records, classed, strict=True))]

    def _labels(self, read: Read, classed: frozenset[int], found: tuple[Text | None, Mapping[str, int]],
                reasons: bool) -> list[Label]:
        """`classed`: the rules whose patterns are satisfied; `found`: the text and the keywords of any rule in it."""
        text, words = found
        satisfied, built = self._satisfied(read, classed, words)
        if not satisfied:
            return []
        if not reasons:
            return list(self._unexplained(satisfied, built))
        grades = self._graded(satisfied, built)
        return self._given(grades, lambda place: self._reasons(place, read, text, words, grades))

    def _given(self, grades: Grades, because: Callable[[int], list[Reason]]) -> list[Label]:
        """The labels of the chosen taxonomies, in order; `because` gives the reasons of a rule."""
        labels: list[tuple[int, Label]] = []
        for (taxonomy, _), (place, source) in grades.items():
            owner = self._owners[place]
            if taxonomy in self._chosen:
                labels.append((owner.order, {
                    "taxonomy": taxonomy, "node": owner.node.id, "name": owner.node.name, "source": source,
                    "score": None, "reasons": because(place), "taxonomy_version": owner.taxonomy.version}))
        labels.sort(key=lambda one: one[0])
        return [label for _, label in labels]

    def _satisfied(self, read: Read, classed: frozenset[int], words: Mapping[str, int]
                   ) -> tuple[tuple[int, ...], frozenset[int]]:
        """The rules whose own parts are satisfied, in order; and those that may be, for what they are built from."""
        worded = _NONE.union(*[self._by_form[form] for form in words if form in self._by_form])
        found = {*(classed & self._by_class), *(classed & worded & self._by_both), *(worded & self._by_word),
                 *self._always, *(worded & self._by_guard)}
        if self._by_guard:
            for symbol in read.symbols:
                found |= self._guarding.places(symbol) & self._by_guard
        unwanted = _NONE.union(*[self._by_unwanted[form] for form in words if form in self._by_unwanted])
        found -= unwanted
        for place in found & self._further:
            rule = self._rules[place]
            together = not rule.beside or any(place in self._beside.places(symbol) for symbol in read.symbols)
            if not together or (rule.expression and not expressions.matched(rule.expression, *read)):
                found.discard(place)
        built = self._only_built
        if unwanted or not self._waiting.isdisjoint(found):
            built = (built - unwanted) | (found & self._waiting)
            found -= self._waiting
        return tuple(sorted(found)), built

    def _graded(self, satisfied: Sequence[int], built: Collection[int]) -> Grades:
        """{(taxonomy, node): (rule, source)}: the first literal rule of a node, or else its first derived one."""
        grades: dict[tuple[str, str], tuple[int, LabelSource]] = {}

        def give(place: int, source: LabelSource) -> tuple[str, str] | None:
            owner = self._owners[place]
            key = owner.taxonomy.id, owner.node.id
            if key in grades and (grades[key][1] == "rule" or source != "rule"):
                return None
            grades[key] = place, source
            return key

        for place in satisfied:
            give(place, "rule" if self._rules[place].reading == "literal" else "rule_derived")
        self._building.complete(grades, built, give)
        return grades

    def _reasons(self, place: int, read: Read, text: Text | None, words: Mapping[str, int], grades: Grades
                 ) -> list[Reason]:
        rule = self._rules[place]
        found: list[Reason] = []
        for branch, key in self._building.reasons(rule, grades):
            found.append(
                {"kind": "branch", "value": "/".join(key), "pattern": str(branch), "field": None, "origin": None})
            if grades[key][0] != place:
                found += self._reasons(grades[key][0], read, text, words, {})
        for classes in (self._classes, self._beside):
            found += [
                {"kind": "ipc", "value": symbol, "pattern": match.pattern, "field": "ipc", "origin": match.origin}
                for symbol in read.symbols if place in classes.places(symbol)
                for match in classes.matches(symbol) if match.rule == place]
        if text:
            found += [{"kind": "keyword", "value": one.words, "pattern": one.keyword, "field": one.field,
                       "origin": rule.keywords_origin} for one in self._wanted[place].found(words, text)]
        if rule.expression:
            found.append({"kind": "expression", "value": rule.expression, "pattern": rule.expression, "field": None,
                          "origin": rule.keywords_origin})
        return found


def _made(taxonomies: Mapping[str, Taxonomy], chosen: Sequence[str], reasons: bool, complete: bool,
          models: Models | None) -> Labeller:
    return Labeller(taxonomies, chosen, reasons=reasons, complete=complete, models=models)


def of_catalogue(found: Catalogue, settings: Settings | None = None, *, reasons: bool = True) -> Labeller:
    """The labeller of a node's taxonomies, and of the models in its home that were trained for them."""
    models, unusable = available(settings, found.chosen) if settings else (None, ())
    return Labeller(found.every, found.chosen, reasons=reasons, complete=not found.broken and not unusable,
                    models=models)


def _needed(taxonomies: Mapping[str, Taxonomy], chosen: Iterable[str]) -> list[str]:
    """The chosen taxonomies and those that their rules are built from, in the order of all."""
    needed: set[str] = set()
    todo = list(chosen)
    while todo:
        name = todo.pop()
        if name not in needed and name in taxonomies:
            needed.add(name)
            todo.extend(branch.taxonomy for _, rule in taxonomies[name].rules() for branch in rule.built_from)
    return [name for name in taxonomies if name in needed]


def label_line(labeller: Labeller, line: Mapping[str, Any]) -> list[Label]:
    """The labels of a line of `zhuanti label`: title, abstract, claims and IPC symbols in any written form.

    Claims and symbols may be texts, or objects as in the record (interfaces §3).
    """
    written = [one if isinstance(one, str) else one["symbol"] for one in line.get("ipc") or ()]
    claims = [one if isinstance(one, str) else one["text"] for one in line.get("claims") or ()]
    symbols = [symbol for one in written if (symbol := scheme.normalise(one))]
    found = labeller.labels(symbols, line.get("title"), line.get("abstract"), claims)
    return labeller.with_models([of_line(line)], [found])[0]
