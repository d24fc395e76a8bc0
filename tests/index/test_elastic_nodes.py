"""Three nodes: one dies during searches and during a load and comes back. Nothing fails, is lost or doubled."""

import threading
import time
from collections.abc import Callable, Iterator, Mapping

import pytest

from index.documents import build
from index.elastic.connection import Cluster
from index.engine import Engine
from index.query.parser import parse
from index.query.tree import Everything, Node
from ingest.record import Patent
from tests.elasticsearch import Nodes, settings_for
from tests.index.conftest import SubclassLabels
from tests.index.places import Elastic

pytestmark = [pytest.mark.service, pytest.mark.slow]

ABOVE = SubclassLabels().ancestors
TIMES = 12
"""How often the records are written, each time under other rows, so that a load takes long enough to be hit."""


def copies(records: list[Patent]) -> Iterator[tuple[int, Patent]]:
    for turn in range(TIMES):
        for record in records:
            yield record["row"] + turn * 10_000, record


def node(text: str) -> Node:
    tree, _ = parse(text)
    assert tree is not None
    return tree


@pytest.fixture
def place(three_nodes: Nodes) -> Elastic:
    """An index of its own, of which nothing is written yet."""
    return Elastic(settings_for(three_nodes.urls, shards=3))


def load(
    engine: Engine, records: list[Patent], at: Mapping[int, Callable[[], None]] = {}, rebuild: bool = False
) -> None:
    """Writes all copies; before those of some numbers something happens."""
    with engine.rebuild() if rebuild else engine.write() as writer:
        for number, (row, record) in enumerate(copies(records)):
            at.get(number, lambda: None)()
            writer.upsert(row, build(record, ABOVE))
        writer.commit(1)
        assert not writer.refused and writer.records == TIMES * len(records)


def check(place: Elastic, records: list[Patent]) -> None:
    """Every record once, with its own fields, by one search and by each of its copies of shards."""
    engine = place.open()
    expected = sorted(row for row, _ in copies(records))
    page = engine.search(Everything(), facets=("type",))
    assert list(engine.rows(Everything())) == expected
    assert page.total == engine.count(Everything()) == len(expected) == engine.health().records
    assert sum(value.count for value in page.facets["type"]) == len(expected)
    some = engine.count(node("装置 OR 方法"))
    assert some == TIMES * (some // TIMES) > 0
    engine.close()


@pytest.mark.parametrize("rebuild", [False, True])
def test_a_node_that_dies_during_a_load(
    three_nodes: Nodes, place: Elastic, records: list[Patent], rebuild: bool
) -> None:
    count = TIMES * len(records)
    engine = place.open()
    back: list[threading.Thread] = []

    def die() -> None:
        three_nodes.kill(2)
        back.append(threading.Timer(3.0, three_nodes.up, (2,)))
        back[0].start()

    load(engine, records, {count // 3: die}, rebuild)
    engine.close()
    back[0].join()
    three_nodes.wait(3)
    check(place, records)


def test_a_node_that_dies_during_searches(three_nodes: Nodes, place: Elastic, records: list[Patent]) -> None:
    engine = place.open()
    load(engine, records)
    queries = [node(text) for text in ("电池", "装置 AND NOT 方法", "包括 S 连接", "IPC=H01M*", "装 5W 置")]
    expected = {query: (engine.count(query), len(list(engine.rows(query)))) for query in queries}
    assert all(count == rows > 0 for count, rows in expected.values())
    answers, failures, ended = [0], list[str](), threading.Event()

    def ask() -> None:
        while not ended.is_set():
            for query in queries:
                fresh = place.open()        # nothing kept from before
                try:
                    found = fresh.search(query, facets=("type",)).total, len(list(fresh.rows(query)))
                    if found != expected[query]:
                        failures.append(f"{found} instead of {expected[query]}")
                except Exception as error:
                    failures.append(repr(error))
                finally:
                    fresh.close()
                answers[0] += 1
                ended.wait(0.1)         # the nodes must get on with coming back

    asking = [threading.Thread(target=ask) for _ in range(2)]
    for one in asking:
        one.start()
    try:
        for victim in (1, 3):       # whichever is the master, one of these is not
            time.sleep(2)
            three_nodes.kill(victim)
            time.sleep(4)
            three_nodes.up(victim)
            three_nodes.wait(3)
    finally:
        ended.set()
        for one in asking:
            one.join()
    assert failures == [] and answers[0] > 20
    engine.close()
    check(place, records)


def test_copies_of_every_shard_stand(three_nodes: Nodes, place: Elastic, records: list[Patent]) -> None:
    engine = place.open()
    load(engine, records)
    engine.close()
    three_nodes.wait(3)
    cluster = Cluster(place.settings)
    health = cluster.ask(lambda client: client.cluster.health(index=place.settings.prefix).body)
    cluster.close()
    assert health["active_shards"] == 2 * health["active_primary_shards"] == 6
