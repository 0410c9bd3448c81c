"""scripts/start, stop, debug and deploy: what they say, what they refuse, what they do."""

import json
import os
import re
import shutil
import signal
import subprocess
import sys
import time
import uuid
from pathlib import Path

import psutil
import pytest
import yaml

from tools import postgres, steps
from tools.steps import FINAL, ROOT, SCRIPTS, STEPS

SCRIPTED = [step for step in (*STEPS, FINAL) if (step.folder / "scripts").is_dir()]
HEROKU = ROOT / "docs" / "listings" / "04-heroku" / "heroku"  # a stand-in for Heroku's CLI
NAMES = ["start", "stop", "debug", "deploy"]
# What the scripts may find on a PATH that lacks the rest.
TOOLS = ["bash", "env", "dirname", "sed", "git", "head", "base64", "tr", "grep"]
GIT = ["git", "-c", "user.name=Ada", "-c", "user.email=ada@localhost"]
PATIENCE = 120
DEBUGPY = 5678
APP = "my-zoo"
# What nobody can make up: a bucket and the key of its account, and what letters need.
GIVEN = {
    "BUCKET": "zoo-images",
    "GOOGLE_CREDENTIALS": '{"private_key": "hidden"}',
    "MAIL_FROM": "zoo@zoo.example",
    "PUBLIC_URL": "https://zoo.example",
    "SMTP_URL": "smtps://zoo:password@smtp.example",
}
ENV = "".join(f"{name}={value}\n" for name, value in GIVEN.items() if "{" not in value)
CALLS = [
    "heroku auth:whoami",
    "heroku apps:info --app my-zoo",
    "heroku stack:set container --app my-zoo",
    "heroku config:get DATABASE_URL --app my-zoo",
    "heroku addons:create heroku-postgresql:essential-0 --wait --app my-zoo",
    "heroku config:get JWT_SECRET_KEY --app my-zoo",
    "heroku config:set APP_ENV=production PGSSLMODE=require TRUSTED_PROXIES=1"
    " JWT_SECRET_KEY=SECRET --app my-zoo",
    "git push",
    "heroku releases:info --json --app my-zoo",
    "heroku ps:scale DYNOS --app my-zoo",
]
# What a step with limits has besides.
REDIS = [
    "heroku config:get RATELIMIT_STORAGE_URL --app my-zoo",
    "heroku addons:create heroku-redis:mini --as RATELIMIT_STORAGE --wait --app my-zoo",
]


def described(step):
    """Return what a step's app.json says."""
    return json.loads((step.folder / "app.json").read_text("utf-8"))


def given(step):
    """Return what whoever deploys a step has to give: what its app.json asks for, and lacks."""
    known = {"value", "generator"}
    env = described(step)["env"].items()
    return {n: GIVEN[n] for n, e in env if not known & set(e) and e.get("required", True)}


WITH_IMAGES = pytest.mark.parametrize("step", list(filter(given, SCRIPTED)), ids=lambda s: s.name)
EACH_GIVEN = pytest.mark.parametrize(
    ("step", "name"),
    [(step, name) for step in SCRIPTED for name in given(step)],
    ids=lambda value: getattr(value, "name", value),
)


@pytest.fixture(params=SCRIPTED, ids=lambda step: step.name)
def step(request):
    """A step that has scripts."""
    return request.param


@pytest.fixture
def mine(step, tmp_path):
    """A reader's copy of the step."""
    return steps.copy(step.folder, tmp_path / "mine")


@pytest.fixture
def bare_path(tmp_path):
    """A folder to be the PATH: the tools of TOOLS, and those that a test adds."""
    folder = tmp_path / "bin"
    folder.mkdir()
    for name in TOOLS:
        (folder / name).symlink_to(shutil.which(name))
    (folder / "python3").symlink_to(sys.executable)
    return folder


