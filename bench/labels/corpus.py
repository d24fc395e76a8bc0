"""The public records and labelled texts as inputs of the classifier, and the latent spaces learned from them.

A space (and what it makes of the rules of shipped taxonomies) is learned from the records that have an abstract and an
IPC symbol, less every record whose title is among
the labelled texts. It is kept in a folder of the caller's, since learning one takes minutes.
"""

import json
import lzma
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np

from taxonomy import catalogue
from taxonomy.learning import opinions
from taxonomy.learning.inputs import Input, of_line
from taxonomy.learning.space import READ, Opinion, Space, learn, targets
from taxonomy.learning.training import count_all


def records(shared: Path) -> Iterator[dict[str, Any]]:
    with lzma.open(shared / "data" / "patents.jsonl.xz", "rt", encoding="utf-8") as lines:
        yield from map(json.loads, lines)


def as_input(record: dict[str, Any]) -> Input:
    return of_line({"title": record.get("title"), "abstract": record.get("abstract"),
                    "applicants": record.get("applicants"), "ipc": record.get("ipc") or record.get("ipc_subclass")})


def labelled(shared: Path) -> tuple[list[Input], list[int]]:
    """The 958 texts and their classes."""
    lines = (shared / "data" / "labelled" / "industry36.jsonl").read_text("utf-8").splitlines()
    found = [json.loads(line) for line in lines]
    return [Input(one["title"], one["abstract"], (one["assignee"],)) for one in found], [
        one["label_id"] for one in found]


def background(shared: Path) -> list[Input]:
    """Records with an abstract and a class, each text once, none of the labelled ones."""
    known = {one.title for one in labelled(shared)[0]}
    found: dict[str, Input] = {}
    for record in records(shared):
        if record.get("abstract") and (record.get("ipc") or record.get("ipc_subclass")):
            if record.get("title") in known:
                continue
            found.setdefault(f"{record.get('title')}{record['abstract'][:60]}", as_input(record))
    return list(found.values())


def space(shared: Path, kept: Path, seed: int) -> Space:
    """The space of a seed with its opinions, learned now unless the folder has it."""
    path = kept / f"space_{seed}.npz"
    inputs: list[Input] = []
    counted = None
    if path.is_file():
        with np.load(path, allow_pickle=False) as found:
            made = Space(found["kept"], tuple(found[f"idf_{place}"] for place in range(len(READ))), found["vectors"],
                         found["weights"], found["bias"], tuple(found["classes"].tolist()), int(found["records"]), seed)
    else:
        inputs = background(shared)
        counted = count_all(inputs)
        made = learn(counted, targets(inputs), seed=seed,
                     told=lambda epoch, loss: print(f"space {seed}, epoch {epoch}: loss {loss:.3f}", flush=True))
        kept.mkdir(parents=True, exist_ok=True)
        np.savez(path, kept=made.kept, vectors=made.vectors, weights=made.weights, bias=made.bias,
                 classes=np.array(made.classes), records=made.records,
                 **{f"idf_{place}": idf for place, idf in enumerate(made.idf)})
    thought = kept / f"opinions_{seed}.npz"
    if thought.is_file():
        with np.load(thought, allow_pickle=False) as found:
            return made._replace(opinions=tuple(
                Opinion(name, found[f"{name}_weights"], found[f"{name}_bias"]) for name in found["names"].tolist()))
    inputs = inputs or background(shared)
    counted = counted or count_all(inputs)
    made = opinions.formed(made, made.place(counted), opinions.said_of(inputs, catalogue.load()))
    np.savez(thought, names=np.array([one.taxonomy for one in made.opinions]),
             **{f"{one.taxonomy}_weights": one.weights for one in made.opinions},
             **{f"{one.taxonomy}_bias": one.bias for one in made.opinions})
    return made
