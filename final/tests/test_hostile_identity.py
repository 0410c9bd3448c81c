"""Pretending to be somebody: forged tokens, others' letters, others' addresses, others' rows."""

import base64
import json
import re
import time

import jwt
import pytest
from flask import current_app

REGISTER = """mutation ($input: RegisterInput!) {
  register(input: $input) { user { id emailConfirmed } accessToken refreshToken }
}"""
LOGIN = "mutation ($input: LoginInput!) { login(input: $input) { accessToken } }"
REFRESH = "mutation ($input: RefreshInput!) { refresh(input: $input) { accessToken } }"
CONFIRM = "mutation ($input: ConfirmEmailInput!) { confirmEmail(input: $input) { user { id } } }"
ME = "{ me { username email emailConfirmed } }"
OUT = [{"code": "UNAUTHENTICATED"}]
EVE = {"username": "eve", "email": "eve@example.org", "password": "correct horse"}


def packed(part):
    """Return a part of a token as tokens have it."""
    return base64.urlsafe_b64encode(json.dumps(part).encode()).rstrip(b"=").decode()


@pytest.fixture
def forge(app, ada):
    """Return a function that makes a token of ada's anew, with other claims or another head."""

    def make(head=None, key=None, **changes):
        claims = jwt.decode(ada.tokens["access_token"], options={"verify_signature": False})
        claims = {k: v for k, v in (claims | changes).items() if v is not None}
        if head:
            return f"{packed(head)}.{packed(claims)}.{'' if key is None else key}"
        with app.app_context():
            return jwt.encode(claims, current_app.config["JWT_SECRET_KEY"], "HS256")

    return make


FORGED = {
    "no signature": {"head": {"alg": "none", "typ": "JWT"}},
    "no signature, spelled otherwise": {"head": {"alg": "nOnE", "typ": "JWT"}},
    "an empty signature": {"head": {"alg": "HS256", "typ": "JWT"}},
    "a signature by a key that comes along": {
        "head": {"alg": "HS256", "jwk": {"kty": "oct", "k": "AAAA"}},
        "key": "AAAA",
    },
    "a signature by a key at an address": {
        "head": {"alg": "RS256", "jku": "https://evil.example/keys"},
        "key": "AAAA",
    },
    "a key that is a file": {"head": {"alg": "HS256", "kid": "/dev/null"}, "key": "AAAA"},
    "a token of tomorrow": {"nbf": time.time() + 86_400},
    "a token without a user": {"sub": None},
    "a token for a user who is gone": {"sub": "999"},
    "a token for a user by a name": {"sub": "ada"},
    "a token of no session": {"sid": "00000000-0000-0000-0000-000000000000"},
}


@pytest.mark.parametrize("changes", FORGED.values(), ids=FORGED)
def test_a_forged_token_opens_nothing(gql, forge, changes):
    """UNAUTHENTICATED, as without one; unchanged, it would be ada's."""
    assert gql(ME, forge(**changes))[1] == OUT
    assert gql(ME, forge())[0]["me"]["username"] == "ada"


def test_each_token_is_for_its_own_use(gql, ada):
    """UNAUTHENTICATED both ways; the session lives on."""
    assert gql(ME, ada.tokens["refresh_token"])[1] == OUT
    assert gql(REFRESH, input={"refreshToken": ada.tokens["access_token"]})[1] == OUT
    assert gql(REFRESH, input={"refreshToken": ada.tokens["refresh_token"]})[1] == []


def test_who_is_gone_comes_back_by_no_token(app, gql, ada):
    """UNAUTHENTICATED, also where somebody registers with the same name."""
    app.test_cli_runner().invoke(args=["user", "delete", "ada"], input="y\n")
    gql(REGISTER, input=EVE | {"username": "ada"})

    assert gql(ME, ada.tokens["access_token"])[1] == OUT
    assert gql(REFRESH, input={"refreshToken": ada.tokens["refresh_token"]})[1] == OUT


PASSWORDS = {
    "emoji": ("👩‍🚀" * 8, "👩‍🚀" * 7 + "👩"),
    "spaces at its end": ("correct horse  ", "correct horse"),
    "another case": ("correct horse", "Correct horse"),
    "letters that only look alike": ("correct horse", "соrrect horse"),
    "a NUL in it": ("correct\0horse", "correct"),
    "128 characters": ("x" * 128, "x" * 127),
    "one character more than there may be": ("x" * 128, "x" * 129),
}


@pytest.mark.parametrize(("password", "almost"), PASSWORDS.values(), ids=PASSWORDS)
def test_only_the_whole_password_opens(gql, password, almost):
    """Nothing is cut off, trimmed or taken for the same."""
    assert gql(REGISTER, input=EVE | {"password": password})[1] == []

    assert gql(LOGIN, input={"username": "eve", "password": almost})[1] == OUT
    assert gql(LOGIN, input={"username": "eve", "password": password})[1] == []


