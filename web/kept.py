"""Answers kept while the data stays the same: counts of the whole store, trees, taxonomies.

They cost many engine calls and change only with an ingest or a relabelling. What tells one state of the data
from another is cheap to ask: the newest run of the ledger and what the index says of itself.
"""

import threading
from collections.abc import Callable, Hashable
from time import monotonic
from typing import Any, TypeVar

from api.services import Services
from store import deliveries

T = TypeVar("T")

LOOK_AGAIN = 2.0    # seconds between two looks at the state of the data
MOST_ENTRIES = 512


class Kept:
    """One per application; safe to share between threads (two may make the same answer at once, both are right)."""

    def __init__(self, services: Services) -> None:
        self._services = services
        self._lock = threading.Lock()
        self._state: Hashable = None
        self._looked = float("-inf")
        self._answers: dict[Hashable, Any] = {}

    def get(self, key: Hashable, make: Callable[[], T]) -> T:
        """The kept answer of a key, made when there is none for the present state of the data."""
        self._look()
        answers = self._answers
        if key not in answers:
            made = make()
            if len(answers) < MOST_ENTRIES:
                answers[key] = made
            return made
        found: T = answers[key]
        return found

    def _look(self) -> None:
        with self._lock:
            if monotonic() - self._looked < LOOK_AGAIN:
                return
            health = self._services.engine.health()
            with self._services.store.connect() as connection:
                runs = deliveries.ledger(connection, limit=1)
            newest = runs[0] if runs else None
            state = (health.identity, health.records, health.detail,
                     newest and (newest["last_run"], newest["files"], newest["reading"]))
            if state != self._state:
                self._state, self._answers = state, {}
            self._looked = monotonic()
