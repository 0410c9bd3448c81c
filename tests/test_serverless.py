"""Instances of step 10, as Cloud Run makes and takes them: many at once, frozen, killed, cold.

No account of Google's can be had here. The containers are confined as a platform confines them:
its PORT, 512 MB, nothing to write on, SIGTERM and ten seconds.
"""

import collections
import contextlib
import http.client
import json
import statistics
import subprocess
import threading
import time
import uuid
from concurrent.futures import ThreadPoolExecutor

import pytest

from tools import facts, postgres, steps

STEP = steps.find("10-serverless")
PATIENCE = 90  # seconds until an instance answers, thirty starting on two cores
INSTANCES = 30
READ = {"query": "{ animals(first: 20) { nodes { name owner { username } } } }"}
REGISTER = """mutation {
  register(input: {username: "ada", password: "correct horse"}) { accessToken }
}"""
CREATE = """mutation ($name: String!) {
  createAnimal(input: {name: $name, ownerId: 1}) { animal { id } }
}"""


def docker(*arguments):
    """Run `docker`; return what it printed, without the last line's end."""
    done = subprocess.run(["docker", *arguments], capture_output=True, text=True, timeout=300)
    assert done.returncode == 0, done.stderr
    return done.stdout.strip()


class Platform:
    """A database for 25 connections, a pooler, and instances of the app."""

    def __init__(self):
        self.project = f"test-serverless-{uuid.uuid4().hex[:8]}"
        self.file = STEP.folder / "serverless" / "local.yml"

    def compose(self, *arguments):
        """Run `docker compose` on the platform; return what it printed."""
        return docker("compose", "--project-name", self.project, "--file", self.file, *arguments)

    def instances(self, number):
        """Start so many instances; return the name and the port of each."""
        self.compose("up", "--detach", "--scale", f"api={number}")
        rows = self.compose("ps", "--format", "json", "api").splitlines()
        found = {}
        for row in map(json.loads, rows):
            [port] = [p["PublishedPort"] for p in row["Publishers"] if p["TargetPort"] == 8080]
            found[row["Name"]] = port
        return found

    def connections(self):
        """Return how many connections the database has lent."""
        asked = "SELECT count(*) FROM pg_stat_activity WHERE usename = 'zoo'"
        return int(self.psql(f"{asked} AND pid <> pg_backend_pid()"))

    def psql(self, statement):
        """Run SQL in the database; return what it says."""
        psql = ("psql", "--username", "zoo", "--no-align", "--tuples-only", "--quiet", "--command")
        return self.compose("exec", "--no-TTY", "db", *psql, statement)


def ask(port, body, token=None):
    """Send GraphQL to an instance as soon as it listens; return the body of the answer."""
    deadline = time.monotonic() + PATIENCE
    while True:
        try:
            return sent(port, body, token)
        except ConnectionError:
            assert time.monotonic() < deadline
            time.sleep(0.05)


def sent(port, body, token=None):
    """Send GraphQL to an instance once; return the body of the answer."""
    headers = {"Content-Type": "application/json"}
    if token:
        headers["Authorization"] = f"Bearer {token}"
    client = http.client.HTTPConnection("127.0.0.1", port, timeout=PATIENCE)
    with contextlib.closing(client):
        client.request("POST", "/graphql", json.dumps(body), headers)
        return json.loads(client.getresponse().read())


@pytest.fixture(scope="module")
def platform():
    """The platform, migrated and without an instance."""
    if not postgres.docker_answers():
        pytest.skip("Docker does not answer")
    made = Platform()
    try:
        made.compose("build", "--quiet")
        made.instances(0)
        yield made
    finally:
        made.compose("down", "--volumes", "--rmi", "local")


@pytest.fixture
def token(platform):
    """The token of somebody who may create animals, in tables that hold nothing else."""
    platform.psql('TRUNCATE animal, zoo, image, "user" RESTART IDENTITY CASCADE')
    [port] = platform.instances(1).values()
    return ask(port, {"query": REGISTER})["data"]["register"]["accessToken"]


