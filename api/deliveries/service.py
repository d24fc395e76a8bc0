"""Deliveries without HTTP: the ledger, and one delivery with its quality."""

from typing import cast

from api.deliveries.shapes import DeliveriesAnswer, DeliveryAnswer, LedgerRow
from api.services import Services
from ingest.quality import report
from store.deliveries import ledger


def deliveries(services: Services) -> DeliveriesAnswer:
    """All deliveries, last run first."""
    with services.store.connect() as connection:
        return {"deliveries": cast(list[LedgerRow], ledger(connection))}


def delivery(services: Services, name: str) -> DeliveryAnswer:
    """One delivery; raises NotFound `delivery_unknown`."""
    return report(services.store, name)
