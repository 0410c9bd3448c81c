"""Who waits behind a migration that waits for a backup, as the page about migrations tells it."""

import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from tools import facts, postgres, sample, steps

HERE = Path(__file__).parent
STEP = steps.find("10-serverless")
UPGRADE = (sys.executable, "-m", "flask", "--app", "manage", "db", "upgrade")


@pytest.fixture
def behind(tmp_path):
    """Upgrade a copy of step 10 behind a backup; return what was said, and a visitor's seconds."""
    folder = steps.copy(STEP.folder, tmp_path / "copy")
    with postgres.scratch() as server, postgres.new_database(server, "behind") as url:
        environment = {**os.environ, "DATABASE_URL": url}
        sample.prepare(STEP, folder, url)

        def run(*versions):
            for version in versions:
                shutil.copy(HERE / "versions" / version, folder / "migrations" / "versions")
            done = subprocess.run(
                [sys.executable, HERE / "behind.py", *UPGRADE],
                cwd=folder,
                env=environment,
                check=True,
                stdout=subprocess.PIPE,
                stderr=subprocess.STDOUT,
                text=True,
                timeout=60,
            )
            return done.stdout, float(re.search(r"visitor waited for (\S+) s", done.stdout)[1])

        run.folder, run.url = folder, url
        yield run


def test_whoever_comes_later_waits_behind_a_migration(behind):
    """As long as the backup goes on."""
    said, seconds = behind("0008_rename.py")

    assert "The command succeeded, " in said
    facts.state("behind_a_migration_seconds", seconds)


def test_with_patience_a_migration_gives_way(behind):
    """With the env.py of final/, the visitor waits for as long as that says; nothing is changed."""
    shutil.copy(steps.FINAL.folder / "migrations" / "env.py", behind.folder / "migrations")
    said, seconds = behind("0008_rename.py")

    assert "Not done: ALTER TABLE animal RENAME name TO nickname" in said
    assert "The command failed, " in said
    facts.state("behind_a_patient_migration_seconds", seconds)


def test_nobody_waits_behind_an_index_that_is_made_concurrently(behind):
    """The migration itself waits until the backup is through."""
    shutil.copy(steps.FINAL.folder / "migrations" / "env.py", behind.folder / "migrations")
    shutil.copy(HERE / "versions" / "0008_expand.py", behind.folder / "migrations" / "versions")
    subprocess.run(
        UPGRADE, cwd=behind.folder, env={**os.environ, "DATABASE_URL": behind.url}, check=True
    )
    said, seconds = behind("0009_validate.py")

    assert float(re.search(r"succeeded, (\S+) s after", said)[1]) > 3.9
    assert seconds < 0.7
