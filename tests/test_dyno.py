"""Each step for Heroku, run as a dyno runs it, beside a Postgres that speaks TLS alone."""

import contextlib
import http.client
import json
import os
import random
import re
import secrets
import shlex
import subprocess
import time
import uuid
from concurrent.futures import ThreadPoolExecutor

import psycopg
import pytest
import yaml

from tests.words import CONFIRM, CREATE, REGISTER, RENAME, Words, row
from tools import facts, postgres, steps
from tools.steps import FINAL, ROOT, STEPS

FOR_HEROKU = [step for step in (*STEPS, FINAL) if (step.folder / "heroku.yml").exists()]
BOOT = 30  # seconds; Heroku waits for 60
GRACE = 10  # seconds after SIGTERM; Heroku waits for 30
MEMORY = "512m"
# What nobody makes up for production; whatever else is asked for is empty JSON here.
GIVEN = {
    "PUBLIC_URL": "https://zoo.example",
    "SMTP_URL": "smtps://smtp.example",
}
# Any user, no way to become another, a disk that takes nothing, and no swap.
CONFINED = ["--user", "34567:34567", "--cap-drop", "ALL", "--read-only", "--tmpfs", "/tmp"]  # noqa: S108
CONFINED += ["--security-opt", "no-new-privileges", "--memory", MEMORY, "--memory-swap", MEMORY]
CONFINED += ["--no-healthcheck"]

ENCRYPTED = """SELECT DISTINCT ssl FROM pg_stat_ssl JOIN pg_stat_activity USING (pid)
    WHERE usename = 'zoo' AND datname = '{}'"""

REDIS = ["redis-cli", "--tls", "--insecure"]
PSQL = ["psql", "--username", "postgres", "--no-align", "--tuples-only", "--command"]
LOCKED = "wait_event_type = 'Lock'"


def docker(*arguments, check=True):
    """Run `docker`; return what it printed, without the last line's end."""
    done = subprocess.run(["docker", *arguments], capture_output=True, text=True)
    assert not check or done.returncode == 0, done.stderr
    return done.stdout.strip()


def answers(*arguments):
    """Wait until a command of Docker's prints 1."""
    deadline = time.monotonic() + BOOT
    while docker(*arguments, check=False) != "1":
        assert time.monotonic() < deadline, docker(*arguments)
        time.sleep(0.2)


class Dyno:
    """A container of an image, confined as a dyno is, on a port that nobody foresees."""

    def __init__(self, image, network, settings, *command):
        self.name = f"test-dyno-{uuid.uuid4().hex[:12]}"
        self.inner = random.randint(3000, 60000)  # noqa: S311 - no secret
        given = {**settings, "PORT": str(self.inner)}
        environment = [word for pair in given.items() for word in ("--env", "=".join(pair))]
        publish = ["--publish", f"127.0.0.1::{self.inner}"]
        run = ["run", "--detach", "--name", self.name, "--network", network, *publish]
        docker(*run, *CONFINED, *environment, image, *command)

    @property
    def state(self):
        """What Docker says of it."""
        return json.loads(docker("inspect", "--format", "{{json .State}}", self.name))

    def ended(self, seconds):
        """Wait until it has ended by itself; return the exit code."""
        deadline = time.monotonic() + seconds
        while (state := self.state)["Running"]:
            assert time.monotonic() < deadline, self.said
            time.sleep(0.2)
        return state["ExitCode"]

    @property
    def said(self):
        """All that it has printed."""
        logs = ["docker", "logs", self.name]
        done = subprocess.run(logs, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)
        return done.stdout

    def request(self, path, body=None, token=""):
        """Speak HTTP to it, as Heroku's router does; return the status and the JSON."""
        port = int(docker("port", self.name, str(self.inner)).rpartition(":")[2])
        connection = http.client.HTTPConnection("127.0.0.1", port, timeout=BOOT)
        headers = {"X-Forwarded-For": "192.0.2.66, 203.0.113.9", "X-Forwarded-Proto": "https"}
        headers |= {"Authorization": f"Bearer {token}"} if token else {}
        headers |= {"Content-Type": "application/json"} if body else {}
        text = json.dumps(body) if body else None
        connection.request("POST" if body else "GET", path, text, headers)
        response = connection.getresponse()
        answer = response.status, json.load(response)
        connection.close()
        return answer

    def booted(self):
        """Wait until it answers; return it."""
        deadline = time.monotonic() + BOOT
        while True:
            with contextlib.suppress(OSError, http.client.HTTPException, ValueError):
                if self.request("/readyz")[0] == 200:
                    return self
            assert time.monotonic() < deadline, self.said
            assert self.state["Running"], self.said
            time.sleep(0.2)

    def ask(self, query, token="", **variables):
        """Send a GraphQL request; return its data and the codes of its errors."""
        _, answer = self.request("/graphql", {"query": query, "variables": variables}, token)
        return answer.get("data"), [e["extensions"]["code"] for e in answer.get("errors", [])]


