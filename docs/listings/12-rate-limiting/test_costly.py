"""What requests cost is counted together, and a minute has only so much."""

import re
import subprocess
import sys
from pathlib import Path

from tools import postgres, sample, steps


def test_costly_requests_are_answered_up_to_the_budget_and_no_further():
    """One more would be over it."""
    with postgres.scratch() as server, postgres.new_database(server, "costly") as url:
        sample.load(steps.FINAL, steps.FINAL.folder, url)
        printed = subprocess.run(
            [sys.executable, Path(__file__).with_name("costly.py")],
            cwd=steps.FINAL.folder,
            env=sample.environment(url),
            capture_output=True,
            text=True,
            check=True,
        ).stdout

    count, each, together = map(int, re.findall(r"\d+", printed.splitlines()[0]))
    assert (count * each, printed.splitlines()[1]) == (together, "the next: 429 RATE_LIMITED")
    assert together <= 20_000 < together + each
