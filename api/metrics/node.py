"""The state of the node as metrics, asked when somebody looks: what is held, how fresh it is, what is broken.

What needs a look at whole tables is kept for a quarter of a minute, so that no reader can make it a burden.
"""

import json
import threading
from collections.abc import Iterator
from datetime import UTC, date, datetime
from importlib.metadata import version
from time import monotonic

import sqlalchemy as sa
from prometheus_client import CollectorRegistry
from prometheus_client.core import CounterMetricFamily, GaugeMetricFamily, Metric
from prometheus_client.registry import Collector

from api.services import Services
from store import deliveries, documents, outbox
from store.errors import Unreachable
from store.schema import delivery_file, record

_KEPT = 15.0        # seconds


class NodeState(Collector):
    """Gauges of a node's store and index, counters of everything that its ledger says was ever read."""

    def __init__(self, services: Services) -> None:
        self._services = services
        self._lock = threading.Lock()
        self._held: tuple[float, list[Metric]] = (float("-inf"), [])

    def describe(self) -> list[Metric]:
        return []       # nothing is asked for registering

    def collect(self) -> Iterator[Metric]:
        yield _gauge("zhuanti_build_info", "Version of the program and its engine", 1,
                     version=version("zhuanti"), engine=self._services.settings.engine)
        up = GaugeMetricFamily("zhuanti_up", "Whether the store and the engine answer", labels=("service",))
        try:
            of_store = self._of_store()
            up.add_metric(("store",), 1)
        except Unreachable:
            of_store = []
            up.add_metric(("store",), 0)
        of_engine, answers = self._of_engine()
        up.add_metric(("engine",), answers)
        yield up
        yield from of_store
        yield from of_engine

    def _of_engine(self) -> tuple[list[Metric], bool]:
        try:
            health = self._services.engine.health()
        except Unreachable:
            return [], False
        found: list[Metric] = [_gauge("zhuanti_index_records", "Records that the index holds", health.records)]
        if health.updated:
            found.append(_gauge("zhuanti_index_updated_timestamp_seconds", "When the index was committed last",
                                datetime.fromisoformat(health.updated).timestamp()))
        return found, health.ok

    def _of_store(self) -> list[Metric]:
        with self._lock:
            asked, found = self._held
            if monotonic() - asked > _KEPT:
                found = list(self._asked())
                self._held = monotonic(), found
            else:
                self._services.data_date()      # whether the store answers is not kept
            return found

    def _asked(self) -> Iterator[Metric]:
        with self._services.store.connect() as connection:
            records = sa.select(sa.func.count()).select_from(record).where(record.c.merged_into.is_(None))
            yield _gauge("zhuanti_records", "Records that the store holds", connection.execute(records).scalar_one())
            yield _gauge("zhuanti_pending_records", "Records that wait for the index", outbox.pending(connection))
            newest = documents.data_date(connection)
            if newest:
                yield _gauge("zhuanti_data_date_timestamp_seconds", "Date of the newest publication or legal event",
                             datetime.combine(date.fromisoformat(newest), datetime.min.time(), UTC).timestamp())
            finished = connection.execute(sa.select(sa.func.max(delivery_file.c.finished))).scalar()
            if finished:
                yield _gauge("zhuanti_last_delivery_timestamp_seconds", "When a file of a delivery was last read",
                             datetime.fromisoformat(finished).timestamp())
            unread = sa.select(sa.func.count()).where(delivery_file.c.state == "reading")
            yield _gauge("zhuanti_unfinished_files", "Files of deliveries being read, or left by a broken run",
                         connection.execute(unread).scalar_one())
            yield from _ledger(connection)


def _ledger(connection: sa.Connection) -> Iterator[Metric]:
    counts, size = deliveries.empty_counts(), 0
    for text, of in connection.execute(sa.select(delivery_file.c.counts, delivery_file.c.size)):
        deliveries.add_counts(counts, json.loads(text))
        size += of
    read = CounterMetricFamily("zhuanti_ingest_entries", "Entries of deliveries by what became of them",
                               labels=("outcome",))
    for outcome in ("documents", "merged"):
        read.add_metric((outcome,), counts[outcome])
    for outcome in ("rejected", "skipped"):
        read.add_metric((outcome,), sum(counts[outcome].values()))
    yield read
    for kind in ("rejected", "warnings"):
        by_code = CounterMetricFamily(f"zhuanti_ingest_{kind}", f"Entries of deliveries: {kind}, by code",
                                      labels=("code",))
        for code, count in counts[kind].items():
            by_code.add_metric((code,), count)
        yield by_code
    yield CounterMetricFamily("zhuanti_ingest_bytes", "Bytes of the files of deliveries", value=size)


def _gauge(name: str, said: str, value: float, **labels: str) -> Metric:
    made = GaugeMetricFamily(name, said, labels=tuple(labels))
    made.add_metric(tuple(labels.values()), value)
    return made


def registry_of(services: Services) -> CollectorRegistry:
    """A registry with the state of one node."""
    registry = CollectorRegistry()
    registry.register(NodeState(services))
    return registry
