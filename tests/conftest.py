"""What the repository's tests share: `make run` as a process, free ports, own databases."""

import contextlib
import http.client
import itertools
import json
import os
import shutil
import signal
import subprocess
import sys
import tempfile
import time
import uuid
from pathlib import Path

import psutil
import pytest
from playwright.sync_api import Error

from tools import browser as chromium
from tools import postgres, workplace
from tools.steps import ROOT, SCRIPTS

PATIENCE = 90
UNCOMPILED = "PYTHONDONTWRITEBYTECODE"  # which costs each start of a large program seconds


def pytest_configure(config):
    """Make the steps' own environments from what is downloaded already."""
    os.environ.setdefault("UV_CACHE_DIR", str(ROOT / ".cache" / "uv"))


def missing(reason):
    """Leave a test out where this machine lacks something; in CI nothing may be lacking."""
    if os.environ.get("CI"):
        pytest.fail(reason)
    pytest.skip(reason)


class Run:
    """`python -m tools run` as a person starts it, and what it leaves behind."""

    def __init__(self, home, port, *arguments, **environment):
        self.port = port
        self.data = home / "data"
        self.log = home / f"{uuid.uuid4().hex}.log"
        inherited = {name: value for name, value in os.environ.items() if name != "DATABASE_URL"}
        with self.log.open("wb") as log:
            self.process = subprocess.Popen(
                [sys.executable, "-m", "tools", "run", "--port", str(port), *arguments],
                cwd=ROOT,
                env={**inherited, "DEMO_STACK_DATA": str(self.data), **environment},
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=subprocess.STDOUT,
                start_new_session=True,
            )

    @property
    def said(self):
        """All that it has printed."""
        return self.log.read_text(encoding="utf-8")

    def wait_until(self, happened):
        """Wait for something to be true; fail with what the run said where it never is."""
        deadline = time.monotonic() + PATIENCE
        while not happened():
            if time.monotonic() > deadline or self.process.poll() is not None:
                pytest.fail(f"exit code {self.process.poll()}, said:\n{self.said}")
            time.sleep(0.02)

    def ready(self):
        """Wait for the last line; return the run."""
        self.wait_until(lambda: "Ready: " in self.said)
        return self

    def interrupt(self):
        """Press Ctrl-C, which reaches the whole group; return the exit code."""
        os.killpg(self.process.pid, signal.SIGINT)
        return self.process.wait(PATIENCE)  # Postgres writes down what it has

    def end(self, number):
        """Send the process alone a signal; return its exit code."""
        self.process.send_signal(number)
        return self.process.wait(PATIENCE)  # Postgres writes down what it has

    def left(self):
        """Return the processes that its data or its port tell apart, by command or environment."""
        return [process for process in psutil.process_iter(["cmdline"]) if self.is_own(process)]

    def is_own(self, process):
        """Tell whether a process is the run's; Postgres writes over its environment."""
        words = process.info["cmdline"] or []
        pairs = list(itertools.pairwise(words))
        if ("--port", str(self.port)) in pairs:
            return True
        if any(a == "-D" and b.startswith(str(self.data)) for a, b in pairs):
            return True
        with contextlib.suppress(psutil.Error):
            return process.environ().get("DEMO_STACK_DATA") == str(self.data)
        return False

    def kill(self):
        """End all that is still there."""
        self.process.kill()
        self.process.wait(30)
        for found in self.left():
            with contextlib.suppress(psutil.NoSuchProcess):
                for process in [*found.children(recursive=True), found]:
                    process.kill()
        (ROOT / ".cache" / "run" / f"{self.port}.json").unlink(missing_ok=True)


@pytest.fixture
def home():
    """A folder for a run's data, with a path short enough for a socket."""
    folder = Path(tempfile.mkdtemp(prefix="run-"))
    yield folder
    shutil.rmtree(folder, ignore_errors=True)


@pytest.fixture
def start(home):
    """Start `tools run`; whatever is left of it at the end of the test is ended."""
    runs = []

    def begin(port, *arguments, **environment):
        runs.append(Run(home, port, *arguments, **environment))
        return runs[-1]

    yield begin
    for run in runs:
        run.kill()


