"""Records → sparse numbers that a linear model can weigh: hashed words, runs of characters, classes, applicants.

Hashed, so that no vocabulary has to be kept or shared; each kind of feature has columns of its own (a block), and
each block of a record has length 1, so that a long abstract does not drown a short title. The same text gives
the same numbers on every machine. `named` gives the names behind the columns of one record, for reasons.
"""

import zlib
from collections.abc import Sequence
from itertools import chain
from typing import Any, NamedTuple

import numpy as np
import scipy.sparse as sp
from numpy.typing import NDArray

from index.text import fold
from index.text.cut import ranking_words
from taxonomy.learning.inputs import Input

Floats = NDArray[np.float32]
Columns = NDArray[np.int32]

_MULTIPLIERS = np.array([0x9E3779B1, 0x85EBCA77, 0xC2B2AE3D], np.uint64)
_BREAK = "\x00"     # parts texts from each other; no run of characters crosses it


class Block(NamedTuple):
    """A kind of feature: how many columns it has (a power of 2) and how much it weighs beside the others."""

    name: str
    bits: int
    weight: float


BLOCKS = (
    Block("word", 16, 1.0), Block("run", 17, 1.0), Block("title", 15, 0.7), Block("applicant", 14, 0.5),
    Block("ipc", 14, 1.0),
)
WIDTH = sum(1 << block.bits for block in BLOCKS)
RUNS = (1, 2)       # lengths of the runs of characters that are counted in the whole text
SHORT = (1, 2, 3)   # and in titles and names
PLACE = {block.name: place for place, block in enumerate(BLOCKS)}


class Named(NamedTuple):
    """A feature of one record: its kind, what it is, and its column inside the block."""

    block: str
    text: str
    column: int


class Counted(NamedTuple):
    """The features of some records: one matrix a block, rows in their order; values are 1 + log of how often."""

    blocks: tuple[sp.csr_matrix, ...]

    def rows(self, chosen: Any) -> "Counted":
        return Counted(tuple(block[chosen] for block in self.blocks))

    @property
    def size(self) -> int:
        return int(self.blocks[0].shape[0])


def count(inputs: Sequence[Input]) -> Counted:
    """The features of records, neither weighed nor scaled. Some 100 µs a record with an abstract, in batches."""
    titles = [fold(one.title) for one in inputs]
    texts = [f"{title}\n{fold(one.abstract)}" for title, one in zip(titles, inputs, strict=True)]
    applicants = [_BREAK.join(fold(name) for name in one.applicants) for one in inputs]
    return Counted((
        _words(texts), _runs("run", texts, RUNS), _runs("title", titles, SHORT),
        _runs("applicant", applicants, SHORT), _classes(inputs),
    ))


def weighed(counted: Counted, frequencies: Sequence[Floats]) -> tuple[sp.csr_matrix, ...]:
    """Each block times the inverse document frequencies of its columns, every row of length 1 times the block's
    weight; float32."""
    return tuple(_scaled(block, idf, kind.weight)
                 for block, idf, kind in zip(counted.blocks, frequencies, BLOCKS, strict=True))


def inverse_frequencies(counted: Counted) -> tuple[Floats, ...]:
    """1 + ln((1 + records) / (1 + records with the feature)) of each column, by block."""
    size = counted.size
    return tuple(
        (1 + np.log((1 + size) / (1 + np.bincount(block.indices, minlength=block.shape[1])))).astype(np.float32)
        for block in counted.blocks)


def named(one: Input) -> list[Named]:
    """The features of one record by name, each once; in the order of the blocks."""
    title, abstract = fold(one.title), fold(one.abstract)
    words = ranking_words(f"{title}\n{abstract}").split()
    found = [Named("word", word, _OF_WORDS[word]) for word in words if _OF_WORDS[word] >= 0]
    for block, text, lengths in (("run", f"{title}\n{abstract}", RUNS), ("title", title, SHORT),
                                 ("applicant", _BREAK.join(fold(name) for name in one.applicants), SHORT)):
        points, _ = _points([text])
        for length in lengths:
            columns, starts = _hashed(block, points, length)
            joined = "".join(map(chr, points.tolist()))
            found += [Named(block, joined[start:start + length], int(column))
                      for column, start in zip(columns, starts, strict=True)]
    found += [Named("ipc", key, _OF_CLASSES[key]) for key in _levels(one.symbols)]
    return list(dict.fromkeys(found))


