"""What only a cluster can do to us: refuse one document, be too busy, be away, limit queries, ask who we are."""

import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import replace

import orjson
import pytest

from index.answering.likeness import apart
from index.documents import FACETS, build
from index.elastic import writer as writers
from index.elastic.connection import Cluster
from index.elastic.engine import ElasticEngine
from index.elastic.schema import source_of
from index.embedded.engine import EmbeddedEngine
from index.engine import Engine, IndexDocument
from index.query.parser import parse
from index.query.tree import Everything, Node
from ingest.record import Patent
from store.errors import BadCall, Unreachable
from store.settings import load
from tests.elasticsearch import Nodes, settings_for
from tests.faults import Answer, Proxy
from tests.index.conftest import SubclassLabels, write
from tests.index.places import Elastic, Embedded

pytestmark = pytest.mark.service

ABOVE = SubclassLabels().ancestors
ALL = (*FACETS, "industry:ipc")
EXPRESSIONS = (
    "电池", "名称=(电池 OR 装置 OR 方法)", "装置 AND 方法 NOT 电池", "(装置 XOR 方法) AND 申请日>2010",
    "NOT (装置 OR 方法)",
    "电 OR 装 OR 法 OR led", "(电池 5W 正极) OR (包括 S 连接)", "电+池 OR 装##置", ">=2(电池, 装置, 方法, 系统, 材料)",
    "IPC=H01M* OR IPC=G06F16* OR IPC=A61B:A61C",
    "((装置 AND (方法 OR (系统 AND NOT (电池 OR (包括 AND 连接))))) OR 材料)",
)


@pytest.fixture
def some(records: list[Patent]) -> list[Patent]:
    return records[::20]


@pytest.fixture
def proxy(elasticsearch: tuple[str, ...]) -> Iterator[Proxy]:
    with Proxy(elasticsearch[0]) as running:
        yield running


@pytest.fixture
def at(elasticsearch: tuple[str, ...]) -> Iterator[Callable[..., Elastic]]:
    """Makes places with settings of one's own."""
    given: list[Elastic] = []

    def place(**settings: object) -> Elastic:
        given.append(Elastic(settings_for(elasticsearch, **settings)))
        return given[-1]

    yield place
    for one in given:
        Elastic(replace(one.settings, urls=elasticsearch, ca="", user="", api_key="")).remove()


def node(text: str) -> Node:
    tree, _ = parse(text)
    assert tree is not None
    return tree


def rows_of(records: list[Patent]) -> list[int]:
    return sorted(record["row"] for record in records)


# Writing


def test_one_bad_document_does_not_touch_its_neighbours(
    at: Callable[..., Elastic], some: list[Patent], monkeypatch: pytest.MonkeyPatch
) -> None:
    bad, no_text = some[3]["row"], some[5]["row"]

    def spoilt(row: int, document: IndexDocument) -> bytes:
        if row == no_text:
            return source_of(row, document | {"type": ["\ud800"]})
        return source_of(row, document | ({"application_date": [10 ** 12]} if row == bad else {}))

    engine = at().open()
    with monkeypatch.context() as patched:
        patched.setattr(writers, "source_of", spoilt)
        with engine.write() as writer:
            for record in some:
                writer.upsert(record["row"], build(record, ABOVE))
            writer.commit(1)
            assert set(writer.refused) == {bad, no_text} and "application_date" in writer.refused[bad]
            assert writer.records == len(some) - 2
    assert list(engine.rows(Everything())) == [row for row in rows_of(some) if row not in (bad, no_text)]
    with engine.write() as writer:
        for record in some:
            writer.upsert(record["row"], build(record, ABOVE))
        writer.commit(2)
        assert not writer.refused
    assert list(engine.rows(Everything())) == rows_of(some)


