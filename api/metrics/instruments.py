"""What a process measures while it answers: seconds of requests, of the engine and of the store.

With several processes (`serve --workers`) each writes its numbers into files of the folder that
PROMETHEUS_MULTIPROC_DIR names, and whichever is asked adds all of them up.
"""

import os

from prometheus_client import CollectorRegistry, GCCollector, Histogram, PlatformCollector, ProcessCollector
from prometheus_client.multiprocess import MultiProcessCollector

MULTIPLE = "PROMETHEUS_MULTIPROC_DIR"

_BUCKETS = (0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0, 30.0)
"""Seconds. A search takes some 10 ms, a statement of the store below one."""

_own = CollectorRegistry()

REQUESTS = Histogram("zhuanti_request_seconds", "Seconds until a request was answered to its end",
                     ("method", "route", "status"), registry=_own, buckets=_BUCKETS)
ENGINE = Histogram("zhuanti_engine_seconds", "Seconds of the search engine", ("operation", "outcome"),
                   registry=_own, buckets=_BUCKETS)
STORE = Histogram("zhuanti_store_seconds", "Seconds of a statement in the store", ("operation", "outcome"),
                  registry=_own, buckets=_BUCKETS)

if MULTIPLE not in os.environ:
    ProcessCollector(registry=_own)
    PlatformCollector(registry=_own)
    GCCollector(registry=_own)


def measured() -> CollectorRegistry:
    """The registry to be shown: this process's, or all processes' together."""
    if MULTIPLE not in os.environ:
        return _own
    together = CollectorRegistry()
    MultiProcessCollector(together)     # type: ignore[no-untyped-call]
    return together
