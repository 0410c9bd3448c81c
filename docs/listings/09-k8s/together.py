"""Migrate this folder's database, twice at the same moment; say how both ended."""

import subprocess
import sys

UPGRADE = [sys.executable, "-m", "flask", "--app", "manage", "db", "upgrade"]

both = [subprocess.Popen(UPGRADE) for _ in range(2)]
print("ended with", *(one.wait() for one in both))
