"""Documents to the cluster in bulk: a few requests under way, each document answered for by itself.

`add` waits while enough is under way, so a slow cluster slows whoever makes the documents, and nothing piles up.
A document that the cluster refuses does not touch its neighbours: it is noted with the reason. "Too busy" and
missing shards are sent again with growing pauses until the settings' patience ends.
"""

import time
from collections.abc import Sequence
from concurrent.futures import FIRST_COMPLETED, Future, ThreadPoolExecutor, wait
from typing import NamedTuple

from elasticsearch import Elasticsearch

from index.elastic.connection import BUSY, Cluster
from index.elastic.schema import Body
from store.errors import Unreachable

_UNDER_WAY = 2
_BYTES = 4 << 20
_DOCUMENTS = 1_000
_PAUSES = (0.2, 0.5, 1.0, 2.0, 4.0, 8.0)


class _Item(NamedTuple):
    row: int
    lines: bytes        # action, and document for an upsert, as the bulk API takes them


class Bulk:
    """A stream of upserts and deletes to one index. Not for several threads."""

    def __init__(self, cluster: Cluster, index: str) -> None:
        self._cluster = cluster
        self._index = index
        self._pool = ThreadPoolExecutor(_UNDER_WAY, "bulk")
        self._waiting: list[_Item] = []
        self._bytes = 0
        self._sent: set[int] = set()        # rows that wait or are under way: a second write waits for the first
        self._under_way: set[Future[dict[int, str]]] = set()
        self.refused: dict[int, str] = {}
        """Rows that the cluster does not take, with its reason, until a later document of theirs is taken."""

    def upsert(self, row: int, source: bytes) -> None:
        self._add(_Item(row, b'{"index":{"_id":"%d"}}\n%b\n' % (row, source)))

    def delete(self, row: int) -> None:
        self._add(_Item(row, b'{"delete":{"_id":"%d"}}\n' % row))

    def _add(self, item: _Item) -> None:
        if item.row in self._sent:
            self.flush()
        self.refused.pop(item.row, None)
        self._sent.add(item.row)
        self._waiting.append(item)
        self._bytes += len(item.lines)
        if self._bytes >= _BYTES or len(self._waiting) >= _DOCUMENTS:
            self._send()

    def flush(self) -> None:
        """Everything added is answered for. Raises Unreachable when the cluster did not take it in time."""
        if self._waiting:
            self._send()
        while self._under_way:
            self._collect()
        self._sent.clear()

    def close(self) -> None:
        """Ends without sending what waits."""
        self._pool.shutdown(wait=True, cancel_futures=True)

    def _send(self) -> None:
        while len(self._under_way) >= _UNDER_WAY:
            self._collect()
        items, self._waiting, self._bytes = self._waiting, [], 0
        self._under_way.add(self._pool.submit(self._deliver, items))

    def _collect(self) -> None:
        done, self._under_way = wait(self._under_way, return_when=FIRST_COMPLETED)
        for future in done:
            self.refused |= future.result()

    def _deliver(self, items: list[_Item]) -> dict[int, str]:
        """Sends until every item is taken or refused for good; the refused ones."""
        refused: dict[int, str] = {}
        patience = float(self._cluster.settings.patience)
        began, turn = time.monotonic(), 0
        while items:
            answers = self._cluster.ask(
                lambda client, items=items: _sent(client, self._index, items),      # type: ignore[misc]
                patience=max(1.0, patience - (time.monotonic() - began)), wait=True)
            again = []
            cause = ""
            for item, answer in zip(items, answers, strict=True):
                status = answer["status"]
                if status in BUSY:
                    again.append(item)
                    cause = _cause(answer)
                elif status >= 400 and not (status == 404 and "error" not in answer):
                    refused[item.row] = _cause(answer)
            if again and time.monotonic() - began > patience:
                raise Unreachable("engine_overloaded", cause, seconds=round(patience))
            if again:
                time.sleep(_PAUSES[min(turn, len(_PAUSES) - 1)])
                turn += 1
            items = again
        return refused


def _sent(client: Elasticsearch, index: str, items: Sequence[_Item]) -> list[Body]:
    """What the cluster says of each item of one request."""
    answer = client.perform_request(
        "POST", f"/{index}/_bulk", params={"timeout": "5s", "require_alias": "false"},
        headers=_HEADERS, body=b"".join(item.lines for item in items))
    return [next(iter(entry.values())) for entry in answer.body["items"]]


_TYPE = "application/vnd.elasticsearch+{}; compatible-with=9"
_HEADERS = {"content-type": _TYPE.format("x-ndjson"), "accept": _TYPE.format("json")}


def _cause(answer: Body) -> str:
    error = answer.get("error", {})
    inner = error.get("caused_by") or {}
    return f"{error.get('type')}: {error.get('reason')} {inner.get('reason', '')}".strip()[:300]


