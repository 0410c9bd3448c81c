"""Requests that no honest client sends: to the app, and as bytes to the server before it."""

import json
import socket

import pytest
from server import Server

CREATE = 'mutation { createAnimal(input: {name: "Otto"}) { animal { id } } }'
COUNT = "{ animals { totalCount } }"
ID = "query ($id: ID!) { node(id: $id) { id } }"
FILTER = "query ($filter: AnimalFilter) { animals(filter: $filter) { nodes { id } } }"
PAGE = "query ($first: Int) { animals(first: $first) { nodes { id } } }"
MUCH = b"#" * 200_000


@pytest.mark.parametrize("method", ["HEAD", "PUT", "PATCH", "DELETE", "TRACE", "QUERY"])
def test_a_mutation_comes_by_post_alone(client, method):
    """405, and nothing is changed."""
    asked = {"query": CREATE}
    answer = client.open("/graphql", method=method, query_string=asked, json=asked)
    counted = client.post("/graphql", json={"query": COUNT}).get_json()

    assert answer.status_code == 405
    assert counted["data"] == {"animals": {"totalCount": 0}}


def test_the_operation_that_is_named_is_the_one_that_counts(client):
    """405 for the mutation; the query that comes first in the document is still answered."""
    document = f"query A {COUNT} {CREATE.replace('mutation', 'mutation B')}"
    query, mutation = (
        client.get("/graphql", query_string={"query": document, "operationName": name})
        for name in "AB"
    )

    assert (query.status_code, mutation.status_code) == (200, 405)
    assert query.get_json()["data"] == {"animals": {"totalCount": 0}}


UNFIT = {
    "an operation that there is not": {"query": "query A { me { id } }", "operationName": "B"},
    "an empty operation name": {"query": "query A { me { id } }", "operationName": ""},
    "a name of half a character": {"query": COUNT, "operationName": "\ud800"},
    "an id that is an object": {"query": ID, "variables": {"id": {"$ne": None}}},
    "an id that is a list": {"query": ID, "variables": {"id": [[]]}},
    "a filter that is a text": {"query": FILTER, "variables": {"filter": "1 = 1"}},
    "a name that is a number": {"query": FILTER, "variables": {"filter": {"nameContains": 1}}},
    "a condition of the attacker's": {"query": FILTER, "variables": {"filter": {"$where": "1"}}},
    "a time that there is not": {
        "query": FILTER,
        "variables": {"filter": {"createdAfter": "2026-02-30T00:00:00Z"}},
    },
    "a truth in the place of a number": {"query": PAGE, "variables": {"first": True}},
    "a number in a text": {"query": PAGE, "variables": {"first": "5"}},
    "half a row": {"query": PAGE, "variables": {"first": 1.5}},
    "33 bits": {"query": PAGE, "variables": {"first": 2**32}},
    "65 bits": {"query": PAGE, "variables": {"first": 2**64}},
    "infinitely many": {"query": PAGE, "variables": {"first": float("inf")}},
    "not a number": {"query": PAGE, "variables": {"first": float("nan")}},
}


@pytest.mark.parametrize("body", UNFIT.values(), ids=UNFIT)
def test_what_does_not_fit_is_refused(app, body, statements):
    """BAD_USER_INPUT, and no data; nothing has run."""
    answer = app.test_client().post("/graphql", json=body)

    assert {e["extensions"]["code"] for e in answer.get_json()["errors"]} == {"BAD_USER_INPUT"}
    assert "data" not in answer.get_json()
    assert statements == []


@pytest.mark.parametrize("encoding", ["gzip", "deflate", "br"])
def test_a_body_is_never_unpacked(client, encoding):
    """400: what is small packed could be huge unpacked."""
    packed = b"\x1f\x8b\x08\0\0\0\0\0\0\0"
    headers = {"Content-Encoding": encoding, "Content-Type": "application/json"}

    assert client.post("/graphql", data=packed, headers=headers).status_code == 400


@pytest.fixture(scope="module")
def server(flask_app, database_url, tmp_path_factory):
    """A server as gunicorn runs it, with nothing before it."""
    server = Server(database_url, tmp_path_factory.mktemp("hostile"))
    yield server
    server.stop()


def asked(server, *lines, body=b""):
    """Send lines of a header and a body as they are; return the status of the first answer."""
    host, port = server.url.removeprefix("http://").split(":")
    with socket.create_connection((host, int(port)), timeout=20) as connection:
        head = "\r\n".join([*lines, "Host: zoo", "", ""]).encode()
        connection.sendall(head + body)
        return int(connection.makefile("rb").readline().split()[1])


POST = ("POST /graphql HTTP/1.1", "Content-Type: application/json")
CHUNKED = "Transfer-Encoding: chunked"
QUERY = json.dumps({"query": "{ __typename }"}).encode()
CHUNKS = b"%x\r\n%s\r\n0\r\n\r\n"


def test_what_is_allowed_is_answered(server):
    """Or the refusals below would prove nothing."""
    assert asked(server, *POST, f"Content-Length: {len(QUERY)}", body=QUERY) == 200
    assert asked(server, *POST, CHUNKED, body=CHUNKS % (len(QUERY), QUERY)) == 200


def test_a_body_without_a_length_is_counted(server):
    """413, as soon as it is too long."""
    assert asked(server, *POST, CHUNKED, body=CHUNKS % (len(MUCH), MUCH)) == 413


def test_a_body_that_says_it_is_too_long_is_not_read(server):
    """413, before a byte of it has come."""
    assert asked(server, *POST, "Content-Length: 10000000000") == 413


BAD_HEADS = {
    "an address of 32 kB": [f"GET /graphql?query={'x' * 32_000} HTTP/1.1"],
    "a header of 16 kB": [*POST, f"X-Zoo: {'x' * 16_000}"],
    "a thousand headers": [*POST, *(f"X-{n}: 1" for n in range(1_000))],
    "a length that is none": [*POST, "Content-Length: many"],
    "a length below nothing": [*POST, "Content-Length: -1"],
    "two lengths": [*POST, "Content-Length: 0", "Content-Length: 5"],
    "a length and chunks": [*POST, "Content-Length: 5", CHUNKED],
    "a name with a space": [*POST, "X Zoo : 1"],
    "a line that goes on in the next": [*POST, "X-Zoo: 1", " 2"],
    "a value with NUL": [*POST, "X-Zoo: \0"],
    "another protocol": ["GET /graphql HTTP/9.9"],
}


@pytest.mark.parametrize("lines", BAD_HEADS.values(), ids=BAD_HEADS)
def test_a_header_that_no_client_sends_is_refused_by_the_server(server, lines):
    """4xx, or 5xx for what it does not know; a proxy and it could read it differently."""
    status = asked(server, *lines)

    assert 400 <= status < 500 or status in (501, 505)
    assert server.ask("/livez")[0] == 200
