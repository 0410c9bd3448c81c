"""The interim state of chapter 01 runs as the page says."""

import subprocess
import sys
from pathlib import Path


def test_in_memory_answers_without_server_or_database():
    """One query, one answer, from a list in the code."""
    script = Path(__file__).with_name("in_memory.py")

    printed = subprocess.run([sys.executable, script], capture_output=True, text=True, check=True)

    assert printed.stdout.strip() == "{'animals': [{'name': 'Otto'}, {'name': 'Ada'}]}"