def test_thirty_cold_instances_are_answered_by_a_database_for_25_connections(platform):
    """At their first request, and when each has twenty at once."""
    platform.instances(0)
    ports = list(platform.instances(INSTANCES).values())
    with ThreadPoolExecutor(2 * INSTANCES) as clients:
        cold = list(clients.map(lambda port: ask(port, READ), ports))
        warm = list(clients.map(lambda port: ask(port, READ), ports * 20))
    lent = platform.connections()

    failed = collections.Counter(str(answer) for answer in cold + warm if "errors" in answer)
    assert failed == {}
    assert lent <= 25 - 3  # which Postgres keeps for its superuser
    facts.state("instances_answered", len(cold))


def test_an_instance_that_was_frozen_answers_at_once(platform, token):
    """Its connections have been closed meanwhile; it finds that out before it uses one."""
    [(name, port)] = platform.instances(1).items()
    ask(port, READ)
    docker("pause", name)
    platform.compose("restart", "pooler")
    docker("unpause", name)

    assert "errors" not in sent(port, READ)


def test_what_an_instance_has_answered_outlives_it(platform, token):
    """Instances are killed while they write: each animal that was promised is there, once."""
    ports = platform.instances(3)
    for port in ports.values():
        ask(port, READ)
    promised, over, number = [], threading.Event(), iter(range(10_000))

    def write(port):
        while not over.is_set():
            name = f"Okapi {next(number)}"
            try:
                answer = sent(port, {"query": CREATE, "variables": {"name": name}}, token)
            except (OSError, http.client.HTTPException):
                return
            assert "errors" not in answer
            promised.append(name)

    with ThreadPoolExecutor(len(ports)) as clients:
        writing = [clients.submit(write, port) for port in ports.values()]
        for name in list(ports)[:2]:
            time.sleep(1)
            docker("kill", "--signal", "KILL", name)
        before = len(promised)
        time.sleep(1)
        over.set()
    for client in writing:
        client.result()

    kept = platform.psql("SELECT name FROM animal").splitlines()
    assert len(promised) > before > 20  # the third went on
    assert set(promised) <= set(kept)
    assert len(kept) == len(set(kept)) <= len(promised) + 2  # two were killed before they told


def test_an_instance_that_is_told_to_end_does_so_in_time(platform):
    """A platform gives it ten seconds after SIGTERM; what it has begun it finishes."""
    [(name, port)] = platform.instances(1).items()
    ask(port, READ)
    begin = time.monotonic()
    docker("stop", "--time", "10", name)

    assert docker("inspect", "--format", "{{.State.ExitCode}}", name) == "0"
    assert time.monotonic() - begin < 10


def test_a_cold_instance_has_a_first_answer_soon(platform):
    """The median of five starts, and what an instance holds in memory after its first answer."""
    service = json.loads(platform.compose("config", "--format", "json"))["services"]["api"]
    given = [f"--env={name}={value}" for name, value in service["environment"].items()]
    confined = ["--read-only", "--memory", "512m", "--network", f"{platform.project}_default"]
    start = ["run", "--detach", "--publish", "127.0.0.1::8080", *confined, *given]
    seconds = []
    for _ in range(5):
        begin = time.monotonic()
        name = docker(*start, f"{platform.project}-api")
        try:
            ask(int(docker("port", name, "8080").rpartition(":")[2]), READ)
            seconds.append(time.monotonic() - begin)
            used = docker("stats", "--no-stream", "--format", "{{.MemUsage}}", name)
        finally:
            docker("rm", "--force", name)

    facts.state("cold_answer_seconds", round(statistics.median(seconds), 1))
    facts.state("instance_megabytes", round(float(used.partition("MiB")[0]) * 1.048576))
