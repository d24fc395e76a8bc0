"""A latent space learned from a collection of records whose classes are known: texts about like matters lie close.

A small table of labels cannot say that 逆变器 and 光伏 go together; the node's own records can. Words, runs of
characters and names are given vectors such that the sum of a record's vectors foretells its IPC subclasses and
main groups (a network of two layers, trained by Adagrad in batches with dropout; numpy only, the same bytes for
the same records and seed). The vector of a record is then a feature for models trained on few labels.
"""

from collections import Counter
from collections.abc import Callable, Sequence
from typing import Any, NamedTuple

import numpy as np
import scipy.sparse as sp
from numpy.typing import NDArray

from taxonomy.learning.features import BLOCKS, Counted, Floats, inverse_frequencies, weighed
from taxonomy.learning.inputs import Input

DIMENSIONS = 256
EPOCHS = 5
BATCH = 256
RATE = 3.0
SMALLER_STEP = np.float32(0.2)      # of the second layer, whose gradients are dense
DROPOUT = 0.3
RAREST_FEATURE = 8
RAREST_CLASS = 5
MAIN_WEIGHT = 2.0                   # of a record's first class beside its others
READ = tuple(place for place, block in enumerate(BLOCKS) if block.name != "ipc")
LEAST = 2_000                       # records with classes and text below which there is nothing to learn


class Opinion(NamedTuple):
    """What the rules of a taxonomy would say of a record, from its vector: log odds over some of its nodes."""

    taxonomy: str
    weights: Floats
    bias: Floats

    def shares(self, vectors: Floats) -> Floats:
        """Square roots of the shares of the nodes, so that each record's have length 1."""
        return np.asarray(np.sqrt(_softmax(vectors @ self.weights + self.bias)), np.float32)


class Space(NamedTuple):
    """`kept` are the columns (of the read blocks side by side) that have a vector; `idf` their frequencies by block.

    `vectors` (columns × dimensions), `weights` (dimensions × classes) and `bias` (classes) are float32.
    """

    kept: NDArray[np.int64]
    idf: tuple[Floats, ...]
    vectors: Floats
    weights: Floats
    bias: Floats
    classes: tuple[str, ...]
    records: int
    seed: int
    opinions: tuple[Opinion, ...] = ()

    def describe(self, counted: Counted) -> Floats:
        """The vectors of records and, beside them, what each taxonomy would say of them."""
        vectors = self.place(counted)
        return np.hstack([vectors, *(opinion.shares(vectors) for opinion in self.opinions)])

    def place(self, counted: Counted) -> Floats:
        """The vectors of records, each of length 1 (or 0 where nothing is known of a record)."""
        found = np.asarray(self._read(counted) @ self.vectors, np.float32)
        lengths = np.linalg.norm(found, axis=1, keepdims=True)
        return np.asarray(found / np.where(lengths > 0, lengths, 1), np.float32)

    def foretell(self, counted: Counted) -> Floats:
        """Log odds of each class for each record, up to a constant a record."""
        return np.asarray(self._read(counted) @ self.vectors @ self.weights + self.bias, np.float32)

    def _read(self, counted: Counted) -> sp.csr_matrix:
        return _side_by_side(counted, self.idf)[:, self.kept]


def targets(inputs: Sequence[Input]) -> list[dict[str, float]]:
    """What is to be foretold of each record: its subclasses and main groups, the first ones weighing more."""
    found = []
    for one in inputs:
        of: dict[str, float] = {}
        for place, symbol in enumerate(one.symbols):
            weight = MAIN_WEIGHT if place == 0 else 1.0
            of.setdefault(symbol[:4], weight)
            if "/" in symbol:
                of.setdefault(symbol.partition("/")[0], weight)
        found.append(of)
    return found


