"""People's decisions about labels: confirm, reject, add. An append-only table; what is taken back is an entry too.

A decision speaks of a `row` and a node, whatever rules and models say today or in a later version. The one that
*stands* for a row and node is the newest entry that no later entry has undone. Rows that were merged into
another hand their decisions on to it.
"""

from collections.abc import Iterable, Iterator, Sequence
from datetime import UTC, datetime
from typing import Any, Literal, NamedTuple, get_args

import sqlalchemy as sa

from store import outbox
from store.belonging import parts
from store.schema import decision, decision_batch, record

Verdict = Literal["confirm", "reject", "add"]
Origin = Literal["page", "file", "api"]

VERDICTS: tuple[Verdict, ...] = get_args(Verdict)
UNDO = "undo"


class New(NamedTuple):
    """A decision to be kept. `source` and `score` are of the label that the record carried, None where it had none."""

    row: int
    taxonomy: str
    node: str
    name: str
    verdict: str
    actor: str
    note: str
    taxonomy_version: str
    source: str | None = None
    score: float | None = None


class Decision(NamedTuple):
    """An entry of the table. `row` is the row that holds the record now; `undoes` is set in an undo only."""

    decision: int
    batch: int
    row: int
    taxonomy: str
    node: str
    name: str
    verdict: str
    actor: str
    time: str
    note: str
    taxonomy_version: str
    source: str | None
    score: float | None
    undoes: int | None
    undone: bool


class Batch(NamedTuple):
    """Decisions that came together: those of one file, of one call, or of one sitting at the page."""

    batch: int
    origin: str
    name: str
    actor: str
    opened: str


_later = decision.alias("later")
_UNDONE = sa.exists().where(_later.c.undoes == decision.c.decision)
_ROW = sa.func.coalesce(record.c.merged_into, record.c.row)
_ENTRIES = sa.select(
    decision.c.decision, decision.c.batch, _ROW.label("row"), *(
        decision.c[name] for name in Decision._fields[3:-1]), _UNDONE.label("undone"),
).join(record, record.c.row == decision.c.row)
_STANDING = _ENTRIES.where(decision.c.verdict != UNDO, ~_UNDONE)


def open_batch(connection: sa.Connection, origin: Origin, name: str, actor: str) -> int:
    """A new batch; the caller takes its turn (`Store.turn`), since numbers are given here."""
    return _next(connection, decision_batch, decision_batch.c.batch, {
        "origin": origin, "name": name, "actor": actor, "opened": now()})


def batch_of(connection: sa.Connection, origin: Origin, name: str, actor: str, since: str) -> int | None:
    """The newest batch of this origin, name and actor, if it was opened at or after a time."""
    return connection.execute(
        sa.select(sa.func.max(decision_batch.c.batch)).where(
            decision_batch.c.origin == origin, decision_batch.c.name == name, decision_batch.c.actor == actor,
            decision_batch.c.opened >= since)).scalar()


def add(connection: sa.Connection, batch: int, given: Sequence[New]) -> list[int]:
    """Keeps decisions and marks their rows in the outbox, in one transaction; their numbers.

    The caller takes its turn (`Store.turn`) and has checked that rows and nodes are there.
    """
    if not given:
        return []
    first = _highest(connection, decision.c.decision) + 1
    time = now()
    connection.execute(decision.insert(), [
        one._asdict() | {"decision": first + place, "batch": batch, "undoes": None, "time": time}
        for place, one in enumerate(given)])
    outbox.mark(connection, sorted({one.row for one in given}))
    return list(range(first, first + len(given)))


def undo(connection: sa.Connection, batch: int, one: Decision, actor: str, note: str = "") -> int:
    """Takes a decision back by an entry of its own: what stood before it stands again. The number of that entry.

    The caller has checked that it is none of an undo and not undone yet; the table refuses a second undo.
    """
    number = _next(connection, decision, decision.c.decision, {
        "batch": batch, "row": one.row, "taxonomy": one.taxonomy, "node": one.node, "name": one.name,
        "verdict": UNDO, "undoes": one.decision, "actor": actor, "time": now(), "note": note,
        "taxonomy_version": one.taxonomy_version, "source": None, "score": None})
    outbox.mark(connection, [one.row])
    return number


