"""Every symptom on chapter 03's page is brought about, and shows the words there."""

import os
import re
import subprocess
import sys
import uuid

import pytest

from tools import postgres, steps
from tools.steps import ROOT

PAGE = (ROOT / "docs" / "03-docker.md").read_text(encoding="utf-8")
SYMPTOMS = re.findall(r'^\?\?\? failure "(.+)"$', PAGE, flags=re.MULTILINE)
STEP = steps.find("03-docker").folder


@pytest.fixture
def trouble(tmp_path, free_port):
    """A copy of the step, and a way to run what fails in it; of its containers nothing is left."""
    folder = steps.copy(STEP, tmp_path / "step")
    compose = folder / "compose.yaml"
    text = compose.read_text(encoding="utf-8")
    assert "127.0.0.1:5403" in text
    here = text.replace("127.0.0.1:5403", f"127.0.0.1:{free_port()}")
    compose.write_text(here, encoding="utf-8")
    environment = {"PORT": str(free_port()), "BUILDKIT_PROGRESS": "plain"}
    projects = set()

    def run(*command, cwd=folder, fails=True, **settings):
        project = settings.setdefault("COMPOSE_PROJECT_NAME", f"trouble-{uuid.uuid4().hex[:8]}")
        if "up" in command:
            projects.add(project)
        done = subprocess.run(
            command,
            cwd=cwd,
            env={**os.environ, **environment, **settings},
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            encoding="utf-8",
        )
        assert (done.returncode != 0) == fails, done.stdout
        return done.stdout

    run.folder = folder
    yield run
    for project in projects:
        down = ("docker", "compose", "down", "--volumes", "--rmi", "local", "--timeout", "5")
        run(*down, fails=False, COMPOSE_PROJECT_NAME=project)


@pytest.fixture
def docker(needs, trouble):
    """The same, where there is Docker."""
    needs(postgres.docker_answers(), "Docker does not answer")
    return trouble


def edit(file, old, new):
    """Change what a reader changes by hand."""
    text = file.read_text(encoding="utf-8")
    assert old in text
    file.write_text(text.replace(old, new, 1), encoding="utf-8")


def shows(words, said):
    """Assert that the page has these words for a symptom, and that the output holds them."""
    assert words in SYMPTOMS
    assert words in " ".join(said.split())


def test_compose_in_another_folder(docker, tmp_path):
    """There is no compose.yaml."""
    said = docker("docker", "compose", "up", "--wait", cwd=tmp_path)
    shows("no configuration file provided: not found", said)


def test_a_port_of_another_container(docker):
    """The same step, up under two names."""
    up = ("docker", "compose", "up", "--wait", "db")
    docker(*up, fails=False)
    shows("port is already allocated", docker(*up))


def test_a_password_that_is_newer_than_the_volume(docker):
    """The migration cannot log in, so the API does not start; the old password heals it."""
    project = f"trouble-{uuid.uuid4().hex[:8]}"
    up = ("docker", "compose", "up", "--build", "--wait")
    (docker.folder / ".env").write_text("POSTGRES_PASSWORD=former\n")
    docker(*up, "db", fails=False, COMPOSE_PROJECT_NAME=project)
    (docker.folder / ".env").write_text("POSTGRES_PASSWORD=newer\n")

    said = docker(*up, COMPOSE_PROJECT_NAME=project)

    logs = ("docker", "compose", "logs", "migrate")
    reason = docker(*logs, fails=False, COMPOSE_PROJECT_NAME=project)
    shows('service "migrate" didn\'t complete successfully: exit 1', said)
    assert "password authentication failed" in reason
    (docker.folder / ".env").write_text("POSTGRES_PASSWORD=former\n")
    docker(*up, fails=False, COMPOSE_PROJECT_NAME=project)


def test_a_version_that_was_changed_by_hand(docker):
    """The hashes are the old version's."""
    requirements = docker.folder / "requirements.txt"
    version = re.search(r"^click==(\S+)", requirements.read_text("utf-8"), re.MULTILINE)[1]
    edit(requirements, f"click=={version}", "click==8.1.7")

    said = docker("docker", "compose", "build", "api")

    shows("THESE PACKAGES DO NOT MATCH THE HASHES FROM THE REQUIREMENTS FILE", said)


def test_a_file_that_dockerignore_does_not_name(docker):
    """It is there, and Docker does not find it; a line more lets it in."""
    edit(docker.folder / "Dockerfile", "COPY . .", "COPY . .\nCOPY README.md .")

    shows('"/README.md": not found', docker("docker", "compose", "build", "api"))

    edit(docker.folder / ".dockerignore", "!*.py", "!*.py\n!README.md")
    docker("docker", "build", "--quiet", "--output", "type=cacheonly", ".", fails=False)


def test_a_line_of_chapter_02(trouble):
    """The app is made by a function, and not by the import."""
    said = trouble(sys.executable, "-c", "from app import app")
    shows("cannot import name 'app' from 'app'", said)


def test_every_symptom_has_a_test():
    """Those above, and no other."""
    tests = [name for name in globals() if name.startswith("test_a") or "compose" in name]
    assert len(SYMPTOMS) == len(tests)
