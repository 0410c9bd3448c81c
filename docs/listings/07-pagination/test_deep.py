"""The last of 5,000 pages costs the whole app what the first one does."""

import re
import subprocess
import sys
from pathlib import Path

import pytest

from tools import postgres, sample, steps

SCRIPT = Path(__file__).with_name("deep.py")
STEP = steps.find("07-pagination")


@pytest.fixture
def database():
    """The URL of an empty database."""
    with postgres.scratch() as server, postgres.new_database(server, "pages") as url:
        yield url


def test_the_last_page_takes_the_time_and_the_memory_of_the_first(database):
    """Within noise: three times at most; and less than a megabyte."""
    printed = subprocess.run(
        [sys.executable, SCRIPT],
        cwd=STEP.folder,
        env=sample.environment(database),
        capture_output=True,
        text=True,
        check=True,
    ).stdout

    pages = re.findall(r"page +([\d,]+): (\d+) rows, ([\d.]+) s, less than (\d+) MB", printed)
    assert [page[0] for page in pages] == ["1", "5,000"]
    assert {(rows, memory) for _, rows, _, memory in pages} == {("20", "1")}
    first, last = (float(seconds) for _, _, seconds, _ in pages)
    assert last < 3 * first
