"""The folder of the embedded index: one subfolder a generation, a pointer file that names the one in use.

```
index/lock             held by whoever writes
      current          name of the generation in use
      gen-000002/      identity.json, columns-<n>, tantivy/
```
A rebuild fills a new generation beside the old one; replacing the pointer file is the switch.
"""

import shutil
from pathlib import Path

import orjson

from index.identity import Identity
from store.errors import Unreachable

_POINTER = "current"
_PREFIX = "gen-"


class Generation:
    """One index with its identity. `name` is None nowhere: a folder without an index has no Generation."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.name = folder.name
        self.tantivy = folder / "tantivy"

    @property
    def meta(self) -> Path:
        """The file that Tantivy replaces with every commit and merge."""
        return self.tantivy / "meta.json"

    def identity(self) -> Identity:
        """Raises Unreachable(`index_damaged`) when it cannot be read."""
        try:
            parts: Identity = orjson.loads((self.folder / "identity.json").read_bytes())
        except (OSError, ValueError) as error:
            raise Unreachable("index_damaged", str(error)) from error
        return parts


def current(folder: Path) -> Generation | None:
    """The generation in use; None before the first one."""
    try:
        name = (folder / _POINTER).read_text("ascii").strip()
    except FileNotFoundError:
        return None
    return Generation(folder / name)


def begin(folder: Path, identity: Identity) -> Generation:
    """A new, empty generation that is not yet in use. What an earlier, broken rebuild left is dropped first."""
    used = current(folder)
    drop_unused(folder)
    number = int(used.name.removeprefix(_PREFIX)) + 1 if used else 1
    generation = Generation(folder / f"{_PREFIX}{number:06}")
    generation.tantivy.mkdir(parents=True)
    (generation.folder / "identity.json").write_bytes(orjson.dumps(identity, option=orjson.OPT_INDENT_2))
    return generation


def switch(folder: Path, generation: Generation) -> None:
    """Makes a generation the one in use, for every process, in one step; the others are dropped."""
    temporary = folder / f"{_POINTER}.part"
    temporary.write_text(generation.name, "ascii")
    temporary.replace(folder / _POINTER)
    drop_unused(folder)


def drop_unused(folder: Path) -> None:
    """Removes every other generation; readers that still hold files of one keep them until they look again."""
    used = current(folder)
    for path in folder.glob(f"{_PREFIX}*"):
        if used is None or path.name != used.name:
            shutil.rmtree(path, ignore_errors=True)
