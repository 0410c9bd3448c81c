"""Step 10 and final/ with what Cloud Run gives: these variables, a database behind a socket."""

import os
import subprocess
import tempfile
import time
from pathlib import Path

import psycopg
import pytest
import sqlalchemy as sa
from psycopg import sql

from tests.cloud import GIVEN, JOB, PLACE, SERVICE, STEPS, deployed, handed_over, place
from tools import postgres
from tools.steps import ROOT, SCRIPTS

INSTANCE = ":".join((*PLACE[:2], "zoo"))  # Cloud SQL's name for it, and of its socket's folder
PATIENCE = 30  # seconds until an instance listens
PROGRAMS = ROOT / ".venv" / SCRIPTS


@pytest.fixture(scope="module", params=STEPS, ids=lambda step: step.name)
def step(request):
    """A step for Cloud Run."""
    return request.param


@pytest.fixture(scope="module")
def cloud(step, tmp_path_factory):
    """A project of Google's after the first deployment."""
    return deployed(tmp_path_factory.mktemp("cloud"), step)


@pytest.fixture
def sockets():
    """The folder of sockets, with that of a database whose user has to know the password."""
    if os.name == "nt":
        pytest.skip("Windows has neither gunicorn nor such sockets")
    with tempfile.TemporaryDirectory(prefix="sql", ignore_cleanup_errors=True) as folder:
        data = Path(folder) / "data"
        with postgres.embedded(data, keep=False) as url:
            (Path(folder) / INSTANCE).symlink_to(data)
            rules = data / "pg_hba.conf"
            rules.write_text(f"local zoo zoo scram-sha-256\n{rules.read_text('utf-8')}", "utf-8")
            yield folder, postgres.plain(url)


@pytest.fixture
def environment(cloud, sockets):
    """Return a container's environment, with the secrets that the deployment has made."""
    folder, admin = sockets
    kept = {
        name: cloud.secret(name).replace("host=/cloudsql/", f"host={folder}/")
        for name in ("database-url", "jwt-secret-key")
    }
    kept["smtp-url"] = GIVEN["SMTP_URL"]
    kept["redis-url"] = "redis://127.0.0.1:9"  # where nobody listens: the app counts by itself
    password = sa.make_url(kept["database-url"]).password
    with psycopg.connect(admin, autocommit=True) as connection:
        connection.execute("SELECT pg_reload_conf()")
        user = sql.SQL("CREATE USER zoo PASSWORD {}").format(sql.Literal(password))
        connection.execute(user)
        connection.execute("CREATE DATABASE zoo OWNER zoo")

    def given(container):
        pairs = {
            v["name"]: v["value"] if "value" in v else kept[v["valueFrom"]["secretKeyRef"]["name"]]
            for v in container["env"]
        }
        return {**pairs, "PATH": str(PROGRAMS), "PYTHONDONTWRITEBYTECODE": "1"}

    return given


@pytest.fixture
def instance(cloud, environment, free_port, tmp_path):
    """The service's container as a process, and its port; it ends with the test."""
    container = place(handed_over(cloud)["service"], (*SERVICE, "containers", 0))
    port, log = free_port(), tmp_path / "log"
    with log.open("wb") as said:
        process = subprocess.Popen(
            [PROGRAMS / "gunicorn", "--bind", f"127.0.0.1:{port}", "manage:app"],
            cwd=cloud.step.folder,
            env=environment(container),
            stdout=said,
            stderr=subprocess.STDOUT,
        )
    deadline = time.monotonic() + PATIENCE
    while "Booting worker" not in log.read_text("utf-8"):
        assert time.monotonic() < deadline, log.read_text("utf-8")
        assert process.poll() is None, log.read_text("utf-8")
        time.sleep(0.05)
    yield container, port
    process.terminate()
    assert process.wait(20) == 0


def test_an_instance_is_ready_when_the_job_has_migrated(cloud, environment, instance, fetch):
    """It starts in production, finds the database behind its socket, and waits for the tables."""
    container, port = instance
    start, life = (container[name]["httpGet"]["path"] for name in ("startupProbe", "livenessProbe"))
    job = place(handed_over(cloud)["migration"], (*JOB, "containers", 0))

    before = fetch(port, life)[0], fetch(port, start)[0]
    migrated = subprocess.run(
        [PROGRAMS / job["command"][0], *job["command"][1:]],
        cwd=cloud.step.folder,
        env=environment(job),
        capture_output=True,
        text=True,
        timeout=120,
    )

    assert migrated.returncode == 0, migrated.stderr
    assert before == (200, 503)
    assert (fetch(port, life)[0], fetch(port, start)[0]) == (200, 200)
    assert b"animals" in fetch(port, query="{ animals { nodes { name } } }")[1]
