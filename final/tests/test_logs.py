"""Logs: lines of JSON that tell what happened, and no secret."""

import json
import re
import subprocess
import sys

import pytest
import sqlalchemy as sa
from server import Server

REGISTER = """mutation SignUp($input: RegisterInput!) {
  register(input: $input) { accessToken refreshToken user { id } }
}"""
LOGIN = "mutation ($input: LoginInput!) { login(input: $input) { accessToken refreshToken } }"
CREATE = "mutation ($input: CreateZooInput!) { createZoo(input: $input) { zoo { id } } }"
ME = "query Who { me { username } }"
EVE = {"username": "eve", "email": "eve@example.org", "password": "correct horse battery"}


@pytest.fixture
def start(app, database_url, tmp_path):
    """Return a function that starts the server on the tests' tables."""
    started = []

    def begin(**settings):
        started.append(Server(database_url, tmp_path, **settings))
        return started[-1]

    yield begin
    for server in started:
        server.stop()


@pytest.fixture
def refusing(app):
    """A table that refuses a row with an error that nobody expects, and that tells its values."""
    from app.engine import db

    with app.app_context():
        db.session.execute(sa.text("ALTER TABLE zoo ADD CONSTRAINT odd CHECK (name <> 'Xanadu')"))
        db.session.commit()
    yield
    with app.app_context():
        db.session.execute(sa.text("ALTER TABLE zoo DROP CONSTRAINT odd"))
        db.session.commit()


def requests_in(lines):
    """Return what the lines say of requests."""
    events = [json.loads(line) for line in lines]
    return [event for event in events if event["event"] == "request"]


def test_each_request_is_told_in_a_line(start):
    """Under an id that its answer names: who asked, for what, how it went, how long, how dear."""
    server = start()
    eve = server.gql(REGISTER, input=EVE)[0]["register"]["accessToken"]
    headers = {"Authorization": f"Bearer {eve}"}
    _, answered, _ = server.ask("/graphql", {"query": ME}, **headers)
    server.gql(LOGIN, input={"username": "eve", "password": "wrong password"})
    server.gql("{ nothing }")

    registered, me, refused, invalid = requests_in(server.stop())
    assert (registered["operation"], registered["name"]) == ("mutation register", "SignUp")
    assert me["request_id"] == answered["X-Request-ID"]
    assert (me["operation"], me["name"], me["outcome"]) == ("query me", "Who", "ok")
    assert (me["user_id"], me["status"], me["statements"]) == (1, 200, 2)
    assert me["duration_ms"] > 0
    assert (refused["outcome"], refused["user_id"]) == ("UNAUTHENTICATED", None)
    assert (invalid["outcome"], invalid["operation"]) == ("GRAPHQL_VALIDATION_FAILED", "other")


def test_a_log_holds_no_secret(start, refusing):
    """Neither a password, a token, an address nor what a variable held, even after an accident."""
    server = start(REQUIRE_CONFIRMED_EMAIL="0", JWT_SECRET_KEY="the-key-that-signs-every-token-x")
    tokens = server.gql(REGISTER, input=EVE)[0]["register"]
    login = {"username": "eve", "password": EVE["password"]}
    more = server.gql(LOGIN, input=login)[0]["login"]
    server.gql(LOGIN, input=login | {"password": "another secret"})
    server.ask("/graphql?query=%7Bme%7Bid%7D%7D&variables=%7B%22a%22:%22unspoken%22%7D")
    _, error = server.gql(CREATE, tokens["accessToken"], input={"name": "Xanadu"})

    log = "\n".join(server.stop())
    assert error["extensions"]["code"] == "INTERNAL_SERVER_ERROR"
    assert error["extensions"]["id"] in log
    assert "CheckViolation" in log
    secrets = [
        *tokens.values(),
        *more.values(),
        EVE["email"],
        EVE["password"],
        "another secret",
        "unspoken",
        "Xanadu",
    ]
    told = [secret for secret in secrets if isinstance(secret, str) and secret in log]
    assert told == []
    assert "the-key-that-signs" not in log


def test_every_line_is_json(start):
    """What gunicorn itself says too, from its first word to its last."""
    server = start()
    server.gql(ME)

    events = [json.loads(line) for line in server.stop()]
    assert {event["level"] for event in events} == {"info"}
    assert any("Listening at" in event["event"] for event in events)
    assert all(re.match(r"\d{4}-\d\d-\d\dT.*Z$", event["timestamp"]) for event in events)


def test_a_developers_server_says_where_it_listens_and_no_address_of_a_request(start):
    """Which would have the variables in it."""
    server = start(kind="flask")
    server.ask("/graphql?query=%7Bme%7Bid%7D%7D&variables=%7B%22a%22:%22unspoken%22%7D")

    log = "\n".join(server.stop())
    assert f"Running on {server.url}" in log
    assert '"operation": "query me"' in log
    assert "unspoken" not in log


def test_a_slow_statement_is_told_with_its_operation(start):
    """By the statement's text, without what it was given."""
    server = start(SLOW_STATEMENT_MILLISECONDS="0")
    server.gql('query Search { user(username: "Xanadu") { id } }')

    events = [json.loads(line) for line in server.stop()]
    [slow] = [event for event in events if event["event"] == "slow statement"]
    [request] = requests_in(map(json.dumps, events))
    assert slow["statement"].startswith("SELECT")
    assert (slow["operation"], slow["name"]) == ("query user", "Search")
    assert slow["request_id"] == request["request_id"]
    assert "Xanadu" not in json.dumps(events)


def test_a_statement_that_is_ended_is_told_as_slow(start, app):
    """It is the slowest of all."""
    from app.engine import db

    server = start(STATEMENT_SECONDS="1")
    with app.app_context(), db.engine.connect() as other:
        other.execute(sa.text("LOCK TABLE zoo"))
        _, error = server.gql("query Search { zoos { nodes { id } } }")

    events = [json.loads(line) for line in server.stop()]
    [slow] = [event for event in events if event["event"] == "slow statement"]
    assert error["extensions"]["code"] in ("INTERNAL_SERVER_ERROR", "SERVICE_UNAVAILABLE")
    assert (slow["operation"], slow["name"]) == ("query zoos", "Search")
    assert slow["duration_ms"] > 900


@pytest.mark.parametrize(
    ("proxies", "given", "kept"),
    [(1, "abc-123", True), (0, "abc-123", False), (1, "a b", False), (1, "x" * 65, False)],
)
def test_a_request_keeps_the_id_that_our_own_proxy_gave_it(database_url, proxies, given, kept):
    """And no other: whoever is not believed about the address is not believed about the id."""
    from app import create_app

    app = create_app(database_url=database_url, trusted_proxies=proxies)
    answered = app.test_client().get("/livez", headers={"X-Request-ID": given})

    assert (answered.headers["X-Request-ID"] == given) == kept


def test_errors_within_an_error_tell_no_value_either():
    """Of each only the first line is written down: Postgres tells values in the others."""
    accident = """
import logging
from app import create_app
create_app(database_url="postgresql://127.0.0.1:1/zoo")
within = ExceptionGroup("in it", [ValueError("first\\nsecret")])
logging.getLogger().error("An accident", exc_info=ExceptionGroup("several", [within]))
"""
    told = subprocess.run(
        [sys.executable, "-c", accident], capture_output=True, text=True, check=True
    )

    assert "first" in told.stderr
    assert "secret" not in told.stderr
