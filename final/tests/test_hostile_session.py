"""A hostile session, and what the server's log keeps of it: no password, token or value."""

import json
import shutil
import socket
from pathlib import Path

import pytest
import sqlalchemy as sa
from server import Server

CODE = Path(__file__).parent.parent
REGISTER = """mutation ($input: RegisterInput!) {
  register(input: $input) { accessToken refreshToken }
}"""
EVE = {"username": "eve", "email": "eve@example.org", "password": "correct horse"}
ZOO = 'mutation { createZoo(input: {name: "%s"}) { zoo { id } } }'

# By what is hidden where: a document and its variables, with SECRET in them.
OPERATIONS = {
    "a wrong password": (
        'mutation { login(input: {username: "eve", password: "SECRET"}) { accessToken } }',
        {},
    ),
    "a password that is too long": (REGISTER, {"input": EVE | {"password": "SECRET" * 20}}),
    "a name that is none": (REGISTER, {"input": EVE | {"username": "SECRET <b>"}}),
    "an address that is none": (REGISTER, {"input": EVE | {"email": "SECRET@"}}),
    "a variable that does not fit": (REGISTER, {"input": {"SECRET": "SECRET"}}),
    "a refresh token": (
        'mutation { refresh(input: {refreshToken: "SECRET"}) { accessToken } }',
        {},
    ),
    "a letter's token": ('mutation { confirmEmail(input: {token: "SECRET"}) { user { id } } }', {}),
    "a document that ends too soon": ('{ user(username: "SECRET', {}),
    "a document with a wrong sign": ('{ user(username: "SECRET") ? }', {}),
    "a field that is none": ("{ SECRET }", {}),
    "an argument that is none": ("{ me(SECRET: 1) { id } }", {}),
    "a directive that is none": ("{ me @SECRET { id } }", {}),
    "a type that is none": ("query ($a: SECRET) { me { id } }", {}),
    "a number that is none": ('{ zoos(first: "SECRET") { totalCount } }', {}),
    "an id": ('{ node(id: "SECRET") { id } }', {}),
    "a cursor": ('{ zoos(after: "SECRET") { totalCount } }', {}),
    "a search": ('{ zoos(filter: {nameContains: "SECRET"}) { totalCount } }', {}),
    "a value that the table refuses": (ZOO % "Xanadu SECRET", {}),
    "a value that the table waits with": (ZOO % "Waiting SECRET", {}),
}
POST = "POST /graphql HTTP/1.1\r\nGraphQL-Preflight: 1\r\nContent-Type: %s\r\n\r\n"
FORM = '--zoo\r\nContent-Disposition: form-data; name="SECRET"; filename="SECRET"\r\n\r\nSECRET\r\n'
# By what is hidden where: a request as it is sent.
REQUESTS = {
    "a value in the address": "GET /graphql?query=%7Bme%7Bid%7D%7D&variables=SECRET HTTP/1.1",
    "a token in the address": "GET /graphql?query=%7Bme%7Bid%7D%7D&jwt=SECRET HTTP/1.1",
    "a token of another kind": "GET /graphql HTTP/1.1\r\nAuthorization: Basic SECRET",
    "a token that is none": "POST /graphql HTTP/1.1\r\nAuthorization: Bearer SECRET.a.b",
    "a token in a line that is none": "GET /graphql HTTP/1.1\r\nAuthorization Bearer SECRET",
    "a token with NUL": "GET /graphql HTTP/1.1\r\nAuthorization: Bearer SECRET\0",
    "a token in a protocol": "GET /graphql HTTP/SECRET",
    "a token in a line of one word": "SECRET",
    "a cookie": "GET /graphql HTTP/1.1\r\nCookie: session=SECRET",
    "a browser's name": "GET /graphql HTTP/1.1\r\nUser-Agent: SECRET\r\nReferer: http://a/SECRET",
    "an id": "GET /graphql HTTP/1.1\r\nX-Request-ID: SECRET",
    "a body that is none": f'{POST % "application/json"}{{"query": "SECRET',
    "a form that is none": f"{POST % 'multipart/form-data; boundary=SECRET'}--SECRET",
    "a file's name and bytes": f"{POST % 'multipart/form-data; boundary=zoo'}{FORM}",
    "a length that is none": "POST /graphql HTTP/1.1\r\nContent-Length: SECRET",
}

