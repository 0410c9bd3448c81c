"""Every symptom of the troubleshooting page is brought about, and shows the words there."""

import os
import re
import shutil
import socket
import subprocess
import sys
from pathlib import Path

import pytest

from tools import postgres, steps
from tools.steps import ROOT, SCRIPTS, STEPS

PAGE = (ROOT / "docs" / "troubleshooting.md").read_text(encoding="utf-8")
SYMPTOMS = dict(re.findall(r"^## .*\{: #(\S+) \}\n\n> (.+)$", PAGE, flags=re.MULTILINE))
STEP = STEPS[0].folder
FLASK = str(ROOT / ".venv" / SCRIPTS / "flask")
MAKE = shutil.which("make")


def without_numbers(text):
    """Return the text with its ports and versions made equal."""
    return re.sub(r"\d+(\.\d+)*", "N", " ".join(text.split()))


def shows(anchor, said):
    """Assert that the output holds the symptom as the page words it."""
    assert without_numbers(SYMPTOMS[anchor]) in without_numbers(said)


def said_by(*command, cwd=ROOT, **environment):
    """Run a command that fails; return all that it said."""
    done = subprocess.run(
        [str(word) for word in command],
        cwd=cwd,
        env={**os.environ, **environment},
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        timeout=120,
    )
    assert done.returncode != 0
    return done.stdout


@pytest.fixture
def password_database(needs, tmp_path, free_port):
    """A step's compose file, run with the password that it had in former days."""
    needs(postgres.docker_answers(), "Docker does not answer")
    folder, port = steps.copy(STEP, tmp_path / "step"), free_port()
    compose = folder / "compose.yaml"
    text = compose.read_text(encoding="utf-8").replace("127.0.0.1:5401", f"127.0.0.1:{port}")
    compose.write_text(text.replace("POSTGRES_PASSWORD: zoo", "POSTGRES_PASSWORD: former"))
    docker = ["docker", "compose", "--project-name", f"trouble{port}"]
    subprocess.run([*docker, "up", "--wait"], cwd=folder, check=True, capture_output=True)
    yield folder, docker, f"postgresql+psycopg://zoo:zoo@127.0.0.1:{port}/zoo"
    subprocess.run([*docker, "down", "--volumes"], cwd=folder, check=True, capture_output=True)


def test_every_entry_has_a_test():
    """An entry that nobody brought about may be wrong."""
    tests = {name.removeprefix("test_").replace("_", "-") for name in globals()}
    assert len(SYMPTOMS) == PAGE.count("\n## ")
    assert set(SYMPTOMS) <= tests


def test_port_taken(free_port):
    """`make run` beside something that listens."""
    with socket.create_server(("127.0.0.1", free_port())) as listening:
        port = listening.getsockname()[1]
        shows("port-taken", said_by(sys.executable, "-m", "tools", "run", "--port", port))


def test_python_too_old(tmp_path):
    """A stand-in says that it is 3.9.18: no older Python can be had here."""
    old = tmp_path / "python3.9"
    stand_in = 'import sys; sys.version_info = (3, 9, 18); sys.version = "3.9.18"; '
    old.write_text(f"#!/bin/sh\nexec {sys.executable} -c '{stand_in}'\"$2\"\n")
    old.chmod(0o755)
    shutil.copy(ROOT / "Makefile", tmp_path)
    (tmp_path / "constraints.txt").touch()
    (tmp_path / "requirements.txt").touch()

    said = said_by(MAKE, ".venv/ready", f"PYTHON={old}", cwd=tmp_path)

    shows("python-too-old", said)


def test_no_make(tmp_path):
    """A shell that finds no make."""
    shows("no-make", said_by(shutil.which("bash"), "-c", "make run", PATH=str(tmp_path)))


def test_no_docker(needs):
    """Docker's client without an engine behind it."""
    needs(shutil.which("docker"), "Docker's client is not installed")
    shows("no-docker", said_by("docker", "info", DOCKER_HOST="tcp://127.0.0.1:1"))


def test_no_configuration_file(needs, tmp_path):
    """Compose in a folder that has no compose.yaml."""
    needs(postgres.docker_answers(), "Docker does not answer")
    shows("no-configuration-file", said_by("docker", "compose", "up", "--wait", cwd=tmp_path))


def test_port_allocated(password_database):
    """The same compose file, up under two names."""
    folder, docker, _ = password_database
    other = [*docker[:-1], f"{docker[-1]}b"]

    shows("port-allocated", said_by(*other, "up", "--wait", cwd=folder))

    subprocess.run([*other, "down", "--volumes"], cwd=folder, check=True, capture_output=True)


def test_connection_refused(free_port):
    """The step's command without a database."""
    url = f"postgresql+psycopg://zoo:zoo@127.0.0.1:{free_port()}/zoo"
    shows("connection-refused", said_by(FLASK, "init-db", cwd=STEP, DATABASE_URL=url))


def test_wrong_password(password_database):
    """An address with another password than the database's."""
    _, _, url = password_database
    shows("wrong-password", said_by(FLASK, "init-db", cwd=STEP, DATABASE_URL=url))


def test_stale_volume(password_database):
    """The compose file has the new password, the volume the former one."""
    folder, docker, url = password_database
    compose = folder / "compose.yaml"
    text = compose.read_text(encoding="utf-8")
    compose.write_text(text.replace("POSTGRES_PASSWORD: former", "POSTGRES_PASSWORD: zoo"))
    subprocess.run([*docker, "up", "--wait"], cwd=folder, check=True, capture_output=True)

    shows("stale-volume", said_by(FLASK, "init-db", cwd=STEP, DATABASE_URL=url))

    subprocess.run([*docker, "down", "--volumes"], cwd=folder, check=True, capture_output=True)
    subprocess.run([*docker, "up", "--wait"], cwd=folder, check=True, capture_output=True)
    environment = {**os.environ, "DATABASE_URL": url}
    subprocess.run([FLASK, "init-db"], cwd=STEP, env=environment, check=True)


