"""Two migrations at the same moment both end well, on a database that has had none."""

import subprocess
import sys
from pathlib import Path

from tools import postgres, sample, steps

STEP = steps.find("09-k8s")
SCRIPT = Path(__file__).with_name("together.py")


def test_two_migrations_at_once_both_end_well():
    """And the tables are there."""
    with postgres.scratch() as server, postgres.new_database(server, "together") as url:
        environment = sample.environment(url)
        told = {"cwd": STEP.folder, "env": environment, "capture_output": True, "text": True}
        printed = subprocess.run([sys.executable, SCRIPT], check=True, **told).stdout
        flask = [sys.executable, "-m", "flask", "--app", STEP.app]
        current = subprocess.run([*flask, "db", "current"], check=True, **told).stdout

    assert printed == "ended with 0 0\n"
    assert "(head)" in current
