"""`taxonomy decisions …`: people's decisions about labels, in bulk by CSV, listed, and taken back."""

import sys
from pathlib import Path

import click

from cli.output import REJECTED, document, json_option, note
from cli.texts import both, manual

actor_option = click.option("--actor", metavar="NAME", help=both("cli_decisions_actor"))
taxonomy_option = click.option("--taxonomy", metavar="T", help=both("cli_decisions_taxonomy"))
no_index_option = click.option("--no-index", is_flag=True, help=both("cli_ingest_no_index"))


@click.group(help=manual("decisions", "zhuanti taxonomy decisions import checked.csv --taxonomy 33618 --actor 陶然"))
def decisions() -> None:
    pass


@decisions.command(name="import", help=manual(
    "decisions_import", "zhuanti taxonomy decisions import checked.csv --taxonomy 33618 --actor 陶然"))
@click.argument("file", type=click.Path(path_type=Path, exists=True, dir_okay=False))
@taxonomy_option
@actor_option
@click.option("--dry-run", is_flag=True, help=both("cli_decisions_dry_run"))
@click.option("--skip-bad", is_flag=True, help=both("cli_decisions_skip_bad"))
@no_index_option
@json_option
def import_(file: Path, taxonomy: str | None, actor: str | None, dry_run: bool, skip_bad: bool, no_index: bool,
            as_json: bool) -> None:
    from api.decisions.importing import take_file
    from api.services import Services
    from store.settings import load

    with Services(load()) as services:
        report = take_file(services, file, taxonomy=taxonomy, actor=actor, dry_run=dry_run, skip_bad=skip_bad)
    if report["batch"] is not None and not no_index:
        follow()
    if as_json:
        document(report)
    else:
        kept = {verdict: report["kept"].get(verdict, 0) for verdict in ("confirm", "reject", "add")}
        click.echo(both("cli_decisions_would" if dry_run else "cli_decisions_kept", **kept,
                        unchanged=report["unchanged"], blank=report["blank"]))
        for one in report["problems"]:
            note(f"{report['file']}:{one['line']} {one['code']}: {one['message']} {one['message_en']}")
    if report["problems"]:
        sys.exit(REJECTED)


@decisions.command(help=manual("decisions_export", "zhuanti taxonomy decisions export -o decisions.csv"))
@taxonomy_option
@click.option("-o", "--output", type=click.Path(path_type=Path, dir_okay=False), help=both("cli_export_output"))
@json_option
def export(taxonomy: str | None, output: Path | None, as_json: bool) -> None:
    from api.decisions import files, service
    from api.services import Services
    from store.settings import load

    with Services(load()) as services:
        found = service.standing(services, taxonomy)
    if output:
        output.write_bytes(files.write(found))
    elif not as_json:
        sys.stdout.buffer.write(files.write(found))
        sys.stdout.flush()
    if as_json:
        document({"decisions": len(found), "output": str(output)} if output else found)
    elif output:
        note(both("cli_decisions_exported", count=len(found), output=output))


@decisions.command(name="list", help=manual("decisions_list", "zhuanti taxonomy decisions list --unmapped"))
@taxonomy_option
@click.option("--node", metavar="NODE", help=both("cli_decisions_node"))
@click.option("--number", metavar="NUMBER", help=both("cli_decisions_number"))
@click.option("--unmapped", is_flag=True, help=both("cli_decisions_unmapped"))
@click.option("--size", type=click.IntRange(1, 1_000), default=100, show_default=True, help=both("cli_decisions_size"))
@json_option
def list_(taxonomy: str | None, node: str | None, number: str | None, unmapped: bool, size: int, as_json: bool) -> None:
    from api.decisions import service
    from api.services import Services
    from store.settings import load

    with Services(load()) as services:
        found = service.unmapped(services) if unmapped else service.listed(
            services, taxonomy=taxonomy, node=node, number=number, size=size)["decisions"]
    if as_json:
        document(found)
        return
    for one in found:
        verdict = one["verdict"] + (f" {both('cli_decisions_undone')}" if one["undone"] else "")
        cells = (str(one["decision"]), one["time"][:10], one["actor"], verdict, one["id"] or "–",
                 f"{one['taxonomy']}/{one['node']} {one['name']}", one["note"])
        click.echo("\t".join(cells))
    if not found:
        note(both("cli_decisions_none"))


@decisions.command(help=manual("decisions_undo", "zhuanti taxonomy decisions undo 17 --actor 陶然"))
@click.argument("number", type=int)
@actor_option
@no_index_option
@json_option
def undo(number: int, actor: str | None, no_index: bool, as_json: bool) -> None:
    from api.decisions import service
    from api.services import Services
    from store.settings import load

    with Services(load()) as services:
        found = service.undo(services, number, actor or "")
    if not no_index:
        follow()
    if as_json:
        document(found)
    else:
        click.echo(both("cli_decisions_taken_back", number=number))


def follow() -> None:
    """Brings the index up to what was decided."""
    from cli.ingesting import bring_up_to_date
    from cli.progress import reporter
    from store.settings import load

    with reporter() as progress:
        bring_up_to_date(load(), progress, wait=True)
