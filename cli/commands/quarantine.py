"""`rejects`: what was refused and why, the bytes of one refusal, and another try at all of them."""

import sys
from typing import Any

import click

from cli.output import REJECTED, document, json_option, note
from cli.texts import both, manual


@click.command(help=manual("rejects", "zhuanti rejects --code foreign_office"))
@click.option("--code", help=both("cli_rejects_code"))
@click.option("--show", "number", type=int, metavar="N", help=both("operations_rejects_show"))
@click.option("--retry", "again", is_flag=True, help=both("operations_rejects_retry"))
@click.option("--wait", is_flag=True, help=both("operations_wait"))
@click.option("--no-index", is_flag=True, help=both("cli_ingest_no_index"))
@json_option
def rejects(code: str | None, number: int | None, again: bool, wait: bool, no_index: bool, as_json: bool) -> None:
    from store.errors import BadCall

    if number is not None and (again or code):
        raise BadCall("operations_rejects_one")
    if number is not None:
        show(number, as_json)
    elif again:
        retry(code, wait, no_index, as_json)
    else:
        listed(code, as_json)


def listed(code: str | None, as_json: bool) -> None:
    from store.database import open_store
    from store.deliveries import rejects as quarantine
    from store.settings import load

    with open_store(load()) as store, store.connect() as connection:
        found = [shown(one) for one in quarantine(connection, code)]
    if as_json:
        document(found)
        return
    for one in found:
        place = "\t".join(printable(one[name]) for name in ("delivery", "archive", "entry"))
        detail = f": {printable(one['detail'])}" if one["detail"] else ""
        click.echo(f"{one['number']}\t{one['code']}\t{place}\t{one['message']}{detail}")
    if not found:
        note(both("cli_no_rejects"))


def show(number: int, as_json: bool) -> None:
    from ingest.again import excerpt
    from store.database import open_store
    from store.deliveries import rejects as quarantine
    from store.errors import NotFound
    from store.settings import load

    settings = load()
    with open_store(settings) as store, store.connect() as connection:
        one = next((shown(one) for one in quarantine(connection) if one["number"] == number), None)
    if one is None:
        raise NotFound("no_such_reject", number=number)
    found = excerpt(settings, number)
    if as_json:
        document(one | {"excerpt": {"first": found.first, "lines": found.lines, "why": found.why}})
        return
    for name in ("delivery", "archive", "entry", "code", "message", "detail", "line"):
        if one.get(name) not in (None, ""):
            click.echo(f"{name}: {printable(str(one[name]))}")
    if found.lines is None:
        click.echo(both(f"operations_{found.why}") if found.why in ("gone", "changed") else both(f"reject_{found.why}"))
        return
    for at, text in enumerate(found.lines, found.first):
        click.echo(f"{'>' if at == one.get('line') else ' '} {at:6} {text}")


def retry(code: str | None, wait: bool, no_index: bool, as_json: bool) -> None:
    from cli.ingesting import bring_up_to_date
    from cli.progress import reporter
    from ingest.again import retry as read_again
    from store.settings import load

    settings = load()
    report = read_again(settings, code=code, wait=wait)
    if not no_index:
        with reporter() as progress:
            bring_up_to_date(settings, progress, wait=wait)
    if as_json:
        document(report)
    else:
        click.echo(both("operations_retried", **report))
    if report["taken"] < report["tried"]:
        sys.exit(REJECTED)


def printable(text: str) -> str:
    """Names and details come from the files: what would steer a terminal is shown as its escape."""
    return "".join(char if char.isprintable() else char.encode("unicode_escape").decode() for char in text)


def shown(reject: dict[str, Any]) -> dict[str, Any]:
    """A row of the quarantine as the interfaces have it: with its message, and a line only where there is one."""
    message = both(f"reject_{reject['code']}")
    if reject["line"] is None:
        reject = {name: value for name, value in reject.items() if name != "line"}
    return {"number": reject["number"], "code": reject["code"], "message": message} | reject
