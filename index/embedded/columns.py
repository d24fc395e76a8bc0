"""Facet values of all records as columns over row numbers: exact counts for any set of rows.

A column holds, for row r, the codes `codes[offsets[r]:offsets[r + 1]]` into its list of values. Counting the
rows of a query is then a gather and a `bincount`; Tantivy's own terms aggregation is approximate over several
segments and slower.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import overload

import numpy as np
import numpy.typing as npt

from index.engine import FacetValue

Offsets = npt.NDArray[np.uint32]
Codes = npt.NDArray[np.uint32]
RowArray = npt.NDArray[np.int64]
Counts = npt.NDArray[np.int64]


class CountedValues(Sequence[FacetValue]):
    """Values with their counts, largest first, equal ones by value; made into objects only where looked at."""

    def __init__(self, values: Sequence[str], counts: Counts, rank: npt.NDArray[np.uint32]) -> None:
        present = np.flatnonzero(counts)
        order = np.lexsort((rank[present], -counts[present]))
        self._values = values
        self._codes = present[order]
        self._counts = counts[self._codes]

    def __len__(self) -> int:
        return len(self._codes)

    @overload
    def __getitem__(self, index: int) -> FacetValue: ...
    @overload
    def __getitem__(self, index: slice) -> Sequence[FacetValue]: ...
    def __getitem__(self, index: int | slice) -> FacetValue | Sequence[FacetValue]:
        if isinstance(index, slice):
            chosen = zip(self._codes[index].tolist(), self._counts[index].tolist(), strict=True)
            return tuple(FacetValue(self._values[code], count) for code, count in chosen)
        return FacetValue(self._values[int(self._codes[index])], int(self._counts[index]))


@dataclass(frozen=True)
class Column:
    """One facet of all rows; `rank` is the place of each value in the order of values."""

    values: Sequence[str]
    rank: npt.NDArray[np.uint32]
    offsets: Offsets        # of rows 0 … n, n + 1 numbers
    codes: Codes

    @cached_property
    def totals(self) -> Counts:
        return self._bincount(self.codes)

    def counts(self, rows: RowArray) -> Counts:
        """How many of the rows carry each value. Rows are distinct; one that the column does not reach has none."""
        rows = rows[rows < len(self.offsets) - 1]
        starts = self.offsets[rows].astype(np.int64)
        lengths = self.offsets[rows + 1] - starts
        before = np.cumsum(lengths) - lengths
        at = np.arange(int(lengths.sum())) + np.repeat(starts - before, lengths)
        return self._bincount(self.codes[at])

    def counted(self, counts: Counts) -> CountedValues:
        return CountedValues(self.values, counts, self.rank)

    def _bincount(self, codes: Codes) -> Counts:
        return np.bincount(codes, minlength=len(self.values))


def empty_column() -> Column:
    return Column([], np.zeros(0, np.uint32), np.zeros(1, np.uint32), np.zeros(0, np.uint32))


def rank_of(values: Sequence[str]) -> npt.NDArray[np.uint32]:
    rank = np.empty(len(values), np.uint32)
    rank[sorted(range(len(values)), key=values.__getitem__)] = np.arange(len(values), dtype=np.uint32)
    return rank


@dataclass(frozen=True)
class Columns:
    """All facets of one commit, and which rows it holds."""

    by_facet: Mapping[str, Column]
    present: npt.NDArray[np.bool_]      # by row

    @cached_property
    def records(self) -> int:
        return int(np.count_nonzero(self.present))

    def holds(self, row: int) -> bool:
        return row < len(self.present) and bool(self.present[row])

    def column(self, facet: str) -> Column:
        return self.by_facet.get(facet) or empty_column()


def changed(old: Columns, upserted: Mapping[int, Mapping[str, Iterable[str]]], deleted: Iterable[int]) -> Columns:
    """The columns after a commit. `upserted` is {row: {facet: values}}, complete for each row; `deleted` are rows."""
    gone = np.fromiter(deleted, np.int64)
    new = np.fromiter(upserted, np.int64, len(upserted))
    size = max(len(old.present), int(new.max(initial=-1)) + 1)
    present = np.zeros(size, np.bool_)
    present[:len(old.present)] = old.present
    present[gone[gone < size]] = False
    present[new] = True
    touched = np.zeros(size, np.bool_)
    touched[gone[gone < size]] = True
    touched[new] = True
    facets = dict.fromkeys([*old.by_facet, *(facet for values in upserted.values() for facet in values)])
    return Columns({facet: _changed(old.column(facet), facet, upserted, touched) for facet in facets}, present)


def _changed(
    old: Column, facet: str, upserted: Mapping[int, Mapping[str, Iterable[str]]], touched: npt.NDArray[np.bool_]
) -> Column:
    values = list(old.values)
    code_of = {value: code for code, value in enumerate(values)}
    new_rows: list[int] = []
    new_codes: list[int] = []
    for row, facets in upserted.items():
        for value in facets.get(facet, ()):
            code = code_of.get(value)
            if code is None:
                code = code_of[value] = len(values)
                values.append(value)
            new_rows.append(row)
            new_codes.append(code)
    old_rows = np.repeat(np.arange(len(old.offsets) - 1), np.diff(old.offsets))
    kept = ~touched[old_rows]
    rows = np.concatenate([old_rows[kept], np.array(new_rows, np.int64)])
    codes = np.concatenate([old.codes[kept], np.array(new_codes, np.uint32)])
    order = np.argsort(rows, kind="stable")
    offsets = np.zeros(len(touched) + 1, np.uint32)
    np.cumsum(np.bincount(rows, minlength=len(touched)), out=offsets[1:])
    rank = old.rank if len(values) == len(old.values) else rank_of(values)
    return Column(values, rank, offsets, codes[order])