class Database:
    """A Postgres in a container of its own."""

    def __init__(self, name, password):
        self.name, self.password = name, password

    def sql(self, statement, database="postgres"):
        """Run a statement as the administrator; return its rows as text."""
        return docker("exec", self.name, *PSQL, statement, "--dbname", database)

    def url(self, name, host=None):
        """Return an address as Heroku writes it."""
        return f"postgres://zoo:{self.password}@{host or self.name + ':5432'}/{name}"

    def connect(self, name):
        """Connect from this machine."""
        return psycopg.connect(self.url(name, docker("port", self.name, "5432")))


@pytest.fixture(scope="module")
def network():
    """A network of Docker's, which only these containers share."""
    if not postgres.docker_answers():
        if os.environ.get("CI"):
            pytest.fail("Docker does not answer")
        pytest.skip("Docker does not answer")
    name = f"test-dyno-{uuid.uuid4().hex[:12]}"
    docker("network", "create", name)
    yield name
    docker("network", "rm", name)


@pytest.fixture(scope="module")
def server(network):
    """A Postgres that refuses whoever does not speak TLS, as Heroku's does."""
    image = docker("build", "--quiet", str(ROOT / "tests" / "heroku-postgres"))
    found = Database(f"{network}-db", secrets.token_hex(16))
    publish = ["--publish", "127.0.0.1::5432"]
    docker("run", "--detach", "--name", found.name, "--network", network, *publish, image)
    try:
        answers("exec", found.name, *PSQL, "SELECT 1")
        found.sql(f"CREATE ROLE zoo LOGIN PASSWORD '{found.password}'")
        yield found
    finally:
        docker("rm", "--force", "--volumes", found.name)
        docker("image", "rm", image, check=False)  # unless another run has it in use


@pytest.fixture(scope="module")
def redis(network):
    """A Redis that speaks TLS alone, and shows a certificate of its own making."""
    image = docker("build", "--quiet", str(ROOT / "tests" / "heroku-redis"))
    name = f"{network}-redis"
    docker("run", "--detach", "--name", name, "--network", network, image)
    try:
        answers("exec", name, *REDIS, "incr", "asked")
        yield name
    finally:
        docker("rm", "--force", "--volumes", name)
        docker("image", "rm", image, check=False)


@pytest.fixture(scope="module", params=FOR_HEROKU, ids=lambda step: step.name)
def step(request):
    """A step that Heroku can run."""
    return request.param


@pytest.fixture(scope="module")
def image(step, network, tmp_path_factory):
    """The image that Heroku would build of the step: the one that its heroku.yml names."""
    folder = steps.copy(step.folder, tmp_path_factory.mktemp("dyno") / step.name)
    built = yaml.safe_load((folder / "heroku.yml").read_text("utf-8"))["build"]["docker"]["web"]
    tag = f"{network}-{step.name}"
    docker("build", "--quiet", "--tag", tag, "--file", str(folder / built), str(folder))
    yield tag
    docker("image", "rm", tag)