def said_by(folder, script, *arguments, **environment):
    """Run a script from elsewhere; return how it ended."""
    foreign = {
        "POSTGRES_PASSWORD",
        "JWT_SECRET_KEY",
        "DATABASE_URL",
        "COMPOSE_FILE",
        "PORT",
        *GIVEN,
    }
    kept = {name: value for name, value in os.environ.items() if name not in foreign}
    return subprocess.run(
        [str(folder / "scripts" / script), *arguments],
        cwd=folder.parent,
        env={**kept, **environment},
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        encoding="utf-8",
    )


@pytest.mark.parametrize("script", NAMES)
def test_each_script_tells_what_it_does(mine, bare_path, script):
    """--help is the comment on its top, wherever one stands and whatever is not installed."""
    told = said_by(mine, script, "--help", PATH=str(bare_path))

    assert told.returncode == 0
    assert told.stderr == ""
    assert told.stdout.startswith(f"scripts/{script}")
    assert "#" not in told.stdout
    assert "set -" not in told.stdout


@pytest.mark.parametrize(
    ("script", "arguments", "sentence"),
    [
        ("start", ["moon"], "There is no moon: say local or production."),
        ("stop", ["moon"], "There is no moon: say local or production."),
        ("start", [], "There is no docker on this machine."),
        ("stop", ["production"], "There is no docker on this machine."),
        ("debug", [], "There is no docker on this machine."),
        ("deploy", [], "Say which app: scripts/deploy APP."),
        ("deploy", [APP], "There is no heroku on this machine."),
    ],
)
def test_what_a_script_cannot_do_it_refuses(mine, bare_path, script, arguments, sentence):
    """In a sentence, on stderr, with a failure."""
    refused = said_by(mine, script, *arguments, PATH=str(bare_path))

    assert refused.returncode == 1
    assert refused.stderr.startswith(sentence)
    assert refused.stdout == ""


def test_debug_without_debugpy_says_how_to_get_it(mine, bare_path):
    """It comes with the tests' requirements."""
    for name in ("docker", "python"):
        (bare_path / name).write_text("#!/bin/sh\nexit 1\n")
        (bare_path / name).chmod(0o755)

    refused = said_by(mine, "debug", PATH=str(bare_path))

    assert refused.returncode == 1
    assert "There is no debugpy" in refused.stderr
    assert "pip install" in refused.stderr


class Rehearsal:
    """`deploy` on a copy, a stand-in for Heroku's CLI, and a repository that takes the push."""

    def __init__(self, folder, room, path, step):
        self.step, self.folder, self.room, self.path = step, folder, room, path
        self.given = given(step)
        formation = described(step)["formation"].items()
        self.dynos = " ".join(f"{name}={dyno['quantity']}" for name, dyno in formation)
        (path / "heroku").symlink_to(HEROKU)
        self.theirs = room / "heroku" / f"{APP}.git"
        self.git("init", "--quiet", "--bare", str(self.theirs), cwd=room)
        self.hook("exit 0")
        self.calls.touch()

    @property
    def calls(self):
        """Where the stand-in writes down what it is asked, and the repository its pushes."""
        return self.room / "calls"

    @property
    def asked(self):
        """Every call in its order, the secret replaced."""
        text = self.calls.read_text("utf-8")
        return re.sub(r"JWT_SECRET_KEY=\S+", "JWT_SECRET_KEY=SECRET", text).splitlines()

    @property
    def expected(self):
        """Every call that a first deployment makes; what is given is asked for before a change."""
        asked = [f"heroku config:get {name} --app {APP}" for name in self.given]
        words = "".join(f" {name}={value}" for name, value in self.given.items())
        rest = [call.replace("=SECRET", f"=SECRET{words}") for call in CALLS[2:]]
        if "RATELIMIT_STORAGE_VERIFIED" in described(self.step)["env"]:
            rest[3:3] = REDIS
            rest = [call.replace("XIES=1", "XIES=1 RATELIMIT_STORAGE_VERIFIED=0") for call in rest]
        return [*CALLS[:2], *asked, *(call.replace("DYNOS", self.dynos) for call in rest)]

    @property
    def key(self):
        """The secret that was set."""
        return re.search(r"JWT_SECRET_KEY=(\S+)", self.calls.read_text("utf-8"))[1]

    def hook(self, end):
        """Say what Heroku's build does with a push."""
        hook = self.theirs / "hooks" / "pre-receive"
        hook.write_text(f'#!/bin/sh\necho git push >>"$REHEARSAL/calls"\n{end}\n')
        hook.chmod(0o755)

    def git(self, *arguments, cwd=None):
        """Run git; return what it printed."""
        done = subprocess.run(
            [*GIT, *arguments], cwd=cwd or self.folder, check=True, capture_output=True, text=True
        )
        return done.stdout.strip()

    def commit(self):
        """Make the copy a repository of its own, with all of it committed; return this."""
        self.git("init", "--quiet", "--initial-branch", "main")
        self.git("add", ".")
        self.git("commit", "--quiet", "--message", "All of it")
        return self

    def deploy(self, answers=None, **environment):
        """Run the script; return how it ended."""
        return said_by(
            self.folder,
            "deploy",
            APP,
            PATH=str(self.path),
            REHEARSAL=str(self.room),
            ANSWERS=json.dumps(answers or {}),
            GIT_CONFIG_COUNT="1",
            GIT_CONFIG_KEY_0=f"url.{self.theirs.parent}/.insteadOf",
            GIT_CONFIG_VALUE_0="https://git.heroku.com/",
            **{**self.given, **environment},
        )


