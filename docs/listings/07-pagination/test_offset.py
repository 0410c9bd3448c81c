"""The interim state of chapter 07: pages by number, on the step before."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from tools import postgres, sample, steps

STEP = steps.find("06-uploads")
PATCH = Path(__file__).with_name("offset.patch")
ASK = """
import json, sys
from manage import app
client = app.test_client()
for query in sys.argv[1:]:
    answer = client.post("/graphql", json={"query": query}).get_json()
    print(json.dumps([animal["id"] for animal in answer["data"]["animals"]]))
"""


@pytest.fixture
def database():
    """The URL of an empty database."""
    with postgres.scratch() as server, postgres.new_database(server, "pages") as url:
        yield url


@pytest.fixture
def ask(tmp_path, database):
    """Apply the patch to a copy of the step, on the sample; return the ids that queries bring."""
    folder = steps.copy(STEP.folder, tmp_path / "offset")
    subprocess.run(
        ["git", "apply", str(PATCH)],
        cwd=folder,
        check=True,
        env={**os.environ, "GIT_CEILING_DIRECTORIES": str(tmp_path)},
    )
    sample.load(STEP, folder, database)

    def ids(*queries):
        done = subprocess.run(
            [sys.executable, "-c", ASK, *queries],
            cwd=folder,
            env=sample.environment(database),
            capture_output=True,
            text=True,
            check=True,
        )
        return [json.loads(line) for line in done.stdout.splitlines()]

    return ids


def test_pages_by_number_are_cut_from_the_newest_on(ask):
    """Twenty rows unless told otherwise; the last page is as long as what is left."""
    first, third, last, none = ask(
        "{ animals { id } }",
        "{ animals(page: 3, limit: 3) { id } }",
        "{ animals(page: 14) { id } }",
        "{ animals(page: 15) { id } }",
    )

    assert first == list(range(271, 251, -1))
    assert third == [265, 264, 263]
    assert last == list(range(11, 0, -1))
    assert none == []
