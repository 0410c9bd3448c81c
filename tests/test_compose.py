"""Each step's compose.yaml: enough to try it, on this machine alone."""

import json
import os
import subprocess
import sys
import uuid

import pytest

from tools import postgres, steps
from tools.steps import FINAL, STEPS

REGISTER = """mutation {
  register(input: {username: "ada", password: "correct horse"}) { accessToken }
}"""
ADD = 'mutation { createAnimal(input: {name: "Otto"}) { animal { id } } }'
NAMES = "{ animals { name } }"

# The app of these runs on the host; tests/test_containers.py has the others.
ON_THE_HOST = [step for step in STEPS if not (step.folder / "Dockerfile").exists()]

every_step = pytest.mark.parametrize("step", [*STEPS, FINAL], ids=lambda step: step.name)


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
            env={name: value for name, value in os.environ.items() if name != "PORT"},
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
import json, sys
from flask.cli import ScriptInfo

client = ScriptInfo(app_import_path=sys.argv[1]).load_app().test_client()
headers = {}
for query in sys.argv[2:]:
    answer = client.post("/graphql", json={"query": query}, headers=headers).get_json()
    if registered := answer["data"].get("register"):
        headers = {"Authorization": "Bearer " + registered["accessToken"]}
print(json.dumps(answer))
"""


@every_step
def test_compose_publishes_on_loopback_alone(step, compose):
    """The file is valid; every published port names 127.0.0.1; the database's is no usual one."""
    compose("config", "--quiet")
    services = json.loads(compose("config", "--format", "json"))["services"]

    ports = [port for service in services.values() for port in service.get("ports", [])]
    assert ports
    assert {port["host_ip"] for port in ports} == {"127.0.0.1"}
    published = {port["published"] for port in services["db"]["ports"]}
    assert not published & {"5432", "5000", "8000", "8001"}


@pytest.mark.parametrize("step", ON_THE_HOST, ids=lambda step: step.name)
def test_compose_gives_the_step_a_database_that_keeps_its_rows(step, compose, flask):
    """The default settings fit; `down` and `up` lose nothing; the database is not shown around."""
    server = ["-m", "flask", "--app", step.app]
    accounts = "register(" in (step.folder / "schema.graphql").read_text(encoding="utf-8")

    compose("up", "--build", "--wait")
    flask(*server, *step.prepare)
    flask("-c", ASK, step.app, *([REGISTER] if accounts else []), ADD)
    before = json.loads(flask("-c", ASK, step.app, NAMES))
    address = compose("port", "db", "5432").strip()
    compose("down")
    compose("up", "--wait")

    assert before == {"data": {"animals": [{"name": "Otto"}]}}
    assert json.loads(flask("-c", ASK, step.app, NAMES)) == before
    assert address.startswith("127.0.0.1:")
