"""What one nested query costs is counted as the page of chapter 05 says."""

import re
import subprocess
import sys
from pathlib import Path

from tools import facts, postgres, sample, steps

STEP = steps.find("05-relations")


def test_a_nested_query_asks_once_for_each_zoo_and_once_for_each_owner():
    """One statement for the zoos, one for each zoo's animals, one for each owner, however many."""
    script = Path(__file__).with_name("statements.py")
    with postgres.scratch() as server, postgres.new_database(server, "statements") as url:
        sample.load(STEP, STEP.folder, url)
        printed = subprocess.run(
            [sys.executable, script],
            cwd=STEP.folder,
            env=sample.environment(url),
            capture_output=True,
            text=True,
            check=True,
        ).stdout

    zoos, animals, total, one, lists, owners = map(int, re.findall(r"\d+", printed))
    assert (one, lists) == (1, zoos)
    assert total == 1 + zoos + owners < animals
    facts.state("relations_zoos", zoos)
    facts.state("relations_animals", animals)
    facts.state("relations_owners", owners)
    facts.state("relations_statements", total)
