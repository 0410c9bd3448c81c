"""The multipart request: from where it may come, and files where the map says."""

import json
from io import BytesIO

import pytest
from pictures import picture
from werkzeug.datastructures import FileStorage
from werkzeug.test import encode_multipart

UPLOAD = """mutation ($file: Upload!) {
  setProfileImage(input: {file: $file}) { user { profileImage { url } } }
}"""
PAIR = """
mutation ($a: Upload!, $b: Upload!) {
  a: setProfileImage(input: {file: $a}) { user { profileImage { url } } }
  b: setProfileImage(input: {file: $b}) { user { profileImage { url } } }
}
"""
PREFLIGHT = {"GraphQL-Preflight": "1"}


@pytest.fixture
def send(client):
    """Post a form, as ada; return the answer."""

    def post(operations, places, headers=PREFLIGHT, **files):
        fields = {"operations": operations, "map": places}
        texts = {k: v if isinstance(v, str) else json.dumps(v) for k, v in fields.items()}
        parts = {name: FileStorage(BytesIO(data), "okapi.png") for name, data in files.items()}
        boundary, body = encode_multipart({**texts, **parts})
        kind = f"multipart/form-data; boundary={boundary}"
        return client.post("/graphql", data=body, content_type=kind, headers=headers)

    return post


def operation(query=UPLOAD, **variables):
    """Return what a client sends as `operations`."""
    return {"query": query, "variables": variables or {"file": None}}


@pytest.mark.parametrize("header", [{}, {"GraphQL-Preflight": ""}])
def test_a_form_of_another_site_is_refused(kept, send, header):
    """A browser sends a form anywhere, with no header of its own; nothing is stored."""
    response = send(operation(), {"0": ["variables.file"]}, headers=header, **{"0": picture()})

    assert response.status_code == 400
    [error] = response.get_json()["errors"]
    assert error["extensions"] == {"code": "BAD_USER_INPUT", "field": "GraphQL-Preflight"}
    assert kept.names() == []


def test_no_other_site_is_let_to_send_the_header(client):
    """A browser asks before a script does; the answer permits nothing."""
    headers = {"Origin": "https://evil.example", "Access-Control-Request-Method": "POST"}

    response = client.options("/graphql", headers=headers)

    assert "Access-Control-Allow-Origin" not in response.headers


BAD_MAPS = {
    "nowhere": {"0": ["variables.other"]},
    "deeper": {"0": ["variables.file.more"]},
    "at the prototype": {"0": ["variables.__proto__.file"]},
    "at the query": {"0": ["query"]},
    "an empty path": {"0": [""]},
    "paths that are numbers": {"0": [1]},
    "a number": {"0": 1},
    "a text": {"0": "variables.file"},
    "null": {"0": None},
    "the same twice": {"0": ["variables.file", "variables.file"]},
    "fewer files": {"0": ["variables.file"], "1": ["variables.other"]},
    "more files": {},
    "a list": [["0", "variables.file"]],
    "nothing": None,
}


@pytest.mark.parametrize("kept", ["folder"], indirect=True)
@pytest.mark.parametrize("places", BAD_MAPS.values(), ids=BAD_MAPS)
def test_a_map_that_misses_is_refused(kept, send, places):
    """400, which names the map; never an error of the server's."""
    response = send(operation(), places, **{"0": picture()})

    assert response.status_code == 400
    assert response.get_json()["errors"][0]["extensions"]["field"] == "map"
    assert kept.names() == []


BAD_OPERATIONS = {
    "no JSON": ("{", "operations"),
    "nothing": ("", "operations"),
    "a batch": ([{"query": UPLOAD, "variables": {"file": None}}], "map"),
    "a number": (1, "map"),
    "variables that are none": ({"query": UPLOAD, "variables": [None]}, "map"),
}


@pytest.mark.parametrize("kept", ["folder"], indirect=True)
@pytest.mark.parametrize(("operations", "field"), BAD_OPERATIONS.values(), ids=BAD_OPERATIONS)
def test_operations_that_are_none_are_refused(kept, send, operations, field):
    """One GraphQL request, or 400."""
    response = send(operations, {"0": ["variables.file"]}, **{"0": picture()})

    assert response.status_code == 400
    assert response.get_json()["errors"][0]["extensions"]["field"] == field
    assert kept.names() == []


@pytest.mark.parametrize("kept", ["folder"], indirect=True)
@pytest.mark.parametrize(
    ("query", "variables"),
    [
        (UPLOAD, {"file": "okapi.png"}),
        (UPLOAD, {"file": {"path": "/etc/passwd"}}),
        ('mutation { setProfileImage(input: {file: "okapi.png"}) { clientMutationId } }', {}),
    ],
)
def test_a_text_is_no_upload(kept, ada, query, variables):
    """Files come in a multipart request alone."""
    data, errors = ada.gql(query, **variables)

    assert data == {"setProfileImage": None}
    assert errors == [{"code": "BAD_USER_INPUT", "field": "file"}]


def test_two_files_come_in_one_request(kept, send):
    """And one file may go to two variables; the image that was set last is kept."""
    operations, red, blue = operation(PAIR, a=None, b=None), picture(), picture(colour="blue")

    first = send(operations, {"0": ["variables.a"], "1": ["variables.b"]}, **{"0": red, "1": blue})
    second = send(operations, {"0": ["variables.a", "variables.b"]}, **{"0": red})

    assert first.get_json()["data"]["a"] != first.get_json()["data"]["b"]
    assert second.get_json()["data"]["a"] == second.get_json()["data"]["b"]
    assert len(kept.names()) == 1


@pytest.mark.parametrize("kept", ["folder"], indirect=True)
def test_a_request_over_5_megabytes_is_refused(kept, send):
    """413 and a code of its own; without files the limit is still 100 kB."""
    response = send(operation(), {"0": ["variables.file"]}, **{"0": picture() + b"x" * 5_000_000})
    text = send(json.dumps({"query": "#" * 600_000}), {})

    for refused in (response, text):
        assert refused.status_code == 413
        assert refused.get_json()["errors"][0]["extensions"]["code"] == "PAYLOAD_TOO_LARGE"
    assert kept.names() == []


@pytest.mark.parametrize("kept", ["folder"], indirect=True)
def test_a_request_of_almost_5_megabytes_is_taken(kept, send):
    """So that the limit is where it is said to be."""
    data = picture() + b"x" * 4_990_000

    response = send(operation(), {"0": ["variables.file"]}, **{"0": data})

    assert "errors" not in response.get_json()
    assert len(kept.names()) == 1


def test_a_query_may_come_as_a_form_too(send):
    """Without files it is a request like any other."""
    response = send({"query": "{ __typename }"}, {})

    assert response.get_json()["data"] == {"__typename": "Query"}
