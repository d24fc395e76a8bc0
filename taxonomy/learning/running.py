"""`taxonomy train` and `evaluate`: from a node's store, or a table, to a model in its home or to measures alone.

Nothing is changed before everything is done: a table is read and judged first, a model is written last.
"""

from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

from ingest.records import Records
from store.database import Store
from store.errors import NotFound
from store.settings import Settings
from taxonomy import catalogue
from taxonomy.learning import files, opinions, schemes, tables
from taxonomy.learning import space as spaces
from taxonomy.learning.classifier import Classifier
from taxonomy.learning.examples import drawn_rows, of_store, with_classes
from taxonomy.learning.space import Space
from taxonomy.learning.training import PRECISION, count_all, train
from taxonomy.model import Taxonomy

MOST_FOR_A_SPACE = 120_000

Told = Callable[[str, dict[str, Any]], None]


def run(settings: Settings, store: Store, name: str, table: Path | None, *, keep: bool, told: Told,
        precision: float = PRECISION, seed: int = 0) -> Classifier:
    """Trains a model, keeps it if so asked, and returns it; `told` hears the code of a message and its values.

    Raises NotFound for an unknown taxonomy without a table, BadCall `training_…` for what cannot be learned from.
    """
    known = catalogue.read(settings).every
    if table is None:
        if name not in known:
            raise NotFound("taxonomy_not_found", name=name, known="、".join(known))
        told("cli_train_reading", {})
        examples = of_store(store, known, name)
        told("cli_train_examples", {"records": len(examples.inputs), "nodes": len(examples.nodes)})
        data = {"from": "rules", "records": len(examples.inputs), "decided": examples.decided}
        model = train(known[name], examples, "many", precision=precision, seed=seed, data=data).model
        return files.save(settings, model) if keep else model
    rows = tables.read(table, Records(store))
    taxonomy = known.get(name) or schemes.made_of(name, rows)
    examples = schemes.examples(taxonomy, rows, table.name)
    told("cli_train_examples", {"records": len(examples.inputs), "nodes": len(examples.nodes)})
    space = latent_space(store, known, told)
    data = {"from": "table", "file": table.name, "rows": len(rows),
            "space": space and {"records": space.records, "seed": space.seed}}
    model = train(taxonomy, examples, "one", space=space, precision=precision, seed=seed, data=data).model
    if not keep:
        return model
    model = files.save(settings, model)
    if name not in known:
        told("cli_train_scheme", {"file": str(schemes.write(settings, taxonomy))})
    return model


def latent_space(store: Store, taxonomies: Mapping[str, Taxonomy], told: Told) -> Space | None:
    """The space learned from the records of a store; None where it has too few with a class and an abstract."""
    inputs, _ = with_classes(Records(store), drawn_rows(store, MOST_FOR_A_SPACE))
    if len(inputs) < spaces.LEAST:
        told("cli_train_no_space", {"records": len(inputs), "least": spaces.LEAST})
        return None
    counted = count_all(inputs)

    def heard(epoch: int, loss: float) -> None:
        told("cli_train_space", {"epoch": epoch, "epochs": spaces.EPOCHS, "loss": f"{loss:.3f}"})

    space = spaces.learn(counted, spaces.targets(inputs), told=heard)
    return opinions.formed(space, space.place(counted), opinions.said_of(inputs, taxonomies))
