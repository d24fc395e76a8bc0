"""IPC subclass of a record from title, abstract and applicant: what the latent space foretells, beside a plain model.

    python -m bench.labels.ipc_subclass ../shared FOLDER --fold 0    (and 1 to 4)
    python -m bench.labels.ipc_subclass ../shared FOLDER --pool      the measures over the folds that are there

Five folds, all records of one title in one fold (so twins, an application and its grant never straddle). The truth
is the first symbol's subclass; subclasses that a fold has no example of count as wrong. Ours learns from all records
of the other four folds, the plain model from all or, with `--plain 30000`, from that many of them. Answers that the
folder holds are not made again.
"""

import argparse
import json
import time
import zlib
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray
from sklearn.feature_extraction.text import TfidfVectorizer
from sklearn.metrics import f1_score
from sklearn.svm import LinearSVC

from bench.labels.corpus import background
from taxonomy.learning.inputs import Input
from taxonomy.learning.space import MAIN_WEIGHT, Space, learn
from taxonomy.learning.training import count_all

FOLDS = 5


def subclasses(one: Input) -> dict[str, float]:
    found: dict[str, float] = {}
    for place, symbol in enumerate(one.symbols):
        found.setdefault(symbol[:4], MAIN_WEIGHT if place == 0 else 1.0)
    return found


def fold_of(one: Input) -> int:
    return zlib.crc32(one.title.encode()) % FOLDS


def told(epoch: int, loss: float) -> None:
    print(f"epoch {epoch}: loss {loss:.3f}", flush=True)


def answers(space: Space, inputs: list[Input]) -> NDArray[Any]:
    """The three likeliest subclasses of each record, first the likeliest."""
    classes = np.array(space.classes)
    best = []
    for start in range(0, len(inputs), 2000):
        odds = space.foretell(count_all(inputs[start:start + 2000]))
        best.append(classes[np.argsort(-odds, axis=1, kind="stable")[:, :3]])
    return np.concatenate(best)


def measured(best: NDArray[Any], truth: NDArray[Any]) -> dict[str, Any]:
    return {"records": len(truth), "subclasses": len(set(truth.tolist())),
            "accuracy": round(float((best[:, 0] == truth).mean()), 4),
            "top3": round(float((best == truth[:, None]).any(axis=1).mean()), 4),
            "macro_f1": round(float(f1_score(truth, best[:, 0], average="macro", labels=sorted(set(truth.tolist())),
                                             zero_division=0)), 4)}


def ours(known: list[Input], asked: list[Input]) -> NDArray[Any]:
    return answers(learn(count_all(known), [subclasses(one) for one in known], told=told), asked)


def plain(known: list[Input], asked: list[Input]) -> NDArray[Any]:
    """Character TF-IDF (the 200,000 most frequent runs) and LinearSVC, one subclass against the rest."""
    vectors = TfidfVectorizer(analyzer="char", ngram_range=(1, 3), sublinear_tf=True, max_features=200_000,
                              dtype=np.float32)
    model = LinearSVC(random_state=0)
    model.fit(vectors.fit_transform([f"{one.title}\n{one.abstract}" for one in known]),
              [one.symbols[0][:4] for one in known])
    scores = model.decision_function(vectors.transform([f"{one.title}\n{one.abstract}" for one in asked]))
    return np.asarray(model.classes_[np.argsort(-scores, axis=1, kind="stable")[:, :3]])


MODELS = {"ours": ours, "plain": plain}


def fold(inputs: list[Input], number: int, folder: Path, most_of_plain: int) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    known = [one for one in inputs if fold_of(one) != number]
    asked = [one for one in inputs if fold_of(one) == number]
    truth = np.array([one.symbols[0][:4] for one in asked])
    for name, answer in MODELS.items():
        path = folder / f"{name}_{number}.npz"
        if path.is_file():
            continue
        shown = known
        if name == "plain" and most_of_plain:
            shown = sorted(known, key=lambda one: zlib.crc32(f"{one.title}{one.abstract}".encode()))[:most_of_plain]
        began = time.process_time()
        best = answer(shown, asked)
        spent = round(time.process_time() - began)
        np.savez(path, truth=truth, best=best)
        print(json.dumps({"fold": number, "model": name, "known": len(shown)} | measured(best, truth)
                         | {"cpu_seconds": spent}), flush=True)


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("shared", type=Path)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--fold", type=int, choices=range(FOLDS))
    parser.add_argument("--plain", type=int, default=0, metavar="RECORDS")
    parser.add_argument("--pool", action="store_true")
    asked = parser.parse_args()
    if asked.pool:
        for name in MODELS:
            found = [np.load(path, allow_pickle=False) for path in sorted(asked.folder.glob(f"{name}_*.npz"))]
            best, truth = (np.concatenate([one[part] for one in found]) for part in ("best", "truth"))
            print(json.dumps({"folds": len(found), "model": name} | measured(best, truth)))
        return
    inputs = [one for one in background(asked.shared) if one.symbols and one.title]
    if asked.fold is not None:
        fold(inputs, asked.fold, asked.folder, asked.plain)


if __name__ == "__main__":
    main()
