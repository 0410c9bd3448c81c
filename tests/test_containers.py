"""Each step that comes as an image: what its containers do, and what outlives them."""

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
from concurrent.futures import ThreadPoolExecutor

import jwt
import psycopg
import pytest

from tools import contract, facts, postgres, steps
from tools.steps import STEPS

BUILT = [step for step in STEPS if (step.folder / "Dockerfile").exists()]
PUBLISHED = re.compile(r"127\.0\.0\.1:54\d\d:5432")  # the database's, in a compose file
PATIENCE = 20  # seconds in which a platform wants to know

REGISTER = """mutation ($username: String!) {
  register(input: {username: $username, password: "correct horse"}) { accessToken user { id } }
}"""
CREATE = "mutation ($input: CreateAnimalInput!) { createAnimal(input: $input) { animal { id } } }"
RENAME = 'mutation ($id: Int!) { updateAnimal(input: {id: $id, name: "Ada"}) { animal { name } } }'
NAME = "query ($id: Int!) { animal(id: $id) { name } }"


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
        self.port, self.database_port = free_ports(2)
        self.project = f"test-{step.name}-{uuid.uuid4().hex[:8]}"
        # What must not get into the image.
        shutil.copy(self.folder / ".env.example", self.folder / ".env")
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

    def token(self):
        """Register somebody new; return the access token."""
        return self.register()["accessToken"]

    def register(self):
        """Register somebody new; return the user and the token."""
        data, errors = self.ask(REGISTER, username=f"u{uuid.uuid4().hex[:12]}")
        assert errors == []
        return data["register"]

    def animal(self, name, owner):
        """Return what the step wants to know of a new animal."""
        wanted = contract.read(self.step.folder).type_map["CreateAnimalInput"].fields
        return {"name": name} | ({"ownerId": owner} if "ownerId" in wanted else {})

    def create(self):
        """Add an animal under a new name; return its id and the name."""
        name = f"Otto {uuid.uuid4().hex[:8]}"
        ada = self.register()
        new = self.animal(name, ada["user"]["id"])
        data, errors = self.ask(CREATE, ada["accessToken"], input=new)
        assert errors == []
        return data["createAnimal"]["animal"]["id"], name

    def name(self, number):
        """Return the name of the animal with an id."""
        data, errors = self.ask(NAME, id=number)
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


@pytest.fixture(scope="module", params=BUILT, ids=lambda step: step.name)
def stack(request, tmp_path_factory):
    """A step's containers, up and ready; of them, their images and their data nothing is left."""
    if not postgres.docker_answers():
        if os.environ.get("CI"):
            pytest.fail("Docker does not answer")
        pytest.skip("Docker does not answer")
    running = Stack(request.param, tmp_path_factory.mktemp("stack") / request.param.name)
    try:
        running.compose("up", "--build", "--wait")
        yield running
    finally:
        running.compose("down", "--volumes", "--rmi", "local", "--remove-orphans", "--timeout", "5")


@pytest.fixture
def image(stack):
    """The id of the image that the API runs on."""
    return stack.inspect("api", ".Image")


def test_a_client_registers_creates_and_reads_over_http(stack):
    """One command, and all that the step before could do is there."""
    number, name = stack.create()

    assert stack.name(number) == name
    assert stack.ask(CREATE, input=stack.animal("Nobody's", 1))[1] == ["UNAUTHENTICATED"]


def test_the_secrets_are_those_of_env(stack):
    """The key signs the tokens; the password opens the database."""
    assert jwt.decode(stack.token(), stack.secret("JWT_SECRET_KEY"), algorithms=["HS256"])
    with stack.sql() as connection:
        assert connection.execute("SELECT current_user").fetchone() == ("zoo",)


