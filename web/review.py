"""The review page: labels that nobody has decided on, least certain first, and what the decisions have gained.

One decision is one form with two buttons, so the page works without scripts; review.js adds keys. After each the
browser is sent back to the same place of the list, where the next label has moved up.
"""

from datetime import UTC, datetime
from typing import Annotated, Any, Literal, TypedDict, cast

from fastapi import APIRouter, Query, Request
from fastapi.responses import RedirectResponse, Response
from pydantic import Field

from api.decisions import gains, service
from api.decisions.gains import BatchGain
from api.decisions.queue import Candidate, Grade, Order, Queues
from api.decisions.shapes import DecisionShape, Given
from api.opened import Opened
from api.parameters import Parameters
from api.patents.shapes import ReasonShape
from api.search.hits import shape
from api.services import Services
from index.engine import Hit
from index.query import Query as Read
from index.query.tree import Or, Units
from index.text import units
from ingest.record import Label, Patent
from store import outbox
from store.decisions import VERDICTS
from store.errors import BadCall, NotFound, ZhuantiError
from taxonomy.learning.heads import history
from taxonomy.model import Taxonomy
from web import hits
from web.context import Asking, KeptAnswers, featured
from web.gained import Table, as_csv, batch_view, node_view, precision_text, total, training_views
from web.hits import HitView
from web.industries import side, tree_of
from web.links import Address
from web.operator import Form, Session, checked, private, proof, session_of, to_door
from web.patents import reason_sentence
from web.rendering import Page, share

router = APIRouter(include_in_schema=False)

WHERE = "/manage/review"
SIZE = 20
BATCHES = 12
ORDERS: tuple[Order, ...] = ("uncertain", "certain", "random")
NOTES = ("note_unrelated", "note_background", "note_other_node", "note_doubled")
"""What is offered as the note of a rejection, with the least typing."""


class ReviewParameters(Parameters):
    taxonomy: Annotated[str, Field(max_length=64)] = ""
    node: Annotated[str, Field(max_length=64)] = ""
    grade: Grade | Literal[""] = ""
    order: Order = "uncertain"
    offset: Annotated[int, Field(ge=0, le=10_000)] = 0
    done: Annotated[int, Field(ge=0)] = 0
    wrong: Annotated[str, Field(max_length=64)] = ""
    table: Table = "batches"
    format: Literal["", "csv"] = ""
    lang: str = ""


class Item(TypedDict):
    """A label to be judged, on the record as hits show it; `key` is what its form sends."""

    key: str
    place: int
    hit: HitView
    node: str
    name: str
    verified: bool
    source: str
    score: float | None
    reasons: list[dict[str, Any]]
    others: list[str]


def queues(request: Request, services: Services) -> Queues:
    """The queues of this application."""
    state = request.app.state
    if not hasattr(state, "queues"):
        state.queues = Queues(services)
    found: Queues = state.queues
    return found


@router.get(WHERE)
def review(request: Request, page: Asking, services: Opened, kept: KeptAnswers,
           asked: Annotated[ReviewParameters, Query()]) -> Response:
    session = session_of(request, services)
    if session is None:
        return to_door(request, page)
    taxonomy = chosen(services, asked.taxonomy)
    if asked.node and taxonomy.node(asked.node) is None:
        raise NotFound("node_not_found", taxonomy=taxonomy.id, node=asked.node)
    batches, nodes = gains.of_batches(services, taxonomy.id, BATCHES), gains.of_nodes(services, taxonomy.id)
    if asked.format:
        return private(as_csv(taxonomy.id, asked.table, batches, nodes))
    waiting, drawn = queues(request, services).waiting(
        taxonomy.id, asked.node or None, asked.grade or None, asked.order, asked.offset + SIZE)
    here = page.here.drop("done").drop("wrong")
    found = items(services, taxonomy, waiting[asked.offset:asked.offset + SIZE], asked.offset, page)
    done = last_done(services, asked.done)
    more = asked.offset + SIZE < len(waiting)
    beside = side(services, kept, tree_of(services, kept, taxonomy.id), page, asked.node)
    return private(page.html(
        "review.html", nav="manage", session=session, csrf=proof(services, session.nonce), items=found,
        waiting=len(waiting), drawn=drawn, asked=asked, here_form=str(here), done=done,
        undo=undoable(services, session, taxonomy.id, done), wrong=asked.wrong in WRONG and asked.wrong,
        batches=[batch_view(one, page) for one in batches], now=batch_now(batches, session, taxonomy.id),
        nodes_judged=[node_view(one, node_name(taxonomy, one["node"], page), here.drop("offset"), page)
                      for one in nodes],
        precision=[(grade, share(one["right"], one["judged"]), precision_text(one, page))
                   for grade, one in total(nodes).items()],
        trainings=training_views(history(services.settings, taxonomy.id))[:BATCHES],
        unmapped=[one for one in service.unmapped(services) if one["taxonomy"] == taxonomy.id], orders=ORDERS,
        grades=gains.GRADES, notes=NOTES, name=node_name(taxonomy, asked.node, page), size=SIZE,
        choices=[(one.id, one.name_en if page.lang == "en" and one.name_en else one.name)
                 for one in taxonomy.nodes.values()],
        earlier=here.set(offset=max(asked.offset - SIZE, 0) or None) if asked.offset else None,
        later=here.set(offset=asked.offset + SIZE) if more else None,
        pending=pending(services), **at_review(beside, page, taxonomy, asked)))


