"""The command `zhuanti`. Commands import what they need when they run, so that `--help` answers at once.

Every failure ends here: a message in both languages on standard error (with `--json` also the error as the
one document on standard output) and the exit code of `store.errors`.
"""

import errno
import os
import sys
from collections.abc import Sequence
from contextlib import suppress

import click

from cli.commands import (
    comparing,
    decisions,
    deliveries,
    indexing,
    learning,
    ledger,
    moving,
    quarantine,
    searching,
    serving,
    taxonomies,
)
from cli.output import INTERRUPTED, document, lines_of, note
from cli.texts import both, manual
from ingest.garbage import collect_seldom
from store.errors import BadCall, Unreachable, ZhuantiError

COMMANDS = (deliveries.ingest, deliveries.status, ledger.deliveries, quarantine.rejects, searching.show,
            searching.search, searching.check, searching.export, indexing.reindex, indexing.label, taxonomies.taxonomy,
            serving.serve, serving.demo, moving.store)


@click.group(name="zhuanti", help=manual("zhuanti", "zhuanti demo"),
             context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(package_name="zhuanti", prog_name="zhuanti", help=both("cli_version"))
def group() -> None:
    pass


for command in COMMANDS:
    group.add_command(command)
for command in (decisions.decisions, comparing.compare, learning.train, learning.evaluate, learning.card_,
                learning.sheet):
    taxonomies.taxonomy.add_command(command)


def trouble(error: OSError) -> ZhuantiError:
    """A failure of the operating system as an error of ours: a full disk is a missing resource, a path a wrong call."""
    if error.errno in (errno.ENOSPC, errno.EDQUOT):
        return Unreachable("disk_full", str(error))
    return BadCall("cli_path_trouble", str(error), path=error.filename or "–")


def failed(error: ZhuantiError, as_json: bool) -> int:
    from api.failures import error_shape

    shape = error_shape(error)
    if as_json:
        with suppress(OSError):     # standard output itself may be what failed; standard error still says why
            document(shape)
    for line in lines_of(shape):
        note(line)
    return error.exit_code


def main(arguments: Sequence[str] | None = None) -> None:
    """Run the command line and exit with its code."""
    collect_seldom()
    given = list(sys.argv[1:] if arguments is None else arguments)
    as_json = "--json" in given
    try:
        # Not click's own main(): it would end a closed pipe with the exit code of "some input was rejected".
        with group.make_context("zhuanti", given) as context:
            group.invoke(context)
        sys.stdout.flush()
        sys.exit(0)
    except ZhuantiError as error:
        sys.exit(failed(error, as_json))
    except click.exceptions.Exit as error:
        sys.exit(error.exit_code)
    except click.exceptions.NoArgsIsHelpError as error:
        note(error.format_message())
        sys.exit(BadCall.exit_code)
    except click.ClickException as error:
        hint = error.ctx.command_path if isinstance(error, click.UsageError) and error.ctx else "zhuanti"
        sys.exit(failed(BadCall("cli_usage", error.format_message(), command=hint), as_json))
    except (click.Abort, KeyboardInterrupt):
        note(both("cli_interrupted"))
        sys.exit(INTERRUPTED)
    except BrokenPipeError:
        # The reader went away (`| head`): nothing is wrong, and nothing more can be said on standard output.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        sys.exit(0)
    except OSError as error:
        sys.exit(failed(trouble(error), as_json))


if __name__ == "__main__":
    main()
