"""How Postgres reads pages of many lists is as chapter 08 says."""

import re
import subprocess
import sys
from pathlib import Path

from tools import postgres, sample, steps

SCRIPT = Path(__file__).with_name("plan.py")


def test_a_lateral_join_stops_where_numbering_reads_on():
    """Eleven rows for each of fifty users, against all that they have."""
    with postgres.scratch() as server:
        printed = subprocess.run(
            [sys.executable, SCRIPT],
            cwd=steps.find("08-dataloader").folder,
            env=sample.environment(server),
            capture_output=True,
            text=True,
            check=True,
        ).stdout

    assert "JOIN LATERAL" in printed
    read = re.findall(r"on animal \(actual rows=(\d+)\.00 loops=(\d+)\)", printed)
    assert read == [("11", "50"), ("10000", "1")]
