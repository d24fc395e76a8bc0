"""The taxonomies of a node: those shipped in `data/`, and those in the folder `taxonomies` of its home.

A file of the home with the id of a shipped taxonomy replaces it: that is how a node corrects names that are
shipped as unverified.
"""

from pathlib import Path

from store.errors import BadCall
from store.settings import Settings
from taxonomy.loading import load_file
from taxonomy.model import Taxonomy

SHIPPED = Path(__file__).parent / "data"
OWN = "taxonomies"


def files(settings: Settings | None = None) -> list[Path]:
    """The files of the shipped taxonomies, then those of the home."""
    own = settings.home / OWN if settings else None
    return sorted(SHIPPED.glob("*.yaml")) + (sorted(own.glob("*.yaml")) if own and own.is_dir() else [])


def load(settings: Settings | None = None) -> dict[str, Taxonomy]:
    """{id: taxonomy}, the shipped ones first. Raises BadCall `taxonomy_…` for a file that cannot be read."""
    found: dict[str, Taxonomy] = {}
    own: dict[str, Taxonomy] = {}
    for path in files(settings):
        taxonomy = load_file(path)
        if path.parent == SHIPPED:
            found[taxonomy.id] = taxonomy
        elif taxonomy.id in own:
            other = own[taxonomy.id].file
            raise BadCall("taxonomy_doubled", file=path.name, other=other, taxonomy=taxonomy.id)
        else:
            own[taxonomy.id] = taxonomy
    return found | own
