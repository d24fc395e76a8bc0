"""Status without HTTP: `status` and `readiness`."""

from api.services import Services
from api.status.shapes import Failing, Readiness, StatusAnswer
from store import deliveries, outbox
from store.errors import Unreachable
from store.totals import totals


def status(services: Services) -> StatusAnswer:
    """What the node holds and how far its index has come; raises Unreachable when store or engine does not answer."""
    health = services.engine.health()
    with services.store.connect() as connection:
        held = totals(connection)
        pending = outbox.pending(connection)
        with_which = outbox.labelled_with(connection)
        last = deliveries.ledger(connection, limit=1)
    return {
        **held,
        "index": {"engine": health.engine, "identity": health.identity, "records": health.records, "pending": pending,
                  "relabelling": relabelling(services, with_which, pending, held["records"], health.records),
                  "updated": health.updated},
        "last_delivery": last[0] if last else None,
        "made_up": services.made_up,
    }


def relabelling(services: Services, with_which: str | None, pending: int, records: int, indexed: int) -> str:
    """Whether the labels in the index are those of the loaded taxonomies and models."""
    if with_which is None or not indexed:
        return "no"
    if not with_which.startswith(services.labeller.fingerprint):
        return "wanted"
    return "under_way" if pending >= records else "no"


def readiness(services: Services) -> Readiness:
    """Whether searches can be answered now: the store answers and the engine has an index."""
    failing: list[Failing] = []
    try:
        services.data_date()
    except Unreachable as error:
        failing.append(_failing("store", error))
    try:
        health = services.engine.health()
        if not health.ok:
            failing.append(_failing("engine", Unreachable("service_engine_not_ready", health.detail)))
    except Unreachable as error:
        failing.append(_failing("engine", error))
    return {"ready": not failing, "detail": "; ".join(one["detail"] for one in failing), "failing": failing}


def _failing(service: str, error: Unreachable) -> Failing:
    return {"service": service, "code": error.code, "message": error.message("zh"), "message_en": error.message("en"),
            "detail": error.detail}
