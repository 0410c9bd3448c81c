"""Every symptom on chapter 04's page is brought about, and shows the words there."""

import os
import re
import shutil
import socket
import subprocess
import sys

import pytest

from tools import steps
from tools.steps import ROOT, SCRIPTS

PAGE = (ROOT / "docs" / "04-heroku.md").read_text(encoding="utf-8")
SYMPTOMS = re.findall(r'^\?\?\? failure "(.+)"$', PAGE, flags=re.MULTILINE)
STEP = steps.find("04-heroku").folder
LISTINGS = ROOT / "docs" / "listings" / "04-heroku"
FLASK = [sys.executable, "-m", "flask"]
SECRETS = {"POSTGRES_PASSWORD", "JWT_SECRET_KEY", "APP_ENV", "DATABASE_URL", "PGSSLMODE"}


@pytest.fixture
def mine(tmp_path):
    """A reader's copy of the step."""
    return steps.copy(STEP, tmp_path / "mine")


@pytest.fixture
def said_by(mine):
    """Run in it what fails, or does not; return all that was said."""

    def run(*command, fails=True, **settings):
        kept = {name: value for name, value in os.environ.items() if name not in SECRETS}
        done = subprocess.run(
            command,
            cwd=mine,
            env={**kept, **settings},
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            encoding="utf-8",
        )
        assert (done.returncode != 0) == fails, done.stdout
        return done.stdout

    return run


def shows(words, said):
    """Assert that the page has these words for a symptom, and that the output holds them."""
    assert words in SYMPTOMS
    assert words in " ".join(said.split())


def of_heroku(url):
    """Return an address as Heroku writes it."""
    return url.replace("postgresql+psycopg://", "postgres://")


def test_trouble_with_an_address_that_is_passed_on(mine, said_by, database):
    """As the page breaks it; the step as it stands takes the same address."""
    upgrade = [*FLASK, "db", "upgrade"]
    said_by(*upgrade, fails=False, DATABASE_URL=of_heroku(database))
    patch = ["git", "apply", str(LISTINGS / "broken_url.patch")]
    subprocess.run(patch, cwd=mine, check=True)

    said = said_by(*upgrade, DATABASE_URL=of_heroku(database))

    shows("Can't load plugin: sqlalchemy.dialects:postgres", said)


def test_trouble_with_a_database_without_tls(said_by, database):
    """The variable alone is enough; without it the same database is taken."""
    upgrade = [*FLASK, "db", "upgrade"]

    said = said_by(*upgrade, DATABASE_URL=database, PGSSLMODE="require")

    shows("server does not support SSL, but SSL was required", said)
    said_by(*upgrade, fails=False, DATABASE_URL=database)


def test_trouble_with_settings_of_a_laptop(said_by):
    """Production that nobody has told anything."""
    said = said_by(*FLASK, "schema", APP_ENV="production")

    shows("settings.UnsafeSettings: Production does not start like this:", said)


def test_trouble_with_a_secret_that_is_missing(mine, said_by, needs):
    """The .env has one of the two; with both, compose has nothing to say."""
    needs(shutil.which("docker"), "Docker's client is not installed")
    config = ["docker", "compose", "--file", "production.yml", "config", "--quiet"]
    (mine / ".env").write_text("POSTGRES_PASSWORD=x\n", encoding="utf-8")

    shows("required variable JWT_SECRET_KEY is missing a value: set it in .env", said_by(*config))

    shutil.copy(mine / ".env.example", mine / ".env")
    said_by(*config, fails=False)


def test_trouble_with_a_script_that_is_not_executable(mine, said_by):
    """The bit was lost; `chmod` brings it back."""
    (mine / "scripts" / "start").chmod(0o644)
    said = said_by("bash", "-c", "scripts/start --help")

    shows("scripts/start: Permission denied", said)

    said_by("chmod", "+x", "scripts/start", fails=False)
    said_by("scripts/start", "--help", fails=False)


def test_trouble_with_two_debuggers(mine, said_by, free_port):
    """The second one, on a port that somebody has; docker's part is played by a stand-in."""
    port = free_port()
    script = mine / "scripts" / "debug"
    text = script.read_text("utf-8").replace("127.0.0.1:5678", f"127.0.0.1:{port}")
    script.write_text(text.replace("-m flask db upgrade", "-c pass"), encoding="utf-8")
    (mine / "docker").write_text("#!/bin/sh\n")
    (mine / "docker").chmod(0o755)
    path = os.pathsep.join([str(mine), str(ROOT / ".venv" / SCRIPTS), os.environ["PATH"]])

    with socket.create_server(("127.0.0.1", port)):
        said = said_by("scripts/debug", PATH=path, PORT=str(free_port()))

    shows("Can't listen for client connections", said)


def test_trouble_with_a_change_that_is_not_committed(mine, said_by):
    """A folder whose files git has never seen."""
    (mine / "heroku").symlink_to(LISTINGS / "heroku")
    path = os.pathsep.join([str(mine), os.environ["PATH"]])
    said_by("git", "init", "--quiet", fails=False)

    said = said_by("scripts/deploy", "my-zoo", PATH=path)

    shows("Something is not committed, and would stay behind", said)


def test_every_symptom_has_a_test():
    """Those above, and no other."""
    tests = [name for name in globals() if name.startswith("test_trouble")]
    assert len(SYMPTOMS) == len(tests)
