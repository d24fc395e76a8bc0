"""Decisions without HTTP: `take`, `undo`, `listed`, `unmapped`; what a decision must name to be kept.

Whoever keeps or undoes one lets the index follow: `services.following.notify()` where it runs on, else a drain.
"""

from collections.abc import Iterable, Sequence
from typing import NamedTuple

from api.decisions.shapes import DecisionsAnswer, DecisionShape, Given, KeptAnswer, UndoneAnswer
from api.services import Services
from store import decisions
from store.decisions import VERDICTS, Batch, Decision, New, Origin
from store.errors import BadCall, NotFound, Refused, ZhuantiError
from taxonomy.deciding import rejections

_AT_ONCE = 500
LONGEST = 2_000
"""Characters of a note or an actor's name."""


class Problem(NamedTuple):
    """A decision that cannot be kept, and why."""

    place: int
    error: ZhuantiError


class Checked(NamedTuple):
    """What of the given can be kept, what stands so already (their places), and what is wrong."""

    new: list[New]
    unchanged: list[int]
    problems: list[Problem]


def check(services: Services, given: Sequence[Given]) -> Checked:
    """Holds decisions against store and taxonomies; keeps nothing. Of two of one record and node the later wins."""
    found = Checked([], [], [])
    for start in range(0, len(given), _AT_ONCE):
        _check(services, given[start:start + _AT_ONCE], found)
    newest = {(one.row, one.taxonomy, one.node): one for one in found.new}
    found.new[:] = newest.values()
    return found


def _check(services: Services, given: Sequence[Given], found: Checked) -> None:
    rows: list[tuple[Given, int]] = []
    for one in given:
        try:
            rows.append((one, _row(services, one)))
        except ZhuantiError as error:
            found.problems.append(Problem(one.place, error))
    found_records = services.records.by_rows(sorted({row for _, row in rows}))
    records = {record["row"]: record for record in found_records}
    labels = {record["row"]: labels for record, labels in zip(
        found_records, services.machine_labels(found_records), strict=True)}
    for one, row in rows:
        record = records[row]
        stand = record.get("decisions", [])
        if any((each.taxonomy, each.node, each.verdict, each.note, each.actor)
               == (one.taxonomy, one.node, one.verdict, one.note, one.actor) for each in stand):
            found.unchanged.append(one.place)
            continue
        judged = next((label for label in labels[row]
                       if (label["taxonomy"], label["node"]) == (one.taxonomy, one.node)), None)
        taxonomy = services.taxonomies[one.taxonomy]
        found.new.append(New(
            row, taxonomy.id, one.node, taxonomy.nodes[one.node].name, one.verdict, one.actor, one.note,
            taxonomy.version, judged and judged["source"], judged and judged["score"]))


def _row(services: Services, one: Given) -> int:
    """The row that a decision speaks of; raises what is wrong with it."""
    if one.verdict not in VERDICTS:
        raise BadCall("decision_verdict", verdict=one.verdict)
    if not one.actor.strip():
        raise BadCall("decision_actor")
    if max(len(one.actor), len(one.note)) > LONGEST:
        raise BadCall("decision_long", most=LONGEST)
    taxonomy = services.taxonomies.get(one.taxonomy)
    if taxonomy is None:
        raise NotFound("taxonomy_not_found", name=one.taxonomy, known="、".join(services.taxonomies))
    if taxonomy.node(one.node) is None:
        raise NotFound("node_not_found", taxonomy=one.taxonomy, node=one.node)
    row = services.records.row_of(one.number)
    if row is None or not services.records.ids([row]):
        raise NotFound("patent_not_found", number=one.number)
    return row


def keep(services: Services, new: Sequence[New], origin: Origin, name: str, *, since: str | None = None) -> KeptAnswer:
    """Keeps checked decisions in one batch.

    The batch is a new one, or with `since` the actor's newest of this origin and name that was opened at or after then.
    """
    if not new:
        return {"batch": None, "decisions": [], "unchanged": 0}
    with services.store.turn() as connection:
        actor = new[0].actor
        batch = decisions.batch_of(connection, origin, name, actor, since) if since else None
        batch = batch or decisions.open_batch(connection, origin, name, actor)
        numbers = decisions.add(connection, batch, new)
    return {"batch": batch, "decisions": numbers, "unchanged": 0}


