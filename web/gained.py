"""What decisions have gained, as tables of the review page and as files."""

from typing import Any, Literal

from fastapi.responses import Response
from markupsafe import Markup

from api.decisions import gains
from api.decisions.gains import BatchGain, NodeGain, Precision
from store.decisions import VERDICTS
from taxonomy.learning.heads import Training
from web.links import Address
from web.rendering import Page, share
from web.tables import csv

Table = Literal["batches", "nodes"]


def total(nodes: list[NodeGain]) -> dict[str, Precision]:
    found = {}
    for grade in gains.GRADES:
        of = [one["grades"][grade] for one in nodes if grade in one["grades"]]
        if of:
            found[grade] = gains.precision(sum(one["right"] for one in of), sum(one["judged"] for one in of))
    return found


def precision_text(one: Precision, page: Page) -> Markup:
    """`90% (45 of 50, 79–96%)`."""
    if one["low"] is None or one["high"] is None:
        return Markup("—")
    return page.t("review_precision", share=share(one["right"], one["judged"]), right=one["right"],
                  judged=one["judged"], low=f"{100 * one['low']:.0f}", high=f"{100 * one['high']:.0f}")


def batch_view(one: BatchGain, page: Page) -> dict[str, Any]:
    return {**one, "judged": sum(one["verdicts"].values()),
            "grades": [(grade, precision_text(of, page)) for grade, of in one["grades"].items()]}


def node_view(one: NodeGain, name: str, here: Address, page: Page) -> dict[str, Any]:
    return {"name": name, "added": one["added"], "address": here.set(node=one["node"]),
            "grades": {grade: precision_text(of, page) for grade, of in one["grades"].items()}}


def training_views(found: list[Training]) -> list[dict[str, Any]]:
    """The trainings, newest first, each with what its measures changed against the one before."""
    shown = []
    for place, one in enumerate(found):
        before = found[place - 1] if place else None
        shown.append({
            **one, "day": one["trained"][:10], "macro": f"{one['macro_f1']:.3f}",
            "macro_change": f"{one['macro_f1'] - before['macro_f1']:+.3f}" if before else "",
            "right": "—" if one["precision"] is None else f"{one['precision']:.3f}",
            "right_change": f"{one['precision'] - before['precision']:+.3f}"
            if before and one["precision"] is not None and before["precision"] is not None else ""})
    return shown[::-1]


def as_csv(taxonomy: str, table: Table, batches: list[BatchGain], nodes: list[NodeGain]) -> Response:
    grades = [f"{grade}_{count}" for grade in gains.GRADES for count in ("right", "judged")]

    def counts(of: dict[str, Precision]) -> list[object]:
        none = gains.precision(0, 0)
        return [of.get(grade, none)[count] for grade in gains.GRADES for count in ("right", "judged")]

    if table == "nodes":
        return csv(f"{taxonomy}-decisions-nodes", ("node", "name", *grades, "added"),
                   ([one["node"], one["name"], *counts(one["grades"]), one["added"]] for one in nodes))
    return csv(f"{taxonomy}-decisions-batches",
               ("batch", "opened", "origin", "name", "actor", *VERDICTS, "removed", "added", *grades),
               ([one["batch"], one["opened"], one["origin"], one["name"], one["actor"],
                 *(one["verdicts"].get(verdict, 0) for verdict in VERDICTS), one["removed"], one["added"],
                 *counts(one["grades"])] for one in batches))
