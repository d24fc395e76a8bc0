"""An outlet's own scheme: the rows of a table as examples over the nodes of a taxonomy, or of a new one made of them.

A label names a node by its id or its name. Where no taxonomy has the id that is asked for, the labels themselves
become one, a flat list without rules, which is written to the home's folder once the model is there.
"""

import hashlib
import re
import tempfile
from collections.abc import Sequence
from pathlib import Path

import numpy as np
import yaml

from store.errors import BadCall
from store.settings import Settings
from taxonomy.catalogue import OWN
from taxonomy.learning.examples import BY_PERSON, LEAST_IN_TABLE, Examples, Said, together
from taxonomy.learning.tables import Row
from taxonomy.loading import TAXONOMY_ID, load_file
from taxonomy.model import Taxonomy

_ID = re.compile(r"[^\s/@\"'()（）“”‘’:：,，=<>]{1,40}")


def made_of(name: str, rows: Sequence[Row]) -> Taxonomy:
    """A taxonomy of the labels of a table, in the order in which they occur; raises BadCall `training_scheme`."""
    if not TAXONOMY_ID.fullmatch(name):
        raise BadCall("training_scheme", name=name)
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / f"{name}.yaml"
        path.write_text(_text(name, list(dict.fromkeys(row.label for row in rows))), "utf-8")
        return load_file(path)


def _text(name: str, labels: Sequence[str]) -> str:
    """The file of a taxonomy whose nodes are these labels; one that cannot be an id gets a number for it."""
    nodes = [{"id": label if _ID.fullmatch(label) else f"n{place}", "name": label, "basis": "ours", "verified": True}
             for place, label in enumerate(labels, start=1)]
    version = hashlib.sha256("\n".join(labels).encode()).hexdigest()[:8]
    return yaml.safe_dump({"id": name, "name": name, "version": version, "verified": True, "nodes": nodes},
                          allow_unicode=True, sort_keys=False)


def write(settings: Settings, taxonomy: Taxonomy) -> Path:
    """The file of a taxonomy that `made_of` made, in the home's folder."""
    folder = settings.home / OWN
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / f"{taxonomy.id}.yaml"
    path.write_text(_text(taxonomy.id, [node.name for node in taxonomy.nodes.values()]), "utf-8")
    return path


def examples(taxonomy: Taxonomy, rows: Sequence[Row], file: str) -> Examples:
    """The rows of a table over the nodes of a taxonomy. Raises BadCall `training_label` for a label that is none."""
    by_name = {node.name: node.id for node in taxonomy.nodes.values()}
    said = []
    for row in rows:
        node = row.label if row.label in taxonomy.nodes else by_name.get(row.label)
        if node is None:
            raise BadCall("training_label", file=file, line=row.line, label=row.label, taxonomy=taxonomy.id)
        said.append(Said({node: BY_PERSON}, {}))
    found = together(taxonomy, [row.input for row in rows], [row.group for row in rows], said, LEAST_IN_TABLE,
                     len(rows))
    return leaves(taxonomy, found)


def leaves(taxonomy: Taxonomy, found: Examples) -> Examples:
    """The same without the nodes above a label: a row of a table has exactly one node."""
    kept = [place for place, node in enumerate(found.nodes)
            if not any(node in taxonomy.ancestors(other) for other in found.nodes)]
    rows = np.flatnonzero(found.carries[:, kept].any(axis=1))
    return Examples(tuple(found.inputs[row] for row in rows), tuple(found.groups[row] for row in rows),
                    tuple(found.nodes[place] for place in kept), found.carries[rows][:, kept],
                    found.importance[rows][:, kept], found.decided)
