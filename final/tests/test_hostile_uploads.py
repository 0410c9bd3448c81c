"""Uploads that end too soon, and forms that are none."""

import socket

import pytest
from pictures import form, picture
from server import Server

SET = """mutation ($file: Upload!) {
  setProfileImage(input: {file: $file}) { user { profileImage { url } } }
}"""
SHOWN = '{ user(username: "ada") { profileImage { url } } }'


@pytest.fixture
def server(app, database_url, tmp_path):
    """A server as gunicorn runs it, on the tests' tables."""
    server = Server(database_url, tmp_path, IMAGE_FOLDER=str(tmp_path / "images"))
    yield server
    server.stop()


@pytest.fixture
def send(server, ada):
    """Return a function that sends a share of an upload as ada, and is gone."""
    headers, body = form(SET, picture() + b"x" * 50_000, "okapi.png")
    headers |= {"Host": "zoo", "Authorization": f"Bearer {ada.tokens['access_token']}"}
    headers |= {"Content-Length": len(body)}
    lines = [f"{name}: {value}" for name, value in headers.items()]
    head = "\r\n".join(["POST /graphql HTTP/1.1", *lines, "", ""]).encode()
    host, port = server.url.removeprefix("http://").split(":")

    def go(share):
        with socket.create_connection((host, int(port)), timeout=20) as connection:
            connection.sendall(head + body[: int(len(body) * share)])
            return share < 1 or connection.recv(12)

    return go


@pytest.mark.parametrize("share", [0, 0.5, 0.99], ids=["at once", "half-way", "almost at its end"])
def test_half_an_upload_is_none(server, send, gql, tmp_path, share):
    """No image is kept or shown, and the server goes on."""
    for _ in range(9):  # one more than it has threads
        send(share)

    assert server.gql(SHOWN) == ({"user": {"profileImage": None}}, None)
    assert not [path for path in tmp_path.rglob("images/*") if path.is_file()]
    assert send(1) == b"HTTP/1.1 200"
    assert server.gql(SHOWN)[0]["user"]["profileImage"]


PREFLIGHT = {"GraphQL-Preflight": "1"}
PART = b'--zoo\r\nContent-Disposition: form-data; name="%s"\r\n\r\n%s\r\n'
OPERATIONS = PART % (b"operations", b'{"query": "{ __typename }"}') + PART % (b"map", b"{}")
BAD_FORMS = {
    "empty": b"",
    "no part": b"--zoo--\r\n",
    "no boundary": OPERATIONS.replace(b"--zoo", b"--bar"),
    "a part without a name": OPERATIONS.replace(b'name="', b'nome="') + b"--zoo--",
    "a part that does not end": PART % (b"operations", b"x" * 1_000),
    "a header of 90 kB": b"--zoo\r\nX-Zoo: " + b"x" * 90_000 + b"\r\n\r\n\r\n--zoo--",
    "2,000 parts": (PART % (b"x", b"y")) * 2_000 + b"--zoo--",
    "a field of 600 kB": PART % (b"operations", b"x" * 600_000) + b"--zoo--",
    "no UTF-8": PART % (b"operations", b"\xff\xfe") + b"--zoo--",
    "a file for operations": OPERATIONS.replace(b'operations"', b'operations"; filename="x"')
    + b"--zoo--",
}


@pytest.mark.parametrize("body", BAD_FORMS.values(), ids=BAD_FORMS)
def test_a_form_that_is_none_is_refused(client, body):
    """400, or 413 for one that is too much; a form is read as far as it goes."""
    kind = "multipart/form-data; boundary=zoo"
    answer = client.post("/graphql", data=body, content_type=kind, headers=PREFLIGHT)
    fine = client.post(
        "/graphql", data=OPERATIONS + b"--zoo--", content_type=kind, headers=PREFLIGHT
    )

    assert answer.status_code in (400, 413)
    assert answer.get_json()["errors"]
    assert fine.status_code == 200


@pytest.mark.parametrize("boundary", ["", "; boundary=", "; boundary=" + "x" * 9_000])
def test_a_boundary_that_is_none_is_refused(client, boundary):
    """400."""
    kind = f"multipart/form-data{boundary}"
    answer = client.post("/graphql", data=OPERATIONS, content_type=kind, headers=PREFLIGHT)

    assert answer.status_code == 400


@pytest.mark.parametrize("kept", ["folder"], indirect=True)
@pytest.mark.parametrize("name", ["", ".", "..", "okapi\x1b[2J.png", "<img src=x>.png", "CON"])
def test_a_name_is_never_used(kept, upload, name):
    """The image is kept under a name of the app's own, whatever its sender calls it."""
    errors = upload(SET, picture(), name)[1]

    assert all(error["code"] == "BAD_USER_INPUT" for error in errors)
    assert all(one.startswith("1/") and one.endswith(".png") for one in kept.names())
    assert len(kept.names()) == (0 if errors else 1)
