"""Loaders that requests share show what is no longer so; those of the step do not."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from tools import sample, steps

STEP = steps.find("08-dataloader")
SCRIPT = Path(__file__).with_name("stale.py")


@pytest.mark.parametrize(("patch", "seen"), [(None, 2), ("broken_shared.patch", 0)])
def test_grace_is_shown_the_name_that_ada_gave(tmp_path, scratch_database, patch, seen):
    """Or, with shared loaders, the one that Linus was shown before."""
    folder = steps.copy(STEP.folder, tmp_path / "step")
    if patch:
        environment = {**os.environ, "GIT_CEILING_DIRECTORIES": str(tmp_path)}
        apply = ["git", "apply", str(SCRIPT.with_name(patch))]
        subprocess.run(apply, cwd=folder, env=environment, check=True)
    sample.load(STEP, folder, scratch_database)

    printed = subprocess.run(
        [sys.executable, SCRIPT],
        cwd=folder,
        env=sample.environment(scratch_database),
        capture_output=True,
        text=True,
        check=True,
    ).stdout

    shown = [line.split(" ", 2)[2] for line in printed.replace(" makes it", " sees").splitlines()]
    assert len(set(shown)) == 2
    assert shown.index(shown[2]) == (1 if seen else 0)


@pytest.fixture
def scratch_database():
    """The URL of an empty database."""
    from tools import postgres

    with postgres.scratch() as server, postgres.new_database(server, "stale") as url:
        yield url
