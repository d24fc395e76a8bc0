"""The columns of one commit as one file, read through a memory map.

Layout: magic, length of the header, header (JSON: values and where each array lies), arrays aligned to 8 bytes.
The commit document of the index names the file, which is written before the commit: a reader that sees the
commit finds its columns, and a crash in between leaves a file that nothing names and the next commit replaces.
"""

import mmap
import os
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import numpy as np
import orjson

from index.embedded.columns import Column, Columns
from index.embedded.texts import Places
from store.errors import Unreachable

_MAGIC = b"zhuanti columns 1\n"
_ALIGN = 8
_ARRAYS = ("rank", "offsets", "codes")
PREFIX = "columns-"


def path_of(folder: Path, number: int) -> Path:
    return folder / f"{PREFIX}{number}"


def written(folder: Path, number: int) -> str:
    """When the columns of a commit were written: ISO time, UTC. Raises FileNotFoundError when there are none."""
    at = path_of(folder, number).stat().st_mtime
    return datetime.fromtimestamp(at, UTC).isoformat(timespec="seconds")


def write(folder: Path, number: int, columns: Columns) -> Path:
    """Writes the columns whole or not at all. Raises OSError."""
    arrays: list[np.ndarray[Any, Any]] = []
    place = 0

    def placed(array: np.ndarray[Any, Any]) -> list[Any]:
        nonlocal place
        arrays.append(array)
        at = place
        place += -(-array.nbytes // _ALIGN) * _ALIGN
        return [array.dtype.str, len(array), at]

    header = orjson.dumps({
        "present": placed(columns.present),
        "texts": [columns.texts.number, columns.texts.end, placed(columns.texts.offsets.reshape(-1)),
                  placed(columns.texts.lengths.reshape(-1))],
        "facets": {
            facet: {"values": list(column.values)} | {name: placed(getattr(column, name)) for name in _ARRAYS}
            for facet, column in columns.by_facet.items()
        },
    })
    target = path_of(folder, number)
    temporary = target.with_name(f"{target.name}.part")
    with temporary.open("wb") as file:
        file.write(_MAGIC)
        file.write(len(header).to_bytes(8, "little"))
        file.write(header)
        file.write(bytes(-file.tell() % _ALIGN))
        for array in arrays:
            file.write(np.ascontiguousarray(array).data)
            file.write(bytes(-array.nbytes % _ALIGN))
        file.flush()
        os.fsync(file.fileno())
    temporary.replace(target)
    return target


def read(folder: Path, number: int) -> Columns:
    """The columns of a commit. Raises FileNotFoundError when there are none, Unreachable for a damaged file."""
    with path_of(folder, number).open("rb") as file:
        data = memoryview(mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ))
    try:
        start = len(_MAGIC) + 8
        if bytes(data[:len(_MAGIC)]) != _MAGIC:
            raise ValueError("not a file of columns")
        end = start + int.from_bytes(data[len(_MAGIC):start], "little")
        header = orjson.loads(data[start:end])
        base = -(-end // _ALIGN) * _ALIGN

        def array(place: list[Any]) -> np.ndarray[Any, Any]:
            kind, length, at = place
            return np.frombuffer(data, np.dtype(kind), length, base + at)

        facets = {facet: Column(entry["values"], *(array(entry[name]) for name in _ARRAYS))
                  for facet, entry in header["facets"].items()}
        number_of_texts, used, offsets, lengths = header["texts"]
        texts = Places(number_of_texts, used, array(offsets).reshape(2, -1), array(lengths).reshape(2, -1))
        return Columns(facets, array(header["present"]), texts)
    except (ValueError, KeyError, TypeError) as error:
        raise Unreachable("index_damaged", str(error)) from error


def read_or_empty(folder: Path, number: int) -> Columns:
    """The columns of a commit; empty ones for number 0, an index without a commit."""
    return read(folder, number) if number else Columns({}, np.zeros(0, np.bool_))


def drop_others(folder: Path, keep: set[int]) -> None:
    """Removes the columns of other commits; readers that hold them keep their map."""
    for path in folder.glob(f"{PREFIX}*"):
        if path.name.removeprefix(PREFIX) not in map(str, keep):
            path.unlink(missing_ok=True)
