"""Sheets for checking labels by people: so many records of each node, drawn at random but the same every time.

The columns are those that `taxonomy decisions import` reads back: number, title, abstract, ipc, node, name, source,
score, verdict, note; `verdict` and `note` are left blank for the person who checks.
"""

import zlib
from collections.abc import Callable, Iterator, Sequence
from typing import NamedTuple

from ingest.record import Label, Patent
from ingest.records import Records
from taxonomy.learning.examples import drawn_rows

COLUMNS = ("number", "title", "abstract", "ipc", "node", "name", "source", "score", "verdict", "note")
PER_NODE = 50
MOST_SEARCHED = 60_000
_BATCH = 500


class Drawn(NamedTuple):
    """A record drawn for a node."""

    record: Patent
    label: Label

    def cells(self) -> tuple[str, ...]:
        score = self.label["score"]
        return (self.record["id"], self.record["title"] or "", self.record["abstract"] or "",
                ";".join(one["symbol"] for one in self.record["ipc"]), self.label["node"], self.label["name"],
                self.label["source"], "" if score is None else f"{score:.3f}", "", "")


def draw(records: Records, rows: Sequence[int], label: Callable[[Sequence[Patent]], list[list[Label]]],
         taxonomy: str, per_node: int, seed: int, source: str | None = None) -> list[Drawn]:
    """`per_node` records of each node (of labels of one source, where asked), nodes by name, in a drawn order."""
    best: dict[str, list[tuple[int, int, Drawn]]] = {}
    for record, found in _labelled(records, rows, label):
        for one in found:
            if one["taxonomy"] != taxonomy or (source and one["source"] != source):
                continue
            lot = zlib.crc32(f"{seed} {record['id']} {one['node']}".encode())
            held = best.setdefault(one["node"], [])
            held.append((lot, record["row"], Drawn(record, one)))
            if len(held) > 2 * per_node:
                held.sort(key=lambda each: each[:2])
                del held[per_node:]
    return [drawn for node in sorted(best)
            for _, _, drawn in sorted(best[node], key=lambda each: each[:2])[:per_node]]


def _labelled(records: Records, rows: Sequence[int], label: Callable[[Sequence[Patent]], list[list[Label]]]
              ) -> Iterator[tuple[Patent, list[Label]]]:
    for start in range(0, len(rows), _BATCH):
        batch = records.by_rows(rows[start:start + _BATCH])
        yield from zip(batch, label(batch), strict=True)


__all__ = ["COLUMNS", "MOST_SEARCHED", "PER_NODE", "Drawn", "draw", "drawn_rows"]
