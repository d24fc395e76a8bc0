"""The counts of an ingest as lines: what `ingest`, a watch and `deliveries show` print of the same report."""

from collections.abc import Iterator, Mapping
from typing import Any

from cli.texts import both
from ingest.rejects import KINDS
from store.messages import text


def report_lines(report: Mapping[str, Any]) -> Iterator[str]:
    """An ingest report (interfaces §1): the run, its legal events, the balance with the index files, each code."""
    yield both("cli_ingested", **{name: f"{value:,}" if isinstance(value, int) else value
                                  for name, value in report.items()})
    if any(report["events"].values()):
        yield "  " + both("cli_ingest_events", **{name: f"{count:,}" for name, count in report["events"].items()})
    yield from index_lines(report["index"])
    for kind in KINDS:
        for code, count in sorted(report[kind].items(), key=lambda one: (-one[1], one[0])):
            yield code_line(kind, code, count)


def index_lines(index: Mapping[str, Any] | None) -> Iterator[str]:
    """The balance with the index files, and some of what is absent or unlisted; nothing where none was listed."""
    if not index or not (index["listed"] or index["unlisted"]):
        return
    yield "  " + both("operations_index", **{name: f"{count:,}" for name, count in index.items()
                                             if isinstance(count, int)})
    for kind in ("absent", "unlisted"):
        if index[f"{kind}_examples"]:
            yield f"    {both(f'operations_{kind}')}: {' '.join(index[f'{kind}_examples'])}"


def code_line(kind: str, code: str, count: int, before: int | None = None) -> str:
    """How often a code came, what it means, and how often in the delivery before where one is compared."""
    compared = "" if before is None else f" ({both('operations_before')} {before:,})"
    meaning = " ".join(text(f"{KINDS[kind]}_{code}", lang) for lang in ("zh", "en"))
    return f"  {both(f'cli_ingest_{kind}')} {code}: {count:,}{compared}  {meaning}"
