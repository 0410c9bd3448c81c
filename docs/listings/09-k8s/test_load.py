"""The load counts each read once, by what came of it."""

import http.server
import itertools
import json
import threading
import time
from pathlib import Path

import pytest

ANSWERS = [
    (200, {"data": {"animals": {"nodes": []}}}),
    (200, {"data": None, "errors": [{"extensions": {"code": "SERVICE_UNAVAILABLE"}}]}),
    (502, None),
    (0, None),
    (200, "cut"),
]


@pytest.fixture
def load(monkeypatch):
    """The listing, found as Python finds it."""
    monkeypatch.syspath_prepend(str(Path(__file__).parent))
    import load

    return load


@pytest.fixture
def server():
    """A server whose answers come round again; one is none, and one ends in the middle."""
    turns = itertools.cycle(ANSWERS)

    class Answering(http.server.BaseHTTPRequestHandler):
        def do_GET(self):
            status, body = next(turns)
            if status:
                self.send_response(status)
                if body == "cut":
                    self.send_header("Content-Length", "100")
                self.end_headers()
                self.wfile.write(json.dumps(body).encode() if body else b"<html>")

        def log_message(self, *_):
            pass

    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), Answering) as running:
        threading.Thread(target=running.serve_forever).start()
        yield running.server_port
        running.shutdown()


def test_a_read_is_told_from_what_stood_in_its_way(load, server):
    """The app's code, a stranger's status; a connection that was closed unread is asked again."""
    said = [load.ask(server) for _ in range(4)]

    assert said == ["read", "SERVICE_UNAVAILABLE", "502, not from the app", "read"]


def test_a_load_knows_how_many_reads_failed_and_for_how_long(load, server):
    """From the first that failed to the last."""
    with load.Load(server) as running:
        while running.counts.total() < 100:
            time.sleep(0.01)

    assert 0 < running.failed < running.counts.total()
    assert running.failed == len(running.failed_at)
    assert 0 < running.seconds < 60


def test_a_server_that_is_not_there_gives_no_answer(load, server):
    """Which counts as a failure too."""
    assert load.ask(1) == "no answer"
