"""What the operator sees of each request: a line in the log, metrics, and a trace.

Nothing of it holds a password, a token or the value of a variable.
"""

import re
import time
import uuid
from dataclasses import dataclass, field

import graphql
import sqlalchemy as sa
import structlog
from flask import Flask, Response, current_app, g, has_request_context, request

from app.engine import db, metrics, tracing

SENSIBLE_ID = re.compile(r"[\w.-]{1,64}", re.ASCII)
ASKED_BY_PLATFORMS = ("/livez", "/readyz", "/metrics")

logger = structlog.get_logger(__name__)


@dataclass
class Tally:
    """What is known of the request that runs."""

    started: float = field(default_factory=time.perf_counter)
    operation: str = "other"  # its kind and its first field: the schema's words, not the client's
    name: str | None = None  # which the client gave it
    outcome: str = "ok"
    statements: int = 0


def init_app(app: Flask) -> None:
    """Watch the requests, the statements and the connections of an app."""
    app.before_request(begin)
    app.after_request(end)
    app.teardown_request(lambda error: structlog.contextvars.clear_contextvars())
    slow = app.config["SLOW_STATEMENT_MILLISECONDS"]
    with app.app_context():
        engine = db.engine
    sa.event.listen(engine, "before_cursor_execute", statement_begins)
    sa.event.listen(engine, "after_cursor_execute", lambda c, _, s, *__: statement_ends(slow, c, s))
    sa.event.listen(
        engine, "handle_error", lambda e: statement_ends(slow, e.connection, e.statement)
    )
    sa.event.listen(engine, "checkout", taken)
    sa.event.listen(engine, "checkin", given_back)
    metrics.POOL.set(app.config["DATABASE_POOL_SIZE"])
    tracing.init_app(app)


def begin() -> None:
    """Begin to count, under the id that a proxy of ours gave the request, or a new one."""
    g.tally = Tally()
    given = request.headers.get("X-Request-ID", "")
    trusted = current_app.config["TRUSTED_PROXIES"] and SENSIBLE_ID.fullmatch(given)
    g.request_id = given if trusted else uuid.uuid4().hex
    structlog.contextvars.bind_contextvars(request_id=g.request_id)


def runs(operation: graphql.OperationDefinitionNode) -> None:
    """Note which operation the request asks for; its document is valid."""
    first = operation.selection_set.selections[0]
    field_name = first.name.value if isinstance(first, graphql.FieldNode) else "…"
    g.tally.operation = f"{operation.operation.value} {field_name}"
    g.tally.name = operation.name and operation.name.value


def end(response: Response) -> Response:
    """Tell the log, the metrics and the trace how the request went."""
    tally: Tally = g.tally
    seconds = time.perf_counter() - tally.started
    response.headers["X-Request-ID"] = g.request_id
    if request.path in ASKED_BY_PLATFORMS:
        return response
    metrics.REQUESTS.labels(tally.operation, tally.outcome).inc()
    metrics.DURATION.labels(tally.operation).observe(seconds)
    metrics.STATEMENTS.labels(tally.operation).observe(tally.statements)
    tracing.name(tally.operation, tally.outcome)
    logger.info(
        "request",
        method=request.method,
        path=request.path[:200],
        status=response.status_code,
        operation=tally.operation,
        name=tally.name,
        outcome=tally.outcome,
        user_id=g.get("user_id"),
        duration_ms=round(seconds * 1000, 1),
        statements=tally.statements,
    )
    return response


def taken(connection, record, fairy) -> None:
    """Count a connection that is in use."""
    record.record_info["taken"] = True
    metrics.CONNECTIONS.inc()


def given_back(connection, record) -> None:
    """Count it no more; one that could not be replaced comes back without having been taken."""
    if record.record_info.pop("taken", False):
        metrics.CONNECTIONS.dec()


def statement_begins(connection, cursor, statement, parameters, context, many) -> None:
    """Note when."""
    connection.info["began"] = time.perf_counter()


def statement_ends(slow: float, connection: sa.Connection | None, statement: str | None) -> None:
    """Count a statement, also one that failed; log it where it took long, without its values."""
    began = connection.info.pop("began", None) if connection and statement else None
    if began is None:
        return  # it was none, or was never sent
    seconds = time.perf_counter() - began
    text = " ".join(statement.split())
    tally = g.get("tally") if has_request_context() else None
    if tally:
        tally.statements += 1
        tracing.statement(text, seconds)
    if seconds * 1000 > slow:
        metrics.SLOW.inc()
        logger.warning(
            "slow statement",
            statement=text,
            operation=tally and tally.operation,
            name=tally and tally.name,
            duration_ms=round(seconds * 1000, 1),
        )
