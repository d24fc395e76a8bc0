"""Macro-F1 over the 36 classes of 958 texts labelled by people: what `taxonomy train` does with a table, beside others.

    python -m bench.labels.industry36 ../shared FOLDER_FOR_SPACES [--repeats 3]

Stratified 5-fold, repeated with other folds; the answers of a repeat are pooled before F1 is taken. Everything but the
latent spaces (records without these labels, the 958 texts left out) is fitted inside the training folds.
"""

import argparse
import json
import time
import warnings
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import scipy.sparse as sp
from numpy.typing import NDArray
from sklearn.feature_extraction.text import TfidfVectorizer
from sklearn.metrics import f1_score
from sklearn.model_selection import StratifiedKFold
from sklearn.svm import LinearSVC

from bench.labels.corpus import labelled, space
from taxonomy.learning import linear, training
from taxonomy.learning.classifier import Fitted
from taxonomy.learning.examples import Examples
from taxonomy.learning.features import Counted, inverse_frequencies, weighed
from taxonomy.learning.inputs import Input
from taxonomy.learning.space import Space
from taxonomy.learning.weights import log_shares

CLASSES = 36
Answer = Callable[[NDArray[Any], NDArray[Any]], Any]      # rows to learn from, rows to answer → scores


def plain(inputs: list[Input], truth: NDArray[Any], weight: str | None) -> Answer:
    texts = [f"{one.title}\n{one.abstract}" for one in inputs]

    def answer(known: NDArray[Any], asked: NDArray[Any]) -> Any:
        vectors = TfidfVectorizer(analyzer="char", ngram_range=(1, 3), sublinear_tf=True, min_df=2)
        model = LinearSVC(C=1.0, class_weight=weight, random_state=0)
        model.fit(vectors.fit_transform([texts[row] for row in known]), truth[known])
        found = np.full((len(asked), CLASSES), -9.0)
        found[:, model.classes_] = model.decision_function(vectors.transform([texts[row] for row in asked]))
        return found

    return answer


def recipe(counted: Counted, inputs: list[Input], truth: NDArray[Any], one: Space | None,
           change: Callable[[Fitted], Fitted] = lambda fitted: fitted) -> Answer:
    """What `taxonomy train` does with a table."""
    carries = np.eye(CLASSES, dtype=np.bool_)[truth]
    examples = Examples(tuple(inputs), tuple(map(str, range(len(inputs)))), tuple(map(str, range(CLASSES))), carries,
                        np.ones(carries.shape, np.float32), len(inputs))

    def answer(known: NDArray[Any], asked: NDArray[Any]) -> Any:
        fitted = change(training.fit(counted.rows(known), training.part(examples, known), "one", one, 0))
        return fitted.scores(counted.rows(asked), one)

    return answer


def latent_only(described: Any, truth: NDArray[Any]) -> Answer:
    def answer(known: NDArray[Any], asked: NDArray[Any]) -> Any:
        return log_shares(linear.fit_latent(described[known], truth[known], CLASSES, 0).scores(described[asked]))

    return answer


def centroids(counted: Counted, truth: NDArray[Any]) -> Answer:
    def answer(known: NDArray[Any], asked: NDArray[Any]) -> Any:
        idf = inverse_frequencies(counted.rows(known))
        known_rows = sp.hstack(weighed(counted.rows(known), idf), format="csr")
        asked_rows = sp.hstack(weighed(counted.rows(asked), idf), format="csr")
        middle = np.vstack([np.asarray(known_rows[truth[known] == one].mean(axis=0)).ravel()
                            for one in range(CLASSES)])
        middle /= np.linalg.norm(middle, axis=1, keepdims=True)
        return asked_rows @ middle.T

    return answer


def measured(truth: NDArray[Any], answer: Answer, repeats: int) -> dict[str, Any]:
    found, right, among = [], [], []
    for seed in range(repeats):
        scores = np.zeros((len(truth), CLASSES))
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")     # the smallest class has fewer members than folds
            splits = list(StratifiedKFold(5, shuffle=True, random_state=seed).split(truth, truth))
        for known, asked in splits:
            scores[asked] = answer(known, asked)
        found.append(float(f1_score(truth, scores.argmax(axis=1), average="macro")))
        right.append(float((scores.argmax(axis=1) == truth).mean()))
        among.append(float(np.mean([one in best for one, best in zip(truth, np.argsort(-scores, 1)[:, :3],
                                                                    strict=True)])))
    return {"macro_f1": round(float(np.mean(found)), 3), "each": [round(one, 3) for one in found],
            "accuracy": round(float(np.mean(right)), 3), "top3": round(float(np.mean(among)), 3)}


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("shared", type=Path)
    parser.add_argument("spaces", type=Path)
    parser.add_argument("--repeats", type=int, default=3)
    parser.add_argument("--only", default="")
    asked = parser.parse_args()
    inputs, labels = labelled(asked.shared)
    truth = np.array(labels)
    counted = training.count_all(inputs)
    learned = space(asked.shared, asked.spaces, 0)
    bare = learned._replace(opinions=())
    opinions = np.hstack([one.shares(learned.place(counted)) for one in learned.opinions])
    trials = {
        "plain: character TF-IDF, LinearSVC": plain(inputs, truth, None),
        "plain, classes weighted": plain(inputs, truth, "balanced"),
        "the recipe: features beside vectors and opinions": recipe(counted, inputs, truth, learned),
        "features beside vectors": recipe(counted, inputs, truth, bare),
        "features only": recipe(counted, inputs, truth, None),
        "vectors and opinions only": latent_only(learned.describe(counted), truth),
        "opinions only": latent_only(opinions, truth),
        "vectors only": latent_only(learned.place(counted), truth),
        "centroids of the features": centroids(counted, truth),
    }
    for name, answer in trials.items():
        if asked.only in name:
            began = time.process_time()
            print(json.dumps({name: measured(truth, answer, asked.repeats)
                              | {"cpu_seconds": round(time.process_time() - began)}}, ensure_ascii=False), flush=True)


if __name__ == "__main__":
    main()
