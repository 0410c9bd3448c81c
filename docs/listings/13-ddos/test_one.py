"""What a thousand names for one list cost, where they run and where they are refused."""

import subprocess
import sys
from pathlib import Path

import pytest

from tools import postgres, sample, steps

SCRIPT = Path(__file__).with_name("one.py")


@pytest.mark.parametrize(
    ("name", "statements", "said"),
    [("10-serverless", 1001, "no error"), ("final", 0, "TOO_COMPLEX")],
)
def test_a_thousand_lists_are_loaded_where_nobody_counts_them(name, statements, said):
    """And not one where somebody does."""
    step = next(s for s in (*steps.STEPS, steps.FINAL) if s.name == name)
    with postgres.scratch() as server, postgres.new_database(server, "one") as url:
        sample.load(step, step.folder, url)
        done = subprocess.run(
            [sys.executable, SCRIPT],
            cwd=step.folder,
            env=sample.environment(url),
            capture_output=True,
            text=True,
            check=True,
        )

    assert f"statements: {statements}, " in done.stdout
    assert done.stdout.rstrip().endswith(said)