@pytest.fixture(scope="module")
def database(step, server):
    """The name of an empty database of the step's own."""
    name = re.sub(r"\W", "_", f"dyno_{step.name}")
    server.sql(f"CREATE DATABASE {name} OWNER zoo")
    return name


@pytest.fixture
def words(step):
    """What is said to the step's API."""
    return Words(step)


@pytest.fixture
def create(words, server, database):
    """Add an animal by a dyno, as somebody new; return its id and that person's token."""

    def add(dyno):
        data, errors = dyno.ask(REGISTER, input=words.person())
        assert errors == []
        if words.confirms:
            server.sql(CONFIRM, database)
        user, token = data["register"]["user"]["id"], data["register"]["accessToken"]
        data, errors = dyno.ask(CREATE, token, input=words.animal("Otto", user))
        assert errors == []
        return data["createAnimal"]["animal"]["id"], token

    return add


@pytest.fixture(scope="module")
def settings(request, step, server, database):
    """What app.json sets, its secrets made, and what the add-ons add."""
    app = json.loads((step.folder / "app.json").read_text("utf-8"))
    described = app["env"]
    made = {
        name: secrets.token_hex(32)
        if entry.get("generator") == "secret"
        else entry.get("value", GIVEN.get(name, "{}"))
        for name, entry in described.items()
    }
    for addon in app["addons"]:
        if isinstance(addon, dict):
            made[f"{addon['as']}_URL"] = f"rediss://{request.getfixturevalue('redis')}:6379"
    return {**made, "DATABASE_URL": server.url(database)}


@pytest.fixture(scope="module")
def run(image, network):
    """Run a dyno of the image; all of them are gone at the end."""
    dynos = []

    def begin(settings, *command):
        dynos.append(Dyno(image, network, settings, *command))
        return dynos[-1]

    yield begin
    for dyno in dynos:
        docker("rm", "--force", "--volumes", dyno.name)


@pytest.fixture(scope="module")
def release(step, run):
    """Run the commands of the release phase, one after the other; return the last one's dyno."""
    commands = yaml.safe_load((step.folder / "heroku.yml").read_text("utf-8"))["release"]["command"]

    def begin(settings):
        for command in commands:
            dyno = run(settings, "sh", "-c", command)
            if dyno.ended(BOOT):
                break
        return dyno

    return begin


@pytest.fixture(scope="module")
def released(release, settings):
    """The settings of an app whose database was migrated by its release phase."""
    done = release(settings)
    assert done.state["ExitCode"] == 0, done.said
    return settings


@pytest.fixture(scope="module")
def web(run, released):
    """The web dyno, by the image's own command."""
    return run(released).booted()


def test_a_dyno_boots_and_answers_on_its_port(words, web, create):
    """Release before web, any user, a port that is another each time; then everything works."""
    number, _ = create(web)

    assert web.ask(words.name, id=number) == ({"animal": {"name": "Otto"}}, [])


def test_a_dyno_needs_half_of_its_memory(step, words, web, create):
    """After some hundred requests, so that every worker has answered."""
    number, _ = create(web)
    for _ in range(100):
        assert web.ask(words.name, id=number)[1] == []

    said = docker("stats", "--no-stream", "--format", "{{.MemUsage}}", web.name)
    used = float(re.match(r"([\d.]+)MiB / 512MiB$", said)[1])

    assert used < 256
    if step.name == "04-heroku":
        facts.state("heroku_megabytes", round(used))


def test_a_dyno_leaves_nothing_on_its_disk(web, create):
    """The disk is gone with the dyno: what is said goes to stdout, what is kept to Postgres."""
    create(web)

    stdout = docker("logs", web.name)
    assert re.search("POST.*/graphql", stdout)
    assert docker("exec", web.name, "find", "/tmp", "-type", "f") == ""  # noqa: S108
    assert docker("diff", web.name) == ""