def _scaled(block: sp.csr_matrix, idf: Floats, weight: float) -> sp.csr_matrix:
    data = block.data * idf[block.indices]
    starts = block.indptr[:-1]
    filled = block.indptr[1:] > starts
    squares = np.zeros(block.shape[0], np.float32)
    if len(data):
        squares[filled] = np.add.reduceat(data * data, starts[filled])
    lengths = np.repeat(np.sqrt(np.where(squares > 0, squares, 1)), np.diff(block.indptr))
    return sp.csr_matrix(((data / lengths * np.float32(weight)).astype(np.float32), block.indices, block.indptr),
                         shape=block.shape)


def _matrix(block: str, rows: NDArray[Any], columns: NDArray[Any], height: int) -> sp.csr_matrix:
    width = 1 << BLOCKS[PLACE[block]].bits
    found = sp.csr_matrix((np.ones(len(rows), np.float32), (rows, columns)), shape=(height, width))
    found.sum_duplicates()
    found.data = 1 + np.log(found.data)
    return found


def _column(block: str, name: str) -> int:
    hashed = zlib.crc32(name.encode(errors="replace"), zlib.crc32(block.encode())) * int(_MULTIPLIERS[0])
    return (hashed >> 16) & ((1 << BLOCKS[PLACE[block]].bits) - 1)


_MOST_KEPT = 300_000


class _Kept(dict[str, int]):
    """The columns of the names of a block, each computed once; names without letter or digit have -1."""

    def __init__(self, block: str) -> None:
        super().__init__()
        self._block = block

    def __missing__(self, name: str) -> int:
        if len(self) >= _MOST_KEPT:
            self.clear()
        self[name] = found = _column(self._block, name) if any(map(str.isalnum, name)) else -1
        return found


_OF_WORDS = _Kept("word")
_OF_CLASSES = _Kept("ipc")


def _words(texts: Sequence[str]) -> sp.csr_matrix:
    return _listed("word", [[*map(_OF_WORDS.__getitem__, ranking_words(text).split())] for text in texts])


def _classes(inputs: Sequence[Input]) -> sp.csr_matrix:
    return _listed("ipc", [[*map(_OF_CLASSES.__getitem__, _levels(one.symbols))] for one in inputs])


def _listed(block: str, found: Sequence[list[int]]) -> sp.csr_matrix:
    rows = np.repeat(np.arange(len(found)), [len(columns) for columns in found])
    columns = np.fromiter(chain.from_iterable(found), np.int64)
    return _matrix(block, rows[columns >= 0], columns[columns >= 0], len(found))


def _points(texts: Sequence[str]) -> tuple[NDArray[np.uint64], NDArray[np.int64]]:
    """The code points of texts one after another, each ended by a break, and the text that each belongs to."""
    joined = _BREAK.join(texts) + _BREAK
    points = np.frombuffer(joined.encode("utf-32-le", "replace"), np.uint32).astype(np.uint64)
    return points, np.repeat(np.arange(len(texts)), [len(text) + 1 for text in texts])


def _hashed(block: str, points: NDArray[np.uint64], length: int) -> tuple[NDArray[Any], NDArray[Any]]:
    """The column of each run of so many characters and where it starts; runs over white space and breaks are none."""
    count = len(points) - length + 1
    if count <= 0:
        return np.zeros(0, np.int64), np.zeros(0, np.int64)
    inside = points > 0x20
    good = inside[:count].copy()
    hashed = np.full(count, length * 0x632BE5AB, np.uint64)
    for at in range(length):
        good &= inside[at:at + count]
        hashed = (hashed ^ (points[at:at + count] * _MULTIPLIERS[at])) * np.uint64(0x9E3779B97F4A7C15)
        hashed ^= hashed >> np.uint64(29)
    starts = np.flatnonzero(good)
    mask = np.uint64((1 << BLOCKS[PLACE[block]].bits) - 1)
    return ((hashed[starts] >> np.uint64(20)) & mask).astype(np.int64), starts


def _runs(block: str, texts: Sequence[str], lengths: Sequence[int]) -> sp.csr_matrix:
    points, owners = _points(texts)
    found = [_hashed(block, points, length) for length in lengths]
    columns = np.concatenate([columns for columns, _ in found])
    rows = np.concatenate([owners[starts] for _, starts in found])
    return _matrix(block, rows, columns, len(texts))


def _levels(symbols: Sequence[str]) -> list[str]:
    """Section, class, subclass, main group and symbol of each symbol, each once; the main subclass marked as such."""
    keys: dict[str, None] = {}
    for place, symbol in enumerate(symbols):
        group = symbol.partition("/")[0]
        for key in (symbol[:1], symbol[:3], symbol[:4], group, symbol):
            keys[key] = None
        if place == 0:
            keys[f"1:{symbol[:4]}"] = None
    return list(keys)
