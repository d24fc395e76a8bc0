"""Services: everything that pages, API and commands share, opened once per process from the settings.

The subject folders (`api.search.service` …) are functions over this object; they know no HTTP.
"""

import logging
import threading
from collections.abc import Sequence
from typing import cast

from api.following import Following
from api.metrics.timing import time_statements, timed_engine
from index.engine import Engine
from index.indexer import Indexer
from index.open import open_engine
from index.query.read import Industries
from ingest import aliases
from ingest.record import Label, Patent
from ingest.records import Records
from store import outbox
from store.database import Store, open_store
from store.demo import is_made_up
from store.errors import BadCall
from store.settings import Settings
from taxonomy import catalogue, loaded
from taxonomy.asked import among
from taxonomy.labeller import Labeller
from taxonomy.loaded import Loaded
from taxonomy.model import Taxonomy

logger = logging.getLogger("zhuanti.api")


class Services:
    """Open store, records, engine, labeller and taxonomies of one home; a context manager.

    Raises Refused for a home of another version, Unreachable when the database or the engine is not there.
    """

    settings: Settings
    made_up: bool       # whether the data is that of `zhuanti demo`
    store: Store
    records: Records
    engine: Engine
    taxonomies: dict[str, Taxonomy]     # those that records are labelled with
    industries: Industries      # which of them, and of their nodes, a query may ask for
    broken: tuple[catalogue.Broken, ...]        # files of taxonomies that cannot be used, and why
    labeller: Labeller
    following: Following
    _state: loaded.State

    def __init__(self, settings: Settings) -> None:
        self.settings = settings
        self.made_up = is_made_up(settings.home)
        self._loading = threading.Lock()
        self._take_up(loaded.load(settings))
        self.store = open_store(settings)
        self.records = Records(self.store, aliases.load(settings.home))
        self.engine = timed_engine(open_engine(settings, self._has_indexed))
        time_statements(self.store)
        self.following = Following(
            lambda: Indexer(self.store, settings, self.labeller).drain(only_marked=True))

    def _has_indexed(self) -> bool:
        """Whether an index has taken records of the store: where there is none now, somebody has deleted it."""
        with self.store.connect() as connection:
            return outbox.drained(connection) > 0

    def refresh(self) -> None:
        """Takes up taxonomies and models whose files have changed; every request begins with it."""
        now = loaded.state(self.settings)
        if now == self._state:
            return
        with self._loading:
            if now == self._state:
                return
            self._state = now       # what cannot be loaded is tried again when it has changed
            try:
                self._take_up(loaded.load(self.settings))
            except BadCall as error:
                logger.error("taxonomies stay as they were: %s", error)

    def _take_up(self, found: Loaded) -> None:
        self.taxonomies, self.broken = found.catalogue.chosen, found.catalogue.broken
        self.industries = among(self.taxonomies)
        self.labeller, self._state = found.labeller, found.state

    def data_date(self) -> str | None:
        """The newest publication or event date in the store, YYYY-MM-DD; null when it is empty."""
        return self.records.data_date()

    def labelled(self, record: Patent) -> Patent:
        """The same record with the labels of the loaded taxonomies on it."""
        record["labels"] = self.labeller.label(record)
        return record

    def labelled_for_list(self, records: Sequence[Patent]) -> None:
        """Puts labels on records of a list, without reasons."""
        for record, labels in zip(records, self.labeller.label_many(records, reasons=False), strict=True):
            record["labels"] = labels

    def machine_labels(self, records: Sequence[Patent]) -> list[list[Label]]:
        """The labels that rules and models give to records, whatever people decided."""
        bare = [cast(Patent, {name: value for name, value in record.items() if name != "decisions"})
                for record in records]
        return self.labeller.label_many(bare)

    def close(self) -> None:
        self.following.close()
        self.engine.close()
        self.store.close()

    def __enter__(self) -> "Services":
        return self

    def __exit__(self, *failure: object) -> None:
        self.close()