def find(connection: sa.Connection, number: int) -> Decision | None:
    found = connection.execute(_ENTRIES.where(decision.c.decision == number)).one_or_none()
    return Decision._make(found) if found else None


def standing(connection: sa.Connection, rows: Iterable[int]) -> dict[int, list[Decision]]:
    """{row: the decisions that stand for it, oldest first}; rows without any are left out.

    One or two short queries whatever the number of rows, for the indexer asks this of every record.
    """
    asked = set(rows)
    if not asked or connection.execute(sa.select(decision.c.decision).limit(1)).scalar() is None:
        return {}
    newest: dict[tuple[int, str, str], Decision] = {}
    for part in parts(asked):
        merged = sa.select(record.c.row).where(record.c.merged_into.in_(part))
        for of in (decision.c.row.in_(part), decision.c.row.in_(merged)):
            for found in connection.execute(_STANDING.where(of)):
                one = Decision._make(found)
                key = (one.row, one.taxonomy, one.node)
                if one.row in asked and (key not in newest or newest[key].decision < one.decision):
                    newest[key] = one
    by_row: dict[int, list[Decision]] = {}
    for one in sorted(newest.values()):
        by_row.setdefault(one.row, []).append(one)
    return by_row


def all_standing(connection: sa.Connection, taxonomy: str | None = None) -> list[Decision]:
    """Every decision that stands, oldest first, of one taxonomy or all; for training, export and comparisons."""
    query = _STANDING.order_by(decision.c.decision)
    newest: dict[tuple[int, str, str], Decision] = {}
    for found in connection.execute(query if taxonomy is None else query.where(decision.c.taxonomy == taxonomy)):
        one = Decision._make(found)
        newest[one.row, one.taxonomy, one.node] = one
    return sorted(newest.values())


def entries(
    connection: sa.Connection, *, taxonomy: str | None = None, node: str | None = None, row: int | None = None,
    verdict: str | None = None, actor: str | None = None, before: int | None = None, limit: int = 100,
) -> Iterator[Decision]:
    """Entries, undone ones and undos too, newest first; those with a number below `before`."""
    query = _ENTRIES.order_by(decision.c.decision.desc()).limit(limit)
    for column, value in ((decision.c.taxonomy, taxonomy), (decision.c.node, node), (_ROW, row),
                          (decision.c.verdict, verdict), (decision.c.actor, actor)):
        if value is not None:
            query = query.where(column == value)
    if before is not None:
        query = query.where(decision.c.decision < before)
    return (Decision._make(found) for found in connection.execute(query))


def batches(connection: sa.Connection, limit: int, taxonomy: str | None = None) -> list[Batch]:
    """The newest batches that hold a decision (of a taxonomy), newest first."""
    inside = sa.select(decision.c.batch)
    if taxonomy is not None:
        inside = inside.where(decision.c.taxonomy == taxonomy)
    query = sa.select(*(decision_batch.c[name] for name in Batch._fields)).where(
        decision_batch.c.batch.in_(inside)).order_by(decision_batch.c.batch.desc()).limit(limit)
    return [Batch._make(found) for found in connection.execute(query)]


def of_batches(connection: sa.Connection, numbers: Iterable[int], taxonomy: str | None = None) -> Iterator[Decision]:
    """The decisions of batches that were not undone, superseded ones too, oldest first."""
    query = _STANDING.where(decision.c.batch.in_(list(numbers))).order_by(decision.c.decision)
    if taxonomy is not None:
        query = query.where(decision.c.taxonomy == taxonomy)
    return (Decision._make(found) for found in connection.execute(query))


def ids(connection: sa.Connection, rows: Iterable[int]) -> dict[int, str]:
    """{row: id}, also of rows whose delivery was withdrawn."""
    return {row: ident for part in parts(set(rows)) for row, ident in connection.execute(
        sa.select(record.c.row, record.c.id).where(record.c.row.in_(part)))}


def now() -> str:
    return datetime.now(UTC).isoformat(timespec="seconds")


def _highest(connection: sa.Connection, column: sa.Column[int]) -> int:
    return connection.execute(sa.select(sa.func.max(column))).scalar() or 0


def _next(connection: sa.Connection, table: sa.Table, key: sa.Column[int], values: dict[str, Any]) -> int:
    number = _highest(connection, key) + 1
    connection.execute(table.insert().values({key.name: number} | values))
    return number