WRONG = frozenset(("add_node", "gone"))


@router.post(WHERE)
def decide(request: Request, page: Asking, services: Opened, form: Form) -> Response:
    """One decision (`confirm` or `reject` names its label), several (`do` and picked `id`), an added node, an undo, or
    the beginning of a new batch; then back to the same place.
    """
    session = session_of(request, services)
    if session is None:
        return to_door(request, page)
    checked(services, session, form)
    taxonomy = chosen(services, page.here.get("taxonomy"))
    back = page.here.drop("done").drop("wrong")
    if number := form.get("undo"):
        if not number.isdecimal():
            raise BadCall("parameter_invalid", name="undo", value=number[:80], allowed="1–")
        service.undo(services, int(number), session.actor)
        services.following.notify()
        return RedirectResponse(str(back), 303)
    try:
        given = decisions_of(form, taxonomy, session.actor)
    except NoSuchNode:
        return RedirectResponse(anchored(back.set(wrong="add_node"), form), 303)
    found = service.check(services, given)
    if found.problems:
        if all(isinstance(one.error, NotFound) for one in found.problems):
            return RedirectResponse(anchored(back.set(wrong="gone"), form), 303)
        raise found.problems[0].error
    kept = service.keep(services, found.new, "page", taxonomy.id, since=today())
    services.following.notify()
    return RedirectResponse(anchored(back.set(done=kept["decisions"][-1] if kept["decisions"] else None), form), 303)


class NoSuchNode(Exception):
    """The node that was typed for an addition is none of the taxonomy."""


def decisions_of(form: Address, taxonomy: Taxonomy, actor: str) -> list[Given]:
    """What a form decides; keys are `id/node`. Raises NoSuchNode, BadCall for a form that says nothing."""
    note = form.get("note").strip()
    if record := form.get("add"):
        return [Given(1, record, taxonomy.id, typed_node(taxonomy, form.get("node")), "add", actor, note)]
    verdict = next((one for one in VERDICTS if form.get(one)), "")
    keys = [form.get(verdict)] if verdict else form.all("id")
    verdict = verdict or form.get("do")
    given = []
    for place, key in enumerate(keys, start=1):
        number, _, node = key.partition("/")
        given.append(Given(place, number, taxonomy.id, node, verdict, actor, note))
    if verdict not in VERDICTS or not given:
        raise BadCall("review_nothing")
    return given


def typed_node(taxonomy: Taxonomy, typed: str) -> str:
    """The node that was typed by id or by one of its names."""
    wanted = typed.strip()
    for node in taxonomy.nodes.values():
        if wanted in (node.id, node.name, node.name_en):
            return node.id
    raise NoSuchNode


def chosen(services: Services, name: str) -> Taxonomy:
    name = name or featured(services)
    if name not in services.taxonomies:
        raise NotFound("taxonomy_not_found", name=name, known="、".join(services.taxonomies))
    return services.taxonomies[name]


