"""The trained models of a node at work: for batches of records, the nodes that each model is sure enough of.

A model's word only adds to what rules say: a node that a rule gives, or one below it, keeps the rule's label. Models
are read from their folder when they are first needed, so that worker processes are told a path and not numbers; and
with them what reads them, so that a node without models does not wait a tenth of a second for scipy.
"""

from collections.abc import Mapping, Sequence
from functools import cached_property
from typing import TYPE_CHECKING, NamedTuple

from ingest.record import Label, Reason
from store.errors import BadCall
from store.settings import Settings
from taxonomy.learning import heads
from taxonomy.learning.inputs import Input
from taxonomy.model import Taxonomy

if TYPE_CHECKING:
    from taxonomy.learning.classifier import Classifier

FIELDS = {"word": "text", "run": "text", "title": "title", "applicant": "applicants", "ipc": "ipc"}


class Unusable(NamedTuple):
    """A model that cannot be used, and why."""

    taxonomy: str
    error: BadCall


class Models:
    """The models of some taxonomies, by name and version; picklable."""

    def __init__(self, settings: Settings, versions: Mapping[str, str]) -> None:
        self._settings = settings
        self._versions = dict(versions)

    def __reduce__(self) -> tuple[type["Models"], tuple[Settings, dict[str, str]]]:
        return Models, (self._settings, self._versions)

    def __bool__(self) -> bool:
        return bool(self._versions)

    @property
    def fingerprint(self) -> str:
        return " ".join(f"{name}={version}" for name, version in sorted(self._versions.items()))

    @cached_property
    def _models(self) -> "tuple[Classifier, ...]":
        from taxonomy.learning import files

        return tuple(files.load(self._settings, name) for name in self._versions)

    def added(self, inputs: Sequence[Input], labels: Sequence[list[Label]], taxonomies: Mapping[str, Taxonomy], *,
              reasons: bool) -> list[list[Label]]:
        """The labels of records with those of the models added, in the order of taxonomies and nodes."""
        from taxonomy.learning.features import count

        counted = count(inputs)
        found = [list(one) for one in labels]
        for model in self._models:
            taxonomy = taxonomies[model.taxonomy]
            for place, given in enumerate(model.give(counted)):
                ruled = {one["node"] for one in labels[place] if one["taxonomy"] == taxonomy.id}
                implied = ruled.union(*(taxonomy.ancestors(node) for node in ruled))
                for one in given:
                    node = taxonomy.node(one.node)
                    if node is not None and node.id not in implied:
                        found[place].append({
                            "taxonomy": taxonomy.id, "node": node.id, "name": node.name, "source": "model",
                            "score": round(one.probability, 3), "taxonomy_version": taxonomy.version,
                            "reasons": because(model, inputs[place], node.id) if reasons else []})
        order = {name: place for place, name in enumerate(taxonomies)}
        nodes = {model.taxonomy: {node: place for place, node in enumerate(taxonomies[model.taxonomy].nodes)}
                 for model in self._models}
        return [sorted(one, key=lambda label: (order[label["taxonomy"]], nodes.get(label["taxonomy"], {}).get(
            label["node"], 0))) if len(one) > len(before) else one
            for one, before in zip(found, labels, strict=True)]


def because(model: "Classifier", one: Input, node: str) -> list[Reason]:
    """The features that speak most for a node, each with what it adds to the score and the model's version."""
    return [{"kind": "feature", "value": feature.text, "pattern": f"{worth:+.2f}", "field": FIELDS[feature.block],
             "origin": f"model {model.version}"} for feature, worth in model.because(one, node)]


def available(settings: Settings, taxonomies: Mapping[str, Taxonomy]) -> tuple[Models, tuple[Unusable, ...]]:
    """The models of these taxonomies that this version can use, and those that it cannot."""
    versions: dict[str, str] = {}
    unusable = []
    for name in heads.trained(settings):
        if name in taxonomies:
            try:
                versions[name] = heads.head(settings, name)["version"]
            except BadCall as error:
                unusable.append(Unusable(name, error))
    return Models(settings, versions), tuple(unusable)
