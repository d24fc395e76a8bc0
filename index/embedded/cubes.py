"""Cubes over the columns of facets: how many rows carry each combination of values, one value for each dimension."""

from collections.abc import Sequence

import numpy as np

from index.embedded.columns import Column, RowArray
from index.engine import Cube


def cube(columns: Sequence[Column], rows: RowArray) -> Cube:
    """Counts of the combinations; a row without a value has None there, one with several counts in each."""
    sizes = [len(column.values) + 1 for column in columns]      # the last code stands for no value
    places = np.arange(len(rows))
    combined = np.zeros(len(rows), np.int64)
    for column, size in zip(columns, sizes, strict=True):
        starts, lengths = _extent(column, rows[places])
        repeated = np.maximum(lengths, 1)
        before = np.cumsum(repeated) - repeated
        at = np.arange(int(repeated.sum())) + np.repeat(starts - before, repeated)
        codes = np.full(len(at), size - 1, np.int64)
        held = np.repeat(lengths > 0, repeated)
        codes[held] = column.codes[at[held]]
        combined, places = np.repeat(combined, repeated) * size + codes, np.repeat(places, repeated)
    keys, counts = np.unique(combined, return_counts=True)
    found: Cube = {}
    for key, count in zip(keys.tolist(), counts.tolist(), strict=True):
        values: list[str | None] = []
        for column, size in zip(reversed(columns), reversed(sizes), strict=True):
            key, code = divmod(key, size)
            values.append(column.values[code] if code < size - 1 else None)
        found[tuple(reversed(values))] = count
    return found


def _extent(column: Column, rows: RowArray) -> tuple[RowArray, RowArray]:
    """Where the codes of each row begin and how many there are; none for a row that the column does not reach."""
    starts, lengths = np.zeros(len(rows), np.int64), np.zeros(len(rows), np.int64)
    known = rows < len(column.offsets) - 1
    starts[known] = column.offsets[rows[known]]
    lengths[known] = column.offsets[rows[known] + 1] - starts[known]
    return starts, lengths