def anchored(address: Address, form: Address) -> str:
    """The address with the place in the list that the form stood at."""
    place = form.get("place")
    return f"{address}#i{place}" if place.isdecimal() else str(address)


def today() -> str:
    return datetime.now(UTC).date().isoformat()


def items(services: Services, taxonomy: Taxonomy, found: list[Candidate], offset: int, page: Page) -> list[Item]:
    records = {one["row"]: one for one in services.records.by_rows(sorted({one.row for one in found}))}
    shown = []
    for place, one in enumerate(found, start=offset + 1):
        record = records.get(one.row)
        label = label_of(services, record, taxonomy.id, one.node) if record else None
        if record and label:
            shown.append(item(services, taxonomy, record, label, place, page))
    return shown


def label_of(services: Services, record: Patent, taxonomy: str, node: str) -> Label | None:
    labels, = services.machine_labels([record])
    record["labels"] = [one for one in labels if one["taxonomy"] == taxonomy]
    return next((one for one in record["labels"] if one["node"] == node), None)


def item(services: Services, taxonomy: Taxonomy, record: Patent, label: Label, place: int, page: Page) -> Item:
    node = taxonomy.nodes[label["node"]]
    english = page.lang == "en"
    hit = shape(record, Hit(record["row"], None), marking(label))
    return {
        "key": f"{record['id']}/{node.id}", "place": place, "hit": hits.view(hit, services, page.lang),
        "node": node.id, "name": node.name_en if english and node.name_en else node.name, "verified": node.verified,
        "source": label["source"], "score": label["score"],
        "reasons": [{"sentence": reason_sentence(cast(ReasonShape, one), page.t), "origin": one["origin"]}
                    for one in label["reasons"]],
        "others": [one["name"] for one in record["labels"] if one["node"] != node.id]}


def marking(label: Label) -> Read:
    """A query for the words that a label rests on, so that they are marked as search terms are."""
    words = dict.fromkeys(one["value"] for one in label["reasons"] if one["kind"] in ("keyword", "feature"))
    terms = tuple(Units(("title", "abstract"), found) for word in words if (found := tuple(units(word))))
    return Read("", "expert", False, "canonical", Or(terms))


def at_review(beside: dict[str, Any], page: Page, taxonomy: Taxonomy, asked: ReviewParameters) -> dict[str, Any]:
    """The tree of the industry pages with links that stay here."""
    kept = page.here.drop("done").drop("wrong").drop("offset").set(taxonomy=taxonomy.id)

    def staying(nodes: list[dict[str, Any]]) -> None:
        for one in nodes:
            node = str(one["address"]).partition(f"/industries/{taxonomy.id}/")[2].partition("?")[0]
            one["address"] = kept.set(node=node)
            staying(one["children"])

    staying(beside["nodes"])
    return beside | {"tree_form": WHERE, "whole": kept.drop("node"), "grade_links": [
        ("", kept.drop("grade"), not asked.grade), *((one, kept.set(grade=one), asked.grade == one)
                                                     for one in gains.GRADES)]}


def last_done(services: Services, number: int) -> DecisionShape | None:
    """The decision that has just been made, unless it was undone."""
    if not number:
        return None
    try:
        found = service.one(services, number)
    except ZhuantiError:
        return None
    return None if found["undone"] else found


def undoable(services: Services, session: Session, taxonomy: str, done: DecisionShape | None) -> int | None:
    """The decision that an undo would take back: the last one of this person in this taxonomy."""
    if done:
        return done["decision"]
    last = service.last_of(services, session.actor, taxonomy)
    return last.decision if last else None


def batch_now(batches: list[BatchGain], session: Session, taxonomy: str) -> BatchGain | None:
    """The batch of today's sitting of this person."""
    return next((one for one in batches if one["origin"] == "page" and one["name"] == taxonomy
                 and one["actor"] == session.actor and one["opened"] >= today()), None)


def node_name(taxonomy: Taxonomy, node_id: str, page: Page) -> str:
    node = taxonomy.node(node_id)
    if node is None:
        return taxonomy.name_en if page.lang == "en" else taxonomy.name
    return node.name_en if page.lang == "en" and node.name_en else node.name


def pending(services: Services) -> int:
    with services.store.connect() as connection:
        return outbox.pending(connection)