def test_a_password_of_a_megabyte_is_not_hashed(app):
    """413: the request is longer than one may be."""
    body = {"query": LOGIN, "variables": {"input": EVE | {"password": "x" * 1_000_000}}}

    assert app.test_client().post("/graphql", json=body).status_code == 413


def test_a_letter_confirms_the_address_that_it_went_to(app, gql, bob):
    """Whoever sends its token; the sender gains nothing."""
    eve = gql(REGISTER, input=EVE)[0]["register"]
    mallory = gql(REGISTER, input=EVE | {"username": "mallory", "email": "m@example.org"})[0]
    letters = app.test_cli_runner().invoke(args=["post"]).output
    token = re.search(r"To: eve@example\.org.*?/confirm#(\S+)", letters, re.DOTALL)[1]
    sender = mallory["register"]["accessToken"]

    assert gql(CONFIRM, sender, input={"token": token})[1] == []
    assert gql(ME, eve["accessToken"])[0]["me"]["emailConfirmed"] is True
    assert gql(ME, sender)[0]["me"]["emailConfirmed"] is False


@pytest.mark.parametrize("header", ["Host", "X-Forwarded-Host", "Forwarded", "Origin", "Referer"])
def test_a_letter_leads_home(app, header):
    """Its link has the host of the settings, whatever a header says."""
    value = "host=evil.example" if header == "Forwarded" else "evil.example"
    body = {"query": REGISTER, "variables": {"input": EVE}}
    app.test_client().post("/graphql", json=body, headers={header: value})
    letter = app.test_cli_runner().invoke(args=["post"]).output

    assert "http://127.0.0.1:8000/confirm#" in letter
    assert "evil.example" not in letter


SECRETS = "id email emailConfirmed"
WAYS = {
    "user": '{ user(username: "ada") { SECRETS } }',
    "node": '{ node(id: "VXNlcjox") { ... on User { SECRETS } } }',
    "nodes": '{ nodes(ids: ["VXNlcjox"]) { ... on User { SECRETS } } }',
    "a zoo's owner": "{ zoos { nodes { owner { SECRETS } } } }",
    "an animal's owner": "{ animals { nodes { owner { SECRETS } } } }",
    "the owner of an animal's zoo": "{ animals { edges { node { zoo { owner { SECRETS } } } } } }",
    "a gift": """mutation { transferAnimal(input: {animalId: "QW5pbWFsOjI=", userId: "VXNlcjox"}) {
      animal { owner { SECRETS } } } }""",
}


@pytest.mark.parametrize("query", WAYS.values(), ids=WAYS)
def test_an_address_is_hidden_on_every_way(ada, bob, made, query):
    """Null for everybody but its owner; who it is, is no secret."""
    [zoo] = made("Zoo", "Berlin")
    made("Animal", "Otto", zooId=zoo)
    made("Animal", "Ida", by=bob)
    data, errors = bob.gql(query.replace("SECRETS", SECRETS))

    assert errors == []
    assert ada.id in json.dumps(data)
    assert "ada@example.org" not in json.dumps(data)


MORE = {
    "register as confirmed": ("register", {**EVE, "emailConfirmed": True}),
    "register with an id": ("register", {**EVE, "id": "VXNlcjox"}),
    "register with a hash": ("register", {**EVE, "passwordHash": "x"}),
    "a zoo for another": ("createZoo", {"name": "Rome", "ownerId": "VXNlcjox"}),
    "an animal for another": ("createAnimal", {"name": "Otto", "owner_id": 1}),
    "a zoo of another time": ("createZoo", {"name": "Rome", "createdAt": "2020-01-01T00:00:00Z"}),
    "a transfer with a name": ("transferZoo", {"zooId": "x", "userId": "x", "name": "Rome"}),
    "a prototype": ("createZoo", {"name": "Rome", "__proto__": {"admin": True}}),
}


@pytest.mark.parametrize(("mutation", "given"), MORE.values(), ids=MORE)
def test_an_input_takes_its_own_fields_alone(ada, statements, mutation, given):
    """BAD_USER_INPUT, and nothing has run."""
    kind = f"{mutation[0].upper()}{mutation[1:]}Input!"
    document = f"mutation ($v: {kind}) {{ {mutation}(input: $v) {{ clientMutationId }} }}"
    data, errors = ada.gql(document, v=given)

    assert data is None
    assert {error["code"] for error in errors} == {"BAD_USER_INPUT"}
    assert statements == []
