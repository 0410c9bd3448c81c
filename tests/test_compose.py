"""Each step's compose.yaml: enough to try it, on this machine alone."""

import json
import os
import subprocess
import sys
import uuid

import pytest

from tools import postgres, steps
from tools.steps import STEPS

ADD = 'mutation { createAnimal(input: {name: "Otto"}) { animal { id } } }'

every_step = pytest.mark.parametrize("step", STEPS, ids=lambda step: step.name)


@pytest.fixture
def compose(step, tmp_path, needs):
    """Run `docker compose` in a copy of a step, as a project that nothing is left of."""
    needs(postgres.docker_answers(), "Docker does not answer")
    folder = steps.copy(step.folder, tmp_path / step.name)
    project = f"test-{step.name}-{uuid.uuid4().hex[:8]}"

    def run(*arguments):
        done = subprocess.run(
            ["docker", "compose", "--project-name", project, *arguments],
            cwd=folder,
            capture_output=True,
            text=True,
            encoding="utf-8",
        )
        assert done.returncode == 0, done.stderr
        return done.stdout

    yield run
    run("down", "--volumes", "--remove-orphans", "--timeout", "5")


@pytest.fixture
def flask(step):
    """Run one of the step's commands on its default settings; return what it printed."""
    foreign = {"DATABASE_URL", "TEST_DATABASE_URL"}
    environment = {name: value for name, value in os.environ.items() if name not in foreign}

    def run(*arguments):
        done = subprocess.run(
            [sys.executable, *arguments],
            cwd=step.folder,
            env={**environment, "PYTHONDONTWRITEBYTECODE": "1"},
            capture_output=True,
            text=True,
            encoding="utf-8",
        )
        assert done.returncode == 0, done.stderr
        return done.stdout

    return run


ASK = """
import sys
from flask.cli import ScriptInfo

client = ScriptInfo(app_import_path=sys.argv[1]).load_app().test_client()
print(client.post("/graphql", json={"query": sys.argv[2]}).get_data(as_text=True))
"""


@every_step
def test_compose_publishes_on_loopback_alone(step, compose):
    """The file is valid, and every published port names 127.0.0.1 and is no usual one."""
    compose("config", "--quiet")
    services = json.loads(compose("config", "--format", "json"))["services"]

    ports = [port for service in services.values() for port in service.get("ports", [])]
    assert ports
    assert {port["host_ip"] for port in ports} == {"127.0.0.1"}
    assert not {port["published"] for port in ports} & {"5432", "5000", "8000", "8001"}


@every_step
def test_compose_gives_the_step_a_database_that_keeps_its_rows(step, compose, flask):
    """The default settings fit; `down` and `up` lose nothing; the database is not shown around."""
    server = ["-m", "flask", "--app", step.app]
    names = ("-c", ASK, step.app, "{ animals { name } }")

    compose("up", "--build", "--wait")
    flask(*server, *step.prepare)
    flask("-c", ASK, step.app, ADD)
    before = json.loads(flask(*names))
    address = compose("port", "db", "5432").strip()
    compose("down")
    compose("up", "--wait")

    assert before == {"data": {"animals": [{"name": "Otto"}]}}
    assert json.loads(flask(*names)) == before
    assert address.startswith("127.0.0.1:")