# An app with an accident that comes too late to be answered.
ACCIDENT = """
from flask import request

from app import create_app

app = create_app()
app.teardown_request(lambda error: request.path == "/graphql" and 1 / 0)
"""
EXPECTED = {
    "BAD_USER_INPUT",
    "GRAPHQL_PARSE_FAILED",
    "GRAPHQL_VALIDATION_FAILED",
    "INTERNAL_SERVER_ERROR",
    "SERVICE_UNAVAILABLE",
    "UNAUTHENTICATED",
    None,
}
# All that gunicorn says of a request that is none.
INVALID = {"Invalid HTTP Header", "Invalid HTTP request line", "Invalid HTTP Version"}


@pytest.fixture
def odd(app):
    """A table that refuses one name with an error that tells it, and waits with another."""
    from app.engine import db

    def run(*statements):
        with app.app_context():
            for statement in statements:
                db.session.execute(sa.text(statement))
            db.session.commit()

    wait = "CASE WHEN name LIKE 'Waiting%' THEN pg_sleep(3) IS NOT NULL ELSE true END"
    run(
        "ALTER TABLE zoo ADD CONSTRAINT odd CHECK (name NOT LIKE 'Xanadu%')",
        f"ALTER TABLE zoo ADD CONSTRAINT late CHECK ({wait})",
    )
    yield
    run("ALTER TABLE zoo DROP CONSTRAINT odd", "ALTER TABLE zoo DROP CONSTRAINT late")


@pytest.fixture
def server(app, database_url, tmp_path):
    """A server that tells much."""
    settings = {"REQUIRE_CONFIRMED_EMAIL": "0", "IMAGE_FOLDER": str(tmp_path / "images")}
    settings |= {"SLOW_STATEMENT_MILLISECONDS": "0", "STATEMENT_SECONDS": "1"}
    limits = "ADDRESS_LOGINS", "ADDRESS_REQUESTS", "ADDRESS_COST"
    settings |= {f"{limit}_PER_MINUTE": "10000" for limit in limits}
    server = Server(database_url, tmp_path, **settings, LOG_LEVEL="DEBUG")
    yield server
    server.stop()


def send(server, text):
    """Send a request's lines and its body; wait for the end of what comes back."""
    head, _, body = text.partition("\r\n\r\n")
    length = f"Content-Length: {len(body)}\r\n" if body else ""
    lines = f"{head}\r\nHost: zoo\r\nConnection: close\r\n{length}\r\n{body}"
    host, port = server.url.removeprefix("http://").split(":")
    with socket.create_connection((host, int(port)), timeout=20) as connection:
        connection.sendall(lines.encode())
        connection.makefile("rb").read()


def test_a_hostile_session_leaves_no_secret_in_the_log(server, odd):
    """Wherever one is hidden, whatever it breaks, and though everything is logged."""
    tokens = server.gql(REGISTER, input=EVE)[0]["register"]
    secrets = {f"a token, {kind}": token for kind, token in tokens.items()}
    secrets |= {"a password": EVE["password"], "an e-mail address": EVE["email"]}
    codes = {}

    def hidden(what, text):
        secrets[what] = f"sesame{len(secrets)}q"
        return text.replace("SECRET", secrets[what])

    for what, operation in OPERATIONS.items():
        document, variables = json.loads(hidden(what, json.dumps(operation)))
        _, error = server.gql(document, tokens["accessToken"], **variables)
        codes[what] = error and error["extensions"]["code"]
    for what, request in REQUESTS.items():
        send(server, hidden(what, request))

    lines = server.stop()
    log = "\n".join(lines)
    assert [what for what, secret in secrets.items() if secret in log] == []
    assert set(codes.values()) == EXPECTED
    told = [json.loads(line) for line in lines if "Invalid request" in line]
    assert len(told) == 5
    assert {event["event"].partition(": ")[2] for event in told} == INVALID
    assert not any("request_id" in event for event in told)  # which would be another request's


def test_an_accident_outside_of_the_app_is_told_without_the_address(app, database_url, tmp_path):
    """Gunicorn tells it; the address may hold a variable's value."""
    code = tmp_path / "code"
    code.mkdir()
    shutil.copy(CODE / "gunicorn.conf.py", code)
    (code / "manage.py").write_text(ACCIDENT, encoding="utf-8")
    server = Server(database_url, tmp_path, code=code, PYTHONPATH=str(CODE))
    server.ask("/graphql?query=%7Bme%7Bid%7D%7D&variables=%7B%22a%22:%22sesame%22%7D")

    lines = server.stop()
    [told] = [json.loads(line) for line in lines if "Error handling" in line]
    assert told["event"] == "Error handling request GET /graphql"
    assert told["exception"][0]["exc_type"] == "ZeroDivisionError"
    assert not [line for line in lines if "sesame" in line]
