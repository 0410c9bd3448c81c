"""What Prometheus reads: how many requests there were, how long they took, what they needed.

A label has few values, and none that a client chooses: of an operation, the name of its first
field; of its end, `ok` or an error's code.
"""

import hmac
import os

from flask import Blueprint, Response, abort, current_app, request
from prometheus_client import (
    REGISTRY,
    CollectorRegistry,
    Counter,
    Gauge,
    Histogram,
    exposition,
    multiprocess,
)

REQUESTS = Counter("zoo_requests", "Requests that were answered.", ["operation", "outcome"])
DURATION = Histogram("zoo_request_duration_seconds", "Until the answer was made.", ["operation"])
STATEMENTS = Histogram(
    "zoo_request_statements",
    "SQL statements that one request needed.",
    ["operation"],
    buckets=(0, 1, 2, 3, 5, 10, 20, 50),
)
SLOW = Counter("zoo_slow_statements", "SQL statements over SLOW_STATEMENT_MILLISECONDS.")
CONNECTIONS = Gauge("zoo_database_connections", "Connections in use.", multiprocess_mode="livesum")
POOL = Gauge(
    "zoo_database_pool_size", "Connections that may be in use.", multiprocess_mode="livesum"
)
REFUSED = Counter("zoo_refused", "Requests and mutations over a limit.", ["limit"])
LIMITS_IN_PROCESS = Gauge(
    "zoo_limits_in_process", "1 while Redis is away.", multiprocess_mode="livemax"
)

blueprint = Blueprint("metrics", __name__)


@blueprint.route("/metrics")
def show() -> Response:
    """Answer in Prometheus's text format, for all processes of this gunicorn together."""
    token = current_app.config["METRICS_TOKEN"]
    if not token and current_app.config["APP_ENV"] == "production":
        abort(404)
    given = request.headers.get("Authorization", "")
    if token and not hmac.compare_digest(given.encode(), f"Bearer {token}".encode()):
        abort(404)
    registry = REGISTRY
    if "PROMETHEUS_MULTIPROC_DIR" in os.environ:
        registry = CollectorRegistry()
        multiprocess.MultiProcessCollector(registry)
    shown = exposition.generate_latest(registry)
    return Response(shown, content_type=exposition.CONTENT_TYPE_LATEST)
