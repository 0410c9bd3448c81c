"""The time that a request has: what it asks of the database is answered within it, or ended."""

import contextlib
import math
import time
from typing import Any

import psycopg
import sqlalchemy as sa
from flask import Flask, abort, current_app, g, has_app_context, request

from app.engine import asker, db, errors, metrics


class Patient(psycopg.Connection):
    """A connection that gives a hanging Postgres up: one that would end no statement either."""

    def wait(self, gen: Any, interval: float = 0.1, timeout: float | None = None) -> Any:
        """Wait for an answer; raise OperationalError a second after it should have come."""
        if left() < math.inf:
            timeout = 1 + max(0, min(left(), current_app.config["STATEMENT_SECONDS"]))
        try:
            return super().wait(gen, interval, timeout)
        except psycopg.errors._WaitTimeout:  # which has no public name
            self.close()
            raise psycopg.OperationalError("Postgres does not answer") from None


def init_app(app: Flask) -> None:
    """Give each request of an app its time."""
    app.before_request(begin)
    with app.app_context():
        sa.event.listen(db.engine, "before_cursor_execute", bound)
        sa.event.listen(db.engine, "do_connect", connected)


def begin() -> None:
    """Set the moment after which this request begins no statement."""
    g.deadline = time.monotonic() + current_app.config["REQUEST_SECONDS"]


def refuse_late() -> None:
    """Refuse, with 503 and little work, a request that has waited too long for a thread.

    Where more is asked than can be answered, whoever is let in is answered soon; and strangers are
    refused sooner than people who have logged in.
    """
    setting = f"{asker.kind()}_QUEUE_MILLISECONDS"
    if request.environ.get("zoo.waited", 0) * 1000 > current_app.config[setting]:
        metrics.REFUSED.labels(setting).inc()
        abort(503, "Too much is asked at once; try again in a moment.", retry_after=1)


def left() -> float:
    """Return the seconds that this request has left; outside of one there is no end to them."""
    if has_app_context() and "deadline" in g:
        return g.deadline - time.monotonic()
    return math.inf


def refuse_begun() -> None:
    """Raise ServiceUnavailable where this request has no time left."""
    if left() <= 0:
        raise errors.ServiceUnavailable("This took too long; ask for less, or try again later.")


def connected(dialect, record, cargs: list[Any], cparams: dict[str, Any]) -> Patient:
    """Return a new connection; raise ServiceUnavailable where it is too late for one."""
    refuse_begun()
    return Patient.connect(*cargs, **cparams)


def bound(connection: sa.Connection, cursor, *_) -> None:
    """Give a statement what is left of its request's time; raise ServiceUnavailable after it."""
    refuse_begun()
    seconds = left()
    # Postgres gives each statement so much anyway, and a transaction's own setting ends with it.
    if seconds < math.inf and seconds < current_app.config["STATEMENT_SECONDS"]:
        # On a connection that is lost, the statement itself says so.
        with contextlib.suppress(connection.dialect.dbapi.Error):
            cursor.connection.execute(f"SET LOCAL statement_timeout = {int(seconds * 1000) + 1}")
