"""Decided labels in searches: each engine and the reference give the same records, by node and by source."""

from collections.abc import Callable, Iterator

import pytest

from index.documents import build
from index.engine import Engine
from index.query.reference import SearchView, matches
from index.query.tree import Industry
from ingest.record import Patent
from store.decisions import Decision
from taxonomy.catalogue import load
from taxonomy.labeller import Labeller
from tests.elasticsearch import elasticsearch
from tests.index.conftest import places
from tests.index.made import patent
from tests.index.places import Place

__all__ = ["elasticsearch", "places"]     # fixtures

TAXONOMIES = {"33618": load()["33618"]}
LABELLER = Labeller(TAXONOMIES)
TOP = TAXONOMIES["33618"].ancestors("nev")[-1]


def decision(row: int, verdict: str, node: str) -> Decision:
    return Decision(row, 1, row, "33618", node, "", verdict, "陶然", "2026-11-22T10:00:00+00:00", "", "1", None, None,
                    None, False)


def record(row: int, *decisions: Decision) -> Patent:
    found = patent(row=row, id=f"CN2018990000{row:02}.0", title="新能源汽车电池热管理系统",
                   ipc=[{"symbol": "B60L58/26", "version": None}] if row < 5 else [])
    if decisions:
        found["decisions"] = list(decisions)
    found["labels"] = LABELLER.label(found)
    return found


RECORDS = [
    record(1), record(2, decision(2, "confirm", "nev")), record(3, decision(3, "reject", "nev")),
    record(4, decision(4, "reject", TOP)), record(5), record(6, decision(6, "add", "nev")),
    record(7, decision(7, "add", "gone")),
]


@pytest.fixture(scope="module")
def engine(places: Callable[[], Place]) -> Iterator[Engine]:
    opened = places().open()
    with opened.write() as writer:
        for one in RECORDS:
            writer.upsert(one["row"], build(one, LABELLER.ancestors))
        writer.commit(1)
    yield opened
    opened.close()


@pytest.mark.parametrize(("wanted", "rows"), [
    (Industry("33618", "nev"), [1, 2, 6]), (Industry("33618", TOP), [1, 2, 6]),
    (Industry("33618", "nev", "human"), [2, 6]), (Industry("33618", TOP, "human"), [2, 6]),
    (Industry("33618", "nev", "rule"), [1]), (Industry("33618", "gone"), []),
], ids=str)
def test_engine_and_reference_agree(engine: Engine, wanted: Industry, rows: list[int]) -> None:
    assert sorted(engine.rows(wanted)) == rows
    assert [one["row"] for one in RECORDS if matches(wanted, SearchView(one, above=LABELLER.ancestors))] == rows
    assert engine.count(wanted) == len(rows)