@pytest.fixture
def rehearsal(step, mine, tmp_path, bare_path):
    """A copy that is no repository yet, and all that `deploy` needs."""
    return Rehearsal(mine, tmp_path, bare_path, step)


def test_deploy_makes_what_is_missing_and_pushes(rehearsal):
    """Every call in order; the commit arrives; the key is new, strong, and never shown."""
    done = rehearsal.commit().deploy()

    assert done.returncode == 0, done.stderr
    assert done.stdout.endswith(f"Deployed: heroku open /graphql --app {APP}\n")
    assert rehearsal.asked == rehearsal.expected
    assert len(rehearsal.key) >= 43
    assert rehearsal.key not in done.stdout + done.stderr
    assert "hidden" not in done.stdout + done.stderr
    pushed = rehearsal.git("rev-parse", "refs/heads/main", cwd=rehearsal.theirs)
    assert pushed == rehearsal.git("rev-parse", "HEAD")


def test_deploy_keeps_the_database_and_the_key_that_are_there(rehearsal):
    """A second deployment makes no second database, and logs nobody out."""
    there = {
        "config:get DATABASE_URL": "postgres://u:p@h/d",
        "config:get RATELIMIT_STORAGE_URL": "rediss://:p@h",
        "config:get JWT_SECRET_KEY": "k" * 43,
    }

    done = rehearsal.commit().deploy(there)

    assert done.returncode == 0, done.stderr
    assert rehearsal.asked == [call for call in rehearsal.expected if "addons:" not in call]
    assert rehearsal.key == "k" * 43
    assert rehearsal.key not in done.stdout + done.stderr


@WITH_IMAGES
def test_deploy_keeps_the_bucket_that_is_there(rehearsal):
    """Whatever stands here."""
    there = {"config:get BUCKET": "theirs", "config:get GOOGLE_CREDENTIALS": '{"key": "theirs"}'}

    done = rehearsal.commit().deploy(there)

    assert done.returncode == 0, done.stderr
    [line] = [call for call in rehearsal.asked if "config:set" in call]
    assert ' BUCKET=theirs GOOGLE_CREDENTIALS={"key": "theirs"} ' in line


@EACH_GIVEN
def test_deploy_without_what_it_needs_changes_nothing(rehearsal, name):
    """What is missing is named, before the app is touched; so it is where Heroku does not say."""
    rehearsal.commit()
    ends = f"heroku config:get {name} --app {APP}"
    for environment, said in (
        ({name: ""}, f"{name} is not set, neither there nor here: README.md says how."),
        ({"FAILS": f"config:get {name}"}, "The app's settings could not be read."),
    ):
        rehearsal.calls.write_text("")

        done = rehearsal.deploy(**environment)

        assert done.returncode == 1
        assert done.stderr.splitlines()[-1] == said
        assert rehearsal.asked == rehearsal.expected[: rehearsal.expected.index(ends) + 1]


