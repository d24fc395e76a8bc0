"""`deliveries`: the ledger, the quality report of a delivery, and taking one back."""

import sys
from typing import Any

import click

from cli.counting import code_line, index_lines
from cli.output import document, json_option, note
from cli.texts import both, manual
from ingest.rejects import KINDS


@click.group(invoke_without_command=True, help=manual("deliveries", "zhuanti deliveries"))
@json_option
@click.pass_context
def deliveries(context: click.Context, as_json: bool) -> None:
    if context.invoked_subcommand is not None:
        return
    from store.database import open_store
    from store.deliveries import ledger
    from store.settings import load

    with open_store(load()) as store, store.connect() as connection:
        found = ledger(connection)
    if as_json:
        document(found)
        return
    for one in found:
        click.echo(line(one))
    if not found:
        note(both("operations_no_deliveries"))


@deliveries.command(help=manual("deliveries_show", "zhuanti deliveries show 2024-05-21.zip"))
@click.argument("name")
@json_option
def show(name: str, as_json: bool) -> None:
    from ingest.quality import report
    from store.database import open_store
    from store.settings import load

    with open_store(load()) as store:
        found = report(store, name)
    if as_json:
        document(found)
        return
    click.echo(line({**found}))
    quality = found["quality"]
    click.echo(both("operations_compared", name=quality["before"]) if quality["before"] else both("operations_first"))
    for field in quality["fields"]:
        if field["of"]:
            click.echo(f"  {both('operations_field_' + field['field'])}: {percent(field['share'])}"
                       f"{change(field['share'], field['share_before'])} ({field['filled']:,} / {field['of']:,})")
    for kind in KINDS:
        for code in quality[kind]:  # type: ignore[literal-required]
            click.echo(code_line(kind, code["code"], code["count"], code["count_before"]))
    for of_index in index_lines(quality["index"]):
        click.echo(of_index)
    for file in found["contents"]:
        click.echo(f"  {file['path']}\t{both('operations_state_' + file['state'])}\t{file['counts']['documents']:,}")


@deliveries.command(help=manual("deliveries_withdraw", "zhuanti deliveries withdraw 2024-05-21.zip"))
@click.argument("name")
@click.option("--yes", is_flag=True, help=both("operations_yes"))
@click.option("--wait", is_flag=True, help=both("operations_wait"))
@click.option("--no-index", is_flag=True, help=both("cli_ingest_no_index"))
@json_option
def withdraw(name: str, yes: bool, wait: bool, no_index: bool, as_json: bool) -> None:
    from cli.ingesting import bring_up_to_date
    from cli.progress import reporter
    from ingest.withdraw import withdraw as take_back
    from store.database import open_store
    from store.deliveries import entry_of
    from store.errors import BadCall
    from store.settings import load

    settings = load()
    if not yes:
        with open_store(settings) as store, store.connect() as connection:
            entry = entry_of(connection, name)
        if not sys.stdin.isatty():
            raise BadCall("operations_needs_yes", name=name)
        note(line(entry))
        click.confirm(both("operations_really", name=name), abort=True, err=True)
    report = take_back(settings, name, wait=wait)
    if not no_index:
        with reporter() as progress:
            bring_up_to_date(settings, progress, wait=wait)
    if as_json:
        document(report)
    else:
        click.echo(both("operations_withdrawn", **report))


def line(entry: dict[str, Any]) -> str:
    """A delivery of the ledger on one line: day, state, name, counts."""
    counts = entry["counts"]
    return "\t".join((
        entry["last_run"][:10], both(f"operations_state_{entry['state']}"), entry["name"],
        both("operations_counts", files=f"{entry['files']:,}", documents=f"{counts['documents']:,}",
             rejected=f"{sum(counts['rejected'].values()):,}")))


def percent(share: float | None) -> str:
    return "–" if share is None else f"{100 * share:.1f}%"


def change(share: float | None, before: float | None) -> str:
    """How far a share is above or below the one before, in percentage points."""
    return "" if share is None or before is None else f" [{100 * (share - before):+.1f}]"
