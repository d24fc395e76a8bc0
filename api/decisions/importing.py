"""A file of decisions on its way into the store: all of it or nothing, unless bad lines are to be left out."""

from collections import Counter
from pathlib import Path

from typing_extensions import TypedDict

from api.decisions import files, service
from api.decisions.service import Problem
from api.services import Services
from store.errors import BadCall

_SHOWN = 20
"""Faults that an error lists; it counts the others."""


class LineProblem(TypedDict):
    line: int
    code: str
    message: str
    message_en: str


class ImportReport(TypedDict):
    """`kept` counts new decisions by verdict; `unchanged` stood so already, `blank` lines say no verdict."""

    file: str
    batch: int | None
    kept: dict[str, int]
    unchanged: int
    blank: int
    problems: list[LineProblem]
    dry_run: bool


def take_file(
    services: Services, path: Path, *, taxonomy: str | None = None, actor: str | None = None, dry_run: bool = False,
    skip_bad: bool = False,
) -> ImportReport:
    """Keeps the decisions of a CSV file or workbook as one batch.

    Raises BadCall `decision_file` with file and line, the detail listing the faults, when a line is bad and bad ones
    are not skipped: nothing is kept then.
    """
    sheet = files.read(path, taxonomy, actor)
    found = service.check(services, sheet.decisions)
    problems = sorted(found.problems, key=lambda one: one.place)
    if problems and not skip_bad:
        raise BadCall("decision_file", told(path.name, problems), file=path.name, line=problems[0].place,
                      problems=len(problems))
    kept = service.keep(services, [] if dry_run else found.new, "file", path.name)
    return {"file": path.name, "batch": kept["batch"], "kept": dict(Counter(one.verdict for one in found.new)),
            "unchanged": len(found.unchanged), "blank": sheet.blank, "problems": [shape(one) for one in problems],
            "dry_run": dry_run}


def told(file: str, problems: list[Problem]) -> str:
    lines = [f"{file}:{one.place}: {one.error.code}: {one.error}" for one in problems[:_SHOWN]]
    return "\n  ".join(lines + ["…"] * (len(problems) > _SHOWN))


def shape(one: Problem) -> LineProblem:
    return {"line": one.place, "code": one.error.code, "message": one.error.message("zh"),
            "message_en": one.error.message("en")}
