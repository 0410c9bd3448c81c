"""A solution to the exercise "A line is an event"."""

import contextlib
import http.client
import json
import os
import socket
import subprocess
import sys
import time

PATIENCE = 60  # seconds until gunicorn answers
NOWHERE = "postgresql+psycopg://zoo:zoo@127.0.0.1:1/zoo"
QUERY = json.dumps({"query": "{ animals { name } }"})


def free_port():
    """Return a port on which nothing listens."""
    with socket.socket() as one:
        one.bind(("127.0.0.1", 0))
        return one.getsockname()[1]


def ask(port):
    """Send a request with quotes in its header; return the error's id, or None without a server."""
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=10)
    headers = {"Content-Type": "application/json", "User-Agent": 'a "quoted\\" one'}
    with contextlib.closing(connection), contextlib.suppress(ConnectionError):
        connection.request("POST", "/graphql", QUERY, headers)
        return json.load(connection.getresponse())["errors"][0]["extensions"]["id"]
    return None


def test_every_line_of_the_log_is_a_json_object():
    """A trace is inside of its line, a quote breaks none, and the error's id is found."""
    port = free_port()
    command = [sys.executable, "-m", "gunicorn", "--bind", f"127.0.0.1:{port}", "app:create_app()"]
    with subprocess.Popen(
        command,
        env={**os.environ, "DATABASE_URL": NOWHERE, "WEB_CONCURRENCY": "1"},
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    ) as server:
        deadline = time.monotonic() + PATIENCE
        while (error_id := ask(port)) is None and time.monotonic() < deadline:
            time.sleep(0.1)
        server.terminate()
        lines = [json.loads(line) for line in server.stdout.read().splitlines()]

    assert all({"level", "message"} <= set(line) for line in lines)
    [failed] = [line for line in lines if error_id in line["message"]]
    assert "OperationalError" in failed["trace"]
    assert any("POST /graphql" in line["message"] for line in lines)
