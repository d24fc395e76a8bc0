"""Where an index of a test lies, for each engine: a place can be opened several times, and in another process."""

import shutil
from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TypeVar

from index.elastic.connection import Cluster
from index.elastic.engine import ElasticEngine
from index.embedded.engine import EmbeddedEngine
from index.engine import Engine
from store.settings import ElasticSettings

Found = TypeVar("Found")


@dataclass(frozen=True)
class Embedded:
    folder: Path

    def open(self, **given: int) -> Engine:
        return EmbeddedEngine(self.folder, **given)

    def beside(self, name: str) -> "Embedded":
        return Embedded(self.folder.with_name(name))

    def generations(self) -> list[str]:
        return sorted(path.name for path in self.folder.glob("gen-*"))

    def remove(self) -> None:
        shutil.rmtree(self.folder, ignore_errors=True)


@dataclass(frozen=True)
class Elastic:
    settings: ElasticSettings

    def open(self, **given: int) -> Engine:
        return ElasticEngine(self.settings, **given)

    def beside(self, name: str) -> "Elastic":
        return Elastic(replace(self.settings, prefix=f"{self.settings.prefix}.{name}"))

    def generations(self) -> list[str]:
        found = self._ask(lambda cluster: cluster.ask(
            lambda client: client.indices.get(index=f"{self.settings.prefix}-*", features="aliases").body))
        return sorted(name for name in found if not name.endswith("-lock"))

    def remove(self) -> None:
        """Drops everything whose name begins with the prefix."""
        def removed(cluster: Cluster) -> None:
            found = cluster.ask(lambda client: client.indices.get(
                index=f"{self.settings.prefix}*", features="aliases").body, missing={})
            if found:
                cluster.ask(lambda client: client.indices.delete(index=list(found)))

        self._ask(removed)

    def _ask(self, ask: Callable[[Cluster], Found]) -> Found:
        cluster = Cluster(self.settings)
        try:
            return ask(cluster)
        finally:
            cluster.close()


Place = Embedded | Elastic
