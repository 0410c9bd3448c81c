"""This folder's app on a few machines, played by processes of gunicorn, and how they are asked."""

import contextlib
import http.client
import json
import os
import socket
import subprocess
import sys
import time
from collections.abc import Iterator

PATIENCE = 60  # seconds until a machine answers
ONE = {"WEB_CONCURRENCY": "1"}  # process a machine


def free_port() -> int:
    """Return a port that nothing listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def asked(port: int, body: dict | None = None, path="/graphql", **headers: str) -> tuple[int, dict]:
    """Send a request; return the status and the answer; 0 where nobody is there."""
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=PATIENCE)
    headers = {name.replace("_", "-"): value for name, value in headers.items()}
    with contextlib.closing(connection), contextlib.suppress(OSError):
        text = json.dumps(body) if body else None
        connection.request(
            "POST" if body else "GET", path, text, {"Content-Type": "application/json", **headers}
        )
        response = connection.getresponse()
        return response.status, json.loads(response.read())
    return 0, {}


@contextlib.contextmanager
def machines(number: int = 1, **settings: str) -> Iterator[list[int]]:
    """Give the ports of that many machines."""
    ports = [free_port() for _ in range(number)]
    gunicorn = [sys.executable, "-m", "gunicorn", "manage:app", "--log-level", "error"]
    running = [
        subprocess.Popen(
            [*gunicorn, "--bind", f"127.0.0.1:{port}"],
            env={**os.environ, **ONE, **settings},
            stdout=subprocess.DEVNULL,
        )
        for port in ports
    ]
    try:
        deadline = time.monotonic() + PATIENCE
        while any(asked(port, path="/livez")[0] != 200 for port in ports):
            if time.monotonic() > deadline:
                raise TimeoutError
            time.sleep(0.1)
        # A process counts by the minutes of the clock. What is tried here is tried within one.
        left = 60 - time.time() % 60
        time.sleep(left if left < 20 else 0)
        yield ports
    finally:
        for process in running:
            process.terminate()
            process.wait(PATIENCE)
