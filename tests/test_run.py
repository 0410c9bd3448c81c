"""`make run`: what it prints and serves, what it keeps, and what it leaves behind."""

import base64
import hashlib
import json
import os
import re
import signal
import socket
from pathlib import Path

import psycopg
import pytest

from tools import postgres
from tools.steps import FINAL, ROOT, STEPS

FIRST = STEPS[0].name
ADD = 'mutation { createAnimal(input: {name: "Otto"}) { animal { id } } }'
FILE = re.compile(
    r'"(?P<url>http://127\.0\.0\.1:(?P<port>\d+)(?P<path>/[^"]+))" crossorigin\s+'
    r'integrity="sha384-(?P<hash>[^"]+)"'
)


def traces(run):
    """Return what a run that has ended left of itself."""
    left = {"server": run.left(), "note": (ROOT / f".cache/run/{run.port}.json").exists()}
    left["files"] = [
        path.name
        for path in run.data.rglob("*")
        if path.name.startswith((".s.PGSQL", "postmaster.pid"))
        or (path.name == ".handle_pids.json" and json.loads(path.read_text()))
    ]
    for port in (run.port, run.port + 1):
        with socket.socket() as probe:
            left[port] = probe.connect_ex(("127.0.0.1", port)) == 0
    return {what: there for what, there in left.items() if there}


@pytest.mark.parametrize("step", [*STEPS, FINAL], ids=lambda step: step.name)
def test_a_step_runs_with_sample_data_graphiql_and_the_tutorial(
    step, start, free_port, fetch, animals
):
    """It says where both are; nothing on GraphiQL's page comes from elsewhere or unchecked."""
    run = start(free_port(), "--step", step.name).ready()

    assert run.said.index(f"Tutorial: http://127.0.0.1:{run.port + 1}/") < run.said.index(
        f"Ready: http://127.0.0.1:{run.port}/graphql"
    )
    assert len(animals(run.port)) > 200
    status, page = fetch(run.port, Accept="text/html")
    assert status == 200
    files = list(FILE.finditer(page.decode()))
    assert len(files) == 4
    assert re.findall(rb'(?:src|href)="(http[^"]+)', page) == [f["url"].encode() for f in files]
    for file in files:
        assert int(file["port"]) == run.port + 1
        status, content = fetch(run.port + 1, file["path"])
        assert status == 200
        assert base64.b64encode(hashlib.sha384(content).digest()).decode() == file["hash"]
    status, _ = fetch(run.port + 1, "/")
    assert status == 200


def test_the_reloader_watches_the_step_and_no_library(start, free_port, needs):
    """It would hear of each module that any Python of this machine loads."""
    needs(Path("/proc/self/fdinfo").exists(), "this is no Linux, whose /proc tells it")
    run = start(free_port(), "--step", FIRST).ready()

    notes = [
        note.read_text()
        for process in run.left()
        for note in Path(f"/proc/{process.pid}/fdinfo").iterdir()
    ]

    assert 0 < sum(text.count("inotify wd:") for text in notes) < 50


def test_data_is_kept_and_the_sample_is_loaded_once(start, free_port, fetch, animals):
    """The second run shows the animals of the first, and the one that was added."""
    run = start(free_port(), "--step", FIRST).ready()
    fetch(run.port, query=ADD)
    before = animals(run.port)
    run.interrupt()

    again = start(run.port, "--step", FIRST).ready()

    assert animals(again.port) == before
    assert before.count("Otto") == 1


MOMENTS = {
    "as it starts": lambda run: True,
    "as the data folder appears": lambda run: (run.data / FIRST).exists(),
    "while the cluster is made": lambda run: (run.data / FIRST / "PG_VERSION").exists(),
    "while Postgres starts": lambda run: (run.data / FIRST / "postmaster.opts").exists(),
    "while the tables are made": lambda run: (run.data / FIRST / ".handle_pids.json").exists(),
    "once the server is noted": lambda run: (ROOT / f".cache/run/{run.port}.json").exists(),
    "at the tutorial": lambda run: "Tutorial: " in run.said,
    "when it is ready": lambda run: "Ready: " in run.said,
}


@pytest.mark.parametrize(
    ("moment", "stop"),
    [
        ("while the cluster is made", "Ctrl-C"),
        ("while Postgres starts", "Ctrl-C"),
        ("while Postgres starts", "SIGTERM"),
        ("while the tables are made", "SIGTERM"),
        ("at the tutorial", "Ctrl-C"),
        ("when it is ready", "Ctrl-C twice"),
        ("when it is ready", "SIGTERM"),
    ],
)
def test_a_stopped_run_leaves_nothing(moment, stop, start, free_port):
    """No process, socket or lock; a clean exit; no traceback."""
    run = start(free_port(), "--step", FIRST)
    run.wait_until(lambda: MOMENTS[moment](run))

    if stop == "Ctrl-C twice":
        os.killpg(run.process.pid, signal.SIGINT)
    code = run.end(signal.SIGTERM) if stop == "SIGTERM" else run.interrupt()

    assert code in (0, 130), run.said
    assert "Traceback" not in run.said
    assert traces(run) == {}


