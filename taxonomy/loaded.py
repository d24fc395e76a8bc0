"""What a process that goes on running labels with: the taxonomies and models of its home, read again when files change.

`taxonomy train`, a mended file and a new one are seen at the next look; the index keeps its labels until it is made
to follow (`Indexer.drain`, `zhuanti reindex`).
"""

from contextlib import suppress
from typing import NamedTuple, TypeAlias

from store.settings import Settings
from taxonomy import catalogue
from taxonomy.catalogue import Catalogue
from taxonomy.labeller import Labeller, of_catalogue
from taxonomy.learning import heads

State: TypeAlias = tuple[tuple[str, int, int], ...]
"""Of each file its name, when it was changed, and which file it is."""


class Loaded(NamedTuple):
    catalogue: Catalogue
    labeller: Labeller
    state: State


def load(settings: Settings) -> Loaded:
    """Raises BadCall `taxonomy_setting_unknown`."""
    before = state(settings)        # what changes while it is read is a change
    found = catalogue.read(settings)
    return Loaded(found, of_catalogue(found, settings), before)


def state(settings: Settings) -> State:
    """Of the home's own taxonomies and of which models are in use; some ten microseconds a file."""
    found = []
    for path in (*catalogue.own_files(settings), *heads.pointers(settings)):
        with suppress(FileNotFoundError):       # removed since it was listed
            stat = path.stat()
            found.append((str(path), stat.st_mtime_ns, stat.st_ino))
    return tuple(found)