def learn(counted: Counted, wanted: Sequence[dict[str, float]], *, seed: int = 0, dimensions: int = DIMENSIONS,
          epochs: int = EPOCHS, told: Callable[[int, float], None] | None = None) -> Space:
    """The space of records and what is to be foretold of them; `told` hears epoch and mean loss."""
    idf = tuple(inverse_frequencies(counted)[place] for place in READ)
    whole = _side_by_side(counted, idf)
    kept = np.flatnonzero(np.bincount(whole.indices, minlength=whole.shape[1]) >= RAREST_FEATURE)
    texts = whole[:, kept]
    counts = Counter(name for of in wanted for name in of)
    classes = tuple(sorted(name for name, count in counts.items() if count >= RAREST_CLASS))
    truth = _truth(wanted, {name: place for place, name in enumerate(classes)})
    filled = np.flatnonzero((np.diff(truth.indptr) > 0) & (np.diff(texts.indptr) > 0))
    vectors, weights, bias = _descend(texts[filled], truth[filled], seed, dimensions, epochs, told)
    return Space(kept, idf, vectors, weights, bias, classes, len(filled), seed)


def _side_by_side(counted: Counted, idf: Sequence[Floats]) -> sp.csr_matrix:
    """The read blocks as one matrix, rows of length 1."""
    empty = np.zeros(counted.blocks[-1].shape[1], np.float32)
    every = [idf[READ.index(place)] if place in READ else empty for place in range(len(BLOCKS))]
    read = sp.hstack([block for place, block in enumerate(weighed(counted, every)) if place in READ], format="csr")
    lengths = np.sqrt(np.asarray(read.multiply(read).sum(axis=1)).ravel())
    read.data /= np.repeat(np.where(lengths > 0, lengths, 1), np.diff(read.indptr)).astype(np.float32)
    return read


def _truth(wanted: Sequence[dict[str, float]], places: dict[str, int]) -> sp.csr_matrix:
    rows, columns, values = [], [], []
    for row, of in enumerate(wanted):
        known = {places[name]: weight for name, weight in of.items() if name in places}
        total = sum(known.values())
        for column, weight in known.items():
            rows.append(row)
            columns.append(column)
            values.append(weight / total)
    return sp.csr_matrix((np.array(values, np.float32), (rows, columns)), (len(wanted), len(places)))


def _descend(texts: sp.csr_matrix, truth: sp.csr_matrix, seed: int, dimensions: int, epochs: int,
             told: Callable[[int, float], None] | None) -> tuple[Floats, Floats, Floats]:
    """Vectors, weights and bias that foretell the truth; softmax cross entropy, one Adagrad step a batch."""
    chance = np.random.default_rng(seed)
    size, width = texts.shape
    classes = truth.shape[1]
    vectors = (chance.standard_normal((width, dimensions), np.float32) * np.float32(1.2 / np.sqrt(dimensions)))
    weights = chance.standard_normal((dimensions, classes), np.float32) * np.float32(0.02)
    bias = np.zeros(classes, np.float32)
    of_vectors = np.full(width, 1e-2, np.float32)
    of_weights, of_bias = np.full_like(weights, 1e-2), np.full_like(bias, 1e-2)
    for epoch in range(epochs):
        rate = np.float32(RATE * (1 - 0.8 * epoch / epochs))
        order = chance.permutation(size)
        loss = 0.0
        for start in range(0, size, BATCH):
            rows = order[start:start + BATCH]
            batch, wanted = texts[rows], truth[rows].toarray()
            stays = chance.random(len(batch.data), np.float32) >= DROPOUT
            batch.data = batch.data * stays / np.float32(1 - DROPOUT)
            hidden = batch @ vectors
            odds = _softmax(hidden @ weights + bias)
            loss -= float((wanted * np.log(odds + 1e-9)).sum())
            error = (odds - wanted) / np.float32(len(rows))
            back = error @ weights.T
            _step(weights, of_weights, hidden.T @ error, rate * SMALLER_STEP)
            _step(bias, of_bias, error.sum(axis=0), rate * SMALLER_STEP)
            met = np.unique(batch.indices)
            slope = batch[:, met].T @ back
            of_vectors[met] += (slope ** 2).mean(axis=1)
            vectors[met] -= rate * slope / np.sqrt(of_vectors[met])[:, None]
        if told:
            told(epoch + 1, loss / max(1, size))
    return vectors, weights, bias


def _step(values: Floats, squares: Floats, slope: Floats, rate: Any) -> None:
    squares += slope ** 2
    values -= rate * slope / np.sqrt(squares)


def _softmax(odds: Floats) -> Floats:
    found = np.exp(odds - odds.max(axis=1, keepdims=True))
    return np.asarray(found / found.sum(axis=1, keepdims=True), np.float32)
