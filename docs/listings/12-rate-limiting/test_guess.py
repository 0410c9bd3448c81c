"""Whoever guesses ada's password gets in where nobody counts, and where each counts by itself."""

import subprocess
import sys
from pathlib import Path

import pytest

from tools import postgres, sample, steps

HERE = Path(__file__).parent


@pytest.fixture(scope="module")
def database():
    """The URL of a database with final/'s sample."""
    with postgres.scratch() as server, postgres.new_database(server, "guess") as url:
        sample.load(steps.FINAL, steps.FINAL.folder, url)
        yield url


@pytest.fixture
def said(database):
    """Return what a script prints in final/."""

    def run(script, *words):
        done = subprocess.run(
            [sys.executable, HERE / script, *words],
            cwd=steps.FINAL.folder,
            env=sample.environment(database),
            capture_output=True,
            text=True,
        )
        assert done.returncode == 0, done.stderr
        return done.stdout

    return run


@pytest.mark.parametrize(("mode", "looked_at"), [("aliases", 5), ("machines", 20), ("redis", 5)])
def test_as_many_passwords_are_looked_at_as_there_are_counts(said, mode, looked_at):
    """Five for each; hers is the twentieth."""
    if mode == "redis" and not postgres.docker_answers():
        pytest.skip("Docker does not answer")
    opened = "open" if looked_at == 20 else "not open"

    printed = said("guess.py", mode)

    assert f"passwords tried: 20, looked at: {looked_at}\n" in printed
    assert printed.endswith(f"the account is {opened}\n")
