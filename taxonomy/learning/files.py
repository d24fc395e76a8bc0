"""Models on disk: `models/<taxonomy>/` in the node's home, numbers as .npy and the rest as JSON; nothing is executed.

A folder is written beside and switched by one rename of `current`, so that a crash leaves the old model. What can be
said of models without their numbers is said by `heads`.
"""

import hashlib
import json
import shutil
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any

import numpy as np

from store.errors import BadCall
from store.settings import Settings
from taxonomy.learning import features, space
from taxonomy.learning.calibration import Calibration
from taxonomy.learning.classifier import Classifier, Fitted
from taxonomy.learning.heads import HEAD, HISTORY, POINTER, VERSIONS, Training, folder, head
from taxonomy.learning.space import Opinion, Space
from taxonomy.learning.weights import Weights


def save(settings: Settings, model: Classifier) -> Classifier:
    """Writes a model and makes it the one in use; returns it with its version, a hash of its numbers."""
    arrays = dict(_arrays(model))
    head = _head(model)
    hashed = hashlib.sha256(json.dumps({k: v for k, v in head.items() if k != "told"}, sort_keys=True).encode())
    for name in sorted(arrays):
        hashed.update(name.encode() + np.ascontiguousarray(arrays[name]).tobytes())
    version = hashed.hexdigest()[:12]
    top = folder(settings, model.taxonomy)
    target = top / version
    if not target.is_dir():
        making = top / f".{version}"
        shutil.rmtree(making, ignore_errors=True)
        making.mkdir(parents=True)
        for name, array in arrays.items():
            np.save(making / f"{name}.npy", array, allow_pickle=False)
        (making / HEAD).write_text(json.dumps(head | {"version": version}, ensure_ascii=False, indent=1), "utf-8")
        making.rename(target)
    pointer = top / f".{POINTER}"
    pointer.write_text(version, "ascii")
    pointer.replace(top / POINTER)
    _note(top / HISTORY, version, model)
    for other in top.iterdir():
        if other.is_dir() and other != target:
            shutil.rmtree(other, ignore_errors=True)
    return model._replace(version=version)


def _note(path: Path, version: str, model: Classifier) -> None:
    """Adds a training to the history; one without measures, or the same again, is not noted."""
    told = model.told
    measures = told.get("measures", {}).get("seen")
    lines = path.read_text("utf-8").splitlines() if path.is_file() else []
    if measures is None or (lines and json.loads(lines[-1])["version"] == version):
        return
    one: Training = {
        "version": version, "trained": told["trained"], "examples": told["examples"], "decided": told["decided"],
        "macro_f1": measures["macro_f1"], "precision": measures["precision"], "coverage": measures["coverage"]}
    with path.open("a", encoding="utf-8") as file:
        file.write(json.dumps(one) + "\n")


def load(settings: Settings, taxonomy: str) -> Classifier:
    """The model in use, its numbers mapped into memory so that processes share them; raises as `head` does."""
    known = head(settings, taxonomy)
    place = folder(settings, taxonomy) / known["version"]

    def array(name: str) -> Any:
        return np.load(place / f"{name}.npy", mmap_mode="r", allow_pickle=False)

    def weights(name: str) -> Weights:
        return Weights(array(f"{name}_matrix"), array(f"{name}_bias"))

    def calibration(name: str) -> Calibration:
        return Calibration(*(array(f"{name}_{part}") for part in Calibration._fields))

    try:
        idf = tuple(array(f"idf_{at}") for at in range(len(features.BLOCKS)))
        fitted = Fitted(known["kind"], idf, weights("wide"), weights("latent") if known["space"] else None)
        placing = _space(array, known["space"]) if known["space"] else None
        nodes = tuple(known["nodes"])
        if fitted.wide.matrix.shape[1] != len(nodes):
            raise ValueError("nodes")
        return Classifier(taxonomy, known["kind"], nodes, known["parents"], fitted, calibration("seen"),
                          calibration("hidden"), placing, known["told"], known["version"])
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise BadCall("model_unreadable", str(error), file=f"{taxonomy}/{known['version']}") from error


def _head(model: Classifier) -> dict[str, Any]:
    return {
        "versions": VERSIONS, "taxonomy": model.taxonomy, "kind": model.kind, "nodes": list(model.nodes),
        "parents": dict(model.parents), "told": dict(model.told),
        "space": model.space and {"records": model.space.records, "seed": model.space.seed,
                                  "opinions": [one.taxonomy for one in model.space.opinions]},
    }


def _arrays(model: Classifier) -> Iterable[tuple[str, Any]]:
    """Every array of a model by name. Of a space only what places records: what it foretells is for its training."""
    fitted = model.fitted
    for at, idf in enumerate(fitted.idf):
        yield f"idf_{at}", idf
    for kind, weights in (("wide", fitted.wide), ("latent", fitted.latent)):
        if weights is not None:
            yield f"{kind}_matrix", weights.matrix
            yield f"{kind}_bias", weights.bias
    for name, calibration in (("seen", model.seen), ("hidden", model.hidden)):
        for part, values in calibration._asdict().items():
            yield f"{name}_{part}", values
    if model.space is not None:
        yield "space_kept", model.space.kept
        yield "space_vectors", model.space.vectors
        for block, idf in enumerate(model.space.idf):
            yield f"space_idf_{block}", idf
        for at, opinion in enumerate(model.space.opinions):
            yield f"opinion_{at}_weights", opinion.weights
            yield f"opinion_{at}_bias", opinion.bias


def _space(array: Callable[[str], Any], known: dict[str, Any]) -> Space:
    """A space that places and describes records; what its classes are is no longer known."""
    opinions = tuple(Opinion(name, array(f"opinion_{at}_weights"), array(f"opinion_{at}_bias"))
                     for at, name in enumerate(known["opinions"]))
    return Space(array("space_kept"), tuple(array(f"space_idf_{block}") for block in range(len(space.READ))),
                 array("space_vectors"), np.zeros((0, 0), np.float32), np.zeros(0, np.float32), (),
                 known["records"], known["seed"], opinions)
