"""`serve` and `demo`: the web pages and the API on an address, over this node's data or a made-up delivery."""

import os
import signal
import socket
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import click

from cli.output import document, json_option, note
from cli.texts import both, manual
from store.errors import Refused, Unreachable

if TYPE_CHECKING:
    from store.settings import Settings

DELIVERY = "demo-delivery"
LONGEST_REQUEST_LINE = 1 << 20      # bytes; a query at its cap of 65,536 Chinese characters, escaped, is 590 KB

host_option = click.option("--host", default="127.0.0.1", show_default=True, help=both("cli_serve_host"))
port_option = click.option("--port", type=click.IntRange(1, 65_535), default=8000, show_default=True,
                           help=both("cli_serve_port"))


GRACE = 30
"""Seconds that answers under way are given when the server is told to stop; an export may need some."""


def run_server(host: str, port: int, workers: int, settings: "Settings") -> None:
    """Serve until interrupted or told to stop (SIGTERM): what is under way is answered, then the process ends with 0.

    The workers read the settings from the environment. Several of them measure into one folder.
    """
    import tempfile

    with tempfile.TemporaryDirectory(prefix="zhuanti-metrics-") as folder:
        if workers > 1:
            os.environ["PROMETHEUS_MULTIPROC_DIR"] = folder     # before the library is loaded, here and in the workers
        import uvicorn

        from api.logs import configure

        configure(settings.service)
        # uvicorn ends in order and then raises the signal again, for whoever was there before it.
        before = signal.signal(signal.SIGTERM, lambda *_: sys.exit(0))
        try:
            uvicorn.run("web.app:served", factory=True, host=host, port=port, workers=workers, log_config=None,
                        access_log=False, proxy_headers=False, server_header=False, timeout_graceful_shutdown=GRACE,
                        h11_max_incomplete_event_size=LONGEST_REQUEST_LINE)
        finally:
            signal.signal(signal.SIGTERM, before)


def address_of(host: str, port: int) -> str:
    """The address as a browser takes it: an IPv6 address stands in brackets."""
    return f"http://[{host}]:{port}/" if ":" in host else f"http://{host}:{port}/"


@click.command(help=manual("serve", "zhuanti serve --port 8000"))
@host_option
@port_option
@click.option("--workers", type=click.IntRange(1, 64), default=1, show_default=True, help=both("cli_serve_workers"))
@json_option
def serve(host: str, port: int, workers: int, as_json: bool) -> None:
    from api.services import Services
    from store.settings import load

    settings = load()
    with Services(settings):    # what cannot be opened is said here, once, and not by every worker
        pass
    free(host, port)
    said(address_of(host, port), as_json)
    run_server(host, port, workers, settings)


@click.command(help=manual("demo", "zhuanti demo --port 8000"))
@port_option
@click.option("--no-serve", is_flag=True, help=both("cli_demo_no_serve"))
@json_option
def demo(port: int, no_serve: bool, as_json: bool) -> None:
    from cli.demo import write_demo
    from cli.ingesting import take_in
    from cli.progress import reporter
    from store.demo import mark
    from store.settings import load, read_dotenv

    if not (read_dotenv(Path(".env")) | dict(os.environ)).get("ZHUANTI_HOME"):
        os.environ["ZHUANTI_HOME"] = str(Path("demo-home").absolute())
    settings = load()
    only_demo(settings)
    if not no_serve:
        free("127.0.0.1", port)
    delivery = settings.home / DELIVERY
    mark(settings.home)
    write_demo(delivery)
    with reporter() as progress:
        counts = take_in(settings, (delivery,), workers=None, dry_run=False, index=True, progress=progress)
    note(both("cli_demo_ready", documents=f"{counts['documents']:,}", home=settings.home))
    address = f"http://127.0.0.1:{port}/"
    if as_json:
        document({"home": str(settings.home), "address": None if no_serve else address,
                  "documents": counts["documents"]})
    elif not no_serve:
        said(address, False)
    if not no_serve:
        run_server("127.0.0.1", port, 1, settings)


def only_demo(settings: "Settings") -> None:
    """Raises Refused for a home that holds other deliveries: made-up patents must not get among real ones."""
    from store import deliveries
    from store.database import open_store

    with open_store(settings) as store, store.connect() as connection:
        if any(one["name"] != DELIVERY for one in deliveries.ledger(connection)):
            raise Refused("cli_demo_home_used", home=settings.home)


def free(host: str, port: int) -> None:
    """Raises Unreachable for an address that cannot be listened on."""
    try:
        family, kind, protocol, _, address = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)[0]
        with socket.socket(family, kind, protocol) as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            probe.bind(address)
    except OSError as error:
        raise Unreachable("cli_address_taken", str(error), host=host, port=port) from error


def said(address: str, as_json: bool) -> None:
    if as_json:
        document({"address": address})
    else:
        click.echo(both("cli_serving", address=address))
