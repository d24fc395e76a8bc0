"""`taxonomy list|show|check`: the industries that records are labelled with, and whether their files are sound."""

import sys
from pathlib import Path
from typing import TYPE_CHECKING

import click

from cli.output import document, json_option
from cli.texts import both, manual
from store.errors import BadCall, NotFound

if TYPE_CHECKING:
    from taxonomy.catalogue import Catalogue
    from taxonomy.model import Taxonomy


@click.group(help=manual("taxonomy", "zhuanti taxonomy show 33618"))
def taxonomy() -> None:
    pass


def mark(verified: bool) -> str:
    return "" if verified else f" {both('cli_unverified')}"


def read() -> "Catalogue":
    from store.settings import load as settings
    from taxonomy.catalogue import read

    return read(settings())


def loaded() -> "dict[str, Taxonomy]":
    """The taxonomies that can be used; files that cannot be are named on standard error."""
    found = read()
    for one in found.broken:
        click.echo(str(one.error), err=True)
    return found.every


def chosen(name: str) -> "Taxonomy":
    """The taxonomy of an id; raises NotFound `taxonomy_not_found`."""
    known = loaded()
    if name not in known:
        raise NotFound("taxonomy_not_found", name=name, known="、".join(known))
    return known[name]


@taxonomy.command(name="list", help=manual("taxonomy_list", "zhuanti taxonomy list --json"))
@json_option
def list_(as_json: bool) -> None:
    from taxonomy.describing import summary

    found = list(loaded().values())
    if as_json:
        document([summary(one) for one in found])
        return
    for one in found:
        click.echo(f"{one.id}\t{one.version}\t{len(one.nodes)}\t{one.name} {one.name_en}{mark(one.verified)}")


@taxonomy.command(help=manual("taxonomy_show", "zhuanti taxonomy show 33618 --json"))
@click.argument("name", metavar="TAXONOMY")
@json_option
def show(name: str, as_json: bool) -> None:
    from taxonomy.describing import detail

    found = chosen(name)
    if as_json:
        document(detail(found))
        return
    click.echo(f"{found.id} {found.name} {found.name_en} {found.version}{mark(found.verified)}")
    for node in found.nodes.values():
        indent = "  " * (len(found.ancestors(node.id)) + 1)
        click.echo(f"{indent}{node.id}\t{node.name} {node.name_en}{mark(node.verified)}")
        for rule in node.rules:
            patterns = " ".join(f"{one.pattern}[{one.origin}]" for one in rule.patterns)
            click.echo(f"{indent}  {patterns} {'、'.join(rule.keywords)}".rstrip())


@taxonomy.command(help=manual("taxonomy_check", "zhuanti taxonomy check 33618"))
@click.argument("names", metavar="[TAXONOMY|FILE.yaml]...", nargs=-1)
@json_option
def check(names: tuple[str, ...], as_json: bool) -> None:
    from taxonomy.checking import check as doubtful
    from taxonomy.checking import refusal
    from taxonomy.loading import load_file

    known = read()
    broken = {one.taxonomy: one.error for one in known.broken}
    checked, found = [], []
    for name in names or (*known.every, *broken):
        if name in broken:
            found.append(refusal(broken[name]))
        elif name in known.every:
            found += doubtful(known.every[name], known.every)
        elif name.endswith((".yaml", ".yml")):
            found += doubtful(load_file(Path(name)), known.every)
        else:
            raise NotFound("taxonomy_not_found", name=name, known="、".join(known.every))
        checked.append(name)
    sound = not any(one["severity"] == "error" for one in found)
    if as_json:
        document({"taxonomies": checked, "ok": sound, "findings": found})
    else:
        for one in found:
            click.echo(f"{one['file']}:{one['line']} {one['severity']} {one['code']}: "
                       f"{one['message']} {one['message_en']}")
        click.echo(both("cli_taxonomy_checked", findings=len(found)))
    if not sound:
        sys.exit(BadCall.exit_code)