def test_broken_database_url(free_port):
    """`make run` with an address where nothing listens."""
    url = "postgresql://zoo:secret@127.0.0.1:1/zoo"
    run = (sys.executable, "-m", "tools", "run", "--port", free_port())

    said = said_by(*run, DATABASE_URL=url)

    shows("broken-database-url", said)
    assert "secret" not in said


def test_no_table(database):
    """A request before `flask init-db`."""
    ask = "app.test_client().post('/graphql', json={'query': '{ animals { id } }'}).get_json()"
    script = f"from app import app; import sys; sys.exit('errors' in {ask})"
    shows("no-table", said_by(sys.executable, "-c", script, cwd=STEP, DATABASE_URL=database))


def asked(query, database, **headers):
    """Return what step 02 says to a request, with its log."""
    ask = f"app.test_client().post('/graphql', json={{'query': {query!r}}}, headers={headers})"
    script = f"from app import app; import sys; answer = {ask}; sys.exit(answer.text)"
    folder = steps.find("02-auth").folder
    return said_by(sys.executable, "-c", script, cwd=folder, DATABASE_URL=database)


def test_not_migrated(database):
    """A request to step 02 with the tables of step 01 alone."""
    folder, environment = steps.find("02-auth").folder, {**os.environ, "DATABASE_URL": database}
    subprocess.run([FLASK, "db", "upgrade", "0001"], cwd=folder, env=environment, check=True)
    login = 'mutation { login(input: {username: "ada", password: ""}) { accessToken } }'
    shows("not-migrated", asked(login, database))


def test_later_database(database):
    """Step 02 on a database that step 05 has used."""
    for name, succeeds in (("05-relations", True), ("02-auth", False)):
        done = subprocess.run(
            [FLASK, "--app", steps.find(name).app, "db", "upgrade"],
            cwd=steps.find(name).folder,
            env={**os.environ, "DATABASE_URL": database},
            capture_output=True,
            text=True,
        )
        assert (done.returncode == 0) == succeeds
    shows("later-database", done.stdout + done.stderr)


def test_no_token(database):
    """Without a header, and with nonsense in it."""
    delete = "mutation { deleteAnimal(id: 1) { id } }"
    shows("no-token", asked(delete, database))
    shows("no-token", asked(delete, database, Authorization="Bearer nonsense"))


def test_no_app(tmp_path):
    """Flask's command in a folder without an app."""
    shows("no-app", said_by(FLASK, "init-db", cwd=tmp_path))


def test_cannot_query_field():
    """A mutation under its Python name."""
    ask = "from schema import schema; sys.exit(str(schema.execute('mutation { create_animal }')))"
    shows("cannot-query-field", said_by(sys.executable, "-c", f"import sys; {ask}", cwd=STEP))


def test_graphiql_loading(needs, free_port):
    """GraphiQL whose scripts come from nowhere."""
    chromium = shutil.which("chromium")
    needs(chromium, "Chromium is not installed")
    url = f"http://127.0.0.1:{free_port()}"
    show = "app.test_client().get('/graphql', headers={'Accept': 'text/html'}).text"
    page = subprocess.run(
        [sys.executable, "-c", f"from app import app; print({show})"],
        cwd=STEP,
        env={**os.environ, "GRAPHIQL_URL": url},
        check=True,
        capture_output=True,
        text=True,
    ).stdout
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium, args=["--no-sandbox"])
        tab = browser.new_page()
        tab.set_content(page)
        shows("graphiql-loading", tab.inner_text("main"))
        browser.close()


def test_crlf(tmp_path):
    """A script with Windows's line endings."""
    script = tmp_path / "script"
    script.write_bytes(b"#!/usr/bin/env bash\r\necho hello\r\n")
    script.chmod(0o755)
    shows("crlf", said_by(shutil.which("bash"), "-c", str(script), LC_ALL="C"))


def test_embedded_postgres(tmp_path, free_port):
    """A data directory of a Postgres from long ago."""
    data = tmp_path / "data" / STEPS[0].name
    data.mkdir(parents=True)
    (data / "PG_VERSION").write_text("9.6\n")
    (data / postgres.MADE).touch()
    run = (sys.executable, "-m", "tools", "run", "--step", STEPS[0].name, "--port", free_port())
    shows("embedded-postgres", said_by(*run, DEMO_STACK_DATA=str(data.parent)))


def test_disk_full(needs):
    """Linux has a device that is always full."""
    needs(Path("/dev/full").exists(), "there is no /dev/full")
    script = "print('x', file=open('/dev/full', 'w'), flush=True)"
    shows("disk-full", said_by(sys.executable, "-c", script))


def test_out_of_date(tmp_path):
    """Locks that are newer than the environment."""
    for folder in ("tools", "steps", "final/app"):
        shutil.copytree(ROOT / folder, tmp_path / folder)
    (tmp_path / ".venv").mkdir()
    (tmp_path / ".venv" / "ready").touch()
    os.utime(tmp_path / ".venv" / "ready", (1, 1))
    (tmp_path / "requirements.txt").touch()
    done = subprocess.run(
        [sys.executable, "-m", "tools", "doctor"], cwd=tmp_path, capture_output=True, text=True
    )
    shows("out-of-date", done.stdout + done.stderr)
