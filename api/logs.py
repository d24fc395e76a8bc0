"""The log of the service: one line an event on standard error, JSON for collectors or text for a terminal.

Commands do not log, they speak to people (`cli.output`); this is for `serve`.
"""

import logging
import sys

import orjson
import structlog
from structlog.types import EventDict, Processor, WrappedLogger

from store.settings import ServiceSettings


def configure(settings: ServiceSettings) -> None:
    """Send everything that is logged in this process, also by libraries, to standard error in one form."""
    as_text = settings.log_format == "text" or (settings.log_format == "auto" and sys.stderr.isatty())
    shared: list[Processor] = [
        structlog.contextvars.merge_contextvars,
        structlog.stdlib.add_log_level,
        structlog.stdlib.add_logger_name,
        structlog.stdlib.ExtraAdder(),
        _without_copies,
        structlog.processors.TimeStamper(fmt="iso", utc=not as_text),
    ]
    last = ([structlog.dev.ConsoleRenderer(colors=sys.stderr.isatty())] if as_text else
            [structlog.processors.format_exc_info, structlog.processors.JSONRenderer(serializer=_json)])
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(structlog.stdlib.ProcessorFormatter(
        foreign_pre_chain=shared,
        processors=[structlog.stdlib.ProcessorFormatter.remove_processors_meta, *last]))
    root = logging.getLogger()
    root.handlers[:] = [handler]
    root.setLevel(settings.log_level.upper())
    # What servers and libraries tell of every step is for those who look for a fault.
    for name in ("uvicorn", "uvicorn.error", "elastic_transport", "httpx"):
        logging.getLogger(name).setLevel(logging.DEBUG if settings.log_level == "debug" else logging.WARNING)


def _without_copies(_logger: WrappedLogger, _method: str, event: EventDict) -> EventDict:
    """uvicorn repeats its message with colours in a field of its own."""
    event.pop("color_message", None)
    return event


def _json(value: object, **_options: object) -> str:
    return orjson.dumps(value, default=str, option=orjson.OPT_NON_STR_KEYS).decode()