def test_every_connection_to_the_database_is_encrypted(web, create, server, database):
    """Postgres itself says so of those that the app holds, and turns others away."""
    create(web)

    assert server.sql(ENCRYPTED.format(database)) == "t"
    with pytest.raises(psycopg.OperationalError, match="no encryption"):
        psycopg.connect(
            server.url(database, docker("port", server.name, "5432")), sslmode="disable"
        )


@pytest.mark.parametrize("step", FOR_HEROKU[-1:], ids=lambda step: step.name, indirect=True)
def test_requests_are_counted_in_herokus_redis(web, redis):
    """Over TLS, though nobody vouches for its certificate."""
    web.ask("{ __typename }")

    assert "ADDRESS_REQUESTS_PER_MINUTE" in docker("exec", redis, *REDIS, "keys", "*")


# final/ writes nobody's address down.
@pytest.mark.parametrize("step", FOR_HEROKU[:-1], ids=lambda step: step.name, indirect=True)
def test_the_app_sees_who_is_asking_and_no_more(web):
    """One proxy is trusted: the router's entry counts, and none that a client wrote before it."""
    web.request("/readyz")

    asked = re.findall(r"^(\S+) .*GET /readyz", web.said, re.M)
    assert set(asked) == {"203.0.113.9"}


def test_the_buildpacks_way_does_the_same(step, run, released, create):
    """The Procfile's lines, run like the image's; and the Python is the image's."""
    lines = (step.folder / "Procfile").read_text("utf-8").splitlines()
    told = dict(line.split(": ", 1) for line in lines)

    assert run(released, "sh", "-c", told["release"]).ended(BOOT) == 0
    dyno = run(released, "sh", "-c", f"exec {told['web']}").booted()

    wanted = (step.folder / ".python-version").read_text("utf-8").strip()
    assert docker("exec", dyno.name, "python", "--version").startswith(f"Python {wanted}.")
    assert create(dyno)


CLOCKED = pytest.mark.parametrize("step", [FINAL], ids=lambda step: step.name, indirect=True)


@CLOCKED
def test_the_clock_looks_for_letters_again_and_again(step, run, released):
    """The same by both ways; a bucket that is away keeps no letter waiting."""
    described = yaml.safe_load((step.folder / "heroku.yml").read_text("utf-8"))["run"]["clock"]
    procfile = yaml.safe_load((step.folder / "Procfile").read_text("utf-8"))
    assert described["command"] == [procfile["clock"]]

    clock = run(released, "sh", "-c", procfile["clock"].replace("sleep 60", "sleep 1"))
    deadline = time.monotonic() + 2 * BOOT
    while clock.said.count("Sent: 0") < 2:
        assert time.monotonic() < deadline, clock.said
        time.sleep(0.5)
    assert clock.state["Running"]


EVERY = "kill -TERM -1; kill -TERM -1; kill -TERM 1"  # to all but process 1, and at last to that


@pytest.mark.parametrize("signal", ["process 1", "every process, twice"])
def test_a_request_that_runs_at_sigterm_gets_its_answer(
    run, released, create, server, database, signal
):
    """A rename waits for a locked row while the dyno is told to go; nothing of it is lost."""
    dyno = run(released).booted()
    number, token = create(dyno)

    with ThreadPoolExecutor() as pool, server.connect(database) as keeper:
        keeper.execute("SELECT 1 FROM animal WHERE id = %s FOR UPDATE", [row(number)])
        renamed = pool.submit(dyno.ask, RENAME, token, input={"id": number, "name": "Ada"})
        waiting(server, database)
        began = time.monotonic()
        if signal == "process 1":
            docker("kill", "--signal", "TERM", dyno.name)
        else:
            docker("exec", dyno.name, "sh", "-c", EVERY, check=False)
        time.sleep(1)
        assert not renamed.done()
        keeper.rollback()
        answer = renamed.result()
    code = dyno.ended(GRACE)

    assert answer == ({"updateAnimal": {"animal": {"name": "Ada"}}}, [])
    assert time.monotonic() - began < GRACE
    assert code == 0
    with server.connect(database) as connection:
        kept = connection.execute("SELECT name FROM animal WHERE id = %s", [row(number)])
        assert kept.fetchone() == ("Ada",)


