"""The indexer of a node: records from its store, labels from its taxonomies and from people's decisions."""

from index.indexer import Indexer
from store.database import Store
from store.settings import Settings
from taxonomy import catalogue, versions
from taxonomy.labeller import of_catalogue


def indexer(settings: Settings, store: Store) -> Indexer:
    """Labels come without reasons here: an index has no room for them, and pages make them anew."""
    found = catalogue.read(settings)
    versions.keep(settings, found)
    return Indexer(store, settings, of_catalogue(found, settings, reasons=False))
