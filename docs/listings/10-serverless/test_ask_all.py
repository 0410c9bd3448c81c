"""Thirty instances without a pooler, as chapter 10 tries it first: some are refused."""

import subprocess
import uuid
from collections import Counter
from concurrent.futures import ThreadPoolExecutor

import pytest

from tools import facts, postgres, steps

STEP = steps.find("10-serverless")
LISTINGS = steps.ROOT / "docs" / "listings" / "10-serverless"
INSTANCES = 30


@pytest.fixture
def ask_all(monkeypatch):
    """The listing, found as Python finds it, with containers of its own."""
    monkeypatch.syspath_prepend(str(LISTINGS))
    monkeypatch.chdir(STEP.folder)
    monkeypatch.setenv("COMPOSE_PROJECT_NAME", f"test-ask-all-{uuid.uuid4().hex[:8]}")
    import ask_all

    return ask_all


@pytest.fixture
def instances(ask_all):
    """Start instances that know no pooler; remove them at the end."""
    if not postgres.docker_answers():
        pytest.skip("Docker does not answer")
    compose = ["docker", "compose", "--env-file", LISTINGS / "direct.env"]
    compose += ["--file", "serverless/local.yml"]
    up = ["up", "--build", "--detach", "--scale", f"api={INSTANCES}"]
    try:
        subprocess.run([*compose, *up], check=True, capture_output=True, timeout=300)
        yield ask_all.ports()
    finally:
        down = [*compose, "down", "--volumes", "--rmi", "local", "--timeout", "5"]
        subprocess.run(down, check=True, capture_output=True, timeout=300)


def test_without_a_pooler_the_first_who_come_keep_all_connections(ask_all, instances):
    """Whoever got one keeps it; the others are refused, and so is the database's own client."""
    with ThreadPoolExecutor(2 * INSTANCES) as clients:
        list(clients.map(ask_all.wait, instances))
        list(clients.map(ask_all.ask, instances * 2))
        counts = Counter(clients.map(ask_all.ask, instances))

    assert counts.keys() == {"answered", "SERVICE_UNAVAILABLE"}
    assert ask_all.lent() == "psql: FATAL:  sorry, too many clients already"
    facts.state("instances_refused", counts["SERVICE_UNAVAILABLE"])


@pytest.mark.parametrize(
    ("codes", "said"),
    [
        (["answered", "answered"], ["answered: all of 8"]),
        (
            ["answered", "SERVICE_UNAVAILABLE"],
            ["answered: some of 8", "SERVICE_UNAVAILABLE: some of 8"],
        ),
    ],
)
def test_who_is_answered_is_counted(ask_all, monkeypatch, capsys, codes, said):
    """Two instances, asked four times each."""
    monkeypatch.setattr(ask_all, "ports", lambda: [0, 1])
    monkeypatch.setattr(ask_all, "wait", lambda port: None)
    monkeypatch.setattr(ask_all, "ask", lambda port: codes[port])
    monkeypatch.setattr(ask_all, "compose", lambda *words: "15\n")

    ask_all.main()

    assert capsys.readouterr().out.splitlines() == [*said, "connections: 15 at most, of 25"]
