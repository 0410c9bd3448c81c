"""Every symptom that chapter 08 names is brought about, and shows the words there."""

import os
import re
import subprocess
import sys

import pytest

from tools import sample, steps

STEP = steps.find("08-dataloader")
PAGE = (steps.ROOT / "docs" / "08-dataloader.md").read_text(encoding="utf-8")
SYMPTOMS = re.findall(r'^\?\?\? failure "(.+)"$', PAGE, flags=re.MULTILINE)
PROMISES = steps.ROOT / "docs" / "listings" / "08-dataloader" / "async.patch"

# Runs in the reader's folder. What is wrong stands in the log, which goes to stderr.
ASK = """
from manage import app
def ask():
    for query in (
        "{ zoos(first: 1) { nodes { animals { nodes { owner { username } } } } } }",
        "{ animals(first: 50) { nodes { owner { username } } } }",
    ):
        app.test_client().post("/graphql", json={"query": query})
"""
PLAINLY = "ask()"
IN_A_LOOP = "import asyncio\nasync def main(): ask()\nasyncio.run(main())"
MADE = "context_value=loaders.Loaders(),"
SHARED = "import functools\n@functools.cache\ndef shared(): return Loaders()\n"
HTTP, LOADERS = (f"app/engine/{name}.py" for name in ("http", "loaders"))

# By the symptom: whether promises are meant, how it is asked, and what is written wrong in a file.
CAUSES = {
    "Received coroutine instead of sql alchemy model.": (
        False,
        PLAINLY,
        {"app/types/animal.py": ("def resolve_owner", "async def resolve_owner")},
    ),
    "'NoneType' object has no attribute 'page'": (False, PLAINLY, {HTTP: (MADE, "")}),
    "Working outside of application context.": (
        False,
        PLAINLY,
        {HTTP: ("blueprint = ", "SHARED = loaders.Loaders()\nblueprint = ")},
    ),
    "operator does not exist: integer = integer[]": (
        False,
        PLAINLY,
        {LOADERS: ("sa.any_(pages.array(ids))", "pages.array(ids)")},
    ),
    "RuntimeError: Event loop is closed": (
        True,
        PLAINLY,
        {
            HTTP: (MADE, "context_value=loaders.shared(),"),
            LOADERS: ("class Loaders:", f"{SHARED}class Loaders:"),
        },
    ),
    "asyncio.run() cannot be called from a running event loop": (True, IN_A_LOOP, {}),
}


@pytest.mark.parametrize("symptom", CAUSES)
def test_a_symptom_is_what_its_cause_says(symptom, database, tmp_path):
    """Word for word what the log tells."""
    promises, way, edits = CAUSES[symptom]
    step = STEP.before if promises else STEP
    folder = steps.copy(step.folder, tmp_path / "my-zoo")
    sample.load(step, folder, database)
    if promises:
        environment = {**os.environ, "GIT_CEILING_DIRECTORIES": str(tmp_path)}
        subprocess.run(["git", "apply", str(PROMISES)], cwd=folder, env=environment, check=True)
    for name, (old, new) in edits.items():
        text = (folder / name).read_text(encoding="utf-8")
        assert old in text
        (folder / name).write_text(text.replace(old, new), encoding="utf-8")

    said = subprocess.run(
        [sys.executable, "-c", ASK + way],
        cwd=folder,
        env=sample.environment(database),
        capture_output=True,
        text=True,
    ).stderr

    assert symptom in said


def test_every_symptom_of_the_page_is_brought_about():
    """None stands there that nobody has seen."""
    assert set(SYMPTOMS) == set(CAUSES)
