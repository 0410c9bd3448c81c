"""The walk of chapter 07 meets every animal; with the broken cursor it does not."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from tools import postgres, sample, steps

SCRIPT = Path(__file__).with_name("walk.py")
PATCH = SCRIPT.with_name("broken_seconds.patch")
STEP = steps.find("07-pagination")


@pytest.fixture
def database():
    """The URL of an empty database."""
    with postgres.scratch() as server, postgres.new_database(server, "pages") as url:
        yield url


def test_a_cursor_in_seconds_loses_rows_and_says_nothing(database, tmp_path):
    """The walk ends as if all were well."""
    folder = steps.copy(STEP.folder, tmp_path / "step")
    sample.load(STEP, folder, database)

    def walked():
        done = subprocess.run(
            [sys.executable, SCRIPT],
            cwd=folder,
            env=sample.environment(database),
            capture_output=True,
            text=True,
            check=True,
        )
        return [int(word) for line in done.stdout.splitlines()[:-1] for word in line.split()]

    assert walked() == list(range(271, 0, -1))

    subprocess.run(
        ["git", "apply", str(PATCH)],
        cwd=folder,
        check=True,
        env={**os.environ, "GIT_CEILING_DIRECTORIES": str(tmp_path)},
    )
    met = walked()
    assert met == sorted(set(met), reverse=True)
    assert 251 not in met
    assert 250 in met
