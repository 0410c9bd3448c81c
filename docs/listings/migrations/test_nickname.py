"""A column is renamed while an old and a new version serve, and each reads what the other wrote."""

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from tools import postgres, sample, steps
from tools.clients import Clients
from tools.run import stop
from tools.workplace import free_port

HERE = Path(__file__).parent
STEP = steps.find("10-serverless")
FLASK = (sys.executable, "-m", "flask", "--app", "manage")
CREATE = """mutation ($name: String!) {
  createAnimal(input: {name: $name, ownerId: 1}) { animal { id } }
}"""
RENAME = """mutation ($id: Int!, $name: String!) {
  updateAnimal(input: {id: $id, name: $name}) { animal { name } }
}"""
READ = "query ($id: Int!) { animal(id: $id) { name } }"
ROWS = "SELECT count(*) FROM animal WHERE nickname IS DISTINCT FROM name"


class Place:
    """A database with rows, and a copy of step 10 whose env.py is that of final/."""

    def __init__(self, folder, url):
        self.folder, self.url = steps.copy(STEP.folder, folder), url
        shutil.copy(steps.FINAL.folder / "migrations" / "env.py", self.folder / "migrations")
        sample.load(STEP, self.folder, url)
        self.environment = {**os.environ, "DATABASE_URL": url}

    def run(self, *command):
        """Run a command; return what it printed."""
        done = subprocess.run(
            command, cwd=self.folder, env=self.environment, capture_output=True, text=True
        )
        assert done.returncode == 0, done.stderr
        return done.stdout

    def migrate(self, version):
        """Upgrade by one of the page's migrations."""
        shutil.copy(HERE / "versions" / version, self.folder / "migrations" / "versions")
        self.run(*FLASK, "db", "upgrade")


@pytest.fixture
def place(tmp_path):
    """What a reader of the page has."""
    with postgres.scratch() as server, postgres.new_database(server, "nickname") as url:
        yield Place(tmp_path / "10-serverless", url)


@pytest.fixture
def serve(place):
    """Start the code as it is now; return what speaks to it as ada."""
    servers = []

    def start():
        port = free_port()
        command = [*FLASK, "run", "--port", str(port)]
        quiet = {"stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL}
        server = subprocess.Popen(command, cwd=place.folder, env=place.environment, **quiet)
        servers.append(server)
        clients = Clients(port)
        clients.wait()
        return lambda query, **variables: clients.ask(query, json.dumps(variables), "ada")

    yield start
    for server in servers:
        stop(server.pid)
        server.wait(10)


def test_two_versions_share_a_table_until_it_is_contracted(place, serve):
    """What one creates or changes, the other reads; no row differs; then the old one is over."""
    old = serve()
    before = old(CREATE, name="Otto")["data"]["createAnimal"]["animal"]["id"]
    place.migrate("0008_expand.py")
    assert old(RENAME, id=before, name="Otto II")["data"]["updateAnimal"]
    assert "0 rows" not in place.run(sys.executable, HERE / "backfill.py")
    assert "0 rows" in place.run(sys.executable, HERE / "backfill.py")
    place.migrate("0009_validate.py")
    git = ("git", "-c", "core.autocrlf=false", "apply", HERE / "nickname.patch")
    place.environment["GIT_CEILING_DIRECTORIES"] = str(place.folder.parent)
    place.run(*git)
    new = serve()

    for writer, reader in ((old, new), (new, old)):
        number = writer(CREATE, name="Kiri")["data"]["createAnimal"]["animal"]["id"]
        assert reader(READ, id=number)["data"]["animal"]["name"] == "Kiri"
        for changing, reading, name in ((writer, reader, "Kea"), (reader, writer, "Kaka")):
            changing(RENAME, id=number, name=name)
            assert reading(READ, id=number)["data"]["animal"]["name"] == name
    with postgres.psycopg.connect(postgres.plain(place.url)) as connection:
        assert connection.execute(ROWS).fetchone() == (0,)

    place.migrate("0010_contract.py")
    assert new(READ, id=before)["data"]["animal"]["name"] == "Otto II"
    assert old(READ, id=before)["errors"]
    place.run(*FLASK, "db", "check")
