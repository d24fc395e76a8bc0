"""Python's collector of garbage, held back in every process of the program.

Records and queries are trees that reference counting frees; the collector would only walk, again and again, what stays
(taxonomies, tables of regions): a quarter of the time of the process that writes, half a second of each start.
"""

import atexit
import gc

_SELDOM = 500_000   # containers made and not freed between two collections, more than a start makes; Python has 700


def collect_seldom() -> None:
    """For the rest of this process's life; called before anything is loaded."""
    gc.set_threshold(_SELDOM)
    atexit.register(gc.freeze)      # an interpreter that ends would walk all that stays several times, for 0.2 s
