"""Every symptom on chapter 09's page is brought about, and shows the words there."""

import os
import re
import shutil
import subprocess
import sys

import psycopg
import pytest

from tools import postgres, sample, steps
from tools.steps import ROOT

PAGE = (ROOT / "docs" / "09-k8s.md").read_text(encoding="utf-8")
SYMPTOMS = re.findall(r'^\?\?\? failure "(.+)"$', PAGE, flags=re.MULTILINE)
STEP = steps.find("09-k8s")
FLASK = [sys.executable, "-m", "flask", "--app", STEP.app]
READY = "from manage import app; print(app.test_client().get('/readyz').text)"
SLOW = ROOT / "docs" / "listings" / "09-k8s" / "slow.py"
TWO = """
from manage import app
from app.engine import db
with app.app_context():
    db.engine.pool._timeout = 1
    first, second = db.engine.connect(), db.engine.connect()
"""


@pytest.fixture
def said_by(database):
    """Run in the step's folder what fails, or does not, on a database with the sample."""
    sample.load(STEP, STEP.folder, database)

    def run(*command, fails=True, **settings):
        done = subprocess.run(
            command,
            cwd=STEP.folder,
            env={**sample.environment(database), **settings},
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            encoding="utf-8",
        )
        assert (done.returncode != 0) == fails, done.stdout
        return done.stdout

    return run


@pytest.fixture
def kubectl(needs):
    """The real program, which knows of no cluster."""
    needs(shutil.which("kubectl"), "kubectl is not installed")
    return {"KUBECONFIG": os.devnull}


@pytest.fixture
def tools(tmp_path):
    """A folder with what scripts/cluster needs before it looks for a cluster; kind is missing."""
    for name in ("bash", "sed", "dirname"):
        (tmp_path / name).symlink_to(shutil.which(name))
    (tmp_path / "docker").write_text("#!/bin/sh\n")
    (tmp_path / "docker").chmod(0o755)
    return tmp_path


def shows(words, said):
    """Assert that the page has these words for a symptom, and that the output holds them."""
    assert words in SYMPTOMS
    assert words in " ".join(said.split())


def test_trouble_with_a_folder_that_is_no_overlay(said_by, kubectl):
    """Its parts are; the overlay is taken."""
    said = said_by("kubectl", "kustomize", "k8s", **kubectl)

    shows(
        "unable to find one of 'kustomization.yaml', 'kustomization.yml' or 'Kustomization'"
        " in directory",
        said,
    )
    said_by("kubectl", "kustomize", "k8s/overlays/local", fails=False, **kubectl)


def test_trouble_with_a_machine_without_kind(said_by, tools):
    """Before anything is done."""
    shows("There is no kind on this machine.", said_by("scripts/cluster", "up", PATH=str(tools)))


def test_trouble_with_a_cluster_that_is_not_there(said_by, tools, kubectl):
    """kubectl itself says so."""
    (tools / "kind").symlink_to("docker")
    path = f"{tools}{os.pathsep}{os.environ['PATH']}"

    shows(
        'context "kind-zoo" does not exist',
        said_by("scripts/cluster", "status", PATH=path, **kubectl),
    )


def test_trouble_with_tables_that_are_older(said_by):
    """One migration behind, and the pod is not ready."""
    said_by(*FLASK, "db", "downgrade", "0006", fails=False)
    shows("The database has not been migrated", said_by(sys.executable, "-c", READY, fails=False))

    said_by(*FLASK, "db", "upgrade", fails=False)
    assert "ready" in said_by(sys.executable, "-c", READY, fails=False)


def test_trouble_with_tables_that_are_newer(said_by, database):
    """The older version's migration fails; the older version serves."""
    with psycopg.connect(postgres.plain(database)) as connection:
        connection.execute("UPDATE alembic_version SET version_num = '9999'")

    shows("Can't locate revision identified by", said_by(*FLASK, "db", "upgrade"))
    assert '"ready"' in said_by(sys.executable, "-c", READY, fails=False)


def test_trouble_with_a_statement_that_takes_too_long(said_by):
    """Postgres ends it."""
    said = said_by(sys.executable, str(SLOW), fails=False, STATEMENT_SECONDS="1")
    shows("canceling statement due to statement timeout", said)


def test_trouble_with_a_pool_that_is_smaller_than_its_threads(said_by):
    """A second connection of one; four are enough for two."""
    said = said_by(sys.executable, "-c", TWO, DATABASE_POOL_SIZE="1")

    shows("QueuePool limit of size 1 overflow 0 reached", said)
    said_by(sys.executable, "-c", TWO, fails=False)


def test_trouble_with_more_connections_than_the_database_allows(said_by, database):
    """A role that may have one, and an app that wants two."""
    role = f"tight_{database.rpartition('_')[2]}"
    url = re.sub(r"//[^@]*@", f"//{role}:zoo@", database)
    with psycopg.connect(postgres.plain(database), autocommit=True) as connection:
        connection.execute(f"CREATE ROLE {role} LOGIN PASSWORD 'zoo' CONNECTION LIMIT 1")
        try:
            said = said_by(sys.executable, "-c", TWO, DATABASE_URL=url)
        finally:
            connection.execute(f"DROP ROLE {role}")

    shows("too many connections for role", said)


def test_every_symptom_has_a_test():
    """Those above, and no other."""
    tests = [name for name in globals() if name.startswith("test_trouble")]
    assert len(SYMPTOMS) == len(tests)
