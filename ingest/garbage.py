"""Python's collector of garbage, held back while records stream through a process.

Records are trees that reference counting frees; the collector would only walk, again and again, what stays (taxonomies,
tables of regions): a quarter of the time of the process that writes, and of one that cuts.
"""

import gc
from collections.abc import Iterator
from contextlib import contextmanager

_SELDOM = 100_000   # containers made and not freed between two collections; Python's own is 700


def collect_seldom() -> None:
    """For a worker process, which does nothing else until it ends."""
    gc.freeze()
    gc.set_threshold(_SELDOM)


@contextmanager
def collecting_seldom() -> Iterator[None]:
    """For a while only, in a process that goes on with other things."""
    before = gc.get_threshold()
    collect_seldom()
    try:
        yield
    finally:
        gc.set_threshold(*before)
        gc.unfreeze()
