"""`ingest`, `status`: bringing deliveries in, once or as they come, and seeing what the store then holds."""

import sys
import time
from pathlib import Path

import click

from cli.counting import report_lines
from cli.output import REJECTED, document, json_option, note
from cli.texts import age, both, manual


@click.command(help=manual("ingest", "zhuanti ingest /data/2024-05-21.zip /data/2024-05-24"))
@click.argument("paths", nargs=-1, type=click.Path(path_type=Path))
@click.option("--workers", type=click.IntRange(1, 256), help=both("cli_ingest_workers"))
@click.option("--dry-run", is_flag=True, help=both("cli_ingest_dry_run"))
@click.option("--no-index", is_flag=True, help=both("cli_ingest_no_index"))
@click.option("--wait", is_flag=True, help=both("operations_wait"))
@click.option("--watch", metavar="DIR", type=click.Path(path_type=Path), help=both("operations_watch"))
@click.option("--interval", type=click.FloatRange(0.1), default=60.0, show_default=True,
              help=both("operations_interval"))
@json_option
def ingest(paths: tuple[Path, ...], workers: int | None, dry_run: bool, no_index: bool, wait: bool, watch: Path | None,
           interval: float, as_json: bool) -> None:
    from cli.ingesting import take_in
    from cli.progress import reporter
    from store.errors import BadCall
    from store.settings import load

    if bool(paths) == bool(watch) or (watch and dry_run):
        raise BadCall("operations_ingest_what")
    if watch:
        from cli.watching import watch_folder

        done = watch_folder(load(), watch, interval=interval, workers=workers, index=not no_index)
        if as_json:
            document(done)
        return
    began = time.monotonic()
    with reporter() as progress:
        report = take_in(load(), paths, workers=workers, dry_run=dry_run, index=not no_index, progress=progress,
                         wait=wait)
    counts = report | {"seconds": round(time.monotonic() - began, 2)}
    if as_json:
        document(counts)
    else:
        for line in report_lines(counts):
            click.echo(line)
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
    if found["index"]["updated"]:
        click.echo(both("service_index_updated", at=found["index"]["updated"], age=age(found["index"]["updated"])))
    if found["last_delivery"]:
        click.echo(both("cli_status_delivery", **found["last_delivery"]))
