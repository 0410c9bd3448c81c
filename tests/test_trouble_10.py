"""Every symptom that chapter 10 names is brought about, and shows the words there."""

import os
import re
import subprocess
import sys
import uuid

import pytest

from tools import postgres, sample, steps

STEP = steps.find("10-serverless")
PAGE = (steps.ROOT / "docs" / "10-serverless.md").read_text(encoding="utf-8")
SYMPTOMS = re.findall(r'^\?\?\? failure "(.+)"$', PAGE, flags=re.MULTILINE)
POOLER = "postgresql://zoo:zoo@pooler:6432/zoo"

# Run in an instance, whose disk is read-only and whose database takes 25 connections.
MANY = """
import psycopg
held = [psycopg.connect("postgresql://zoo:zoo@db:5432/zoo") for _ in range(26)]
"""
PREPARED = f"""
import psycopg
one, other = (psycopg.connect("{POOLER}", autocommit=True) for _ in range(2))
one.prepare_threshold = 1
for number in range(4):
    one.execute("SELECT 1 + %s", [number])
with other.transaction():
    other.execute("SELECT 1")
    one.execute("SELECT 1 + %s", [5])
"""
WAITING = f"""
import psycopg
held = [psycopg.connect("{POOLER}") for _ in range(16)]
for connection in held:
    connection.execute("SELECT 1")
"""
UPLOAD = """
from manage import app
app.extensions["storage"].put("1/lion.png", b"")
"""
ASK = """
import contextlib
from manage import app
from app.engine import db
with app.app_context(), contextlib.ExitStack() as busy:
    for _ in range(2):
        busy.enter_context(db.engine.connect())
    app.test_client().post("/graphql", json={"query": "{ animals { nodes { name } } }"})
"""

# By the symptom: settings, and the command, of an instance.
IN_AN_INSTANCE = {
    "unsupported startup parameter in options: statement_timeout": (
        ["TRANSACTION_POOLER=0"],
        ["flask", "--app", "manage", "db", "current"],
    ),
    "FATAL:  sorry, too many clients already": ([], ["python", "-c", MANY]),
    'prepared statement "_pg3_0" does not exist': ([], ["python", "-c", PREPARED]),
    "query_wait_timeout": ([], ["python", "-c", WAITING]),
    "[Errno 30] Read-only file system: 'images'": ([], ["python", "-c", UPLOAD]),
}
# The same, in the reader's folder.
HERE = {
    "QueuePool limit of size 2 overflow 0 reached, connection timed out, timeout 3.00": (
        {"DATABASE_POOL_SIZE": "2"},
        ["-c", ASK],
    ),
    "needs to be of type function. Got: invalid type <class 'flask.app.Flask'>": (
        {},
        ["-m", "functions_framework", "--target", "app", "--host", "127.0.0.1", "--port", "0"],
    ),
}


@pytest.fixture(scope="module")
def instance():
    """Run a command in an instance, with settings; return what it said. It has to fail."""
    if not postgres.docker_answers():
        pytest.skip("Docker does not answer")
    name, file = f"test-trouble-{uuid.uuid4().hex[:8]}", STEP.folder / "serverless" / "local.yml"
    compose = ["docker", "compose", "--project-name", name, "--file", file]
    up = [*compose, "up", "--build", "--detach", "api"]
    down = [*compose, "down", "--volumes", "--rmi", "local", "--timeout", "5"]

    def run(settings, command):
        given = [word for setting in settings for word in ("--env", setting)]
        words = [*compose, "exec", "--no-TTY", *given, "api", *command]
        done = subprocess.run(words, capture_output=True, text=True, timeout=60)
        assert done.returncode
        return done.stderr

    try:
        subprocess.run(up, check=True, capture_output=True, timeout=300)
        yield run
    finally:
        subprocess.run(down, check=True, capture_output=True, timeout=300)


@pytest.mark.parametrize("symptom", IN_AN_INSTANCE)
def test_a_symptom_of_an_instance_is_what_its_cause_says(symptom, instance):
    """Word for word, with the database, the pooler and the disk of serverless/local.yml."""
    assert symptom in instance(*IN_AN_INSTANCE[symptom])


@pytest.mark.parametrize("symptom", HERE)
def test_a_symptom_is_what_its_cause_says(symptom, database, tmp_path):
    """Word for word what the log tells."""
    settings, words = HERE[symptom]
    folder = steps.copy(STEP.folder, tmp_path / "my-zoo")
    sample.load(STEP, folder, database)

    said = subprocess.run(
        [sys.executable, *words],
        cwd=folder,
        env={**sample.environment(database), **settings, "PATH": os.environ["PATH"]},
        capture_output=True,
        text=True,
        timeout=60,
    ).stderr

    assert symptom in said


def test_every_symptom_of_the_page_is_brought_about():
    """None stands there that nobody has seen."""
    assert set(SYMPTOMS) == {*IN_AN_INSTANCE, *HERE}
