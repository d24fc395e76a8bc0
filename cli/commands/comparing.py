"""`taxonomy compare`: what another version of a taxonomy would change."""

from typing import TYPE_CHECKING

import click

from cli.output import document, json_option
from cli.texts import both, manual

if TYPE_CHECKING:
    from taxonomy.comparing import Comparison


@click.command(help=manual("taxonomy_compare", "zhuanti taxonomy compare labelled:33618 33618"))
@click.argument("one", metavar="A")
@click.argument("two", metavar="B")
@click.option("--no-records", is_flag=True, help=both("cli_compare_no_records"))
@click.option("--moves", "most", type=click.IntRange(0), default=20, show_default=True, help=both("cli_compare_moves"))
@click.option("--examples", type=click.IntRange(0), default=3, show_default=True, help=both("cli_compare_examples"))
@json_option
def compare(one: str, two: str, no_records: bool, most: int, examples: int, as_json: bool) -> None:
    from cli.progress import reporter
    from ingest.records import Records
    from store import decisions
    from store.database import open_store
    from store.settings import load
    from store.totals import totals
    from taxonomy import catalogue, comparing

    settings = load()
    known = catalogue.load(settings)
    before, after = (comparing.find(settings, known, name) for name in (one, two))
    found = comparing.structure(before, after)
    with open_store(settings) as store:
        with store.connect() as connection:
            standing = decisions.all_standing(connection, before.id)
            ids = decisions.ids(connection, {each.row for each in standing})
            records = totals(connection)["records"]
        found["decisions_lost"] = comparing.decisions_lost(before, after, standing, ids)
        if not no_records:
            with reporter() as progress:
                progress.file("index", records)
                found["records"] = comparing.moved(known, before, after, Records(store).stream(), progress,
                                                   most=most, examples=examples)
    if as_json:
        document(found)
    else:
        for line in told(found):
            click.echo(line)


def told(found: "Comparison") -> list[str]:
    """A comparison as lines: files, nodes, counts, moves, decisions."""
    lines = [f"{side} {of['taxonomy']} {of['version']} ({of['file']}): {both('cli_compare_side', **of)}"
             for side, of in (("A", found["a"]), ("B", found["b"]))]
    lines += [f"+ {one['node']} {one['name']}" for one in found["added"]]
    lines += [f"- {one['node']} {one['name']}" for one in found["removed"]]
    lines += [f"~ {one['node']} {one['before']} → {one['after']}" for one in found["renamed"]]
    lines += [f"> {one['node']} {one['before'] or '/'} → {one['after'] or '/'}" for one in found["placed"]]
    if found["rules_changed"]:
        lines.append(f"{both('cli_compare_rules')} {' '.join(found['rules_changed'])}")
    if records := found["records"]:
        lines.append(both("cli_compare_records", **{name: records[name] for name in (
            "compared", "labelled_before", "labelled_after", "changed")}))
        lines += [f"  {one['node']}\t{one['before']:,} → {one['after']:,}\t+{one['gained']:,} −{one['lost']:,}"
                  for one in records["nodes"] if one["gained"] or one["lost"]]
        lines += [f"  {one['count']:,}\t−{' '.join(one['lost']) or '–'}\t+{' '.join(one['gained']) or '–'}\t"
                  f"{' '.join(one['examples'])}" for one in records["moves"]]
    lines.append(both("cli_compare_decisions", count=len(found["decisions_lost"])))
    lines += [f"  {one['decision']}\t{one['verdict']}\t{one['id'] or '–'}\t{one['node']} {one['name']}\t{one['actor']}"
              for one in found["decisions_lost"]]
    return lines
