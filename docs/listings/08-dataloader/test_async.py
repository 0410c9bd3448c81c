"""The interim state of chapter 08: step 07 with loaders whose promises an event loop keeps."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

from tools import postgres, steps

PATCH = Path(__file__).with_name("async.patch")
BATCHES = "tests/test_batches.py"
SHOWN_LATE = "test_what_a_mutation_changed_is_shown_by_the_next"
STALE = """async.patch no longer fits steps/07-pagination. To make it anew: copy 07 into a folder,
commit it there (`git init`), put step 08's app/types, app/schema and app/engine/pages.py over it,
and loaders.py from here into app/engine; `git apply --reject` brings the rest. Then
`git add --all`, and `git diff --cached -U1 --output=async.patch` writes the new one."""


def test_promises_cost_as_many_statements_as_the_finished_step(tmp_path):
    """The patch fits, and passes the tests of 07 that it touches, and all of 08's batches but one.

    What a mutation shows is promised, and kept when the next one has written already.
    """
    folder = steps.copy(steps.find("07-pagination").folder, tmp_path / "async")
    shutil.copy(steps.find("08-dataloader").folder / BATCHES, folder / BATCHES)
    environment = {**os.environ, "GIT_CEILING_DIRECTORIES": str(tmp_path)}
    tests = [
        BATCHES,
        f"--deselect={BATCHES}::{SHOWN_LATE}",
        "tests/test_walks.py",
        "tests/test_http.py",
    ]
    with postgres.scratch() as server, postgres.new_database(server, "async") as url:
        for command in (
            ["git", "apply", str(PATCH)],
            [sys.executable, "-m", "pytest", "-q", *tests],
        ):
            done = subprocess.run(
                command,
                cwd=folder,
                env={**environment, "TEST_DATABASE_URL": url},
                capture_output=True,
                text=True,
                encoding="utf-8",
            )
            assert done.returncode == 0, f"{STALE}\n\n{done.stdout}{done.stderr}"


def test_the_resolvers_and_the_pages_are_those_of_the_finished_step(tmp_path):
    """What the patch writes into types, schema and pages, nobody has to write again."""
    finished = steps.find("08-dataloader").folder
    folder = steps.copy(steps.find("07-pagination").folder, tmp_path / "async")
    environment = {**os.environ, "GIT_CEILING_DIRECTORIES": str(tmp_path)}
    subprocess.run(["git", "apply", str(PATCH)], cwd=folder, env=environment, check=True)

    code = [path.relative_to(finished).as_posix() for path in finished.glob("app/**/*.py")]
    same = [n for n in code if (folder / n).read_bytes() == (finished / n).read_bytes()]
    assert set(code) - set(same) == {"app/engine/http.py", "app/engine/loaders.py"}


def test_promises_are_kept_in_time_where_each_mutation_is_async(tmp_path):
    """The one test that fails without that."""
    folder = steps.copy(steps.find("07-pagination").folder, tmp_path / "async")
    shutil.copy(steps.find("08-dataloader").folder / BATCHES, folder / BATCHES)
    environment = {**os.environ, "GIT_CEILING_DIRECTORIES": str(tmp_path)}
    subprocess.run(["git", "apply", str(PATCH)], cwd=folder, env=environment, check=True)
    command = [sys.executable, "-m", "pytest", "-q", BATCHES, "-k", SHOWN_LATE]

    def passes(url):
        told = {**environment, "TEST_DATABASE_URL": url}
        return subprocess.run(command, cwd=folder, env=told, capture_output=True).returncode == 0

    with postgres.scratch() as server, postgres.new_database(server, "async") as url:
        assert not passes(url)
        for path in (folder / "app" / "schema").glob("*.py"):
            text = path.read_text(encoding="utf-8")
            path.write_text(text.replace("def mutate(", "async def mutate("), encoding="utf-8")
        assert passes(url)
