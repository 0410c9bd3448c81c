"""What chapter 08 says of its measurements is so, whatever the machine."""

import os
import re
import subprocess
import sys
from pathlib import Path

from tools import postgres, sample, steps

SCRIPT = Path(__file__).with_name("measure.py")
PATCH = SCRIPT.with_name("async.patch")
COUNTS = [0, 3, 1, 3]


def test_promises_cost_more_time_than_rows_that_came_together(tmp_path):
    """As many statements, and the large query takes longer, by the best of thirty tries."""
    before, after = steps.find("07-pagination"), steps.find("08-dataloader")
    folder = steps.copy(before.folder, tmp_path / "async")
    environment = {**os.environ, "GIT_CEILING_DIRECTORIES": str(tmp_path)}
    subprocess.run(["git", "apply", str(PATCH)], cwd=folder, env=environment, check=True)
    times = {}
    with postgres.scratch() as server:
        for way, place in (("promises", folder), ("together", after.folder)):
            printed = subprocess.run(
                [sys.executable, SCRIPT],
                cwd=place,
                env=sample.environment(server),
                capture_output=True,
                text=True,
                check=True,
            ).stdout
            found = re.findall(r" (\d+)  (\d\.\d+) s$", printed, flags=re.MULTILINE)
            assert [int(number) for number, _ in found] == COUNTS
            times[way] = [float(time) for _, time in found]

    assert times["promises"][-1] > times["together"][-1]
