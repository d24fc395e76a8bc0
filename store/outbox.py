"""The outbox of the index: rows whose record, labels or decisions changed, written in the transaction of the change.

Whoever drains it reads entries, brings the index up to date, commits the index, and only then clears just
the entries it read: a crash in between means that they are done again, never that they are lost.
"""

from collections.abc import Iterable, Sequence

import sqlalchemy as sa

from store.schema import dirty, document, labelled, legal_event, record

INCOMPLETE = "incomplete-"
"""How the fingerprint of a labeller begins that lacks a taxonomy whose file cannot be used."""


def mark(connection: sa.Connection, rows: Iterable[int]) -> None:
    values = [{"row": row} for row in rows]
    if values:
        connection.execute(dirty.insert(), values)


def mark_all(connection: sa.Connection) -> None:
    """Every record, for a change that concerns all (another taxonomy or rule of enrichment)."""
    connection.execute(
        dirty.insert().from_select(["row"], sa.select(record.c.row).where(record.c.merged_into.is_(None)))
    )


def mark_relabelled(connection: sa.Connection, fingerprint: str) -> bool:
    """Every record, once, when the taxonomies are others than those of the last call; says whether it was so.

    In a store that was never labelled nothing is marked: its records are all in the outbox already. Nor is it while a
    taxonomy cannot be read (`INCOMPLETE`): the labels there are stay until its file is mended, then all are made anew.
    """
    before = connection.execute(sa.select(labelled.c.fingerprint)).scalar()
    if before == fingerprint:
        return False
    if before is None:
        connection.execute(labelled.insert().values(one=1, fingerprint=fingerprint))
        return False
    connection.execute(labelled.update().values(fingerprint=fingerprint))
    if fingerprint.startswith(INCOMPLETE):
        return False
    mark_all(connection)
    return True


def labelled_with(connection: sa.Connection) -> str | None:
    """The fingerprint of the last `mark_relabelled`; None in a store that was never labelled."""
    return connection.execute(sa.select(labelled.c.fingerprint)).scalar()


def mark_dated(connection: sa.Connection, now: str | None) -> None:
    """Rows whose legal state may be another on the data date `now` than on that of the last call.

    The data date moves with nearly every batch of a large delivery; asked once for each drain, a record is made anew
    once. Called after `mark_relabelled`, which makes the note. In a store that has no date noted nothing is marked.
    """
    before = connection.execute(sa.select(labelled.c.data_date)).scalar()
    if now is None or before == now:
        return
    connection.execute(labelled.update().values(data_date=now))
    if before is not None:
        mark_aged(connection, min(before, now), max(before, now))


def mark_aged(connection: sa.Connection, before: str | None, now: str | None) -> None:
    """Rows whose legal state may have changed because the data date moved on from `before` to `now` (ISO dates).

    Terms end 10, 15 or 20 years after the application date; an application is unknown 8 years after its last
    publication or event (interfaces §3); what is dated after the data date does not count yet. A few rows too many
    are harmless.
    """
    if not before or not now or before >= now:
        return
    if before[:4] != now[:4] or now[5:] == "12-31":     # terms that only the year of the application number bounds
        undated = record.c.application_date.is_(None) & record.c.application.is_not(None)
        connection.execute(dirty.insert().from_select(["row"], sa.select(record.c.row).where(undated)))

    def shifted(date: str, years: int) -> str:
        day = date[4:] if date[4:] != "-02-28" or date == before else "-02-29"   # when a term from a leap day ends
        return f"{int(date[:4]) - years:04}{day}"

    filed = [
        record.c.application_date.between(shifted(before, years), shifted(now, years)) for years in (10, 15, 20)
    ]
    connection.execute(dirty.insert().from_select(["row"], sa.select(record.c.row).where(sa.or_(*filed))))
    # Who was granted is pending no more: of publications only those of applications (A, B before 1993) fall silent.
    applied = document.c.publication.contains("A") | (
        document.c.publication.contains("B") & (document.c.date < "1993"))
    published = (applied & document.c.date.between(shifted(before, 8), shifted(now, 8))) | (
        (document.c.date > before) & (document.c.date <= now))
    connection.execute(dirty.insert().from_select(["row"], sa.select(document.c.row).distinct().where(published)))
    happened = legal_event.c.date.between(shifted(before, 8), shifted(now, 8)) | (
        (legal_event.c.date > before) & (legal_event.c.date <= now))
    connection.execute(dirty.insert().from_select(["row"], sa.select(record.c.row).distinct().join(
        legal_event, legal_event.c.application == record.c.application).where(happened)))


def pending(connection: sa.Connection) -> int:
    """How many records wait for the index."""
    return connection.execute(sa.select(sa.func.count(sa.distinct(dirty.c.row)))).scalar_one()


def take(connection: sa.Connection, limit: int, after: int = 0) -> list[tuple[int, int]]:
    """The oldest entries after a seq, as (seq, row); a row may occur more than once."""
    found = connection.execute(
        sa.select(dirty.c.seq, dirty.c.row).where(dirty.c.seq > after).order_by(dirty.c.seq).limit(limit)
    )
    return [(seq, row) for seq, row in found]


def drained(connection: sa.Connection) -> int:
    """The last entry that was cleared, by whichever index: one that has not come so far lacks something."""
    return connection.execute(sa.select(labelled.c.drained)).scalar() or 0


def clear(connection: sa.Connection, seqs: Sequence[int]) -> None:
    """Forget just these entries."""
    last = max(seqs, default=0)
    if last > drained(connection):
        connection.execute(labelled.update().values(drained=last))
    for start in range(0, len(seqs), 10_000):
        part = seqs[start : start + 10_000]
        if part[-1] - part[0] + 1 == len(part):  # no gap: nobody else can have written in between
            condition = dirty.c.seq.between(part[0], part[-1])
        else:
            condition = dirty.c.seq.in_(part)
        connection.execute(dirty.delete().where(condition))
