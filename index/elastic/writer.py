"""Writes one index of the cluster: upserts and deletes are sent as they come, a commit makes them visible.

A cluster has no transactions: what was sent and not committed may become visible with a later commit. It is what the
store says of these rows, and their outbox entries still stand, so they are written again anyway.
"""

from collections.abc import Iterable
from datetime import UTC, datetime

from pyroaring import BitMap

from index.elastic import generations
from index.elastic.bulk import Bulk
from index.elastic.connection import Cluster
from index.elastic.generations import Generation, Note
from index.elastic.lease import Lease
from index.elastic.schema import source_of
from index.engine import IndexDocument
from store.errors import Unreachable


class ElasticWriter:
    """The writer of one index, see `ElasticEngine.write`. Not for several threads."""

    def __init__(self, cluster: Cluster, generation: Generation, lease: Lease) -> None:
        self._cluster = cluster
        self._generation = generation
        self._lease = lease
        self._bulk = Bulk(cluster, generation.name)
        self._unwritten: dict[int, str] = {}    # rows whose document is not even text
        self._held = BitMap()                   # rows that were written since the beginning
        self._records: int | None = None

    @property
    def records(self) -> int:
        """How many records the last commit holds."""
        if self._records is None:
            self._records = self._cluster.ask(lambda client: client.count(index=self._generation.name).body["count"])
        return self._records

    @property
    def refused(self) -> dict[int, str]:
        """Rows whose last document the cluster does not take, with the reason: {row: reason}."""
        return self._bulk.refused | self._unwritten

    def upsert(self, row: int, document: IndexDocument) -> None:
        """Adds a record or replaces it. Raises Unreachable when the cluster has stopped taking documents."""
        try:
            source = source_of(row, document)
        except (UnicodeEncodeError, TypeError) as error:      # orjson raises the latter for half a surrogate pair
            self._unwritten[row] = str(error)
            return
        self._unwritten.pop(row, None)
        self._held.add(row)
        self._bulk.upsert(row, source)

    def delete(self, rows: Iterable[int]) -> None:
        """Removes records; rows that the index does not hold are nothing to it."""
        for row in rows:
            self._unwritten.pop(row, None)
            self._held.discard(row)
            self._bulk.delete(row)

    def commit(self, seq: int) -> None:
        """Makes everything sent visible to all processes; `seq` is the outbox entry it reaches.

        Raises Unreachable when the cluster did not take it all, or (`index_busy`) when another process took over.
        """
        self._bulk.flush()
        self._held -= BitMap(self.refused)
        self._lease.check()
        patience = self._cluster.settings.patience
        self._cluster.ask(lambda client: client.indices.refresh(index=self._generation.name), patience=patience,
                          wait=True)
        before = self._generation.note
        note = Note(identity=before["identity"], seq=max(seq, before["seq"]), commits=before["commits"] + 1,
                    updated=datetime.now(UTC).isoformat(timespec="seconds"))
        self._generation = generations.note(self._cluster, self._generation, note)
        self._records = None

    def verify(self) -> None:
        """Raises Unreachable(`index_incomplete`) when a new index does not hold every record that was written to it."""
        if self.records != len(self._held):
            raise Unreachable("index_incomplete", found=self.records, expected=len(self._held))

    def close(self) -> None:
        self._bulk.close()
