"""What one container of step 10 takes and gives, for the table of chapter 10.

One machine, a dyno and a pod each run the image as it is: two processes of four threads.
"""

import collections
import contextlib
import http.client
import itertools
import json
import runpy
import subprocess
import time
import uuid
from concurrent.futures import ThreadPoolExecutor

import pytest
import yaml

from tools import facts, postgres, steps

STEP = steps.find("10-serverless")
SERVICE = STEP.folder / "serverless" / "service.yaml"
READ = json.dumps({"query": "{ animals(first: 20) { nodes { name } } }"})
ANIMALS = """INSERT INTO "user" (username, password_hash) VALUES ('ada', 'x');
    INSERT INTO animal (name, owner_id) SELECT 'Okapi ' || n, 1 FROM generate_series(1, 200) n"""
SECONDS = 6  # that a load lasts
PATIENCE = 60  # seconds until a container answers


def docker(*arguments):
    """Run `docker`; return what it printed, without the last line's end."""
    done = subprocess.run(["docker", *arguments], capture_output=True, text=True, timeout=300)
    assert done.returncode == 0, done.stderr
    return done.stdout.strip()


def connected(port):
    """Return a client of a port, which is closed at the end."""
    return contextlib.closing(http.client.HTTPConnection("127.0.0.1", port, timeout=PATIENCE))


def read(client):
    """Ask for twenty animals; say how many came."""
    client.request("POST", "/graphql", READ, {"Content-Type": "application/json"})
    return len(json.load(client.getresponse())["data"]["animals"]["nodes"])


class Place:
    """A network with a migrated database and the image of the step."""

    def __init__(self):
        self.name = f"test-platforms-{uuid.uuid4().hex[:8]}"
        self.started = []

    def start(self, image, *words):
        """Start a container on the network; return its name."""
        name = f"{self.name}-{len(self.started)}"
        self.started.append(name)
        given = ["--name", name, "--network", self.name, *words]
        docker("run", "--detach", *given, image)
        return name

    def image(self, step):
        """Return what the image of a step is called."""
        return f"{self.name}:{step.name}"

    def prepare(self):
        """Build the image, start the database, migrate it, and put animals into it."""
        docker("network", "create", self.name)
        for step in (STEP, STEP.before):
            docker("build", "--quiet", "--tag", self.image(step), step.folder)
        self.database = self.start("postgres:18", "--env", "POSTGRES_PASSWORD=zoo")
        self.url = f"DATABASE_URL=postgres://postgres:zoo@{self.database}:5432/postgres"
        deadline = time.monotonic() + PATIENCE
        ready = ["docker", "exec", self.database, "pg_isready", "--host", "127.0.0.1"]
        while subprocess.run(ready, capture_output=True).returncode:
            assert time.monotonic() < deadline
            time.sleep(0.2)
        migrate = ("flask", "--app", "manage", "db", "upgrade")
        docker("run", "--rm", "--network", self.name, "--env", self.url, self.image(STEP), *migrate)
        self.psql(ANIMALS)

    def psql(self, statement):
        """Run SQL in the database; return what it says."""
        psql = ("psql", "--username", "postgres", "--no-align", "--tuples-only", "--quiet")
        return docker("exec", self.database, *psql, "--command", statement)

    def api(self, *words, step=STEP):
        """Start the API of a step; return its name, its port, and its first seconds."""
        begin = time.monotonic()
        given = ("--publish", "127.0.0.1::8000", "--env", self.url, *words)
        name = self.start(self.image(step), *given)
        port = int(docker("port", name, "8000").rpartition(":")[2])
        with connected(port) as client:
            while True:
                try:
                    assert read(client) == 20
                    return name, port, time.monotonic() - begin
                except (ConnectionError, http.client.HTTPException):
                    client.close()
                    assert time.monotonic() - begin < PATIENCE
                    time.sleep(0.05)

    def remove(self):
        """Remove all that was made here."""
        for name in self.started:
            subprocess.run(["docker", "rm", "--force", "--volumes", name], capture_output=True)
        images = [self.image(step) for step in (STEP, STEP.before)]
        subprocess.run(["docker", "image", "rm", *images], capture_output=True)
        subprocess.run(["docker", "network", "rm", self.name], capture_output=True)


@pytest.fixture(scope="module")
def place():
    """The place, prepared."""
    if not postgres.docker_answers():
        pytest.skip("Docker does not answer")
    made = Place()
    try:
        made.prepare()
        yield made
    finally:
        made.remove()


def answered(port, clients):
    """Let so many clients ask one after another for a while; return the answers in a second."""
    until = time.monotonic() + SECONDS

    def run(_):
        with connected(port) as client:
            for number in itertools.count():
                if time.monotonic() > until:
                    return number
                assert read(client) == 20

    with ThreadPoolExecutor(clients) as pool:
        return sum(pool.map(run, range(clients))) / SECONDS


def test_a_container_starts_soon_and_is_modest(place):
    """Two processes, after a load of more clients than they have threads."""
    name, port, seconds = place.api("--memory", "512m")
    answered(port, 16)
    used = docker("stats", "--no-stream", "--format", "{{.MemUsage}}", name)
    docker("rm", "--force", name)

    facts.state("container_seconds", round(seconds, 1))
    facts.state("container_megabytes", round(float(used.partition("MiB")[0]) * 1.048576))


def test_a_start_is_measured_before_and_after_the_cuts(place):
    """One process as an instance has it, the best of five starts of each, in turns."""
    seconds = collections.defaultdict(list)
    for _ in range(5):
        for step in (STEP.before, STEP):
            words = ("--read-only", "--memory", "512m", "--env", "WEB_CONCURRENCY=1")
            name, _, taken = place.api(*words, step=step)
            docker("rm", "--force", name)
            seconds[step].append(taken)

    facts.state("first_answer_before", round(min(seconds[STEP.before]), 2))
    facts.state("first_answer_after", round(min(seconds[STEP]), 2))


def test_a_core_answers_so_many_requests(place):
    """One process, as an instance of Cloud Run has it, on one core and no more."""
    name, port, _ = place.api("--cpus", "1", "--cpuset-cpus", "0", "--env", "WEB_CONCURRENCY=1")
    answered(port, 4)  # until everything is loaded
    rate = answered(port, 4)
    docker("rm", "--force", name)

    facts.state("core_requests", round(rate))


def test_a_container_holds_no_more_connections_than_its_processes_may(monkeypatch):
    """Two, with a pool of four each, unless the platform says otherwise."""
    for name in ("WEB_CONCURRENCY", "DATABASE_POOL_SIZE"):
        monkeypatch.delenv(name, raising=False)
    server, app = (runpy.run_path(STEP.folder / f) for f in ("gunicorn.conf.py", "settings.py"))
    pool = app["SQLALCHEMY_ENGINE_OPTIONS"]

    assert pool["max_overflow"] == 0
    facts.state("container_connections", server["workers"] * pool["pool_size"])


def test_cloud_run_holds_no_more_connections_than_its_instances_may():
    """The most that there may be, each with its processes and their pools, by its own file."""
    service = yaml.safe_load(SERVICE.read_text(encoding="utf-8"))
    [container] = service["spec"]["template"]["spec"]["containers"]
    given = {entry["name"]: entry.get("value") for entry in container["env"]}
    most = int(service["metadata"]["annotations"]["run.googleapis.com/maxScale"])
    each = int(given["WEB_CONCURRENCY"]) * int(given["DATABASE_POOL_SIZE"])

    facts.state("instances_most", most)
    facts.state("instances_connections", most * each)