@pytest.fixture
def free_port():
    """Return a port that is free, and its neighbour too."""
    return workplace.free_port


@pytest.fixture
def fetch():
    """Ask a server of this machine; return the status and the body."""

    def ask(port, path="/graphql", query=None, **headers):
        connection = http.client.HTTPConnection("127.0.0.1", port, timeout=30)
        body = json.dumps({"query": query}) if query else None
        kind = {"Content-Type": "application/json"} if query else {}
        connection.request("POST" if query else "GET", path, body, {**kind, **headers})
        response = connection.getresponse()
        answer = response.status, response.read()
        connection.close()
        return answer

    return ask


LIST = "{ animals { name } }"
PAGE = "{ animals(first: 50, after: %s) { nodes { name } pageInfo { hasNextPage endCursor } } }"


@pytest.fixture
def animals(fetch):
    """Return the names of a server's animals, in its order; from step 07 on they come in pages."""

    def ask(port, query):
        return json.loads(fetch(port, query=query)[1]).get("data", {}).get("animals")

    def names(port):
        listed = ask(port, LIST)
        if listed is None:
            listed, info = [], {"hasNextPage": True, "endCursor": None}
            while info["hasNextPage"]:
                page = ask(port, PAGE % json.dumps(info["endCursor"]))
                listed, info = listed + page["nodes"], page["pageInfo"]
        return [animal["name"] for animal in listed]

    return names


@pytest.fixture(scope="session")
def postgres_server():
    """The URL of a Postgres server for tests."""
    with postgres.scratch() as url:
        yield url


@pytest.fixture
def database(postgres_server):
    """The URL of an empty database, which is dropped at the end."""
    with postgres.new_database(postgres_server, "repository") as url:
        yield url


@pytest.fixture
def needs():
    """Leave the test out, and say why, unless the machine has what it needs."""

    def check(there, reason):
        if not there:
            missing(reason)

    return check


@pytest.fixture
def browser(needs):
    """Headless Chromium."""
    needs(chromium.find(), "Chromium is not installed")
    with chromium.opened() as running:
        yield running


@pytest.fixture
def browser_page(browser):
    """A page of headless Chromium."""
    return browser.new_page()


CHANGED = "ERR_NETWORK_CHANGED"  # Chromium's word for containers that come and go beside it


@pytest.fixture
def visit():
    """Open a page, and again where the machine's network changed in the middle of it."""

    def go(tab, url, *told):
        failed = []
        tab.on("requestfailed", lambda request: failed.append(str(request.failure)))
        for _ in range(5):
            for words in (failed, *told):
                words.clear()
            try:
                tab.goto(url, wait_until="networkidle")
            except Error as error:
                if CHANGED not in str(error):
                    raise
                failed.append(str(error))
            if not any(CHANGED in words for words in failed):
                return
        pytest.fail("The machine's network never stood still.")

    return go


@pytest.fixture(scope="session")
def policy_report(tmp_path_factory):
    """Return what checkov finds in a file; it lives in an environment of its own."""
    folder = tmp_path_factory.mktemp("policy") / "venv"
    python, lock = folder / SCRIPTS / "python", ROOT / "tests" / "policy" / "requirements.txt"
    uv = [sys.executable, "-m", "uv"]
    install = [*uv, "pip", "install", "--quiet", "--python", str(python), "--require-hashes"]
    subprocess.run([*uv, "venv", "--quiet", str(folder)], check=True)
    subprocess.run([*install, "--requirement", str(lock)], check=True)

    def find(file, framework):
        options = ["--framework", framework, "--output", "json", "--skip-download", "--quiet"]
        done = subprocess.run(
            [python, "-m", "checkov.main", "--file", str(file), *options],
            env={name: value for name, value in os.environ.items() if name != UNCOMPILED},
            capture_output=True,
            text=True,
        )
        return json.loads(done.stdout)

    return find
