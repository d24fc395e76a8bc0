"""`taxonomy train`, `evaluate`, `card` and `sheet`: models of taxonomies, how good they are, sheets to check."""

from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from cli.output import document, json_option, note
from cli.texts import both, manual

if TYPE_CHECKING:
    from taxonomy.learning.classifier import Classifier

table_option = click.option("--table", type=click.Path(path_type=Path, exists=True, dir_okay=False),
                            help=both("cli_train_table"))
precision_option = click.option("--precision", type=click.FloatRange(0.5, 0.99), default=0.8, show_default=True,
                                help=both("cli_train_precision"))
seed_option = click.option("--seed", type=click.IntRange(0), default=0, show_default=True, help=both("cli_train_seed"))


@click.command(help=manual("taxonomy_train", "zhuanti taxonomy train 33618"))
@click.argument("name", metavar="TAXONOMY")
@table_option
@precision_option
@seed_option
@json_option
def train(name: str, table: Path | None, precision: float, seed: int, as_json: bool) -> None:
    from taxonomy.learning.card import card

    model = _run(name, table, precision, seed, keep=True)
    if as_json:
        document(card(_head(model)))
        return
    hidden = model.told["measures"]["hidden"]
    click.echo(both("cli_train_done", version=model.version, macro=hidden["macro_f1"], micro=hidden["micro_f1"],
                    precision="–" if hidden["precision"] is None else hidden["precision"], coverage=hidden["coverage"]))


@click.command(help=manual("taxonomy_evaluate", "zhuanti taxonomy evaluate 33618"))
@click.argument("name", metavar="TAXONOMY")
@table_option
@precision_option
@seed_option
@json_option
def evaluate(name: str, table: Path | None, precision: float, seed: int, as_json: bool) -> None:
    from taxonomy.learning.card import card, markdown

    shown = card(_head(_run(name, table, precision, seed, keep=False)))
    if as_json:
        document(shown)
    else:
        click.echo(markdown(shown))


@click.command(name="card", help=manual("taxonomy_card", "zhuanti taxonomy card 33618 > card.md"))
@click.argument("name", metavar="TAXONOMY")
@click.option("--lang", type=click.Choice(["zh", "en"]), default="zh", show_default=True, help=both("cli_card_lang"))
@json_option
def card_(name: str, lang: str, as_json: bool) -> None:
    from store.settings import load
    from taxonomy.learning.card import card, markdown
    from taxonomy.learning.heads import head

    shown = card(head(load(), name))
    if as_json:
        document(shown)
    else:
        click.echo(markdown(shown, lang))


@click.command(help=manual("taxonomy_sheet", "zhuanti taxonomy sheet 33618 -o check.csv"))
@click.argument("name", metavar="TAXONOMY")
@click.option("-o", "--output", type=click.Path(path_type=Path, dir_okay=False), required=True,
              help=both("cli_sheet_output"))
@click.option("--size", type=click.IntRange(1, 1000), default=50, show_default=True, help=both("cli_sheet_size"))
@click.option("--source", type=click.Choice(["rule", "rule_derived", "model"]), help=both("cli_sheet_source"))
@seed_option
@json_option
def sheet(name: str, output: Path, size: int, source: str | None, seed: int, as_json: bool) -> None:
    from api.export import sheets
    from api.services import Services
    from store.settings import load

    with Services(load()) as services:
        nodes, rows = sheets.write(services, name, output, per_node=size, source=source, seed=seed)
    if as_json:
        document({"taxonomy": name, "output": str(output), "nodes": nodes, "records": rows})
    else:
        note(both("cli_sheet_done", file=output, nodes=nodes, records=rows))


def _run(name: str, table: Path | None, precision: float, seed: int, *, keep: bool) -> "Classifier":
    from store.database import open_store
    from store.settings import load
    from taxonomy.learning.running import run

    settings = load()
    with open_store(settings) as store:
        return run(settings, store, name, table, keep=keep, precision=precision, seed=seed,
                   told=lambda code, values: note(both(code, **values)))


def _head(model: "Classifier") -> dict[str, Any]:
    return {"taxonomy": model.taxonomy, "kind": model.kind, "version": model.version, "nodes": list(model.nodes),
            "told": dict(model.told)}
