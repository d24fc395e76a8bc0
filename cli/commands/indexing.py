"""`reindex` and `label`: making the index anew, and labelling documents that are not stored."""

import sys
from pathlib import Path

import click

from cli.output import document, json_option
from cli.texts import both, manual


@click.command(help=manual("reindex", "zhuanti reindex"))
@click.option("--engine", type=click.Choice(("embedded", "elasticsearch")), help=both("cli_reindex_engine"))
@json_option
def reindex(engine: str | None, as_json: bool) -> None:
    from cli.ingesting import rebuild
    from cli.progress import reporter
    from store.settings import load

    settings = load()
    with reporter() as progress:
        report = rebuild(settings, progress, engine)
    if as_json:
        document(report)
        return
    click.echo(both("cli_reindexed", **report))
    if engine and engine != settings.engine:
        click.echo(both("cli_reindexed_other", engine=engine, current=settings.engine))


@click.command(help=manual("label", "zhuanti label candidates.jsonl --taxonomy 33618"))
@click.argument("file", type=click.Path(path_type=Path, exists=False, dir_okay=False, allow_dash=True))
@click.option("--taxonomy", "name", required=True, metavar="T", help=both("cli_label_taxonomy"))
@json_option
def label(file: Path, name: str, as_json: bool) -> None:
    import orjson

    from cli.labelling import labelled_lines
    from store.settings import load

    for line in labelled_lines(load(), file, name):     # one document a line, with --json and without
        sys.stdout.buffer.write(orjson.dumps(line, option=orjson.OPT_APPEND_NEWLINE))
    sys.stdout.flush()
