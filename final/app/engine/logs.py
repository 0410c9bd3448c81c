"""Logs: a line of JSON for each event; on a terminal, a line for people."""

import logging
import re
import sys

import structlog
from flask import Flask
from structlog.tracebacks import ExceptionDictTransformer
from structlog.typing import EventDict, Processor

# Gunicorn's words about a request that is none, and about an accident; behind them it quotes.
QUOTING = re.compile(
    r"\A(Invalid request from .*?: [^:]*|Error handling request [^?]*).*", re.DOTALL
)


def init_app(app: Flask) -> None:
    """Log by structlog what this app and its libraries say, unless somebody else logs already."""
    handler = logging.StreamHandler()
    handler.setFormatter(formatter())
    logging.basicConfig(handlers=[handler])
    logging.getLogger().setLevel(app.config["LOG_LEVEL"])
    logging.getLogger("werkzeug").addFilter(tells_no_request)
    structlog.configure(
        processors=[*SHARED, structlog.stdlib.ProcessorFormatter.wrap_for_formatter],
        logger_factory=structlog.stdlib.LoggerFactory(),
        wrapper_class=structlog.stdlib.BoundLogger,
        cache_logger_on_first_use=True,
    )


def formatter() -> structlog.stdlib.ProcessorFormatter:
    """Return what makes a line of a record; gunicorn.conf.py names it for gunicorn's own."""
    return structlog.stdlib.ProcessorFormatter(
        processors=[
            structlog.stdlib.ProcessorFormatter.remove_processors_meta,
            *(FOR_PEOPLE if sys.stderr.isatty() else FOR_PROGRAMS),
        ],
        foreign_pre_chain=SHARED,
    )


def tells_no_request(record: logging.LogRecord) -> bool:
    """Leave out Flask's own line for a request: it has variables and signatures in its address."""
    return " - - [" not in record.msg


def first_lines(logger: logging.Logger, method: str, event: EventDict) -> EventDict:
    """Shorten each exception's text to its first line: Postgres tells values in the others."""
    told = list(event.get("exception", []))
    while told:
        exception = told.pop()
        exception["exc_value"] = exception["exc_value"].partition("\n")[0]
        told.extend(inner for group in exception["exceptions"] for inner in group)
    return event


def nothing_quoted(logger: logging.Logger, method: str, event: EventDict) -> EventDict:
    """Leave out what gunicorn quotes of a request: a token may be in it, or a variable's value."""
    event["event"] = QUOTING.sub(r"\1", str(event["event"]))
    return event


SHARED: list[Processor] = [
    structlog.contextvars.merge_contextvars,
    structlog.stdlib.add_log_level,
    structlog.stdlib.add_logger_name,
    structlog.stdlib.PositionalArgumentsFormatter(),
    nothing_quoted,
    structlog.processors.TimeStamper(fmt="iso"),
]
FOR_PEOPLE: list[Processor] = [
    structlog.dev.ConsoleRenderer(exception_formatter=structlog.dev.plain_traceback),
]
FOR_PROGRAMS: list[Processor] = [
    structlog.processors.ExceptionRenderer(ExceptionDictTransformer(show_locals=False)),
    first_lines,
    structlog.processors.JSONRenderer(ensure_ascii=False),
]