def waiting(server, database):
    """Return once somebody waits for a lock."""
    asked = f"SELECT pid FROM pg_stat_activity WHERE {LOCKED} AND datname = '{database}'"  # noqa: S608
    deadline = time.monotonic() + BOOT
    while not server.sql(asked):
        assert time.monotonic() < deadline
        time.sleep(0.05)


@pytest.mark.parametrize(
    ("changes", "named"),
    [
        ({"JWT_SECRET_KEY": None}, "JWT_SECRET_KEY (is not|has to be) "),
        ({"DATABASE_URL": None}, "DATABASE_URL (is not|has to be) set"),
        ({"FLASK_DEBUG": "1"}, "FLASK_DEBUG (is on|has to be off)"),
    ],
    ids=lambda value: "" if isinstance(value, dict) else value.split()[0],
)
def test_a_dyno_with_unsafe_settings_ends_and_says_why(run, released, changes, named):
    """By itself, with a failure, and without starting its workers for ever."""
    given = {name: value for name, value in {**released, **changes}.items() if value is not None}

    dyno = run(given)

    assert dyno.ended(BOOT) != 0
    assert re.search(named, dyno.said)
    assert dyno.said.count("UnsafeSettings: ") <= 4
    assert released["JWT_SECRET_KEY"] not in dyno.said


def test_a_release_that_cannot_migrate_fails(release, settings, server):
    """Heroku then keeps the version that runs."""
    away = release({**settings, "DATABASE_URL": server.url("nowhere")})

    assert away.state["ExitCode"] != 0
    assert 'database "nowhere" does not exist' in away.said
    assert server.password not in away.said


def test_a_database_without_tls_is_refused(release, network, settings):
    """PGSSLMODE=require is honoured; the official image's Postgres speaks no TLS."""
    plain = Database(f"{network}-plain", "zoo")
    words = ["POSTGRES_USER=zoo", "POSTGRES_PASSWORD=zoo", "PGPASSWORD=zoo"]
    given = [word for pair in words for word in ("--env", pair)]
    docker("run", "--detach", "--name", plain.name, "--network", network, *given, "postgres:18")
    try:
        words = ["--host", "127.0.0.1", "--dbname", "zoo", "--username", "zoo", *PSQL[3:]]
        answers("exec", plain.name, "psql", *words, "SELECT 1")
        refused = release({**settings, "DATABASE_URL": plain.url("zoo")})
    finally:
        docker("rm", "--force", "--volumes", plain.name)

    assert settings["PGSSLMODE"] == "require"
    assert refused.state["ExitCode"] != 0
    assert "server does not support SSL, but SSL was required" in refused.said


def test_app_json_and_the_script_set_the_same(step):
    """Whichever way an app is made, it has the same settings, database and dynos."""
    described = json.loads((step.folder / "app.json").read_text("utf-8"))
    script = (step.folder / "scripts" / "deploy").read_text("utf-8")
    [line] = re.findall(r"heroku config:set (.+?) --app", script, re.S)
    pairs = [word.partition("=") for word in shlex.split(line.replace("\\\n", ""))]
    words = {name: value for name, is_set, value in pairs if is_set}

    set_for_all = {n: e for n, e in described["env"].items() if {"value", "generator"} & set(e)}
    assert set(words) == set(set_for_all)
    for name, entry in set_for_all.items():
        assert "generator" in entry or entry["value"] == words[name]
    for addon in described["addons"]:
        plan = f"{addon['plan']} --as {addon['as']}" if isinstance(addon, dict) else addon
        assert f"heroku addons:create {plan} " in script
    formation = described["formation"].items()
    dynos = " ".join(f"{name}={dyno['quantity']}" for name, dyno in formation)
    assert f"heroku ps:scale {dynos} --app" in script
    procfile = yaml.safe_load((step.folder / "Procfile").read_text("utf-8"))
    assert procfile.keys() - {"release"} == described["formation"].keys()