@pytest.mark.parametrize(
    ("fails", "sentence"),
    [
        ("auth:whoami", "Nobody is logged in: heroku login."),
        ("apps:info", "There is no app my-zoo of yours: heroku create my-zoo."),
        ("stack:set", "The app could not be told to run containers."),
        ("config:get DATABASE_URL", "The app's settings could not be read."),
        ("addons:create", "No Postgres could be made; the account may need a payment method."),
        ("config:get JWT_SECRET_KEY", "The app's settings could not be read."),
        ("config:set", "The app's settings could not be written."),
        ("git push", "Heroku did not take it; see above. The old version still runs."),
        ("releases:info", "It was pushed; what became of it could not be read:"),
        ("ps:scale", "It was released, and no dyno could be started."),
    ],
)
def test_each_call_that_fails_stops_a_deployment(rehearsal, fails, sentence):
    """With a sentence of its own, and nothing is called after it."""
    rehearsal.hook("exit 1" if fails == "git push" else "exit 0")

    done = rehearsal.commit().deploy(FAILS=fails)

    calls = rehearsal.expected
    last = next(number for number, call in enumerate(calls) if fails in call)
    assert done.returncode == 1
    assert done.stderr.splitlines()[-1].startswith(sentence)
    assert "Deployed" not in done.stdout
    assert rehearsal.asked == calls[: last + 1]
    if last >= calls.index("git push") - 1:
        assert rehearsal.key not in done.stdout + done.stderr


def test_a_release_that_failed_is_told_and_started_by_nobody(rehearsal):
    """The push was taken, the migration was not."""
    done = rehearsal.commit().deploy({"releases:info --json": '{"status": "failed"}'})

    assert done.returncode == 1
    assert done.stderr.splitlines()[-1].startswith("The release failed, the old version runs:")
    assert rehearsal.asked == rehearsal.expected[:-1]


def test_deploy_refuses_a_folder_that_is_no_repository(rehearsal):
    """Before it asks Heroku for anything."""
    done = rehearsal.deploy(GIT_CEILING_DIRECTORIES=str(rehearsal.room))

    assert done.returncode == 1
    assert done.stderr == "This folder is no git repository: git init, then commit.\n"
    assert rehearsal.asked == []


def test_deploy_refuses_a_part_of_a_larger_repository(rehearsal):
    """Heroku would take the whole, and find no heroku.yml at its top."""
    rehearsal.git("init", "--quiet", cwd=rehearsal.room)

    done = rehearsal.deploy()

    assert done.returncode == 1
    assert done.stderr.startswith(f"This folder is part of {rehearsal.room}")
    assert rehearsal.asked == []


def test_deploy_refuses_to_leave_a_change_behind(rehearsal):
    """What is not committed would not arrive; what git ignores is no change."""
    rehearsal.commit()
    (rehearsal.folder / ".env").write_text("JWT_SECRET_KEY=x\n")
    (rehearsal.folder / "new.py").write_text("\n")

    done = rehearsal.deploy()

    assert done.returncode == 1
    assert done.stderr.startswith("Something is not committed")
    assert rehearsal.asked == []
    assert "new.py" in rehearsal.git("status", "--porcelain")
    assert ".env" not in rehearsal.git("status", "--porcelain")