def test_the_server_runs_as_nobody_and_may_do_nothing(stack):
    """Neither user nor group is root; no capability is left, and none can be won."""
    status = stack.inside("cat", "/proc/1/status")

    said = dict(line.split(":\t", 1) for line in status.splitlines() if ":\t" in line)
    assert "0" not in said["Uid"].split()
    assert "0" not in said["Gid"].split()
    assert int(said["CapEff"], 16) == int(said["CapBnd"], 16) == 0
    assert said["NoNewPrivs"] == "1"


def test_the_servers_files_cannot_be_changed(stack):
    """The root file system is read-only, and the code is another user's."""
    root = next(m.split() for m in stack.inside("cat", "/proc/mounts").splitlines() if " / " in m)

    assert "ro" in root[3].split(",")
    assert "Read-only file system" in stack.inside("touch", "/tmp/x")  # noqa: S108
    assert "cannot touch" in stack.inside("touch", "gunicorn.conf.py")


def test_an_init_is_process_1_and_the_server_its_child(stack):
    """The init passes signals on and buries orphans; gunicorn serves."""
    script = (
        "for p in 1 $(cat /proc/1/task/1/children); do tr '\\0' ' ' </proc/$p/cmdline; echo; done"
    )

    init, server = stack.inside("sh", "-c", script).splitlines()

    assert init.startswith("tini ")
    assert "gunicorn" in server


def test_the_image_holds_what_runs_and_nothing_else(stack, image):
    """No tests, no secrets, no history, no compiler, and no pip in its environment."""
    app = stack.inside("ls", "-A", "/app" if stack.inside("pwd") == "/app" else ".").split()

    assert "gunicorn.conf.py" in app
    assert not {"tests", ".env", ".env.example", ".git", "Dockerfile", "compose.yaml"} & set(app)
    assert "No module named pip" in stack.inside("python", "-m", "pip")
    assert stack.inside("sh", "-c", "command -v gcc cc make git") == ""
    history = stack.docker("history", "--no-trunc", image)
    settings = stack.docker("inspect", "--format", "{{json .Config.Env}}", image)
    for secret in ("POSTGRES_PASSWORD", "JWT_SECRET_KEY"):
        assert stack.secret(secret) not in history + settings


def test_nobody_but_this_machine_reaches_a_port(stack):
    """Whatever is published is published on 127.0.0.1."""
    names = stack.compose("ps", "--quiet").split()
    ports = [
        json.loads(stack.docker("inspect", "-f", "{{json .NetworkSettings.Ports}}", n))
        for n in names
    ]
    bindings = [b for published in ports for found in published.values() for b in found or []]

    assert bindings
    assert {binding["HostIp"] for binding in bindings} == {"127.0.0.1"}


def layers(stack, image):
    """Return the layers of an image and its size in bytes."""
    said = json.loads(stack.docker("image", "inspect", "--format", "{{json .}}", image))
    return said["RootFS"]["Layers"], said["Size"]


@pytest.fixture
def base(stack):
    """The name under which the base image stands here while a test lasts."""
    name = f"{stack.project}-base"
    from_line = re.search(r"^FROM (\S+)", (stack.folder / "Dockerfile").read_text("utf-8"), re.M)
    subprocess.run(
        ["docker", "build", "--quiet", "--tag", name, "-"],
        input=from_line[0],
        capture_output=True,
        text=True,
        check=True,
    )
    yield name
    stack.docker("image", "rm", name)


def test_the_image_adds_little_to_its_base(stack, image, base):
    """The megabytes are counted, since Python itself differs from place to place."""
    added = round((layers(stack, image)[1] - layers(stack, base)[1]) / 1_000_000)

    if stack.step is BUILT[0]:
        facts.state("image_megabytes", added)
    most = 90 if stack.step.name < "06-uploads" else 180  # Pillow, and Google's libraries
    assert 40 <= added <= most


