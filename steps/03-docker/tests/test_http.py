"""GraphQL over HTTP: status codes, media types, and bodies that are no request."""

import json
import logging
import re

import pytest

TYPENAME = "{ __typename }"
CREATE = 'mutation { createAnimal(input: {name: "Otto"}) { animal { id } } }'
GRAPHQL_JSON = "application/graphql-response+json"

BAD_BODIES = {
    "empty": b"",
    "truncated": b'{"query": "{ __type',
    "an array": b"[]",
    "a batch": b'[{"query": "{ __typename }"}]',
    "null": b"null",
    "a number": b"1",
    "a string": b'"x"',
    "not UTF-8": b'{"query": "\xff"}',
    "nested deeply": b"[" * 90_000,
    "a huge number": b'{"query": ' + b"9" * 5_000 + b"}",
    "no query": b"{}",
    "a query that is no text": b'{"query": 1}',
    "variables that are no object": b'{"query": "{ __typename }", "variables": []}',
    "a numeric operation name": b'{"query": "{ __typename }", "operationName": 1}',
}


@pytest.mark.parametrize("body", BAD_BODIES.values(), ids=BAD_BODIES)
def test_a_body_that_is_no_request_is_refused(client, body):
    """400, JSON, and the parameter that is wrong."""
    response = client.post("/graphql", data=body, content_type="application/json")

    assert response.status_code == 400
    [error] = response.get_json()["errors"]
    assert error["extensions"]["code"] == "BAD_USER_INPUT"
    assert error["extensions"]["field"] in {"body", "query", "variables", "operationName"}


@pytest.mark.parametrize(
    "content_type", [None, "text/plain", "multipart/form-data", "text/plain+application/json"]
)
def test_another_content_type_is_refused(client, rows, content_type):
    """Only JSON is taken, and nothing is done."""
    body = json.dumps({"query": CREATE})

    response = client.post("/graphql", data=body, content_type=content_type)

    assert response.status_code == 415
    assert response.get_json()["errors"][0]["extensions"]["code"] == "BAD_USER_INPUT"
    assert rows() == {}


def test_a_body_that_is_too_large_is_refused(client):
    """413 and a code of its own."""
    response = client.post("/graphql", json={"query": "#" * 100_001})

    assert response.status_code == 413
    assert response.get_json()["errors"][0]["extensions"]["code"] == "PAYLOAD_TOO_LARGE"


def test_a_mutation_by_get_is_refused(client, rows):
    """405, which names the method that is allowed; HEAD is a GET, whatever body it comes with."""
    for method in ("GET", "HEAD"):
        asked = {"query": CREATE}
        response = client.open("/graphql", method=method, query_string=asked, json=asked)

        assert response.status_code == 405
        assert response.headers["Allow"] == "POST"
    assert rows() == {}


def test_a_query_by_get_is_answered(client):
    """Variables travel as JSON in the address."""
    query = "query ($id: Int!) { animal(id: $id) { name } }"

    response = client.get("/graphql", query_string={"query": query, "variables": '{"id": 1}'})

    assert response.get_json() == {"data": {"animal": None}}


def test_bad_variables_by_get_are_refused(client):
    """Text that is no JSON names the parameter."""
    response = client.get("/graphql", query_string={"query": TYPENAME, "variables": "{"})

    assert response.status_code == 400
    assert response.get_json()["errors"][0]["extensions"]["field"] == "variables"


@pytest.mark.parametrize(
    ("query", "code"),
    [
        ("{", "GRAPHQL_PARSE_FAILED"),
        ("{" * 20_000, "GRAPHQL_PARSE_FAILED"),
        ("{ nothing }", "GRAPHQL_VALIDATION_FAILED"),
        ("{ animal(id: 99999999999) { id } }", "GRAPHQL_VALIDATION_FAILED"),
        ("query ($id: Int!) { animal(id: $id) { id } }", "BAD_USER_INPUT"),
        ("query A { __typename } query B { __typename }", "BAD_USER_INPUT"),
    ],
)
def test_a_bad_document_is_told_by_its_code(client, query, code):
    """200 for plain JSON, 400 for GraphQL's own media type; no data in either."""
    for accept, status in (("application/json", 200), (GRAPHQL_JSON, 400)):
        response = client.post("/graphql", json={"query": query}, headers={"Accept": accept})

        assert response.status_code == status
        assert response.mimetype == accept
        assert "data" not in response.get_json()
        assert {e["extensions"]["code"] for e in response.get_json()["errors"]} == {code}


@pytest.mark.parametrize(
    ("accept", "answered"),
    [
        (None, "application/json"),
        ("*/*", "application/json"),
        (GRAPHQL_JSON, GRAPHQL_JSON),
        (f"{GRAPHQL_JSON}, application/json;q=0.9", GRAPHQL_JSON),
        (f"{GRAPHQL_JSON};q=0, application/json", "application/json"),
    ],
)
def test_the_accept_header_decides_the_media_type(client, accept, answered):
    """What a client prefers is what it gets."""
    headers = {"Accept": accept} if accept else {}

    response = client.post("/graphql", json={"query": TYPENAME}, headers=headers)

    assert response.mimetype == answered
    assert response.get_json() == {"data": {"__typename": "Query"}}


@pytest.mark.parametrize("accept", ["image/png", f"{GRAPHQL_JSON};q=0"])
def test_an_answer_nobody_accepts_is_not_given(client, rows, accept):
    """406, and the mutation has not run."""
    response = client.post("/graphql", json={"query": CREATE}, headers={"Accept": accept})

    assert response.status_code == 406
    assert rows() == {}


def test_an_unknown_address_is_not_found_in_json(client):
    """Every refusal has the same shape."""
    response = client.get("/nothing")

    assert response.status_code == 404
    assert response.get_json()["errors"][0]["extensions"]["code"] == "NOT_FOUND"


def test_an_unexpected_error_shows_its_id_alone(app, gql, client, caplog):
    """The log tells what happened under the same id; the client learns nothing of the inside."""
    from engine import db

    with app.app_context():
        db.drop_all()
    with caplog.at_level(logging.ERROR):
        text = client.post("/graphql", json={"query": "{ animals { id } }"}).get_data(as_text=True)

    [error] = json.loads(text)["errors"]
    assert error["extensions"]["code"] == "INTERNAL_SERVER_ERROR"
    assert error["extensions"]["id"] in caplog.text
    assert "UndefinedTable" in caplog.text
    assert not re.search(r"psycopg|SELECT|Traceback", text)


def test_a_browser_is_shown_graphiql(client, app):
    """Its scripts come from the address in the settings, pinned by integrity hashes."""
    accept = "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8"

    page = client.get("/graphql", headers={"Accept": accept})

    assert page.mimetype == "text/html"
    urls = re.findall(r'(?:src|href)="(https?:[^"]+)"[^>]*\n?[^>]*integrity="sha384-', page.text)
    assert len(urls) == 4
    assert all(url.startswith(app.config["GRAPHIQL_URL"] + "/") for url in urls)
