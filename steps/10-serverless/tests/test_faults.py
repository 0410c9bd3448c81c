"""Uploads over HTTP while something goes wrong: nothing is lost, and the answer says what it is."""

import http.client
import json
import socket
import threading
from concurrent.futures import ThreadPoolExecutor
from io import BytesIO

import pytest
from pictures import noise, picture
from werkzeug.datastructures import FileStorage
from werkzeug.serving import make_server
from werkzeug.test import encode_multipart

SET = "mutation ($file: Upload!) { setProfileImage(file: $file) { user { id } } }"
UPLOAD = "mutation ($file: Upload!) { uploadImage(file: $file) { url } }"
REMOVE = "mutation { removeProfileImage { user { profileImage } } }"
SHOWN = "{ user(id: 1) { profileImage } }"
RED, BLUE = picture(colour="red"), picture(colour="blue")
AWAY = [{"code": "SERVICE_UNAVAILABLE"}]


@pytest.fixture
def port(app):
    """The port of a server that runs the application."""
    server = make_server("127.0.0.1", 0, app, threaded=True)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    yield server.server_port
    server.shutdown()
    thread.join()
    server.server_close()


@pytest.fixture
def ask(port):
    """Send a request over HTTP; return the status and the body."""

    def send(method, path, body=None, **headers):
        connection = http.client.HTTPConnection("127.0.0.1", port, timeout=30)
        connection.request(method, path, body, headers)
        response = connection.getresponse()
        answer = response.status, response.read()
        connection.close()
        return answer

    return send


def form(data, query=SET):
    """Return an upload's body and its headers."""
    fields = {
        "operations": json.dumps({"query": query, "variables": {"file": None}}),
        "map": '{"0": ["variables.file"]}',
        "0": FileStorage(BytesIO(data), "okapi.png"),
    }
    boundary, body = encode_multipart(fields)
    return body, {"Content-Type": f"multipart/form-data; boundary={boundary}"}


@pytest.fixture
def set_image(ask, ada):
    """Set ada's profile image over HTTP, or upload one; return the errors' extensions."""

    def send(data, query=SET):
        body, headers = form(data, query)
        headers |= {"Authorization": f"Bearer {ada}", "GraphQL-Preflight": "1"}
        status, answer = ask("POST", "/graphql", body, **headers)
        assert status == 200
        return [error["extensions"] for error in json.loads(answer).get("errors", [])]

    return send


@pytest.fixture
def status(ask, gql):
    """Return the status with which ada's image is shown over HTTP, or None where she has none."""

    def read():
        url = gql(SHOWN)[0]["user"]["profileImage"]
        return ask("GET", url.removeprefix("http://localhost"))[0] if url else None

    return read


@pytest.fixture
def away(app, kept, monkeypatch):
    """Take the storage away; what is returned brings it back."""
    from app.engine import storage

    monkeypatch.setattr(storage, "PATIENCE", 1)

    def take():
        with monkeypatch.context() as gone:
            gone.setenv("STORAGE_EMULATOR_HOST", "http://127.0.0.1:1")
            broken = type(kept)({**app.config, "IMAGE_FOLDER": __file__})
            _ = getattr(broken, "bucket", None)  # its client keeps the address from now on
        app.extensions["storage"] = broken
        return lambda: storage.init_app(app)

    return take


def test_many_uploads_at_once_leave_one_image_that_is_there(kept, set_image, status):
    """Of two contents, again and again; of the one that loses nothing is left."""
    with ThreadPoolExecutor(max_workers=8) as pool:
        errors = list(pool.map(set_image, [RED, BLUE] * 4))

    assert errors == [[]] * 8
    assert len(kept.names()) == 1
    assert status() == 200


@pytest.mark.parametrize(("query", "seen"), [(SET, 200), (UPLOAD, None)])
def test_many_uploads_of_one_content_at_once_are_one_image(kept, set_image, status, query, seen):
    """Nobody deletes what another has just stored."""
    with ThreadPoolExecutor(max_workers=8) as pool:
        errors = list(pool.map(set_image, [RED] * 8, [query] * 8))

    assert errors == [[]] * 8
    assert len(kept.names()) == 1
    assert status() == seen


@pytest.mark.parametrize("chunked", [False, True])
def test_a_client_that_hangs_up_leaves_nothing(kept, port, ada, set_image, status, chunked):
    """Half a form is no form; the server goes on."""
    body, headers = form(noise(300))
    length = "Transfer-Encoding: chunked" if chunked else f"Content-Length: {len(body)}"
    head = (
        f"POST /graphql HTTP/1.1\r\nHost: localhost\r\nContent-Type: {headers['Content-Type']}\r\n"
        f"GraphQL-Preflight: 1\r\nAuthorization: Bearer {ada}\r\n{length}\r\n\r\n"
    )
    begin = f"{len(body):x}\r\n".encode() if chunked else b""

    with socket.create_connection(("127.0.0.1", port)) as connection:
        connection.sendall(head.encode() + begin + body[: len(body) // 2])
        connection.shutdown(socket.SHUT_WR)
        while connection.recv(65_536):
            pass

    assert kept.names() == []
    assert status() is None
    assert set_image(RED) == []


def test_a_storage_that_is_away_changes_nothing(kept, set_image, gql, status, away):
    """SERVICE_UNAVAILABLE; the old image stays, and is there again with its storage."""
    set_image(RED)
    back = away()

    assert set_image(BLUE) == AWAY
    assert gql("{ users { nodes { username } } }")[1] == []
    assert status() == 503
    back()

    assert len(kept.names()) == 1
    assert status() == 200


def test_what_could_not_be_deleted_is_swept_later(app, kept, set_image, gql, away, ask):
    """Removing an image succeeds without its storage; the orphan waits for `sweep`, unseen."""
    set_image(RED)
    address = gql(SHOWN)[0]["user"]["profileImage"].removeprefix("http://localhost")
    back = away()

    assert gql(REMOVE) == ({"removeProfileImage": {"user": {"profileImage": None}}}, [])
    back()

    assert len(kept.names()) == 1
    assert ask("GET", address)[0] == 404
    assert app.test_cli_runner().invoke(args=["sweep"]).output == "Swept: 1\n"
    assert kept.names() == []


@pytest.mark.parametrize("kept", ["folder"], indirect=True)
def test_a_disk_that_takes_half_a_file_keeps_none_of_it(kept, set_image, status):
    """Not even under another name; the old image stays."""
    resource = pytest.importorskip("resource", reason="Windows limits no file's size")
    set_image(RED)
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)

    resource.setrlimit(resource.RLIMIT_FSIZE, (50_000, hard))
    try:
        errors = set_image(noise(300))
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))

    assert errors == AWAY
    assert len(kept.names()) == 1
    assert status() == 200
