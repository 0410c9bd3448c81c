"""Trusted documents: what `flask documents` has registered runs, and nothing else does."""

import hashlib
import json

import pytest

ME = "query Me { me { username } }\n"
ZOOS = "query ($n: Int) { zoos(first: $n) { totalCount } }"
OTHER = "{ __typename }"
GRAPHQL_JSON = "application/graphql-response+json"


def identified(text):
    """Return the id of a document, as sha256sum prints it."""
    return hashlib.sha256(text.encode()).hexdigest()


BY_ID = {
    "by its text": {"query": ME},
    "by its id": {"documentId": f"sha256:{identified(ME)}"},
    "by its id alone": {"documentId": identified(ME)},
    "as Apollo does": {"extensions": {"persistedQuery": {"sha256Hash": identified(ME)}}},
    "by its id, with another text": {"documentId": identified(ME), "query": OTHER},
}

UNKNOWN = {
    "a text": {"query": OTHER},
    "a text with a space more": {"query": ME + " "},
    "a text that is no UTF-8": {"query": "\ud800"},
    "an id": {"documentId": f"sha256:{identified(OTHER)}"},
    "an id of another text": {"documentId": identified(OTHER), "query": ME},
    "Apollo's": {"extensions": {"persistedQuery": {"sha256Hash": identified(OTHER)}}},
    "an id that is no text": {"documentId": [identified(ME)]},
    "an id that is an object": {"extensions": {"persistedQuery": {"sha256Hash": {}}}},
    "nothing": {},
}


@pytest.fixture
def register(app, tmp_path):
    """Run `flask documents` on these texts; return how it ended, and the file."""

    def run(*texts):
        files = [tmp_path / f"{number}.graphql" for number in range(len(texts))]
        for file, text in zip(files, texts, strict=True):
            file.write_bytes(text if isinstance(text, bytes) else text.encode())
        target = tmp_path / "documents.json"
        return app.test_cli_runner().invoke(
            args=["documents", str(target), *map(str, files)]
        ), target

    return run


@pytest.fixture
def trusting(another, register):
    """A client of an application that runs two documents."""
    ended, target = register(ME, ZOOS)
    assert ended.exit_code == 0
    return another(trusted_documents=str(target)).test_client()


@pytest.mark.parametrize("body", BY_ID.values(), ids=BY_ID)
def test_a_registered_document_runs(trusting, body):
    """However a client names it; what runs is what was registered."""
    assert trusting.post("/graphql", json=body).get_json()["data"] == {"me": None}


@pytest.mark.parametrize("body", UNKNOWN.values(), ids=UNKNOWN)
def test_any_other_document_is_refused(trusting, statements, body):
    """As the client's mistake; nothing has run."""
    answer = trusting.post("/graphql", json=body, headers={"Accept": GRAPHQL_JSON})

    [error] = answer.get_json()["errors"]
    assert answer.status_code == 400
    assert error["extensions"] == {"code": "BAD_USER_INPUT", "field": "query"}
    assert statements == []


def test_a_registered_document_takes_variables_and_keeps_to_the_limits(trusting):
    """It is trusted to be the client's own, and not what is in its variables."""
    body = {"documentId": identified(ZOOS), "variables": {"n": 3}}
    fine = trusting.post("/graphql", json=body).get_json()
    wrong = trusting.post("/graphql", json=body | {"variables": {"n": "x"}}).get_json()

    assert fine == {"data": {"zoos": {"totalCount": 0}}, "extensions": {"cost": 1}}
    assert wrong["errors"][0]["extensions"]["code"] == "BAD_USER_INPUT"


@pytest.mark.parametrize(
    "asked",
    [
        {"documentId": identified(ME)},
        {"extensions": json.dumps(BY_ID["as Apollo does"]["extensions"])},
    ],
)
def test_a_document_is_named_in_an_address_too(trusting, asked):
    """So that what is read can be cached on the way; a browser gets the same."""
    for accept in (GRAPHQL_JSON, "text/html"):
        answer = trusting.get("/graphql", query_string=asked, headers={"Accept": f"{accept}, */*"})

        assert answer.get_json()["data"] == {"me": None}


def test_without_registered_documents_a_name_is_none(app):
    """The query is missing, whatever else is there."""
    for body in BY_ID.values():
        answer = app.test_client().post("/graphql", json=body)

        assert answer.status_code == (200 if "query" in body else 400)


def test_what_is_registered_has_the_id_that_sha256sum_prints(register):
    """A client can make it without this program; the text is kept to the letter."""
    ended, target = register(ME, ZOOS)

    assert ended.output == "Registered: 2 documents\n"
    assert json.loads(target.read_text()) == {identified(ME): ME, identified(ZOOS): ZOOS}


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("{ wrong }", "Cannot query field 'wrong' on type 'Query'."),
        ("{ me {", "Syntax Error: Expected Name, found <EOF>."),
        (b"\xff", "cannot be read"),
    ],
)
def test_a_document_that_could_not_run_is_not_registered(register, text, said):
    """The file is named, and none is written."""
    ended, target = register(ME, text)

    assert ended.exit_code == 1
    assert "1.graphql" in ended.output
    assert said in ended.output
    assert not target.exists()


@pytest.mark.parametrize("content", [None, "", "[]", '{"a": 1}', "\ud800"])
def test_an_app_without_its_documents_does_not_start(database_url, tmp_path, content):
    """Or it would run whatever is asked, or nothing."""
    from app import create_app
    from app.engine.config import UnsafeSettings

    file = tmp_path / "documents.json"
    if content is not None:
        file.write_bytes(content.encode(errors="surrogatepass"))

    with pytest.raises(UnsafeSettings, match="TRUSTED_DOCUMENTS has to be a file that"):
        create_app(database_url=database_url, trusted_documents=str(file))
