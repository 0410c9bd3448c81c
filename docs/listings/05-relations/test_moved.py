"""The interim state of chapter 05: step 04 in rooms of its own, before there are zoos."""

import os
import re
import subprocess
import sys
from pathlib import Path

from tools import postgres, steps

PATCH = Path(__file__).with_name("moved.patch")
STALE = """moved.patch no longer fits steps/04-heroku. To make it anew: copy 04 into a folder,
commit it there (`git init`), `git apply --reject` the old patch and do by hand what the *.rej files
say; then `git add --all`, and `git diff --cached -M35% --output=moved.patch` writes the new one."""

# All that the move may change in a test: what it imports, and whose the command `flask schema` is.
MAY_CHANGE = re.compile(
    r"\s*(from [\w.]+ import .+|import \w+|\[sys\.executable, .*\"schema\"\],"
    r"|def test_the_committed_schema_is_the_one_the_code_prints\(.*)?"
)


def test_what_was_moved_passes_the_tests_of_the_step_before(tmp_path):
    """The patch fits, and every test that there was passes on the files where they are now."""
    folder = steps.copy(steps.find("04-heroku").folder, tmp_path / "moved")
    environment = {**os.environ, "GIT_CEILING_DIRECTORIES": str(tmp_path)}
    with postgres.scratch() as server, postgres.new_database(server, "moved") as url:
        for command in (["git", "apply", str(PATCH)], [sys.executable, "-m", "pytest", "-q"]):
            done = subprocess.run(
                command,
                cwd=folder,
                env={**environment, "TEST_DATABASE_URL": url},
                capture_output=True,
                text=True,
                encoding="utf-8",
            )
            assert done.returncode == 0, f"{STALE}\n\n{done.stdout}{done.stderr}"


def test_the_move_changes_nothing_that_a_test_claims():
    """Imports, and the place of one command; the schema stays as it is, word for word."""
    files = re.split(r"^diff --git ", PATCH.read_text(encoding="utf-8"), flags=re.MULTILINE)[1:]
    tests = [text for text in files if text.startswith("a/tests/")]
    changes = [line[1:] for text in tests for line in re.findall(r"^[+-](?!--|\+\+).*", text, re.M)]

    assert len(tests) > 1
    assert [line for line in changes if not MAY_CHANGE.fullmatch(line)] == []
    assert not any(text.startswith("a/schema.graphql") for text in files)