class Containers:
    """A copy whose compose files publish on ports of their own, under a project of its own."""

    def __init__(self, folder, port, database_port):
        self.folder, self.port, self.database_port = folder, port, database_port
        self.project = f"test-scripts-{uuid.uuid4().hex[:8]}"
        for name in ("local.yml", "settings.py"):
            path = folder / name
            text = re.sub(
                r"(?<=127\.0\.0\.1:)54\d\d\b", str(database_port), path.read_text("utf-8")
            )
            path.write_text(text, encoding="utf-8")

    @property
    def environment(self):
        """What a script is given."""
        path = f"{ROOT / '.venv' / SCRIPTS}{os.pathsep}{os.environ['PATH']}"
        return {"COMPOSE_PROJECT_NAME": self.project, "PORT": str(self.port), "PATH": path}

    def run(self, script, *arguments, **more):
        """Run a script; return how it ended."""
        return said_by(self.folder, script, *arguments, **self.environment, **more)

    def inspect(self):
        """Return what Docker says of the containers, by their services."""
        named = f"label=com.docker.compose.project={self.project}"
        listed = ["docker", "ps", "--all", "--quiet", "--filter", named]
        ids = subprocess.run(listed, capture_output=True, text=True, check=True).stdout.split()
        if not ids:
            return {}
        found = subprocess.run(["docker", "inspect", *ids], capture_output=True, check=True).stdout
        return {c["Config"]["Labels"]["com.docker.compose.service"]: c for c in json.loads(found)}

    def forget(self):
        """Remove its containers, volumes and images."""
        for file in ("local.yml", "production.yml"):
            down = ["docker", "compose", "--file", file, "down", "--volumes", "--rmi", "local"]
            unset = {"POSTGRES_PASSWORD": "x", "JWT_SECRET_KEY": "x", **GIVEN}
            environment = {**os.environ, **unset, **self.environment}
            subprocess.run(down, cwd=self.folder, env=environment, capture_output=True, check=True)


@pytest.fixture
def containers(mine, free_port, needs):
    """A copy that may be started; nothing of it is left."""
    needs(postgres.docker_answers(), "Docker does not answer")
    found = Containers(mine, free_port(), free_port())
    yield found
    found.forget()


def test_start_and_stop_keep_the_rows(containers, fetch):
    """What `start` promises is true when it ends; `stop` leaves the volume and nothing else."""
    started = containers.run("start")
    ready = fetch(containers.port, "/readyz")
    containers.run("stop")

    assert started.returncode == 0, started.stderr
    assert started.stdout.splitlines()[-1] == f"Ready: http://127.0.0.1:{containers.port}/graphql"
    assert ready[0] == 200
    assert containers.inspect() == {}
    volumes = ["docker", "volume", "ls", "--quiet", "--filter", f"name={containers.project}"]
    listed = subprocess.run(volumes, capture_output=True, text=True, check=True)
    kept = yaml.safe_load((containers.folder / "local.yml").read_text("utf-8"))["volumes"]
    assert sorted(listed.stdout.split()) == sorted(f"{containers.project}_{name}" for name in kept)


def test_production_has_no_default_secret(containers):
    """The variable is named, and nothing is started."""
    env = containers.folder / ".env"

    for missing, there in (
        ("POSTGRES_PASSWORD", "JWT_SECRET_KEY"),
        ("JWT_SECRET_KEY", "POSTGRES_PASSWORD"),
    ):
        env.write_text(f"{there}={'s' * 40}\n{ENV}", encoding="utf-8")
        refused = containers.run("start", "production")

        assert refused.returncode == 1
        assert f"required variable {missing} is missing a value: set it in .env" in refused.stderr
        assert "It did not start." in refused.stderr.splitlines()[-1]
    assert containers.inspect() == {}


