"""The indexer of a node: records from its store, labels from its taxonomies and from people's decisions."""

from index.indexer import Indexer
from store.database import Store
from store.settings import Settings
from taxonomy.catalogue import load
from taxonomy.labeller import Labeller


def indexer(settings: Settings, store: Store) -> Indexer:
    return Indexer(store, settings, Labeller(load(settings)))
