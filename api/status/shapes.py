"""Shape of the status: what the node holds, how fresh it is, and how far its index has come (interfaces §1)."""

from typing import Any

from typing_extensions import TypedDict


class IndexStatus(TypedDict):
    """`updated`: when the index was committed last; null before the first time.

    `relabelling`: `no`; `wanted` where the labels are of other taxonomies or models than those loaded, until the next
    ingest or reindex; `under_way` while all records wait for their new labels: searches show the old ones until then.
    """

    engine: str
    identity: str
    records: int
    pending: int
    relabelling: str
    updated: str | None


class StatusAnswer(TypedDict):
    """`application_dates` is [first, last]; `by_type` counts records; `last_delivery` is the ledger's newest row.

    `made_up`: the data is that of `zhuanti demo`.
    """

    records: int
    publications: int
    application_dates: list[str | None]
    data_date: str | None
    by_type: dict[str, int]
    index: IndexStatus
    last_delivery: dict[str, Any] | None
    made_up: bool


class Failing(TypedDict):
    """A service (`store` or `engine`) that does not answer, and why; `detail` is for operators only."""

    service: str
    code: str
    message: str
    message_en: str
    detail: str


class Readiness(TypedDict):
    ready: bool
    detail: str
    failing: list[Failing]


class Alive(TypedDict):
    alive: bool