def test_production_publishes_no_database_and_takes_no_whole_machine(containers, fetch):
    """Each service has a limit, what stays is restarted, and its one door is to be reached."""
    secrets = {"POSTGRES_PASSWORD": "p" * 40, "JWT_SECRET_KEY": "j" * 40}
    lines = [f"{name}={value}\n" for name, value in secrets.items()]
    (containers.folder / ".env").write_text("".join([*lines, ENV]), encoding="utf-8")

    started = containers.run("start", "production")

    assert started.returncode == 0, started.stderr
    assert fetch(containers.port, "/readyz")[0] == 200
    found = containers.inspect()
    published = {name: c["HostConfig"]["PortBindings"] for name, c in found.items()}
    door, inner = ("nginx", "8080/tcp") if "nginx" in found else ("api", "8000/tcp")
    here = [{"HostIp": "127.0.0.1", "HostPort": str(containers.port)}]
    assert published.pop(door) == {inner: here}
    assert set(map(json.dumps, published.values())) == {"{}"}
    policies = {name: c["HostConfig"]["RestartPolicy"]["Name"] for name, c in found.items()}
    assert policies.pop("migrate") == "no"
    assert set(policies.values()) == {"always"}
    for container in found.values():
        assert 0 < container["HostConfig"]["Memory"] <= 512 * 1024 * 1024
        assert 0 < container["HostConfig"]["NanoCpus"] <= 1_000_000_000
    assert "APP_ENV=production" in found["api"]["Config"]["Env"]
    show = ["psql", "--username", "zoo", "-Atc", "SHOW statement_timeout"]
    shown = subprocess.run(
        ["docker", "exec", found["db"]["Id"], *show], capture_output=True, text=True, check=True
    )
    assert shown.stdout == "15s\n"
    assert not any(value in started.stdout + started.stderr for value in secrets.values())


def test_production_refuses_the_key_of_the_example(containers):
    """Whoever copies .env.example and changes nothing is told so, by the app itself."""
    example = (containers.folder / ".env.example").read_text("utf-8")
    (containers.folder / ".env").write_text(example + ENV, "utf-8")

    refused = containers.run("start", "production")

    assert refused.returncode == 1
    logs = ["docker", "logs", containers.inspect()["migrate"]["Id"]]
    done = subprocess.run(logs, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)
    assert re.search(r"JWT_SECRET_KEY .* (every|no)body knows", done.stdout)


def test_debug_listens_on_this_machine_alone(containers, animals):
    """The app answers; an editor finds debugpy on its port; no other address is open."""
    log = containers.folder.parent / "log"
    environment = {**os.environ, **containers.environment}
    environment.pop("DATABASE_URL", None)
    with log.open("wb") as output:
        process = subprocess.Popen(
            [str(containers.folder / "scripts" / "debug")],
            cwd=containers.folder.parent,
            env=environment,
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=subprocess.STDOUT,
            start_new_session=True,
        )
    try:
        deadline = time.monotonic() + PATIENCE
        while "Running on" not in log.read_text("utf-8"):
            assert time.monotonic() < deadline, log.read_text("utf-8")
            assert process.poll() is None, log.read_text("utf-8")
            time.sleep(0.2)
        open_to = {port: listening(port) for port in (DEBUGPY, containers.port)}
        known = animals(containers.port)
    finally:
        os.killpg(process.pid, signal.SIGTERM)
        process.wait(30)

    assert open_to == {DEBUGPY: {"127.0.0.1"}, containers.port: {"127.0.0.1"}}
    assert known == []
    while listening(DEBUGPY):
        assert time.monotonic() < deadline
        time.sleep(0.2)


def listening(port):
    """Return the addresses on which somebody listens on a port."""
    found = psutil.net_connections("inet")
    return {c.laddr.ip for c in found if c.status == "LISTEN" and c.laddr.port == port}


def test_the_scripts_are_executable_and_sound(step):
    """git keeps the bit; shellcheck has nothing to say."""
    listed = ["git", "ls-files", "--stage", "scripts"]
    done = subprocess.run(listed, cwd=step.folder, capture_output=True, text=True, check=True)
    modes = {Path(line.split("\t")[1]).name: line.split()[0] for line in done.stdout.splitlines()}
    shellcheck = [f"{sys.exec_prefix}/{SCRIPTS}/shellcheck", "--external-sources"]
    scripts = sorted((step.folder / "scripts").iterdir())
    names = [str(script) for script in scripts]

    checked = subprocess.run([*shellcheck, *names], cwd=step.folder, capture_output=True, text=True)

    wanted = {script.name: "100755" for script in scripts} | {"common.sh": "100644"}
    assert wanted.keys() > set(NAMES)
    assert modes in ({}, wanted)
    assert all(os.access(step.folder / "scripts" / name, os.X_OK) for name in NAMES)
    assert (checked.returncode, checked.stdout) == (0, "")
