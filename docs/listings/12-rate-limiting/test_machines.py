"""The machines of chapter 12 answer while they are wanted, and are gone afterwards."""

import subprocess
import sys
from pathlib import Path

from tools import steps

HERE = str(Path(__file__).parent)
SCRIPT = f"""
import sys
sys.path.insert(0, {HERE!r})
from machines import asked, machines
with machines(2) as ports:
    print(len(set(ports)), [asked(port, path="/livez")[0] for port in ports])
print([asked(port, path="/livez")[0] for port in ports])
"""


def test_as_many_machines_as_asked_for_answer_and_none_is_left():
    """Each at a port of its own."""
    done = subprocess.run(
        [sys.executable, "-c", SCRIPT],
        cwd=steps.FINAL.folder,
        capture_output=True,
        text=True,
        check=True,
    )

    assert done.stdout == "2 [200, 200]\n[0, 0]\n"
