"""`make audit` tells what is known of the locked packages, and where it could not ask.

Neither osv.dev nor npm's advisories can be reached from here. The first is played by a server of
this test that speaks as https://google.github.io/osv.dev/api says.
"""

import json
import re
import subprocess
import sys
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest

from tools import audit
from tools.steps import FINAL, ROOT

WEAKNESS = {
    "id": "PYSEC-2026-1",
    "modified": "2026-01-01T00:00:00Z",
    "published": "2026-01-01T00:00:00Z",
    "summary": "Flask opens every door.",
    "affected": [{"package": {"name": "flask", "ecosystem": "PyPI"}, "versions": ["3.1.3"]}],
}


class Osv(BaseHTTPRequestHandler):
    """Knows one weakness: Flask's."""

    def do_POST(self):
        """Answer a batch of queries."""
        queries = json.loads(self.rfile.read(int(self.headers["Content-Length"])))["queries"]
        names = [query["package"]["name"] for query in queries]
        known = [{"id": WEAKNESS["id"], "modified": WEAKNESS["modified"]}]
        self.say({"results": [{"vulns": known} if name == "flask" else {} for name in names]})

    def do_GET(self):
        """Tell all of the weakness."""
        self.say(WEAKNESS)

    def say(self, answer):
        """Answer with JSON."""
        self.send_response(200)
        self.send_header("Content-Type", "application/json")
        self.end_headers()
        self.wfile.write(json.dumps(answer).encode())

    def log_message(self, *_):
        """Say nothing else."""


@pytest.fixture
def osv():
    """The address of a service that knows weaknesses."""
    server = ThreadingHTTPServer(("127.0.0.1", 0), Osv)
    threading.Thread(target=server.serve_forever).start()
    yield f"http://127.0.0.1:{server.server_address[1]}/"
    server.shutdown()
    server.server_close()


def said(osv):
    """Return how `python -m tools audit` ends, and what it says."""
    done = subprocess.run(
        [sys.executable, "-m", "tools", "audit", "--osv", osv],
        cwd=ROOT,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        encoding="utf-8",
    )
    return done.returncode, done.stdout


def test_a_known_weakness_is_told_and_fails(osv):
    """By its name, its package and its words."""
    code, words = said(osv)

    assert code == 1
    assert WEAKNESS["id"] in words
    assert re.search(r"flask.*3\.1\.3", words)


def test_whoever_cannot_be_asked_is_named(free_port):
    """That nothing was found is not said."""
    address = f"http://127.0.0.1:{free_port()}/"

    code, words = said(address)

    assert code == 1
    assert f"Not asked: {address}" in words
    assert "No known weakness" not in words


def test_the_bill_of_materials_names_all_that_final_locks(tmp_path):
    """With the hashes of each, and nothing else."""
    listed = json.loads(audit.bill(tmp_path))["components"]

    pinned = dict(pin.split("==") for pin, _ in audit.PIN.findall(lock()))
    assert {one["name"]: one["version"] for one in listed} == pinned
    assert len(pinned) > 80
    assert all(one["externalReferences"][0]["hashes"] for one in listed)


def lock():
    """Return the lock of final/'s image."""
    return (FINAL.folder / "requirements.txt").read_text(encoding="utf-8")
