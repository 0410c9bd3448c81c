"""What chapter 02 says of hashes, printed by the script that it shows."""

import subprocess
import sys
from pathlib import Path


def test_one_password_has_many_hashes_and_each_knows_it():
    """A hash tells its own method, and the right password from another."""
    script = Path(__file__).with_name("hashes.py")

    printed = subprocess.run([sys.executable, script], capture_output=True, text=True, check=True)

    values = [line.partition(": ")[2] for line in printed.stdout.splitlines()]
    assert values == ["scrypt:32768:8:1", "False", "True", "False"]
