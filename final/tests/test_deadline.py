"""The time that a request has."""

import json
import time

import pytest
import sqlalchemy as sa
from server import Server

TWICE = "{ a: zoos { nodes { id } } b: zoos { nodes { id } } }"


@pytest.fixture
def server(app, database_url, tmp_path):
    """A server that gives a request one second, and a statement five."""
    started = Server(database_url, tmp_path, REQUEST_SECONDS="1", STATEMENT_SECONDS="5")
    yield started
    started.stop()


@pytest.fixture
def locked(app):
    """Nobody reads zoos and users, until the function that this is unlocks them."""
    from app.engine import db

    with app.app_context(), db.engine.connect() as connection:
        connection.execute(sa.text('LOCK TABLE zoo, "user" IN ACCESS EXCLUSIVE MODE'))
        yield connection.rollback


def test_a_request_that_waits_for_the_database_ends_in_its_time(server, locked):
    """Sooner than a statement alone would be, and the server answers again afterwards."""
    began = time.monotonic()
    _, error = server.gql(TWICE)

    assert error["extensions"]["code"] == "SERVICE_UNAVAILABLE"
    assert time.monotonic() - began < 4.5

    locked()
    data, error = server.gql(TWICE)
    assert error is None
    assert data["a"] == data["b"]


def test_after_its_time_a_request_begins_nothing(server, locked):
    """What was not begun says so; a mutation of its own would else run when nobody waits for it."""
    field = 'requestPasswordReset(input: { email: "ada@example.org" }) { clientMutationId }'
    body = {"query": f"mutation {{ a: {field} b: {field} }}"}
    _, _, text = server.ask("/graphql", body)
    first, second = json.loads(text)["errors"]

    assert first["extensions"]["code"] == second["extensions"]["code"] == "SERVICE_UNAVAILABLE"
    assert second["message"] == "This took too long; ask for less, or try again later."