SWALLOWING = """
import os, signal, click
class Gone:
    def __del__(self):
        os.kill(os.getpid(), signal.SIGINT)
def echo(text, say=click.echo):
    say(text)
    if text.startswith("Ready: "):
        Gone()
click.echo = echo
"""


def test_a_stop_that_python_swallows_is_one(start, free_port, tmp_path):
    """Python forgets what is raised in a destructor, as in the callbacks of an import."""
    (tmp_path / "sitecustomize.py").write_text(SWALLOWING)
    run = start(free_port(), "--step", FIRST, PYTHONPATH=str(tmp_path))
    run.wait_until(lambda: "Exception ignored in" in run.said)

    assert run.process.wait(60) == 0, run.said
    assert traces(run) == {}


@pytest.mark.parametrize(
    ("moment", "whole", "number"),
    [
        ("as it starts", False, signal.SIGKILL),
        ("as the data folder appears", False, signal.SIGKILL),
        ("while the cluster is made", False, signal.SIGKILL),
        ("while the cluster is made", True, signal.SIGKILL),
        ("while the cluster is made", False, signal.SIGTERM),
        ("while Postgres starts", True, signal.SIGKILL),
        ("while the tables are made", True, signal.SIGKILL),
        ("once the server is noted", False, signal.SIGKILL),
        ("at the tutorial", False, signal.SIGKILL),
        ("when it is ready", True, signal.SIGKILL),
    ],
)
def test_a_run_can_be_killed_at_any_moment(moment, whole, number, start, free_port, animals):
    """The next one on the same port starts, on the same data, and stops in order."""
    run = start(free_port(), "--step", FIRST)
    run.wait_until(lambda: MOMENTS[moment](run))
    if whole:
        os.killpg(run.process.pid, number)
    run.end(number)

    again = start(run.port, "--step", FIRST).ready()

    assert len(animals(again.port)) > 200
    assert again.interrupt() in (0, 130)
    assert traces(again) == {}


def test_two_runs_live_side_by_side(start, free_port, animals):
    """The second stops, and the first goes on."""
    first, second = start(free_port(), "--step", FIRST), start(free_port())
    first.ready()
    second.ready()

    assert second.interrupt() in (0, 130)

    assert len(animals(first.port)) > 200
    assert first.interrupt() in (0, 130)
    assert traces(first) == traces(second) == {}


def test_database_url_is_honoured(start, free_port, database, animals):
    """The sample data lies in the database that is named, and no other is started."""
    run = start(free_port(), DATABASE_URL=database).ready()

    names = animals(run.port)

    with psycopg.connect(postgres.plain(database)) as connection:
        [(count,)] = connection.execute("SELECT count(*) FROM animal")
    assert count == len(names) > 200
    assert not run.data.exists()


@pytest.mark.parametrize("offset", [0, 1], ids=["its own", "the tutorial's"])
def test_a_taken_port_is_told(offset, start, free_port):
    """It says which port, and how to choose another."""
    port = free_port()
    with socket.socket() as other:
        other.bind(("127.0.0.1", port + offset))
        other.listen()

        said = refusal(start(port))

    assert f"Port {port + offset} is taken." in said
    assert "PORT=" in said
    assert "Tutorial" not in said


def refusal(run):
    """Return the one sentence with which a run ends."""
    assert run.process.wait(60) == 1
    assert run.said.startswith("Error: ")
    assert "Traceback" not in run.said
    assert run.left() == []
    return run.said


def test_an_unknown_step_names_the_nearest(start, free_port):
    """A slip of the finger is recognised."""
    said = refusal(start(free_port(), "--step", FIRST.replace("-", "_")))

    assert f"Did you mean {FIRST}?" in said


@pytest.mark.parametrize(
    "url",
    [
        "postgresql+psycopg://zoo:s3cret@127.0.0.1:1/zoo",
        "postgresql://zoo:s3cret@127.0.0.1:1/zoo",
        "postgres://zoo:s3cret@127.0.0.1:1/zoo",
    ],
)
def test_a_database_that_does_not_answer_is_told_without_its_password(url, start, free_port):
    """The address is shown, what is secret in it is not."""
    said = refusal(start(free_port(), DATABASE_URL=url))

    assert "127.0.0.1:1/zoo" in said
    assert "unset DATABASE_URL" in said
    assert "s3cret" not in said


@pytest.mark.parametrize(
    "url", ["zoo", "5432", "postgresql://zoo:s3cret@127.0.0.1:port/zoo", "http://127.0.0.1/", "://"]
)
def test_a_database_url_that_is_none_is_told(url, start, free_port):
    """One sentence shows what an address looks like."""
    said = refusal(start(free_port(), DATABASE_URL=url))

    assert "postgresql://user:password@host:5432/name" in said
    assert "s3cret" not in said
