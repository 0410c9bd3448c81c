"""A solution to the exercise "What do they say?": a stand-in for docker writes down its call."""

import os
import shutil
import subprocess
from pathlib import Path

import pytest

SCRIPT = Path("scripts/logs").resolve()


@pytest.fixture
def run(tmp_path):
    """Run the script from elsewhere; return how it ended."""
    for name in ("bash", "env", "dirname", "sed"):
        (tmp_path / name).symlink_to(shutil.which(name))

    def begin(*arguments, docker=True):
        if docker:
            (tmp_path / "docker").write_text('#!/bin/sh\necho "docker $*"\n')
            (tmp_path / "docker").chmod(0o755)
        return subprocess.run(
            [str(SCRIPT), *arguments],
            cwd=tmp_path,
            env={**os.environ, "PATH": str(tmp_path)},
            capture_output=True,
            text=True,
        )

    return begin


def test_it_says_what_it_does(run):
    """Like the others."""
    told = run("--help", docker=False)

    assert (told.returncode, told.stderr) == (0, "")
    assert told.stdout.startswith("scripts/logs")


@pytest.mark.parametrize(
    ("arguments", "file", "last"),
    [([], "local.yml", []), (["production", "api"], "production.yml", ["api"])],
)
def test_it_follows_the_logs_of_a_place_or_of_one_service(run, arguments, file, last):
    """Those of that file, and no others."""
    words = run(*arguments).stdout.split()

    assert words[:4] == ["docker", "compose", "--file", file]
    assert words[4] == "logs"
    assert {"--follow", "-f"} & set(words)
    assert last == [word for word in words if word == "api"]


def test_it_refuses_what_it_cannot_do(run):
    """A place that there is not; a machine without Docker."""
    assert run("local", docker=False).returncode == 1
    refused = run("moon")
    assert refused.returncode == 1
    assert refused.stderr.startswith("There is no moon")
