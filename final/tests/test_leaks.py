"""What an answer tells of the inside, whatever goes wrong: nothing."""

import json
import re

import pytest

INSIDE = re.compile(
    r"Traceback|File \"|\.py\b|/work/|site-packages|psycopg|sqlalchemy|SELECT |INSERT |werkzeug"
    r"|Flask|gunicorn|Python|graphql-core|sys\.|Error\(|0x[0-9a-f]{6}|PostgreSQL",
    re.IGNORECASE,
)
MANY = "9" * 5_000
CREATE = 'mutation { createAnimal(input: {name: "%s"}) { animal { id } } }'
MISTAKES = {
    "a broken body": {"data": b"{"},
    "a body that is no UTF-8": {"data": b'{"query": "\xff"}'},
    "a number of 5,000 digits": {"data": f'{{"query": {MANY}}}'},
    "a document with such a number": {"query": f"{{ animals(first: {MANY}) {{ totalCount }} }}"},
    "such a number for a default": {
        "query": f"query ($n: Int = {MANY}) {{ animals(first: $n) {{ totalCount }} }}"
    },
    "half a character": {"query": '{ user(username: "\\ud800") { id } }'},
    "half a character for an address": {
        "query": 'mutation { requestPasswordReset(input: {email: "\\uD800"}) { accepted } }'
    },
    "a name with NUL": {"query": CREATE % "\\u0000"},
    "an id that is none": {"query": '{ nodes(ids: ["\\u00e4", "="]) { id } }'},
    "a cursor that is none": {"query": '{ animals(after: "=") { totalCount } }'},
    "a time that is none": {"query": '{ zoos(filter: {createdAfter: "x"}) { totalCount } }'},
    "a file that is a text": {
        "query": 'mutation { setProfileImage(input: {file: "x"}) { clientMutationId } }'
    },
    "a subscription": {"query": "subscription { animals { totalCount } }"},
    "variables that do not fit": {
        "query": "query ($id: ID!) { node(id: $id) { id } }",
        "variables": {"id": {}},
    },
}


@pytest.mark.parametrize("sent", MISTAKES.values(), ids=MISTAKES)
def test_a_mistake_is_told_in_plain_words(client, sent, monkeypatch, app):
    """A code, and neither a file, a library, a statement nor an unexpected error."""
    monkeypatch.setitem(app.config, "INTROSPECTION", False)
    body = sent.get("data") or json.dumps(sent)
    answer = client.post("/graphql", data=body, content_type="application/json")
    codes = {error["extensions"]["code"] for error in answer.get_json().get("errors", [])}

    assert not INSIDE.search(answer.text), answer.text[:500]
    assert answer.status_code < 500
    assert "INTERNAL_SERVER_ERROR" not in codes


ADDRESSES = [
    "/",
    "/graphql/",
    "/.env",
    "/.git/config",
    "/settings.py",
    "/static/../settings.py",
    "/console",
    "/admin",
    "/images/",
    "/images/%00",
    "/images/../../etc/passwd",
    "/images/%2e%2e%2fsettings.py",
    "/images/1/x.png?w=99999999999999999999&s=x",
    "/%ff%fe",
    "/<script>alert(1)</script>",
    f"/{'x' * 5_000}",
]


@pytest.mark.parametrize("address", ADDRESSES, ids=lambda address: address[:40])
def test_an_address_where_nothing_is_says_so(client, address):
    """404 in JSON, which repeats nothing of the address."""
    answer = client.get(address)

    assert answer.status_code == 404
    assert answer.mimetype == "application/json"
    assert answer.get_json()["errors"][0]["extensions"] == {"code": "NOT_FOUND"}
    assert "script" not in answer.text
    assert not INSIDE.search(answer.text)


def test_no_cookie_comes_with_an_answer(client):
    """Who asks comes from the header alone: nothing is remembered that another site could use."""
    answers = [client.get("/graphql?query={me{id}}"), client.get("/livez"), client.get("/nothing")]

    assert all("Set-Cookie" not in answer.headers for answer in answers)
