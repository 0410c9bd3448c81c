"""A step's containers, as a project of their own, of which nothing is left."""

import contextlib
import http.client
import json
import os
import re
import shutil
import socket
import subprocess
import time
import uuid

import psycopg
import pytest

from tests.words import CONFIRM, CREATE, REGISTER, Words
from tools import postgres, steps

PUBLISHED = re.compile(r"127\.0\.0\.1:54\d\d:5432")  # the database's, in a compose file
# What tests ask more often, from one address, than people do.
ASKED_HERE = ("ADDRESS_REQUESTS_PER_MINUTE", "ADDRESS_COST_PER_MINUTE", "ADDRESS_LETTERS_PER_HOUR")
PATIENCE = 20  # seconds in which a platform wants to know


def free_ports(number):
    """Return ports on which nothing listens."""
    with contextlib.ExitStack() as stack:
        sockets = [stack.enter_context(socket.socket()) for _ in range(number)]
        for one in sockets:
            one.bind(("127.0.0.1", 0))
        return [one.getsockname()[1] for one in sockets]


class Stack:
    """A step's containers, as a project of its own, built from a copy of the step's folder."""

    def __init__(self, step, folder):
        self.step, self.folder = step, steps.copy(step.folder, folder)
        self.words = Words(step)
        self.port, self.database_port = free_ports(2)
        self.project = f"test-{step.name}-{uuid.uuid4().hex[:8]}"
        # What must not get into the image.
        shutil.copy(self.folder / ".env.example", self.folder / ".env")
        if step is steps.FINAL:
            with (self.folder / ".env").open("a", encoding="utf-8") as env:
                env.writelines(f"{name}=100000\n" for name in ASKED_HERE)
        subprocess.run(["git", "init", "--quiet"], cwd=self.folder, check=True)
        for path in [*self.folder.glob("*.yml"), *self.folder.glob("*.yaml")]:
            here = PUBLISHED.sub(f"127.0.0.1:{self.database_port}:5432", path.read_text("utf-8"))
            path.write_text(here, encoding="utf-8")

    def compose(self, *arguments):
        """Run `docker compose`; return what it printed."""
        foreign = {"POSTGRES_PASSWORD", "JWT_SECRET_KEY", "COMPOSE_FILE", "DATABASE_URL"}
        inherited = {name: value for name, value in os.environ.items() if name not in foreign}
        done = subprocess.run(
            ["docker", "compose", "--project-name", self.project, *arguments],
            cwd=self.folder,
            env={**inherited, "PORT": str(self.port)},
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            encoding="utf-8",
        )
        assert done.returncode == 0, done.stderr
        return done.stdout

    def secret(self, name):
        """Return what the .env says."""
        return re.search(f"^{name}=(.+)$", (self.folder / ".env").read_text("utf-8"), re.M)[1]

    def docker(self, *arguments):
        """Run `docker`; return what it printed."""
        done = subprocess.run(["docker", *arguments], capture_output=True, text=True, check=True)
        return done.stdout.strip()

    def inspect(self, service, template):
        """Return what Docker says of a service's container, by a Go template, from JSON."""
        container = self.compose("ps", "--all", "--quiet", service).strip()
        return json.loads(self.docker("inspect", "--format", f"{{{{json {template}}}}}", container))

    def inside(self, *command):
        """Run a command in the API's container; return what it printed, even if it failed."""
        exec_it = ["docker", "compose", "--project-name", self.project, "exec", "-T", "api"]
        done = subprocess.run(
            [*exec_it, *command],
            cwd=self.folder,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
        )
        return done.stdout.strip()

    def request(self, method, path, body=None, token=""):
        """Speak HTTP to the API; return the status and the JSON of the answer."""
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=PATIENCE)
        headers = {"Authorization": f"Bearer {token}"} if token else {}
        if body:
            headers["Content-Type"] = "application/json"
        connection.request(method, path, json.dumps(body) if body else None, headers)
        response = connection.getresponse()
        answer = response.status, json.load(response)
        connection.close()
        return answer

    def ask(self, query, token="", **variables):
        """Send a GraphQL request; return its data and the codes of its errors."""
        _, answer = self.request(
            "POST", "/graphql", {"query": query, "variables": variables}, token
        )
        return answer.get("data"), [e["extensions"]["code"] for e in answer.get("errors", [])]

    def register(self):
        """Register somebody new, with a confirmed address; return the user and the token."""
        data, errors = self.ask(REGISTER, input=self.words.person())
        assert errors == []
        if self.words.confirms:
            with self.sql() as connection:
                connection.execute(CONFIRM)
        return data["register"]

    def create(self):
        """Add an animal under a new name; return its id, the name, and its owner's token."""
        name = f"Otto {uuid.uuid4().hex[:8]}"
        ada = self.register()
        new = self.words.animal(name, ada["user"]["id"])
        data, errors = self.ask(CREATE, ada["accessToken"], input=new)
        assert errors == []
        return data["createAnimal"]["animal"]["id"], name, ada["accessToken"]

    def name(self, number):
        """Return the name of the animal with an id."""
        data, errors = self.ask(self.words.name, id=number)
        assert errors == []
        return data["animal"]["name"]

    def sql(self):
        """Connect to the database as its owner."""
        password = self.secret("POSTGRES_PASSWORD")
        address = f"postgresql://zoo:{password}@127.0.0.1:{self.database_port}/zoo"
        return psycopg.connect(address)

    def wait(self, status):
        """Wait until /readyz answers with a status; fail where that takes too long."""
        deadline = time.monotonic() + PATIENCE
        while (said := self.request("GET", "/readyz"))[0] != status:
            assert time.monotonic() < deadline, said
            time.sleep(0.2)


@contextlib.contextmanager
def running(step, folder):
    """Give a step's containers, up and ready; at the end nothing of them is left."""
    if not postgres.docker_answers():
        if os.environ.get("CI"):
            pytest.fail("Docker does not answer")
        pytest.skip("Docker does not answer")
    stack = Stack(step, folder)
    try:
        stack.compose("up", "--build", "--wait")
        yield stack
    finally:
        stack.compose("down", "--volumes", "--rmi", "local", "--remove-orphans", "--timeout", "5")
