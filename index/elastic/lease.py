"""Only one process writes at a time, on whichever machine it runs: a document on the cluster says who.

The writer renews it; whoever waits takes it over when it has not changed for a while by the waiter's own clock, or at
once when it names a process of this machine that has ended.
"""

import os
import socket
import threading
import time
import uuid
from contextlib import suppress
from types import TracebackType

from elasticsearch import ApiError, BadRequestError, ConflictError

from index.elastic.connection import Cluster
from index.elastic.schema import Body
from store.errors import Unreachable

LOCK_SECONDS = 30.0
"""How long a writer waits for another one before it says that the index is busy."""

_RENEWED_EVERY = 4.0
_DEAD_AFTER = 20.0
_LOOK_EVERY = 0.3
_KEY = "writer"


class Lease:
    """The right to write; a context manager. Raises Unreachable(`index_busy`) while another holds it."""

    def __init__(self, cluster: Cluster) -> None:
        self._cluster = cluster
        self._index = f"{cluster.settings.prefix}-lock"
        self._holder = {"host": socket.gethostname(), "process": os.getpid(), "started": _started(os.getpid()),
                        "token": uuid.uuid4().hex}
        self._place = (0, 0)        # sequence number and term of our last write
        self._ended = threading.Event()
        self._renewal: threading.Thread | None = None
        self._turn = threading.Lock()
        self._lost = False

    def __enter__(self) -> "Lease":
        self._make_index()
        self._take()
        self._renewal = threading.Thread(target=self._renew, name="lease", daemon=True)
        self._renewal.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._ended.set()
        if self._renewal is not None:
            self._renewal.join()
        with suppress(ApiError, Unreachable):       # another has it, or will find it out of date
            self._cluster.ask(lambda client: client.delete(
                index=self._index, id=_KEY, if_seq_no=self._place[0], if_primary_term=self._place[1]), fine=(404, 409))

    def check(self) -> None:
        """Raises Unreachable(`index_busy`) when another process has taken over, because we were silent too long."""
        with self._turn:
            self._lost = self._lost or not self._wrote(self._place)
        if self._lost:
            raise Unreachable("index_busy")

    def _make_index(self) -> None:
        if self._cluster.ask(lambda client: client.indices.exists(index=self._index).body):
            return
        with suppress(BadRequestError):     # somebody else made it just now
            self._cluster.ask(lambda client: client.indices.create(
                index=self._index, settings={"number_of_shards": 1, "auto_expand_replicas": "0-1"},
                mappings={"dynamic": False}), fine=(400,))

    def _take(self) -> None:
        deadline = time.monotonic() + LOCK_SECONDS
        seen: tuple[object, float] = (None, time.monotonic())
        while True:
            found: Body = self._cluster.ask(
                lambda client: client.get(index=self._index, id=_KEY).body, missing={"found": False}, fine=(404,))
            place = (found["_seq_no"], found["_primary_term"]) if found["found"] else None
            if place != seen[0]:
                seen = (place, time.monotonic())
            over = place is None or _has_ended(found["_source"]) or time.monotonic() - seen[1] > _DEAD_AFTER
            if over and self._wrote(place):
                return
            if time.monotonic() > deadline:
                raise Unreachable("index_busy", str(found.get("_source", {}).get("host", "")))
            time.sleep(_LOOK_EVERY)

    def _wrote(self, place: tuple[int, int] | None) -> bool:
        """Whether the lease is ours now, if it still is as we saw it."""
        given: Body = {"op_type": "create"} if place is None else {
            "if_seq_no": place[0], "if_primary_term": place[1]}
        document = {**self._holder, "at": time.time()}
        try:
            done = self._cluster.ask(lambda client: client.index(
                index=self._index, id=_KEY, document=document, **given), fine=(409,))
        except ConflictError:
            return False
        self._place = (done["_seq_no"], done["_primary_term"])
        return True

    def _renew(self) -> None:
        last = time.monotonic()
        while not self._ended.wait(_RENEWED_EVERY):
            with self._turn:
                try:
                    self._lost = self._lost or not self._wrote(self._place)
                    last = time.monotonic()
                except (Unreachable, ApiError):
                    self._lost = time.monotonic() - last > _DEAD_AFTER
            if self._lost:
                return


def _has_ended(holder: Body) -> bool:
    """Whether a process of this machine that held the lease is gone."""
    return holder.get("host") == socket.gethostname() and _started(holder["process"]) != holder["started"]


def _started(process: int) -> str:
    """When a process began, in ticks since the machine did; '' when there is none, or no /proc to ask."""
    try:
        with open(f"/proc/{process}/stat", encoding="ascii", errors="replace") as file:     # noqa: PTH123
            return file.read().rpartition(")")[2].split()[19]
    except OSError:
        return ""
