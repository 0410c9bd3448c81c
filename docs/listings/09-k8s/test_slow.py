"""A statement that would take a minute ends after the seconds that a setting allows."""

import subprocess
import sys
from pathlib import Path

from tools import postgres, sample, steps

STEP = steps.find("09-k8s")
SCRIPT = Path(__file__).with_name("slow.py")


def test_a_slow_statement_is_ended_by_postgres():
    """With its own words, and in time."""
    with postgres.scratch() as server, postgres.new_database(server, "slow") as url:
        printed = subprocess.run(
            [sys.executable, SCRIPT],
            cwd=STEP.folder,
            env={**sample.environment(url), "STATEMENT_SECONDS": "1"},
            capture_output=True,
            text=True,
            check=True,
        ).stdout

    words, after = printed.splitlines()
    assert words == "canceling statement due to statement timeout"
    assert 1 <= float(after.split()[1]) < 30
