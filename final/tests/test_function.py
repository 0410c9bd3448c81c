"""The same application behind functions-framework, started as a platform starts it."""

import contextlib
import http.client
import json
import os
import signal
import socket
import subprocess
import sys
import time
from urllib.parse import quote

import pytest
from ports import free_port

CREATE = """mutation {
  createAnimal(input: {name: "Otto"}) { animal { name owner { username } } }
}"""
READ = f"/graphql?query={quote('{ animals { nodes { name } } }')}"


@pytest.fixture(scope="module")
def server(database_url):
    """A function that listens; the process and its port."""
    port = free_port()
    command = [sys.executable, "-m", "functions_framework", "--target", "zoo"]
    process = subprocess.Popen(
        [*command, "--host", "127.0.0.1", "--port", str(port)],
        env={**os.environ, "DATABASE_URL": database_url},
    )
    deadline = time.monotonic() + 60
    with socket.socket() as client:
        while client.connect_ex(("127.0.0.1", port)):
            assert process.poll() is None
            assert time.monotonic() < deadline
            time.sleep(0.1)
    yield process, port
    process.kill()
    process.wait(10)


@pytest.fixture
def ask(server, app, ada):
    """Send the function an HTTP request, as ada; return the status, the type and the body."""

    def send(method, path, body=None, **headers):
        connection = http.client.HTTPConnection("127.0.0.1", server[1], timeout=10)
        headers = {
            "Content-Type": "application/json",
            "Authorization": f"Bearer {ada.tokens['access_token']}",
            **headers,
        }
        with contextlib.closing(connection):
            data = None if body is None else json.dumps(body)
            connection.request(method, path, data, {**headers, "Connection": "close"})
            response = connection.getresponse()
            return response.status, response.headers["Content-Type"], response.read().decode()

    return send


def test_a_function_answers_graphql(ask):
    """A mutation as somebody, a query as anybody, with all that the app knows of HTTP."""
    created = ask("POST", "/graphql", {"query": CREATE})
    read = ask("GET", READ, Authorization="")

    animal = {"name": "Otto", "owner": {"username": "ada"}}
    assert json.loads(created[2])["data"] == {"createAnimal": {"animal": animal}}
    assert json.loads(read[2])["data"] == {"animals": {"nodes": [{"name": "Otto"}]}}


@pytest.mark.parametrize(
    ("request_", "status", "code"),
    [
        (("POST", "/graphql", {"query": "{"}), 200, "GRAPHQL_PARSE_FAILED"),
        (("POST", "/graphql", {}), 400, "BAD_USER_INPUT"),
        (("POST", "/graphql", {"query": " " * 200_000}), 413, "PAYLOAD_TOO_LARGE"),
        (("GET", "/elsewhere"), 404, "NOT_FOUND"),
        (("GET", f"/graphql?query={quote(CREATE)}"), 405, "BAD_USER_INPUT"),
    ],
)
def test_what_the_app_refuses_a_function_refuses_alike(ask, request_, status, code):
    """The status, the media type and the error's code are the application's."""
    answer = ask(*request_)

    assert answer[0] == status
    assert answer[1].startswith("application/json")
    assert json.loads(answer[2])["errors"][0]["extensions"]["code"] == code


def test_a_function_lives_and_shows_graphiql(ask):
    """Its paths are the app's own."""
    assert ask("GET", "/livez")[2] == '{"status":"alive"}\n'
    assert "GraphiQL" in ask("GET", "/graphql", Accept="text/html")[2]


def test_a_function_ends_when_it_is_told_to(server):
    """SIGTERM is how a platform takes an instance away."""
    process, _ = server
    process.send_signal(signal.SIGTERM)

    assert process.wait(15) == 0
