"""Former names of applicants, from the node's own file `applicant_aliases.csv` in its home folder.

Columns `former,current[,since,source]`, UTF-8. A record keeps every name as published; the present name stands beside
it (`known_as`), and searches, filters and facets know both.
"""

import csv
import hashlib
from pathlib import Path
from typing import NamedTuple

from ingest.applicants import fold_name
from store.errors import BadCall

FILE = "applicant_aliases.csv"
_COLUMNS = ("former", "current", "since", "source")


class Alias(NamedTuple):
    """A line of the file, its `current` name followed to the end where that has a newer one itself."""

    former: str
    current: str
    since: str      # as the file writes it; "" where it says nothing
    source: str


class Aliases:
    """Former names, found by the folded name (`fold_name`): width, brackets and the legal form do not matter."""

    def __init__(self, aliases: dict[str, Alias], fingerprint: str) -> None:
        self._aliases = aliases
        self.fingerprint = fingerprint      # "" without a file

    def of(self, name: str) -> Alias | None:
        """The line that tells the present name of a name; None for a name that is the present one or not listed."""
        if not self._aliases:
            return None
        found = self._aliases.get(fold_name(name))
        return None if found is None or found.current == name else found


NONE = Aliases({}, "")


def load(home: Path) -> Aliases:
    """The file of a home folder; `NONE` where there is none.

    Raises BadCall(`aliases_invalid`) with the line: no UTF-8, no columns `former` and `current` or others than those
    above, a blank name, a former name with two present ones, names that lead in a circle.
    """
    path = home / FILE
    if not path.is_file():
        return NONE
    data = path.read_bytes()
    try:
        lines = data.decode("utf-8-sig").splitlines(keepends=True)
    except UnicodeDecodeError as error:
        raise _invalid(path, data.count(b"\n", 0, error.start) + 1, "UTF-8") from error
    reader = csv.DictReader(lines, restkey="", restval="")
    if not {"former", "current"} <= set(reader.fieldnames or ()) <= set(_COLUMNS):
        raise _invalid(path, 1, ",".join(reader.fieldnames or ()))
    found: dict[str, Alias] = {}
    places: dict[str, int] = {}
    for row in reader:
        alias = Alias(*((row.get(name) or "").strip() for name in _COLUMNS))
        key = fold_name(alias.former)
        if "" in row or not alias.former or not alias.current:
            raise _invalid(path, reader.line_num, ",".join(alias))
        if key in found and found[key].current != alias.current:
            raise _invalid(path, reader.line_num, f"{alias.former}: {found[key].current}, {alias.current}")
        found[key], places[key] = alias, reader.line_num
    return Aliases({key: alias._replace(current=_present(path, found, places, key)) for key, alias in found.items()},
                   hashlib.sha256(data).hexdigest()[:16])


def _present(path: Path, found: dict[str, Alias], places: dict[str, int], key: str) -> str:
    """The last name of a chain of changes. A change of nothing but the legal form ends at once."""
    seen = [key]
    while True:
        current = found[seen[-1]].current
        following = fold_name(current)
        if following == seen[-1] or following not in found:
            return current
        if following in seen:
            raise _invalid(path, places[key], current)
        seen.append(following)


def _invalid(path: Path, line: int, detail: str) -> BadCall:
    return BadCall("aliases_invalid", detail, file=path.name, line=line)
