"""The taxonomies of a node: those shipped in `data/`, and those in the folder `taxonomies` of its home.

A file of the home with the id of a shipped taxonomy replaces it: that is how a node corrects names that are
shipped as unverified. A file of the home that cannot be used takes nothing but its own taxonomy away.
"""

import re
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import NamedTuple

from store.errors import BadCall
from store.settings import Settings
from taxonomy.loading import load_file
from taxonomy.model import Taxonomy

SHIPPED = Path(__file__).parent / "data"
OWN = "taxonomies"

FIRST = ("33618", "416", "lj33511", "sei_2021", "new_three_2024", "key_digital_2023", "green_tech",
         "digital_economy_2023", "ip_intensive_2019", "wipo35")
"""The shipped taxonomies that are shown first: of the municipality, the state, the world; then other provinces."""
_ID = re.compile(r"^id:\s*[\"']?([^\s\"'#]+)", re.MULTILINE)


class Broken(NamedTuple):
    """A file of the home that cannot be used: the id that it was meant to have, and why, with file and line."""

    taxonomy: str
    error: BadCall


@dataclass(frozen=True)
class Catalogue:
    """`every`: the taxonomies that can be used, by id; `chosen`: those that records are labelled with (the setting
    `ZHUANTI_TAXONOMIES`); `broken`: files of the home that cannot be used."""

    every: dict[str, Taxonomy]
    chosen: dict[str, Taxonomy]
    broken: tuple[Broken, ...] = ()


def files(settings: Settings | None = None) -> list[Path]:
    """The files of the shipped taxonomies in the order of display, then those of the home."""
    shipped = sorted(SHIPPED.glob("*.yaml"))
    shipped.sort(key=lambda path: FIRST.index(path.stem) if path.stem in FIRST else len(FIRST))
    return shipped + (own_files(settings) if settings else [])


def own_files(settings: Settings) -> list[Path]:
    """The files of a node's own taxonomies."""
    return sorted((settings.home / OWN).glob("*.yaml"))


def read(settings: Settings | None = None) -> Catalogue:
    """All taxonomies, the shipped ones first.

    A broken file of the home disables its id, a shipped taxonomy with that id too: the node wanted another.
    Raises BadCall `taxonomy_setting_unknown` when the setting names a taxonomy that no file has.
    """
    every: dict[str, Taxonomy] = {}
    own: dict[str, Taxonomy] = {}
    broken: list[Broken] = []
    for path in files(settings):
        if path.parent == SHIPPED:
            taxonomy = _shipped(path)
            every[taxonomy.id] = taxonomy
            continue
        try:
            taxonomy = load_file(path)
            if taxonomy.id in own:
                raise BadCall("taxonomy_doubled", file=path.name, other=own[taxonomy.id].file, taxonomy=taxonomy.id)
            own[taxonomy.id] = taxonomy
        except BadCall as error:
            broken.append(Broken(_id_of(path), error))
    disabled = {one.taxonomy for one in broken}
    every = {name: one for name, one in (every | own).items() if name not in disabled}
    wanted = settings.taxonomies if settings else ()
    unknown = next((name for name in wanted if name not in every and name not in disabled), None)
    if unknown:
        raise BadCall("taxonomy_setting_unknown", name=unknown, known=", ".join(every))
    chosen = {name: one for name, one in every.items() if not wanted or name in wanted}
    return Catalogue(every, chosen, tuple(broken))


_shipped = cache(load_file)  # shipped files do not change while a process runs; reading them takes a third of a second


def load(settings: Settings | None = None) -> dict[str, Taxonomy]:
    """{id: taxonomy} of every taxonomy that can be used."""
    return read(settings).every


def _id_of(path: Path) -> str:
    """The id that a broken file was meant to have: what stands behind `id:`, or the name of the file."""
    try:
        found = _ID.search(path.read_bytes()[:65_536].decode("utf-8", "replace"))
    except OSError:
        found = None
    return found[1] if found else path.stem
