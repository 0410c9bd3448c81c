"""A deploy without a pause: an old and a new version side by side, on one database."""

import os
import random
import shutil
import subprocess
import sys
import time
from pathlib import Path

import pytest
import sqlalchemy as sa
from flask_migrate import upgrade
from ledger import SETTINGS, Ledger
from server import Server
from stands import beside

CODE = Path(__file__).parent.parent
# The next version: animals have legs, and a migration that expands the table.
MIGRATION = '''
"""Legs."""

import sqlalchemy as sa
from alembic import op

revision = "0009"
down_revision = "0008"


def upgrade() -> None:
    op.add_column("animal", sa.Column("legs", sa.Integer))
'''
COLUMN = "\n\nAnimal.legs = mapped_column(sa.Integer, default=4)\n"
LEGS = "SELECT count(legs), count(*) - count(legs) FROM animal"


@pytest.fixture
def url(database_url):
    """A database beside that of the other tests, on the old version's tables."""
    from app import create_app
    from app.engine import db

    own = beside(database_url, "deploy")
    app = create_app(database_url=own)
    with app.app_context():
        upgrade()
        db.engine.dispose()
    return own


@pytest.fixture
def start(url, tmp_path):
    """Return a function that starts the server of a version."""
    servers = []

    def begin(code):
        folder = tmp_path / str(len(servers))
        folder.mkdir()
        servers.append(Server(url, folder, code=code, **SETTINGS, JWT_SECRET_KEY="k" * 32))
        return servers[-1]

    yield begin
    for server in servers:
        server.stop()


@pytest.fixture
def migrate(url, following):
    """Return a function that brings the tables to where the next version wants them."""
    command = [sys.executable, "-m", "flask", "--app", "manage", "db", "upgrade"]
    environment = {**os.environ, "DATABASE_URL": url}
    return lambda: subprocess.run(command, cwd=following, env=environment, check=True)


@pytest.fixture
def following(tmp_path):
    """The folder of the next version."""
    folder = tmp_path / "following"
    leave = shutil.ignore_patterns("tests", "benchmarks", "__pycache__")
    shutil.copytree(CODE, folder, ignore=leave)
    (folder / "migrations" / "versions" / "0009_legs.py").write_text(MIGRATION, "utf-8")
    with (folder / "app" / "model" / "animal.py").open("a", encoding="utf-8") as model:
        model.write("\n\nimport sqlalchemy as sa" + COLUMN)
    return folder


class Balancer:
    """Whoever stands before the servers: asks any one of those that are in."""

    def __init__(self, *servers):
        self.servers = servers

    def ask(self, *request, **headers):
        """Return what one of them answers."""
        return random.choice(self.servers).ask(*request, **headers)  # noqa: S311 - no secret

    def gql(self, *request, **more):
        """Return what the first of them answers."""
        return self.servers[0].gql(*request, **more)

    def dismiss(self, server):
        """Ask a server no more, and end it as a platform does; return its exit code."""
        self.servers = tuple(one for one in self.servers if one is not server)
        time.sleep(0.5)  # what is on its way to it arrives
        server.process.terminate()
        return server.process.wait(20)


def test_a_deploy_under_load_fails_nobody_and_loses_nothing(url, start, following, migrate):
    """The table is expanded, a new server joins, the old one leaves: each write is there."""
    old = start(CODE)
    balancer = Balancer(old)
    ledger = Ledger(balancer, url)
    with ledger.writing():
        ledger.wait_for(20)
        migrate()
        ledger.wait_for(20)
        balancer.servers = old, start(following)
        ledger.wait_for(40)
        status = balancer.dismiss(old)
        ledger.wait_for(20)

    assert status == 0
    assert ledger.failed == {}
    assert ledger.lost() == set()
    engine = sa.create_engine(url, poolclass=sa.NullPool)
    with engine.connect() as connection:
        by_new, by_old = connection.execute(sa.text(LEGS)).one()
    assert min(by_new, by_old) > 20


def test_a_deploy_that_is_taken_back_loses_nothing(url, start, following, migrate):
    """The old version serves on the expanded table, and reads what the new one has written."""
    migrate()
    new = start(following)
    balancer = Balancer(new)
    ledger = Ledger(balancer, url)
    with ledger.writing():
        ledger.wait_for(20)
        balancer.servers = new, start(CODE)
        status = balancer.dismiss(new)
        ledger.wait_for(20)

    assert status == 0
    assert ledger.failed == {}
    assert ledger.lost() == set()
