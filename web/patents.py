"""The page of one patent: the record with the evidence for its state and its labels."""

from typing import Annotated, Any, Literal, TypedDict, cast

from fastapi import APIRouter, Depends, Query, Request
from fastapi.responses import RedirectResponse, Response
from markupsafe import Markup

from api.decisions import service as decisions
from api.opened import Opened
from api.patents import service
from api.patents.shapes import PatentAnswer, ReasonShape, SourceShape
from api.services import Services
from ingest.ipc import scheme
from ingest.legal import explain
from ingest.record import Legal
from web import claims, clauses
from web.context import Asking, takes
from web.links import Address
from web.operator import private, session_of
from web.rendering import Page, Translate

router = APIRouter(include_in_schema=False)

OFFICE_INQUIRY = "https://cpquery.cponline.cnipa.gov.cn/"
"""The office's own inquiry of states and documents (中国及多国专利审查信息查询); it has no address per patent."""

SECTIONS = ("technical_field", "background_art", "disclosure", "drawings_description", "mode")


class TimelineEntry(TypedDict):
    date: str | None
    text: str
    number: str | None
    source: str | None
    now: bool


@router.get("/patents/{number:path}", dependencies=[Depends(takes("claims"))])
def patent(request: Request, page: Asking, services: Opened, number: str,
           shown: Annotated[Literal["all", "independent"], Query(alias="claims")] = "all") -> Response:
    record = service.patent(services, number)
    if record["id"] != number:
        return RedirectResponse(str(Address(f"/patents/{record['id']}", page.here.parameters)), 302)
    t = page.t
    all_claims = claims.views(record["claims"])
    numbered, sections = 0, []
    for one in record["description"]:
        name = str(t(f"section_{one['section']}")) if one["section"] in SECTIONS else one["section"]
        paragraphs = [(f"{numbered + i:04}", text) for i, text in enumerate(one["paragraphs"], start=1)]
        numbered += len(paragraphs)
        sections.append({"title": name, "paragraphs": paragraphs})
    operator = session_of(request, services) is not None
    answer = page.html(
        "patent.html", record=record, operator=operator,
        rejected=rejected(services, record["id"], page) if operator else [], people=people(record, t),
        legal=explain(cast(Legal, record["legal"]), record["legal_events"], page.lang),
        classes=classes(record, page.lang), clause=clauses.clause, pct=pct(record, t),
        claims=[one for one in all_claims if one["independent"] or shown == "all"],
        independent=sum(one["independent"] for one in all_claims), only_independent=shown == "independent",
        sections=sections, paragraphs=numbered, labels=labels(services, record, page), timeline=timeline(record, t),
        office={"address": OFFICE_INQUIRY}, json=f"/api/v1/patents/{record['id']}",
        export=Address("/api/v1/export").set(q=record["id"], mode="auto"))
    return private(answer) if operator else answer


def people(record: PatentAnswer, t: Translate) -> list[tuple[Markup, list[Any]]]:
    """Applicants, and patentees where they are others than the applicants."""
    named = [(t("applicants"), record["applicants"])]
    if [one["name"] for one in record["patentees"]] != [one["name"] for one in record["applicants"]]:
        named.append((t("patentees"), record["patentees"]))
    return [(name, list(parties)) for name, parties in named if parties]


def classes(record: PatentAnswer, lang: str) -> dict[str, Any]:
    """The main symbol and the others, each with its title in the scheme."""
    shown = []
    for one in record["ipc"]:
        zh, en = scheme.titles(one["symbol"])
        shown.append({**one, "title": (en or zh) if lang == "en" else (zh or en)})
    return {"main": shown[0] if shown else None, "others": shown[1:]}


def pct(record: PatentAnswer, t: Translate) -> list[tuple[str, str]]:
    return [(str(t(f"pct_{name}")), value) for name, value in (record["pct"] or {}).items() if value]


def labels(services: Services, record: PatentAnswer, page: Page) -> list[dict[str, Any]]:
    """The labels with their reasons as sentences; a node whose name is not verified says so."""
    shown = []
    for one in record["labels"]:
        taxonomy = services.taxonomies[one["taxonomy"]]
        node = taxonomy.node(one["node"])
        english = page.lang == "en"
        shown.append({
            "name": node.name_en if english and node and node.name_en else one["name"],
            "address": page.link(f"/industries/{one['taxonomy']}/{one['node']}"),
            "taxonomy_name": taxonomy.name_en if english else taxonomy.name,
            "verified": node.verified if node else True, "source": one["source"], "score": one["score"],
            "version": one["taxonomy_version"],
            "reasons": [{"sentence": reason_sentence(reason, page.t), "origin": reason["origin"]}
                        for reason in one["reasons"]],
        })
    return shown


def rejected(services: Services, ident: str, page: Page) -> list[dict[str, Any]]:
    """Nodes that a person has said no to; only the operator sees them."""
    shown = []
    for one in decisions.rejected(services, ident):
        node = services.taxonomies[one["taxonomy"]].nodes[one["node"]]
        shown.append({"name": node.name_en if page.lang == "en" and node.name_en else node.name,
                      "said": page.t("decided_reject", actor=one["actor"], date=one["time"][:10]), "note": one["note"]})
    return shown


def reason_sentence(reason: ReasonShape, t: Translate) -> Markup:
    bold = Markup("<b>{}</b>")
    value, pattern = bold.format(reason["value"]), bold.format(reason["pattern"])
    if reason["kind"] == "keyword":
        return t("reason_keyword", field=t(f"field_{reason['field'] or 'text'}"), value=value)
    if reason["kind"] == "ipc":
        return t("reason_ipc", value=value, pattern=pattern)
    if reason["kind"] == "decision":
        said = t(f"decided_{reason['pattern']}", actor=reason.get("actor", ""), date=reason.get("time", "")[:10])
        return Markup("{}{}").format(said, t("decided_note", note=reason["value"]) if reason["value"] else "")
    return t(f"reason_{reason['kind']}", value=value, pattern=pattern)


def timeline(record: PatentAnswer, t: Translate) -> list[TimelineEntry]:
    """Publications with their source files, legal events and the application, newest first."""
    entries: list[TimelineEntry] = [
        {"date": one["date"], "text": str(t(f"stage_{one['stage']}")), "number": one["number"], "now": False,
         "source": source_path(one["source"])}
        for one in record["publications"]]
    entries += [{"date": one["date"], "text": one["text"].replace("\n", "；") or one["code"] or "", "number": None,
                 "source": None, "now": False} for one in record["legal_events"]]
    if record["application_date"]:
        entries.append({"date": record["application_date"], "text": str(t("filed")), "source": None, "now": False,
                        "number": record["application_number"]})
    entries.sort(key=lambda entry: entry["date"] or "", reverse=True)
    if entries:
        entries[0]["now"] = True
    return entries


def source_path(source: SourceShape) -> str:
    """Where a publication's file stands: delivery, archive inside it, entry inside that."""
    return " / ".join(filter(None, (source["delivery"], source["archive"], source["entry"])))
