"""Many addresses in a header are one address; believing the header, they would be many."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from tools import postgres, sample, steps

HERE = Path(__file__).parent


@pytest.mark.parametrize(
    ("patch", "statuses"),
    [(None, "120 times 200\n10 times 429\n"), ("broken_forwarded.patch", "130 times 200\n")],
)
def test_a_header_makes_another_address_only_where_it_is_believed(tmp_path, patch, statuses):
    """Each of 130 requests says that it comes from elsewhere."""
    folder = steps.copy(steps.FINAL.folder, tmp_path / "final")
    if patch:
        environment = {**os.environ, "GIT_CEILING_DIRECTORIES": str(tmp_path)}
        subprocess.run(["git", "apply", HERE / patch], cwd=folder, env=environment, check=True)
    with postgres.scratch() as server, postgres.new_database(server, "dodge") as url:
        sample.prepare(steps.FINAL, folder, url)
        done = subprocess.run(
            [sys.executable, HERE / "dodge.py"],
            cwd=folder,
            env=sample.environment(url),
            capture_output=True,
            text=True,
        )

    assert (done.stdout, done.stderr) == (statuses, "")
