"""`store copy`: the store into another, empty database, verified."""

import time

import click

from cli.output import document, json_option, note
from cli.texts import both, manual

LINE_EVERY = 5.0        # seconds between two lines of progress on one table


@click.group(help=manual("store", "zhuanti store copy --to postgresql://zhuanti@db/zhuanti"))
def store() -> None:
    pass


@store.command(help=manual("store_copy", "zhuanti store copy --to postgresql://zhuanti@db/zhuanti"))
@click.option("--to", "url", required=True, metavar="URL", help=both("service_copy_to"))
@click.option("--wait", is_flag=True, help=both("operations_wait"))
@json_option
def copy(url: str, wait: bool, as_json: bool) -> None:
    from ingest.alone import alone
    from store.copying import copy_store
    from store.database import open_store
    from store.settings import load

    settings = load()
    began = time.monotonic()
    with open_store(settings) as source, alone(source, settings, wait=wait):
        copied = copy_store(source, settings, url, Told())
    seconds = round(time.monotonic() - began, 2)
    if as_json:
        document({"tables": {one.name: {"rows": one.rows, "sha256": one.sha256} for one in copied},
                  "rows": sum(one.rows for one in copied), "seconds": seconds})
        return
    for one in copied:
        click.echo(both("service_copied_table", table=one.name, rows=f"{one.rows:,}", sha256=one.sha256[:16]))
    rows = sum(one.rows for one in copied)
    click.echo(both("service_copied", rows=f"{rows:,}", seconds=seconds, url=without_password(url)))


class Told:
    """Says on standard error how far each table is: when it begins, and every few seconds."""

    def __init__(self) -> None:
        self.table = ""
        self.last = 0.0

    def __call__(self, table: str, done: int, total: int) -> None:
        if table == self.table and time.monotonic() - self.last < LINE_EVERY:
            return
        self.table, self.last = table, time.monotonic()
        note(both("service_copying", table=table, done=f"{done:,}", total=f"{total:,}"))


def without_password(url: str) -> str:
    from sqlalchemy import make_url

    return make_url(url).render_as_string(hide_password=True)
