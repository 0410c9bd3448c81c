"""Each step that comes as an image: what its containers do, and what outlives them."""

import json
import os
import re
import subprocess
import time
from concurrent.futures import ThreadPoolExecutor

import jwt
import pytest

from tests.stack import PATIENCE, running
from tests.words import CREATE, RENAME, row
from tools import facts
from tools.steps import FINAL, STEPS

BUILT = [step for step in (*STEPS, FINAL) if (step.folder / "Dockerfile").exists()]


@pytest.fixture(scope="module", params=BUILT, ids=lambda step: step.name)
def stack(request, tmp_path_factory):
    """A step's containers, up and ready; of them, their images and their data nothing is left."""
    with running(request.param, tmp_path_factory.mktemp("stack") / request.param.name) as found:
        yield found


@pytest.fixture
def image(stack):
    """The id of the image that the API runs on."""
    return stack.inspect("api", ".Image")


def test_a_client_registers_creates_and_reads_over_http(stack):
    """One command, and all that the step before could do is there."""
    number, name, _ = stack.create()

    assert stack.name(number) == name
    assert stack.ask(CREATE, input=stack.words.animal("Nobody's", 1))[1] == ["UNAUTHENTICATED"]


def test_the_secrets_are_those_of_env(stack):
    """The key signs the tokens; the password opens the database."""
    token, key = stack.register()["accessToken"], stack.secret("JWT_SECRET_KEY")
    assert jwt.decode(token, key, algorithms=["HS256"], options={"verify_aud": False})
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
    number, name, _ = stack.create()
    started = stack.inspect("api", ".State.StartedAt")

    stack.compose("kill", "db")
    stack.wait(503)
    _, away = stack.ask(stack.words.name, id=number)
    stack.compose("start", "db")
    stack.wait(200)

    assert away == ["SERVICE_UNAVAILABLE"]
    assert stack.name(number) == name
    assert stack.inspect("api", ".State.StartedAt") == started


def test_a_second_migration_changes_nothing(stack):
    """The one-shot service may run as often as it likes."""

    def dumped():
        # Letters go out meanwhile.
        command = ("pg_dump", "--username", "zoo", "--exclude-table-data", "letter", "zoo")
        dump = stack.compose("exec", "-T", "db", *command)
        return [line for line in dump.splitlines() if "restrict" not in line]

    stack.create()
    before = dumped()

    stack.compose("run", "--rm", "migrate")

    assert dumped() == before


def test_data_outlives_its_containers(stack):
    """`down` removes the containers, and the volume keeps the rows."""
    number, name, _ = stack.create()
    old = stack.inspect("db", ".Id")

    stack.compose("down")
    stack.compose("up", "--wait")

    assert stack.inspect("db", ".Id") != old
    assert stack.name(number) == name


def test_a_request_that_runs_at_sigterm_gets_its_answer(stack):
    """A rename waits for a locked row while the server is told to stop; nothing of it is lost."""
    number, _, token = stack.create()
    new = {"id": number, "name": "Ada"}

    with ThreadPoolExecutor() as pool, stack.sql() as keeper:
        keeper.execute("SELECT 1 FROM animal WHERE id = %s FOR UPDATE", [row(number)])
        renamed = pool.submit(stack.ask, RENAME, token, input=new)
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
