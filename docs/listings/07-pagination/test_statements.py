"""What a page costs is counted as the page of chapter 07 says."""

import re
import subprocess
import sys
from pathlib import Path

import pytest

from tools import facts, postgres, sample, steps

SCRIPT = Path(__file__).with_name("statements.py")
STEP = steps.find("07-pagination")


@pytest.fixture
def database():
    """The URL of an empty database."""
    with postgres.scratch() as server, postgres.new_database(server, "pages") as url:
        yield url


def test_a_page_is_one_statement_and_a_page_of_pages_one_for_each_row_more(database):
    """Twenty zoos ask twenty times for their animals, until chapter 08."""
    sample.load(STEP, STEP.folder, database)

    printed = subprocess.run(
        [sys.executable, SCRIPT],
        cwd=STEP.folder,
        env=sample.environment(database),
        capture_output=True,
        text=True,
        check=True,
    ).stdout

    page, nested = map(int, re.findall(r": (\d+)$", printed, flags=re.MULTILINE))
    facts.state("pages_statements", page)
    facts.state("pages_nested", nested)
