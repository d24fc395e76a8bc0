"""The index follows what this process changes in the store: a thread that drains the outbox soon after a change.

Whoever else drains it (an ingest at the same time) does this work too, so a busy index is only waited for; what
an end of the process leaves is done by the next drain of anyone.
"""

import logging
import threading
from collections.abc import Callable

from store.errors import Unreachable

logger = logging.getLogger("zhuanti.api")

GATHER = 0.5
"""Seconds from a change to its drain, so that a row of clicks costs one commit."""

AGAIN = 5.0
"""Seconds between two tries at an index that another process is writing, or that does not answer."""

_LAST = 10.0
"""Seconds that the end of the process waits for a drain."""


class Following:
    """One per Services. `drain` brings the index up to date; it may raise Unreachable."""

    def __init__(self, drain: Callable[[], object], gather: float = GATHER, again: float = AGAIN) -> None:
        self._drain, self._gather, self._again = drain, gather, again
        self._change = threading.Condition()
        self._asked = 0
        self._done = 0
        self._ended = False
        self._thread: threading.Thread | None = None

    def notify(self) -> None:
        """Something changed; returns at once."""
        with self._change:
            self._asked += 1
            if self._thread is None and not self._ended:
                self._thread = threading.Thread(target=self._run, name="following", daemon=True)
                self._thread.start()
            self._change.notify_all()

    def settle(self, within: float) -> bool:
        """Waits until the index has what was notified before; whether it has within these seconds."""
        with self._change:
            wanted = self._asked
            return self._change.wait_for(lambda: self._done >= wanted, within)

    def close(self) -> None:
        """Ends the thread; a drain that runs is waited for a while, what it leaves is in the outbox."""
        with self._change:
            self._ended = True
            self._change.notify_all()
            thread = self._thread
        if thread is not None:
            thread.join(_LAST)

    def _run(self) -> None:
        while True:
            with self._change:
                self._change.wait_for(lambda: self._ended or self._asked > self._done)
                if self._ended:
                    return
                self._change.wait_for(lambda: self._ended, self._gather)
                upto = self._asked
            try:
                self._drain()
            except Exception as error:      # the thread must live on: what failed is still in the outbox
                if not (isinstance(error, Unreachable) and error.code == "index_busy"):
                    logger.exception("the index cannot follow yet: %s", error)
                with self._change:
                    self._change.wait_for(lambda: self._ended, self._again)
                continue
            with self._change:
                self._done = upto
                self._change.notify_all()
