"""What the store holds, in numbers: records, publications, dates, types."""

from typing import TypedDict

import sqlalchemy as sa

from store.documents import data_date
from store.schema import document, record


class Totals(TypedDict):
    records: int
    publications: int
    application_dates: list[str | None]     # first, last
    data_date: str | None
    by_type: dict[str, int]


def totals(connection: sa.Connection) -> Totals:
    """Counts of the whole store; a few scans of indexes, so callers that show them often should keep them."""
    living = record.c.merged_into.is_(None)
    types = sa.select(record.c.type, sa.func.count()).where(living).group_by(record.c.type).order_by(record.c.type)
    by_type = {row[0]: row[1] for row in connection.execute(types)}
    first, last = connection.execute(
        sa.select(sa.func.min(record.c.application_date), sa.func.max(record.c.application_date)).where(living)).one()
    publications = connection.execute(sa.select(sa.func.count(sa.distinct(document.c.publication)))).scalar_one()
    return Totals(records=sum(by_type.values()), publications=publications, application_dates=[first, last],
                  data_date=data_date(connection), by_type=by_type)
