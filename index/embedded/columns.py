"""Facet values of all records as columns over row numbers: exact counts for any set of rows.

A column holds, for row r, the codes `codes[offsets[r]:offsets[r + 1]]` into its list of values. Counting the
rows of a query is then a gather and a `bincount`; Tantivy's own terms aggregation is approximate over several
segments and slower.
"""

from array import array
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import overload

import numpy as np
import numpy.typing as npt
from pyroaring import BitMap

from index.embedded.texts import NO_PLACES, Places
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

    def rows_with(self, code: int) -> BitMap:
        """The rows that carry a value."""
        if code not in self._known:
            first, last = np.searchsorted(self._by_code[0], (code, code + 1))
            self._known[code] = BitMap(self._by_code[1][first:last])
        return self._known[code]

    @cached_property
    def _known(self) -> dict[int, BitMap]:
        return {}

    @cached_property
    def _by_code(self) -> tuple[Codes, npt.NDArray[np.uint32]]:
        """All codes in order, and the rows that carry them."""
        kind = np.uint16 if len(self.values) <= 1 << 16 else np.uint32     # sorted in a tenth of the time
        order = np.argsort(self.codes.astype(kind), kind="stable")
        rows = np.repeat(np.arange(len(self.offsets) - 1, dtype=np.uint32), np.diff(self.offsets))
        return self.codes[order], rows[order]

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
    """All facets of one commit, which rows it holds, and where their texts lie."""

    by_facet: Mapping[str, Column]
    present: npt.NDArray[np.bool_]      # by row
    texts: Places = NO_PLACES

    @cached_property
    def records(self) -> int:
        return int(np.count_nonzero(self.present))

    def holds(self, row: int) -> bool:
        return row < len(self.present) and bool(self.present[row])

    def column(self, facet: str) -> Column:
        return self.by_facet.get(facet) or empty_column()


class Additions:
    """The facet values of records written since the last commit, gathered as numbers.

    A commit gathers hundreds of thousands of records; kept as dictionaries they would slow every collection of garbage.
    """

    def __init__(self, columns: Columns) -> None:
        self._columns = columns
        self._number_of: dict[int, int] = {}            # by row: its last record; earlier ones no longer count
        self._count = 0
        self._facets: dict[str, _Gathered] = {}

    def add(self, row: int, facets: Mapping[str, Iterable[str]]) -> None:
        """The values of a record, instead of what was added for its row before."""
        self._number_of[row] = number = self._count
        self._count += 1
        for facet, values in facets.items():
            gathered = self._facets.get(facet)
            if gathered is None:
                gathered = self._facets[facet] = _Gathered(self._columns.column(facet))
            gathered.add(number, values)

    def drop(self, row: int) -> None:
        self._number_of.pop(row, None)

    def __contains__(self, row: int) -> bool:
        return row in self._number_of

    def applied(self, deleted: Iterable[int]) -> Columns:
        """The columns after a commit; `deleted` are rows that leave."""
        old = self._columns
        gone = np.fromiter(deleted, np.int64)
        rows = np.fromiter(self._number_of.keys(), np.int64, len(self._number_of))
        size = max(len(old.present), int(rows.max(initial=-1)) + 1)
        gone = gone[gone < size]
        present, touched = np.zeros(size, np.bool_), np.zeros(size, np.bool_)
        present[:len(old.present)] = old.present
        present[gone] = False
        present[rows] = True
        touched[gone] = True
        touched[rows] = True
        row_of = np.full(self._count, -1, np.int64)
        row_of[np.fromiter(self._number_of.values(), np.int64, len(rows))] = rows
        facets = dict.fromkeys([*old.by_facet, *self._facets])
        return Columns({facet: self._facets.get(facet, _Gathered(old.column(facet))).applied(row_of, touched)
                        for facet in facets}, present)


class _Gathered:
    """New pairs of a facet: the number of a record and the code of a value, old or new."""

    def __init__(self, old: Column) -> None:
        self._old = old
        self._code_of = {value: code for code, value in enumerate(old.values)}
        self._numbers = array("I")
        self._codes = array("I")

    def add(self, number: int, values: Iterable[str]) -> None:
        for value in values:
            self._numbers.append(number)
            self._codes.append(self._code_of.setdefault(value, len(self._code_of)))

    def applied(self, row_of: RowArray, touched: npt.NDArray[np.bool_]) -> Column:
        """The column with the new pairs; of touched rows only these. What stays is copied, not sorted again."""
        old = self._old
        new_rows = row_of[np.frombuffer(self._numbers, np.uint32)]
        counting = new_rows >= 0
        new_rows = new_rows[counting]
        new_codes = np.frombuffer(self._codes, np.uint32)[counting][np.argsort(new_rows, kind="stable")]
        old_lengths = np.diff(old.offsets)
        lengths = np.zeros(len(touched), np.int64)
        lengths[:len(old_lengths)] = old_lengths
        lengths[touched] = 0
        lengths += np.bincount(new_rows, minlength=len(touched))
        offsets = np.zeros(len(touched) + 1, np.uint32)
        np.cumsum(lengths, out=offsets[1:])
        is_new = np.repeat(touched, lengths)
        codes = np.empty(len(is_new), np.uint32)
        codes[~is_new] = old.codes[~np.repeat(touched[:len(old_lengths)], old_lengths)]
        codes[is_new] = new_codes
        values = list(self._code_of)
        rank = old.rank if len(values) == len(old.values) else rank_of(values)
        return Column(values, rank, offsets, codes)
