"""`search`, `check`, `show`, `export`: asking the node's database."""

import sys
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import click

from cli.output import diagnostic_line, document, json_option, note
from cli.texts import both, manual
from store.errors import BadCall

SORTS = ("relevance", "-application_date", "application_date", "-publication_date", "publication_date", "id")
FORMATS = ("jsonl", "csv", "xlsx", "ris", "bibtex", "numbers")
DIALECTS = ("canonical", "cnipa", "trs", "cprs", "incopat", "patenthub")

dialect_option = click.option("--dialect", type=click.Choice(DIALECTS), default="canonical", show_default=True,
                              help=both("cli_dialect"))
mode_option = click.option("--mode", type=click.Choice(("auto", "simple", "expert")), default="auto", show_default=True,
                           help=both("cli_mode"))
filter_option = click.option("--filter", "filters", multiple=True, metavar="CLAUSE", help=both("cli_filter"))
sort_option = click.option("--sort", type=click.Choice(SORTS), default="relevance", show_default=True,
                           help=both("cli_sort"))


@click.command(help=manual("search", "zhuanti search '新能源汽车 电池热管理' --filter 申请日=2020: --size 5"))
@click.argument("query")
@dialect_option
@mode_option
@filter_option
@click.option("--size", type=click.IntRange(1, 100), default=20, show_default=True, help=both("cli_size"))
@sort_option
@json_option
def search(query: str, dialect: str, mode: str, filters: tuple[str, ...], size: int, sort: str, as_json: bool) -> None:
    from api.search import service
    from api.search.shapes import SearchRequest
    from api.services import Services
    from store.settings import load

    request = SearchRequest(query, filters, dialect, mode, size, sort=sort)
    with Services(load()) as services:
        answer = service.search(services, request)
    if as_json:
        document(answer)
        return
    click.echo(f"{answer['query']['sentence']}\n{answer['query']['sentence_en']}")
    click.echo(both("cli_hits", total=f"{answer['total']:,}", shown=len(answer["hits"]),
                    data_date=answer["data_date"] or "–"))
    for one in answer["query"]["diagnostics"]:
        note(diagnostic_line(one))
    for hit in answer["hits"]:
        click.echo(f"\n{hit['id']}  {hit['application_date'] or '–'}  {hit['title'] or '–'}")
        click.echo(f"  {'; '.join(hit['applicants']) or '–'}")
        click.echo(f"  {' '.join(hit['publications'])}  {' '.join(hit['ipc'][:3])}")


@click.command(help=manual("check", "echo '名称=(电池 AND 石墨烯)' | zhuanti check -"))
@click.argument("file", type=click.File("rb"), default="-")
@dialect_option
@click.option("--counts", is_flag=True, help=both("cli_check_counts"))
@json_option
def check(file: Any, dialect: str, counts: bool, as_json: bool) -> None:
    from api.search import service
    from api.search.layout import lines
    from api.services import Services
    from store.settings import load
    from taxonomy import catalogue
    from taxonomy.asked import among

    settings = load()
    try:
        text = file.read().decode("utf-8").rstrip("\r\n")
    except UnicodeDecodeError as error:
        raise BadCall("cli_not_utf8", str(error)) from error
    if counts:
        with Services(settings) as services:
            answer = service.check(services, text, dialect, counts)
    else:       # without a database; taxonomies are loaded when one is asked for
        answer = service.checked(text, dialect, settings.query,
                                 lambda industry: among(catalogue.read(settings).chosen)(industry))
    if as_json:
        document(answer)
    else:
        if answer["ok"]:
            click.echo(f"{lines(answer['canonical'] or '')}\n{answer['sentence']}\n{answer['sentence_en']}")
            click.echo(both("cli_cost", **answer["cost"]))
            if answer["tree"]:
                for line in tree_lines(answer["tree"], counts):
                    click.echo(line)
        for one in answer["diagnostics"]:
            note(diagnostic_line(one, text))
    if not answer["ok"]:
        sys.exit(BadCall.exit_code)


def tree_lines(tree: Mapping[str, Any], counted: bool, depth: int = 0) -> Iterator[str]:
    """A tree (interfaces §4, check) as lines: the count of each clause, its operator or its text, indented."""
    count = f"{tree['count']:,}" if "count" in tree else "–" if counted else ""
    name = tree["text"] if "text" in tree else tree["node"].upper()
    if "minimum" in tree:
        name = f">={tree['minimum']}"
    yield f"{count:>{12 if counted else 0}}  {'  ' * depth}{name}"
    for child in tree.get("children", ()):
        yield from tree_lines(child, counted, depth + 1)


@click.command(help=manual("show", "zhuanti show CN201010298420.4"))
@click.argument("number")
@json_option
def show(number: str, as_json: bool) -> None:
    from api.export.formats.columns import COLUMNS
    from api.patents.service import patent
    from api.services import Services
    from store.settings import load

    with Services(load()) as services:
        record = patent(services, number)
    if as_json:
        document(record)
        return
    for column in COLUMNS:
        if value := column.value(record):
            click.echo(f"{column.heading}: {value}")
    for claim in record["claims"]:
        click.echo(f"\n{claim['text']}")


@click.command(help=manual("export", "zhuanti export '产业=33618/nev' --format csv -o nev.csv"))
@click.argument("query", required=False)
@click.option("--all", "everything", is_flag=True, help=both("cli_export_all"))
@click.option("--format", "file_format", type=click.Choice(FORMATS), required=True, help=both("cli_export_format"))
@click.option("-o", "--output", type=click.Path(path_type=Path, dir_okay=False), help=both("cli_export_output"))
@dialect_option
@mode_option
@filter_option
@sort_option
@json_option
def export(
    query: str | None, everything: bool, file_format: Any, output: Path | None, dialect: str, mode: str,
    filters: tuple[str, ...], sort: str, as_json: bool,
) -> None:
    from api.export.service import prepare, write_file
    from api.export.shapes import ExportRequest
    from api.search.shapes import SearchRequest
    from api.services import Services
    from store.settings import load

    if everything == (query is not None or bool(filters)):
        raise BadCall("cli_export_what")
    streamed = output is None and everything and file_format == "jsonl"
    if output is None and as_json and not streamed:
        raise BadCall("cli_export_json_needs_output")
    request = ExportRequest(file_format, SearchRequest(query or "", filters, dialect, mode, sort=sort), everything)
    with Services(load()) as services:
        prepared = prepare(services, request)
        manifest = write_file(prepared, output) if output else prepared.write(sys.stdout.buffer)
    sys.stdout.flush()
    if as_json and not streamed:
        document(manifest)
    else:
        note(both("cli_exported", **manifest))