def test_a_changed_letter_makes_only_the_codes_layers_anew(stack, image, base):
    """The libraries stay where they are: they have a layer of their own, before the code's."""
    after_the_code = (stack.folder / "Dockerfile").read_text("utf-8").partition("\nCOPY . .\n")[2]
    before, own = layers(stack, image)[0], len(layers(stack, base)[0])
    source = next(stack.folder.rglob("health.py"))
    text = source.read_text("utf-8")

    source.write_text(text.replace("What a platform", "What any platform"), encoding="utf-8")
    try:
        stack.compose("build", "api")
    finally:
        source.write_text(text, encoding="utf-8")
    after = layers(stack, f"{stack.project}-api")[0]
    stack.compose("build", "api")

    anew = [layer for layer in after if layer not in before]
    assert len(anew) == 1 + after_the_code.count("\nRUN ")
    if stack.step is BUILT[0]:
        facts.state("image_layers", len(after) - own)
        facts.state("image_layers_anew", len(anew))


def test_a_dead_database_is_told_and_its_return_is_noticed(stack):
    """503 and SERVICE_UNAVAILABLE meanwhile; then the same server answers, with all rows."""
    number, name = stack.create()
    started = stack.inspect("api", ".State.StartedAt")

    stack.compose("kill", "db")
    stack.wait(503)
    _, away = stack.ask(NAME, id=number)
    stack.compose("start", "db")
    stack.wait(200)

    assert away == ["SERVICE_UNAVAILABLE"]
    assert stack.name(number) == name
    assert stack.inspect("api", ".State.StartedAt") == started


def test_a_second_migration_changes_nothing(stack):
    """The one-shot service may run as often as it likes."""

    def dumped():
        dump = stack.compose("exec", "-T", "db", "pg_dump", "--username", "zoo", "zoo")
        return [line for line in dump.splitlines() if "restrict" not in line]

    stack.create()
    before = dumped()

    stack.compose("run", "--rm", "migrate")

    assert dumped() == before


def test_data_outlives_its_containers(stack):
    """`down` removes the containers, and the volume keeps the rows."""
    number, name = stack.create()
    old = stack.inspect("db", ".Id")

    stack.compose("down")
    stack.compose("up", "--wait")

    assert stack.inspect("db", ".Id") != old
    assert stack.name(number) == name


def test_a_request_that_runs_at_sigterm_gets_its_answer(stack):
    """A rename waits for a locked row while the server is told to stop; nothing of it is lost."""
    number, _ = stack.create()
    token = stack.token()

    with ThreadPoolExecutor() as pool, stack.sql() as keeper:
        keeper.execute("SELECT 1 FROM animal WHERE id = %s FOR UPDATE", [number])
        renamed = pool.submit(stack.ask, RENAME, token, id=number)
        waiting(stack)
        stopped = pool.submit(stack.compose, "stop", "api")
        time.sleep(1)
        assert not renamed.done()
        keeper.rollback()
        stopped.result()
    code = stack.inspect("api", ".State.ExitCode")
    stack.compose("up", "--wait", "api")

    assert renamed.result() == ({"updateAnimal": {"animal": {"name": "Ada"}}}, [])
    assert stack.name(number) == "Ada"
    assert code in (0, 128 + 15)  # and not 128 + 9: Docker had no need to kill it


def waiting(stack):
    """Return once somebody waits for a lock."""
    asked = "SELECT count(*) FROM pg_stat_activity WHERE wait_event_type = 'Lock'"
    deadline = time.monotonic() + PATIENCE
    with stack.sql() as connection:
        while connection.execute(asked).fetchone() == (0,):
            assert time.monotonic() < deadline
            connection.rollback()
            time.sleep(0.05)


def test_each_step_is_a_project_of_its_own(stack):
    """Two steps never share a volume, in which another password would wait."""
    named = subprocess.run(
        ["docker", "compose", "config", "--format", "json"],
        cwd=stack.step.folder,
        env={k: v for k, v in os.environ.items() if k != "COMPOSE_PROJECT_NAME"},
        capture_output=True,
        check=True,
    )
    assert json.loads(named.stdout)["name"] == f"demo-stack-{stack.step.name}"
