"""`ingest`, `status`, `rejects`: bringing deliveries in and seeing what came of them."""

import sys
import time
from pathlib import Path
from typing import Any

import click

from cli.output import REJECTED, document, json_option, note
from cli.texts import both, manual


@click.command(help=manual("ingest", "zhuanti ingest /data/2024-05-21.zip /data/2024-05-24"))
@click.argument("paths", nargs=-1, required=True, type=click.Path(path_type=Path))
@click.option("--workers", type=click.IntRange(1, 256), help=both("cli_ingest_workers"))
@click.option("--dry-run", is_flag=True, help=both("cli_ingest_dry_run"))
@click.option("--no-index", is_flag=True, help=both("cli_ingest_no_index"))
@json_option
def ingest(paths: tuple[Path, ...], workers: int | None, dry_run: bool, no_index: bool, as_json: bool) -> None:
    from cli.ingesting import take_in
    from cli.progress import reporter
    from store.settings import load

    began = time.monotonic()
    with reporter() as progress:
        report = take_in(load(), paths, workers=workers, dry_run=dry_run, index=not no_index, progress=progress)
    counts = report | {"seconds": round(time.monotonic() - began, 2)}
    if as_json:
        document(counts)
    else:
        click.echo(both("cli_ingested", **counts))
        for kind in ("rejected", "skipped", "warnings"):
            for code, count in sorted(counts[kind].items()):
                click.echo(f"  {both(f'cli_ingest_{kind}')} {code}: {count:,}")
    if counts["rejected"]:
        note(both("cli_see_rejects"))
        sys.exit(REJECTED)


@click.command(help=manual("status", "zhuanti status --json"))
@json_option
def status(as_json: bool) -> None:
    from api.names import name_of
    from api.services import Services
    from api.status import service
    from store.settings import load

    with Services(load()) as services:
        found = service.status(services)
    if as_json:
        document(found)
        return
    first, last = found["application_dates"]
    click.echo(both("cli_status_records", records=f"{found['records']:,}", publications=f"{found['publications']:,}"))
    for kind, count in found["by_type"].items():
        click.echo(f"  {name_of('type', kind)} {name_of('type', kind, 'en')}: {count:,}")
    click.echo(both("cli_status_dates", first=first or "–", last=last or "–", data_date=found["data_date"] or "–"))
    click.echo(both("cli_status_index", **found["index"]))
    if found["last_delivery"]:
        click.echo(both("cli_status_delivery", **found["last_delivery"]))


@click.command(help=manual("rejects", "zhuanti rejects --code foreign_office"))
@click.option("--code", help=both("cli_rejects_code"))
@json_option
def rejects(code: str | None, as_json: bool) -> None:
    from store.database import open_store
    from store.deliveries import rejects as listed
    from store.settings import load

    with open_store(load()) as store, store.connect() as connection:
        found = [shown(one) for one in listed(connection, code)]
    if as_json:
        document(found)
        return
    for one in found:
        click.echo(f"{one['code']}\t{one['delivery']}\t{one['archive']}\t{one['entry']}\t{one['message']}")
    if not found:
        note(both("cli_no_rejects"))


def shown(reject: dict[str, Any]) -> dict[str, Any]:
    """A row of the quarantine as the interfaces have it: with its message, and a line only where there is one."""
    message = both(f"reject_{reject['code']}")
    if reject["line"] is None:
        reject = {name: value for name, value in reject.items() if name != "line"}
    return {"code": reject["code"], "message": message} | reject