class Busy:
    """Says 429 to so many requests for bulk, then lets them through, and to every third item of the next ones."""

    def __init__(self, requests: int, items: int) -> None:
        self._requests, self._items = requests, items
        self._lock = threading.Lock()
        self.rejected = 0

    def __call__(self, path: str, body: bytes) -> Answer | None:
        with self._lock:
            if "_bulk" not in path or self._items <= 0:
                return None
            if self._requests > 0:
                self._requests -= 1
                return 429, orjson.dumps({"error": {"type": "es_rejected_execution_exception"}, "status": 429})
            self._items -= 1
            count = body.count(b'{"index":{')
            self.rejected += count
            return 200, orjson.dumps({"errors": True, "items": [
                {"index": {"status": 429, "error": {"type": "es_rejected_execution_exception", "reason": "busy"}}}
            ] * count})


def test_a_busy_cluster_is_asked_again(at: Callable[..., Elastic], some: list[Patent], proxy: Proxy) -> None:
    proxy.fault = busy = Busy(requests=2, items=2)
    engine = at(urls=(proxy.url,)).open()
    write(engine, some)
    assert busy.rejected >= len(some)
    assert list(engine.rows(Everything())) == rows_of(some)


def test_patience_ends(at: Callable[..., Elastic], some: list[Patent], proxy: Proxy) -> None:
    proxy.fault = Busy(requests=0, items=1 << 30)
    engine = at(urls=(proxy.url,), patience=1).open()
    with pytest.raises(Unreachable) as refused:
        write(engine, some)
    assert refused.value.code == "engine_overloaded"
    proxy.fault = lambda path, body: None
    assert engine.count(Everything()) == 0
    write(engine, some)
    assert engine.count(Everything()) == len(some)


