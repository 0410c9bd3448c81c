"""Each solution of an exercise is a patch; it applies to its step, and passes tests of its own."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from tools import steps

LISTINGS = steps.ROOT / "docs" / "listings"
STEPS = {step.name: step.folder for step in steps.STEPS}
# Other chapters are about the repository.
STEPS |= dict.fromkeys(("12-rate-limiting", "13-ddos"), steps.FINAL.folder)
# A broken_*.patch is a mistake on a page; one with a test beside it is an interim state.
SOLUTIONS = [
    patch
    for patch in sorted(LISTINGS.glob("*/*.patch"))
    if not patch.stem.startswith("broken_")
    and not patch.with_name(f"test_{patch.stem}.py").exists()
]


@pytest.mark.parametrize("patch", SOLUTIONS, ids=lambda path: f"{path.parent.name}/{path.stem}")
def test_a_solution_passes_its_tests(patch: Path, tmp_path, database):
    """The hidden test fails on the step as it is, and passes once the patch is applied."""
    folder = steps.copy(STEPS.get(patch.parent.name, steps.ROOT), tmp_path / "copy")
    hidden = folder / "tests" / f"test_{patch.stem}.py"
    shutil.copy(patch.with_name(f"hidden_{patch.stem}.py"), hidden)

    def hidden_test_passes() -> bool:
        done = subprocess.run(
            [sys.executable, "-m", "pytest", "-q", str(hidden)],
            cwd=folder,
            env={**os.environ, "TEST_DATABASE_URL": database},
            capture_output=True,
        )
        return done.returncode == 0

    assert not hidden_test_passes()
    subprocess.run(["git", "init", "--quiet"], cwd=folder, check=True)
    subprocess.run(["git", "apply", "--recount", str(patch)], cwd=folder, check=True)
    assert hidden_test_passes()


INTERIM = [p for p in sorted(LISTINGS.glob("*/*.py")) if not p.stem.startswith(("test", "hidden"))]


@pytest.mark.parametrize("listing", INTERIM, ids=lambda path: path.name)
def test_every_interim_state_has_a_test(listing: Path):
    """What nothing runs would rot."""
    assert listing.with_name(f"test_{listing.name}").exists()