def take(services: Services, given: Sequence[Given], origin: Origin, name: str = "") -> KeptAnswer:
    """Checks and keeps decisions, all or none; raises the first thing that is wrong, with its place in the detail."""
    found = check(services, given)
    if found.problems:
        first = min(found.problems)
        if len(given) > 1:
            first.error.detail = f"decisions[{first.place - 1}]"
        raise first.error
    return keep(services, found.new, origin, name) | {"unchanged": len(found.unchanged)}


def undo(services: Services, number: int, actor: str, note: str = "") -> UndoneAnswer:
    """Takes a decision back; what stood before it stands again.

    Raises NotFound `decision_none`, Refused `decision_undone` for one that was undone or is an undo.
    """
    if not actor.strip():
        raise BadCall("decision_actor")
    with services.store.turn() as connection:
        one = decisions.find(connection, number)
        if one is None:
            raise NotFound("decision_none", number=number)
        if one.undone or one.verdict == decisions.UNDO:
            raise Refused("decision_undone", number=number)
        entry = decisions.undo(connection, one.batch, one, actor, note)
    return {"undone": number, "decision": entry}


def last_of(services: Services, actor: str, taxonomy: str) -> Decision | None:
    """The newest decision of an actor in a taxonomy that was not undone; among his last hundred entries."""
    with services.store.connect() as connection:
        return next((one for one in decisions.entries(connection, taxonomy=taxonomy, actor=actor)
                     if one.verdict != decisions.UNDO and not one.undone), None)


def one(services: Services, number: int) -> DecisionShape:
    """One entry; raises NotFound `decision_none`."""
    with services.store.connect() as connection:
        found = decisions.find(connection, number)
    if found is None:
        raise NotFound("decision_none", number=number)
    return shapes(services, [found])[0]


def listed(
    services: Services, *, taxonomy: str | None = None, node: str | None = None, number: str | None = None,
    verdict: str | None = None, before: int | None = None, size: int = 100,
) -> DecisionsAnswer:
    """Entries, newest first. Raises NotFound `patent_not_found` for a number that no record has."""
    row = None
    if number is not None:
        row = services.records.row_of(number)
        if row is None:
            raise NotFound("patent_not_found", number=number)
    with services.store.connect() as connection:
        found = list(decisions.entries(connection, taxonomy=taxonomy, node=node, row=row, verdict=verdict,
                                       before=before, limit=size))
    return {"decisions": shapes(services, found), "next": found[-1].decision if len(found) == size else None}


def standing(services: Services, taxonomy: str | None = None) -> list[DecisionShape]:
    """Every decision that stands, oldest first."""
    with services.store.connect() as connection:
        return shapes(services, decisions.all_standing(connection, taxonomy))


def rejected(services: Services, number: str) -> list[DecisionShape]:
    """The decisions that keep a node of the loaded taxonomies from a record."""
    row = services.records.row_of(number)
    with services.store.connect() as connection:
        found = decisions.standing(connection, () if row is None else (row,)).get(row or 0, [])
    return shapes(services, rejections(found, services.taxonomies))


def unmapped(services: Services) -> list[DecisionShape]:
    """The decisions that stand but whose taxonomy or node the loaded versions do not have: they change no label."""
    with services.store.connect() as connection:
        found = [one for one in decisions.all_standing(connection) if not mapped(services, one)]
    return shapes(services, found)


def mapped(services: Services, one: Decision) -> bool:
    taxonomy = services.taxonomies.get(one.taxonomy)
    return taxonomy is not None and taxonomy.node(one.node) is not None


def newest_batches(services: Services, taxonomy: str, most: int) -> list[Batch]:
    with services.store.connect() as connection:
        return decisions.batches(connection, most, taxonomy)


def shapes(services: Services, found: Iterable[Decision]) -> list[DecisionShape]:
    """Entries as users see them: with the record's id instead of its row."""
    listed = list(found)
    with services.store.connect() as connection:
        ids = decisions.ids(connection, {one.row for one in listed})
    return [{
        "decision": one.decision, "id": ids.get(one.row), "taxonomy": one.taxonomy, "node": one.node, "name": one.name,
        "verdict": one.verdict, "undoes": one.undoes, "undone": one.undone, "actor": one.actor, "time": one.time,
        "note": one.note, "taxonomy_version": one.taxonomy_version, "source": one.source, "score": one.score,
        "batch": one.batch} for one in listed]