def test_a_silent_writer_is_replaced_and_learns_it(
    at: Callable[..., Elastic], some: list[Patent], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("index.elastic.lease._DEAD_AFTER", 0.5)
    monkeypatch.setattr("index.elastic.lease._RENEWED_EVERY", 60.0)
    place = at()
    with place.open().write() as silent:
        silent.upsert(some[0]["row"], build(some[0], ABOVE))
        monkeypatch.setattr("index.elastic.lease._RENEWED_EVERY", 0.05)
        with place.open().write() as other:
            for record in some:
                other.upsert(record["row"], build(record, ABOVE))
            other.commit(2)
        with pytest.raises(Unreachable) as refused:
            silent.commit(1)
        assert refused.value.code == "index_busy"
    assert place.open().count(Everything()) == len(some)


def test_orphans_of_a_broken_rebuild_go_and_others_stay(at: Callable[..., Elastic], some: list[Patent]) -> None:
    place = at()
    write(place.open(), some[:5])
    neighbour = place.beside("other")
    write(neighbour.open(), some[:3])
    prefix = place.settings.prefix
    cluster = Cluster(place.settings)
    for name in (f"{prefix}-000007", f"{prefix}-notes"):
        cluster.ask(lambda client, name=name: client.indices.create(index=name))     # type: ignore[misc]
    with place.open().rebuild() as writer:
        writer.upsert(some[0]["row"], build(some[0], ABOVE))
        writer.commit(1)
    left = set(cluster.ask(lambda client: client.indices.get(index=f"{prefix}*", features="aliases").body))
    cluster.close()
    assert left == {f"{prefix}-000002", f"{prefix}-lock", f"{prefix}-notes",
                    *neighbour.generations(), f"{neighbour.settings.prefix}-lock"}
    assert neighbour.open().count(Everything()) == 3


def test_a_rebuild_that_lacks_records_does_not_switch(
    at: Callable[..., Elastic], some: list[Patent]
) -> None:
    place = at()
    engine = place.open()
    write(engine, some)
    cluster = Cluster(place.settings)
    with pytest.raises(Unreachable) as refused, engine.rebuild() as writer:
        for record in some:
            writer.upsert(record["row"], build(record, ABOVE))
        writer.commit(2)
        cluster.ask(lambda client: client.delete(
            index=f"{place.settings.prefix}-000002", id=str(some[0]["row"]), refresh=True))
        writer.commit(2)
    cluster.close()
    assert refused.value.code == "index_incomplete"
    assert engine.count(Everything()) == len(some)
    assert place.generations() == [f"{place.settings.prefix}-000001"]


def test_an_index_of_another_identity_says_so_until_it_is_rebuilt(
    at: Callable[..., Elastic], some: list[Patent], monkeypatch: pytest.MonkeyPatch
) -> None:
    engine = at().open()
    with monkeypatch.context() as patched:
        patched.setattr("index.elastic.engine.MAPPING_VERSION", 0)
        write(engine, some)
    assert not engine.health().ok
    for act in (lambda: engine.count(Everything()), lambda: write(engine, some)):
        with pytest.raises(Unreachable) as refused:
            act()
        assert refused.value.code == "index_outdated"
    with engine.rebuild() as writer:
        for record in some:
            writer.upsert(record["row"], build(record, ABOVE))
        writer.commit(1)
    assert engine.health().ok and engine.count(Everything()) == len(some)


# Asking


@pytest.fixture(scope="module")
def embedded(records: list[Patent], tmp_path_factory: pytest.TempPathFactory) -> Iterator[Engine]:
    opened = Embedded(tmp_path_factory.mktemp("beside") / "index").open()
    write(opened, records)
    yield opened
    opened.close()


@pytest.mark.parametrize("shards", [1, 3])
def test_answers_do_not_depend_on_limits_and_shards(
    at: Callable[..., Elastic], embedded: EmbeddedEngine, records: list[Patent], monkeypatch: pytest.MonkeyPatch,
    shards: int,
) -> None:
    """With next to nothing allowed in one query or answer, and records on several shards."""
    monkeypatch.setattr("index.elastic.engine.most_clauses", lambda cluster: 6)
    monkeypatch.setattr("index.elastic.compiler.MOST_DEPTH", 2)
    monkeypatch.setattr("index.elastic.counting._VALUES", 5)
    monkeypatch.setattr("index.elastic.counting._PAGE", 7)
    monkeypatch.setattr("index.elastic.reader._BUCKETS", 3)
    monkeypatch.setattr("index.elastic.reader._TEXTS", 10)
    engine = at(shards=shards).open()
    write(engine, records)
    for text in EXPRESSIONS:
        query = node(text)
        expected = embedded.search(query, size=30, sort="-application_date", facets=ALL)
        found = engine.search(query, size=30, sort="-application_date", facets=ALL)
        assert list(engine.rows(query)) == list(embedded.rows(query)), text
        assert (found.total, found.hits) == (expected.total, expected.hits), text
        assert {name: list(values) for name, values in found.facets.items()} == {
            name: list(values) for name, values in expected.facets.items()}, text
        ranked = [{hit.row for hit in one.search(query, size=10).hits} for one in (engine, embedded)]
        assert len(ranked[0] & ranked[1]) >= 0.8 * len(ranked[1]), text


def test_similar_records_are_those_of_the_embedded_engine(
    at: Callable[..., Elastic], embedded: EmbeddedEngine, records: list[Patent]
) -> None:
    engine = at(shards=3).open()
    write(engine, records)
    shares = []
    for record in records[::25]:
        both = [{hit.row for hit in one.similar(build(record, ABOVE), without=apart(record)).hits}
                for one in (engine, embedded)]
        shares.append(len(both[0] & both[1]) / max(1, len(both[1])))
    assert min(shares) >= 0.9


# Being there


def test_an_engine_that_is_away_says_so_and_is_found_again(
    at: Callable[..., Elastic], some: list[Patent], proxy: Proxy
) -> None:
    engine = at(urls=(proxy.url,)).open()
    write(engine, some)
    proxy.down()
    for act in (lambda: engine.count(Everything()), lambda: engine.search(Everything()),
                lambda: list(engine.rows(Everything()))):
        with pytest.raises(Unreachable) as refused:
            act()
        assert refused.value.code == "engine_unreachable" and proxy.url in refused.value.message("en")
    health = engine.health()
    assert not health.ok and proxy.url in health.detail
    proxy.up()
    assert engine.count(Everything()) == len(some) and engine.health().ok


def test_a_second_address_answers_for_the_first(
    at: Callable[..., Elastic], elasticsearch: tuple[str, ...], some: list[Patent], proxy: Proxy
) -> None:
    engine = at(urls=(proxy.url, elasticsearch[0])).open()
    write(engine, some)
    proxy.down()
    for _ in range(6):
        assert engine.count(Everything()) == engine.search(Everything()).total == len(some)
    proxy.up()


def test_an_api_key_is_sent(at: Callable[..., Elastic], proxy: Proxy) -> None:
    engine = at(urls=(proxy.url,), api_key="c29tZTprZXk=").open()
    assert engine.count(Everything()) == 0
    assert {headers["authorization"] for headers in proxy.seen} == {"ApiKey c29tZTprZXk="}


@pytest.mark.slow
def test_users_and_certificates(secured: Nodes, some: list[Patent]) -> None:
    place = Elastic(settings_for(secured.urls, user="admin", password=secured.secret, ca=str(secured.authority)))
    engine = place.open()
    write(engine, some)
    assert list(engine.rows(Everything())) == rows_of(some)
    for changed, code in (({"password": "wrong"}, "engine_denied"), ({"ca": ""}, "engine_unreachable")):
        with pytest.raises(Unreachable) as refused:
            Elastic(replace(place.settings, **changed)).open().count(Everything())      # type: ignore[arg-type]
        assert refused.value.code == code
        assert secured.secret not in str(refused.value)
    with pytest.raises(BadCall) as missing:
        Elastic(replace(place.settings, ca="/nowhere.pem")).open()
    assert missing.value.code == "engine_certificate"
    assert secured.secret not in repr(place.settings)


@pytest.mark.slow
@pytest.mark.parametrize(("name", "value"), [("search.allow_expensive_queries", False), ("search.max_buckets", 1_000)])
def test_a_setting_that_does_not_let_us_work_is_named(secured: Nodes, name: str, value: object) -> None:
    settings = settings_for(secured.urls, user="admin", password=secured.secret, ca=str(secured.authority))
    cluster = Cluster(settings)
    cluster.ask(lambda client: client.cluster.put_settings(persistent={name: value}))
    try:
        health = ElasticEngine(settings).health()
        assert not health.ok and name in health.detail
        for writing in (ElasticEngine(settings).write, ElasticEngine(settings).rebuild):
            with pytest.raises(Unreachable) as refused, writing():
                pass
            assert refused.value.code == "engine_setting"
    finally:
        cluster.ask(lambda client: client.cluster.put_settings(persistent={name: None}))
        cluster.close()
    assert ElasticEngine(settings).health().ok


@pytest.mark.parametrize(("name", "value"), [
    ("URL", "elasticsearch"), ("URL", "http://a:9200,ftp://b"), ("PREFIX", "Zhuanti"), ("PREFIX", "a*"),
    ("REPLICAS", "many"), ("SHARDS", "0"), ("REFRESH", "soon"), ("PATIENCE", "-1"),
])
def test_settings_of_no_sense_are_refused(name: str, value: str) -> None:
    with pytest.raises(BadCall) as refused:
        load({f"ZHUANTI_ELASTICSEARCH_{name}": value})
    assert refused.value.values["name"] == f"ZHUANTI_ELASTICSEARCH_{name}"
    given = load({"ZHUANTI_ELASTICSEARCH_URL": "https://one:9200, http://[::1]:9200"})
    assert given.elastic.urls == ("https://one:9200", "http://[::1]:9200")


def test_time_passes_for_no_lease_of_a_process_that_has_ended(at: Callable[..., Elastic], some: list[Patent]) -> None:
    """A lease that names an ended process of this machine does not make anybody wait."""
    import socket

    place = at()
    write(place.open(), some[:1])
    cluster = Cluster(place.settings)
    left = {"host": socket.gethostname(), "process": 1 << 22, "started": "1", "token": "x", "at": time.time()}
    cluster.ask(lambda client: client.index(
        index=f"{place.settings.prefix}-lock", id="writer", document=left, refresh=True))
    cluster.close()
    began = time.monotonic()
    write(place.open(), some)
    assert time.monotonic() - began < 15
