"""npm's graphql-http audits each step's server for what GraphQL over HTTP demands."""

import json
import shutil
import subprocess
import sys
import time

import pytest

from tools import facts, sample
from tools.steps import FINAL, ROOT, SCRIPTS, STEPS

AUDITS = 61


@pytest.fixture
def server(request, database, free_port, fetch, tmp_path):
    """The port of a step's own server, on a database with the sample data."""
    step, port = request.param, free_port()
    sample.load(step, step.folder, database)
    log = tmp_path / "server.log"
    with log.open("wb") as output:
        process = subprocess.Popen(
            [sys.executable, "-m", "flask", "--app", step.app, "run", "--port", str(port)],
            cwd=step.folder,
            env=sample.environment(database),
            stdout=output,
            stderr=output,
        )
    deadline = time.monotonic() + 30
    while True:
        try:
            fetch(port, query="{ __typename }")
            break
        except ConnectionError:
            if process.poll() is not None or time.monotonic() > deadline:
                pytest.fail(log.read_text(encoding="utf-8"))
            time.sleep(0.1)
    yield port
    process.terminate()
    process.wait(10)


@pytest.mark.parametrize("server", [*STEPS, FINAL], ids=lambda step: step.name, indirect=True)
def test_a_server_passes_every_audit(server):
    """MUST, SHOULD and MAY, each is "ok"."""
    own = ROOT / ".venv" / SCRIPTS
    node = shutil.which("node", path=str(own)) or shutil.which("node") or "node"

    audit = subprocess.run(
        [node, "tests/audit.mjs", f"http://127.0.0.1:{server}/graphql"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        encoding="utf-8",
    )

    assert audit.returncode == 0, audit.stderr
    results = json.loads(audit.stdout)
    failed = [result for result in results if result["status"] != "ok"]
    assert failed == []
    assert len(results) == AUDITS
    facts.state("audits", len(results))
    facts.state("audits_passed", len(results) - len(failed))
