"""Taking a delivery back: the store's withdrawal, told how to read and rewrite the bodies of documents.

The files of the delivery are not needed for it, nor are they touched; giving them to ingest again brings all back.
"""

from typing import TypedDict

from ingest.alone import alone, withdrawing
from ingest.belonging import Belonging
from ingest.packed import Packer, Unpacker, as_json
from store import documents, withdrawals
from store.database import Store, open_store
from store.settings import Settings
from store.withdrawals import Place


class WithdrawalReport(TypedDict):
    """Files taken back; documents and events that only they had brought, and those that others brought too."""

    delivery: str
    files: int
    documents: int
    documents_kept: int
    events: int
    events_kept: int
    rejects: int


def withdraw(settings: Settings, name: str, *, wait: bool = False) -> WithdrawalReport:
    """Take a delivery back, in one transaction; the index is brought up to date by its own indexer afterwards.

    Raises NotFound(`delivery_unknown`), BadCall(`delivery_withdrawn`), and Refused while something else writes to the
    same SQLite store (`ingest_running`) or reads this delivery in (`delivery_being_read`), unless we `wait` for it.
    """
    with (open_store(settings) as store, alone(store, settings, wait=wait), withdrawing(store, name, wait=wait),
          store.turn() as connection):
        bodies = _Bodies(store)
        done = withdrawals.withdraw(connection, name, bodies.place, bodies.moved, Belonging())
    return WithdrawalReport(delivery=name, files=done.files, documents=done.documents,
                            documents_kept=done.documents_kept, events=done.events, events_kept=done.events_kept,
                            rejects=done.rejects)


class _Bodies:
    def __init__(self, store: Store) -> None:
        with store.connect() as connection:
            dictionaries = documents.dictionaries(connection)
        self._unpacker = Unpacker(dictionaries)
        self._packer = Packer(list(dictionaries.values())[-1] if dictionaries else None)

    def place(self, body: bytes) -> Place:
        document = self._unpacker.unpack(body)
        return document["archive"], document["entry"]

    def moved(self, body: bytes, place: Place) -> bytes:
        document = self._unpacker.unpack(body)
        document["archive"], document["entry"] = place
        return self._packer.pack(as_json(document))
