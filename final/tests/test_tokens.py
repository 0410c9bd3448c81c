"""What opens the API, and what only looks like it."""

import base64
import json

import jwt
import pytest
from flask import current_app

REFRESH = "mutation ($input: RefreshInput!) { refresh(input: $input) { accessToken } }"
ME = "{ me { username } }"
OUT = [{"code": "UNAUTHENTICATED"}]


def forged(app, token, key=None, **changes):
    """Return the token with other claims, signed anew; None takes a claim away."""
    body = token.split(".")[1]
    claims = json.loads(base64.urlsafe_b64decode(body + "=" * (-len(body) % 4))) | changes
    claims = {name: value for name, value in claims.items() if value is not None}
    with app.app_context():
        return jwt.encode(claims, key or current_app.config["JWT_SECRET_KEY"])


@pytest.mark.parametrize(
    "changes",
    [
        {"key": "another-key-of-thirty-two-bytes!!"},
        {"sub": "2"},
        {"sub": "x"},
        {"sid": None},
        {"sid": "x"},
        {"sid": 1},
        {"aud": "elsewhere"},
        {"iss": "elsewhere"},
        {"type": "refresh"},
        {"exp": 1},
    ],
    ids=str,
)
def test_a_token_that_says_anything_else_opens_nothing(app, gql, ada, changes):
    """Signed by us or not."""
    token = forged(app, ada.tokens["access_token"], **changes)

    assert gql(ME, token)[1] == OUT


@pytest.mark.parametrize("token", ["", "x", "a.b.c", "ä", "\x00"])
def test_what_is_no_token_is_refused(app, gql, ada, token):
    """In the header and as an argument; an access token is no refresh token."""
    headers = {"Authorization": f"Bearer {token}".encode().decode("latin-1").replace("\0", "")}
    asked = app.test_client().post("/graphql", json={"query": ME}, headers=headers)

    assert asked.get_json()["errors"][0]["extensions"] == OUT[0]
    for text in (token, ada.tokens["access_token"]):
        assert gql(REFRESH, input={"refreshToken": text})[1] == OUT


def test_a_token_in_the_address_opens_nothing(app, ada):
    """It would be in every log and history on its way."""
    address = f"/graphql?jwt={ada.tokens['access_token']}"

    asked = app.test_client().post(address, json={"query": ME})

    assert asked.get_json()["data"] == {"me": None}
